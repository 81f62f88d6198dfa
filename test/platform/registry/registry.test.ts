import { expect, test } from 'vitest'
import { answerRegistry, emptyContent } from '../../../src/platform/registry/content'
import { hostKindOf } from '../../../src/platform/registry/hosts'
import { schedule } from '../../../src/platform/registry/schedule'
import { seat } from '../../docker/lab'

const DIGEST = `sha256:${'a'.repeat(64)}`

test('transfers share the line, so many at a time', () => {
  // 10, 10 and 20 MB over 10 MB/s in two lanes
  expect(schedule([10e6, 10e6, 20e6], 2, 10e6)).toEqual([
    { startsAt: 0, endsAt: 2000 },
    { startsAt: 0, endsAt: 2000 },
    { startsAt: 2000, endsAt: 4000 },
  ])
  expect(schedule([], 3, 10e6)).toEqual([])
  // together they take as long as all bytes do, whatever the lanes
  for (const lanes of [1, 2, 5])
    expect(Math.max(...schedule([3e6, 1e6, 6e6], lanes, 1e6).map((one) => one.endsAt))).toBe(10_000)
})

test('a registry takes a manifest only when it has its blobs, and gives what was pushed', () => {
  const put = (content: typeof emptyContent, path: string, body = '') =>
    answerRegistry(content, { method: 'PUT', path, body })
  const manifest = JSON.stringify({ digest: DIGEST, id: 'sha256:id', size: 500, layers: ['sha256:one'] })
  expect(put(emptyContent, '/v2/shop/web/manifests/1.0', manifest)).toMatchObject({ status: 404 })
  const withBlob = put(emptyContent, '/v2/shop/web/blobs/sha256:one?size=70').content!
  const full = put(withBlob, '/v2/shop/web/manifests/1.0', manifest).content!
  const get = (path: string) => answerRegistry(full, { method: 'GET', path, body: '' })
  expect(get('/v2/shop/web/manifests/1.0').headers!['docker-content-digest']).toBe(DIGEST)
  expect(get(`/v2/shop/web/manifests/${DIGEST}`).status).toBe(200)
  expect(get('/v2/shop/web/tags/list').body).toBe('{"name":"shop/web","tags":["1.0"]}\n')
  expect(get('/v2/shop/web/manifests/2.0')).toMatchObject({ status: 404 })
  expect(get('/v2/other/tags/list').body).toContain('NAME_UNKNOWN')
  expect(answerRegistry(full, { method: 'DELETE', path: `/v2/shop/web/manifests/${DIGEST}`, body: '' }).status).toBe(
    405,
  )
  const gone = answerRegistry(full, {
    method: 'DELETE',
    path: `/v2/shop/web/manifests/${DIGEST}`,
    body: '',
    deletes: true,
  })
  expect(gone).toMatchObject({ status: 202, content: { repositories: { 'shop/web': { tags: {}, manifests: {} } } } })
  // a blob of another repository is mounted, one that nobody has is not
  expect(put(full, '/v2/copy/blobs/sha256:one?from=shop/web').status).toBe(201)
  expect(put(full, '/v2/copy/blobs/sha256:two?from=shop/web').status).toBe(202)
  for (const body of ['', '[]', '{"digest":1}', 'x'.repeat(1_000_001)])
    expect(put(full, '/v2/shop/web/manifests/3.0', body).status).toBe(400)
})

test.each([
  ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', 'Amazon ECR'],
  ['europe-docker.pkg.dev', 'Google Artifact Registry'],
  ['gcr.io', 'Google Artifact Registry'],
  ['shopregistry.azurecr.io', 'Azure Container Registry'],
  ['harbor.example.com', 'Harbor or another of its kind'],
  ['localhost:5000', undefined],
  ['example.com', undefined],
])('the registry %s is %s', (host, name) => {
  expect(hostKindOf(host)?.name).toBe(name)
})

test('only what is missing travels: the second push of a grown image takes no longer than its new layer', () => {
  const { session, run } = seat()
  run('docker pull -q nginx; docker tag nginx 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1')
  run('docker login 123456789012.dkr.ecr.eu-west-1.amazonaws.com -u AWS -p token')
  const timed = (line: string) => {
    const before = session.now
    run(line)
    return session.now - before
  }
  const first = timed('docker push -q 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1')
  run(
    "docker run --name own nginx sh -c 'echo mine > /mine'; docker commit own 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:2",
  )
  const second = timed('docker push -q 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:2')
  // nginx has some 70 MB compressed, over 25 MB/s
  expect(first).toBeGreaterThan(2_500)
  expect(second).toBeLessThan(1_500)
})

test('htpasswd: a registry of one’s own that asks for a name and a password', () => {
  const { run } = seat()
  run('docker pull -q alpine; docker pull -q registry:2; mkdir auth')
  run('docker run --rm --entrypoint htpasswd httpd:2 -Bbn ann secret > auth/htpasswd')
  run(
    'docker run -d --name registry -p 5000:5000 -v ./auth:/auth -e REGISTRY_AUTH=htpasswd -e REGISTRY_AUTH_HTPASSWD_PATH=/auth/htpasswd registry:2; sleep 1',
  )
  run('docker tag alpine localhost:5000/base')
  expect(run('docker push localhost:5000/base 2>&1 | tail -1')).toBe('no basic auth credentials\n')
  expect(run('docker login localhost:5000 -u ann -p wrong 2>&1 | tail -1')).toBe(
    'Error response from daemon: login attempt to http://localhost:5000/v2/ failed with status: 401 Unauthorized\n',
  )
  expect(run('docker login localhost:5000 -u ann -p secret 2>/dev/null')).toBe('Login Succeeded\n')
  expect(run('docker push localhost:5000/base | tail -1')).toMatch(/^latest: digest: sha256:[0-9a-f]{64} size: \d+\n$/)
  expect(
    run(
      'docker logout localhost:5000; docker rmi localhost:5000/base >/dev/null; docker pull localhost:5000/base 2>&1 | tail -1',
    ),
  ).toBe(
    'Removing login credentials for localhost:5000\nError response from daemon: Head "http://localhost:5000/v2/base/manifests/latest": no basic auth credentials\n',
  )
})

test('a slow registry: the same bytes take longer, by as much as the fault says', () => {
  const timed = (fault: string) => {
    const { session, run } = seat()
    run(fault)
    const before = session.now
    run('docker pull -q nginx')
    return session.now - before
  }
  expect(timed('sim fault registry-slow docker.io --by 4x')).toBeGreaterThan(2.5 * timed('true'))
})
