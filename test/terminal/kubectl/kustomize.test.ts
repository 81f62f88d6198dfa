import { describe, expect, test } from 'vitest'
import { sha256 } from '../../../src/engine/sha256'
import { parseManifestText } from '../../../src/kubernetes'
import { evaluateTemplate } from '../../../src/terminal/kubectl/print/jsonpath'
import { seat, web } from './lab'

const service =
  'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n'
const base = {
  'base/web.yaml': web(),
  'base/svc.yaml': service,
  'base/kustomization.yaml': 'resources: [web.yaml, svc.yaml]\n',
}
/** What a path finds in a List of the objects that come out. */
const built = (overlay: string, path: string) => {
  const { run } = seat({ ...base, 'top/kustomization.yaml': overlay })
  const parsed = parseManifestText(run('kubectl kustomize top'))
  if ('error' in parsed) throw new Error(parsed.error)
  const printed = evaluateTemplate(path, { items: parsed.documents.map(({ value }) => value) })
  return 'error' in printed ? printed.error : printed.text
}

test('sha256', () => {
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  expect(sha256('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')).toBe(
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  )
})

describe('what a kustomization makes of its resources', () => {
  test.each<[string, string, string, string]>([
    [
      'prefix, suffix and namespace',
      'resources: [../base]\nnamePrefix: a-\nnameSuffix: -b\nnamespace: shop\n',
      '{.items[*].metadata.name} {.items[*].metadata.namespace}',
      'a-web-b a-web-b shop shop',
    ],
    [
      'labels in selectors and templates',
      'resources: [../base]\ncommonLabels: {env: x}\n',
      '{.items[0].spec.selector} {.items[1].spec.selector.matchLabels} {.items[1].spec.template.metadata.labels}',
      '{"app":"web","env":"x"} {"app":"web","env":"x"} {"app":"web","env":"x"}',
    ],
    [
      'labels that leave selectors alone',
      'resources: [../base]\nlabels: [{pairs: {env: x}}]\n',
      '{.items[1].metadata.labels} {.items[1].spec.template.metadata.labels}',
      '{"env":"x"} {"app":"web"}',
    ],
    [
      'annotations',
      'resources: [../base]\ncommonAnnotations: {note: "1"}\n',
      '{.items[*].metadata.annotations.note} {.items[1].spec.template.metadata.annotations.note}',
      '1 1 1',
    ],
    [
      'images',
      'resources: [../base]\nimages: [{name: nginx, newName: local/nginx, newTag: v2}]\n',
      '{.items[1].spec.template.spec.containers[0].image}',
      'local/nginx:v2',
    ],
    [
      'replicas',
      'resources: [../base]\nnamePrefix: a-\nreplicas: [{name: web, count: 5}]\n',
      '{.items[1].spec.replicas}',
      '5',
    ],
    [
      'a strategic patch',
      'resources: [../base]\npatches:\n- patch: |\n    {apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {template: {spec: {containers: [{name: nginx, env: [{name: A, value: b}]}]}}}}\n',
      '{.items[1].spec.template.spec.containers[0].image} {.items[1].spec.template.spec.containers[0].env[0].value}',
      'nginx:1.27 b',
    ],
    [
      'a JSON patch of a kind',
      'resources: [../base]\npatches:\n- target: {kind: Dep.*}\n  patch: |\n    - {op: replace, path: /spec/replicas, value: 7}\n',
      '{.items[1].spec.replicas}',
      '7',
    ],
    [
      'a patch that deletes',
      'resources: [../base]\npatches:\n- patch: |\n    {$patch: delete, apiVersion: v1, kind: Service, metadata: {name: web}}\n',
      '{.items[*].kind}',
      'Deployment',
    ],
  ])('%s', (_, overlay, path, text) => expect(built(overlay, path)).toBe(text))

  test('-k applies and deletes', () => {
    const { run } = seat(base)
    expect(run('kubectl apply -k base')).toBe('service/web created\ndeployment.apps/web created\n')
    expect(run('kubectl delete -k base --wait=false')).toContain('deployment.apps "web" deleted')
  })
})

describe('generators', () => {
  // the names that kustomize gives to these contents
  test.each<[string, string, string]>([
    [
      'a file',
      'configMapGenerator: [{name: example-configmap-1, files: [application.properties]}]\n',
      'example-configmap-1-8mbdf7882g',
    ],
    [
      'a literal',
      'configMapGenerator: [{name: example-configmap-2, literals: [FOO=Bar]}]\n',
      'example-configmap-2-g2hdhfc6tk',
    ],
    ['a secret', 'secretGenerator: [{name: example-secret-1, files: [password.txt]}]\n', 'example-secret-1-t2kt65hgtb'],
    [
      'no hash',
      'generatorOptions: {disableNameSuffixHash: true}\nconfigMapGenerator: [{name: a, literals: [FOO=Bar]}]\n',
      'a',
    ],
  ])('%s', (_, overlay, name) => {
    const { run } = seat({
      'top/kustomization.yaml': overlay,
      'top/application.properties': 'FOO=Bar\n',
      'top/password.txt': 'username=admin\npassword=secret\n',
    })
    expect(run('kubectl kustomize top')).toContain(`\n  name: ${name}\n`)
  })

  test('references follow the name', () => {
    const overlay =
      'resources: [../base]\nnamePrefix: p-\nconfigMapGenerator: [{name: settings, literals: [A=1]}]\npatches:\n- patch: |\n    {apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {template: {spec: {containers: [{name: nginx, envFrom: [{configMapRef: {name: settings}}]}]}}}}\n'
    const { run } = seat({ ...base, 'top/kustomization.yaml': overlay })
    const names = run('kubectl kustomize top').match(/name: p-settings-\S+/g)
    expect(names).toHaveLength(2)
    expect(new Set(names).size).toBe(1)
  })
})

describe('what is wrong', () => {
  test.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'no file',
      { 'top/x.txt': '' },
      "error: unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory",
    ],
    [
      'an unknown field',
      { 'top/kustomization.yaml': 'resource: [a]\n' },
      'error: invalid Kustomization: json: unknown field "resource"',
    ],
    [
      'a file that is not there',
      { 'top/kustomization.yaml': 'resources: [a.yaml]\n' },
      "accumulating resources from 'a.yaml': evalsymlink failure",
    ],
    [
      'the same object twice',
      { 'top/kustomization.yaml': 'resources: [a.yaml, b.yaml]\n', 'top/a.yaml': service, 'top/b.yaml': service },
      'may not add resource with an already registered id: Service.v1/web.[noNs]',
    ],
    [
      'a patch of nothing',
      {
        'top/kustomization.yaml':
          'resources: [a.yaml]\npatches: [{patch: "{apiVersion: v1, kind: Service, metadata: {name: x}}"}]\n',
        'top/a.yaml': service,
      },
      'no matches for Id Service.v1/x.[noNs]; failed to find unique target for patch',
    ],
    ['a circle', { 'top/kustomization.yaml': 'resources: [../top]\n' }, 'cycle detected'],
  ])('%s', (_, files, text) => expect(seat(files).run('kubectl kustomize top')).toContain(text))
})
