import { describe, expect, test } from 'vitest'
import { catalogue } from '../../../src/platform/image/catalogue'
import { imageHas, resolveImage } from '../../../src/platform/image/resolve'
import { readTag, versionsOf } from '../../../src/platform/image/tags'

const image = (text: string) => {
  const answer = resolveImage(text)
  if (answer.found === 'missing') throw new Error(answer.error)
  return answer.image
}

test('versions in short form', () => {
  expect(versionsOf('1.2.0-2 1.1')).toEqual(['1.2.2', '1.2.1', '1.2.0', '1.1'])
})

test.each([
  ['latest', '1.29.3', undefined],
  ['1.27', '1.27.5', undefined],
  ['1', '1.29.3', undefined],
  ['1.14.2', '1.14.2', undefined],
  ['alpine', '1.29.3', 1],
  ['1.27-alpine', '1.27.5', 1],
  ['1.27.3-alpine3.20', '1.27.3', 1],
  ['stable-perl', '1.28.0', 2],
  ['9.99', undefined, undefined],
  ['1.27-windows', undefined, undefined],
])('tag %s of nginx', (tag, version, variant) => {
  const grammar = catalogue.find((known) => known.name === 'nginx')!.tags
  const read = readTag(grammar, tag)
  expect(read?.version).toBe(version)
  expect(read?.variant).toBe(variant)
})

test('one tag and its fuller form are the same image; other versions are not', () => {
  expect(image('nginx:1.27').digest).toBe(image('docker.io/library/nginx:1.27.5').digest)
  expect(image('nginx:1.27').digest).not.toBe(image('nginx:1.26').digest)
  expect(image('nginx:1.27').compressedBytes).toBe(72_080_558)
})

test('images on one base share its layer', () => {
  const [base] = image('redis:7').layers
  expect(image('nginx').layers[0]).toEqual(base)
  expect(image('redis:alpine').layers[0]).not.toEqual(base)
})

describe('what is not there', () => {
  test.each([
    [
      'nginx:9.99',
      'tag',
      'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:9.99": failed to resolve reference "docker.io/library/nginx:9.99": docker.io/library/nginx:9.99: not found',
    ],
    [
      'nginxx',
      'repository',
      'failed to pull and unpack image "docker.io/library/nginxx:latest": failed to resolve reference "docker.io/library/nginxx:latest": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    ],
    [
      'registry.example.com/team/app:1',
      'host',
      'failed to pull and unpack image "registry.example.com/team/app:1": failed to resolve reference "registry.example.com/team/app:1": failed to do request: Head "https://registry.example.com/v2/team/app/manifests/1": dial tcp: lookup registry.example.com on 172.18.0.1:53: no such host',
    ],
    [
      'Nginx',
      'reference',
      'failed to parse image name "Nginx": invalid reference format: repository name (library/Nginx) must be lowercase',
    ],
    [
      'registry.k8s.io/kube-apiserver:1.34.2',
      'tag',
      'rpc error: code = NotFound desc = failed to pull and unpack image "registry.k8s.io/kube-apiserver:1.34.2": failed to resolve reference "registry.k8s.io/kube-apiserver:1.34.2": registry.k8s.io/kube-apiserver:1.34.2: not found',
    ],
  ])('%s', (text, why, error) => {
    expect(resolveImage(text)).toEqual({ found: 'missing', why, error })
  })
})

test('an unknown image of somebody is generic and says so', () => {
  const answer = resolveImage('somebody/app:3')
  expect(answer.found).toBe('generic')
  expect(image('somebody/app:3').program).toBe('http')
})

test.each([
  ['nginx:1.27', 'curl', true],
  ['nginx:alpine', 'wget', true],
  ['busybox', 'curl', false],
  ['registry.k8s.io/pause:3.10', 'sh', false],
  ['postgres:15-alpine', 'pg_isready', true],
  ['alpine', 'bash', false],
])('%s has %s: %s', (text, command, has) => {
  expect(imageHas(image(text), command)).toBe(has)
})

test('every known image resolves under its own name', () => {
  for (const known of catalogue) {
    const [version] = versionsOf(known.tags.versions)
    const answer = resolveImage(`${known.name}:${known.tags.prefix ?? ''}${version}`)
    expect(answer.found, known.name).toBe('known')
    for (const variant of known.variants ?? []) expect(variant).toBeDefined()
    if (known.variants) expect(known.variants.length, known.name).toBe(known.tags.variants?.length)
  }
})
