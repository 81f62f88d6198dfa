import { describe, expect, test } from 'vitest'
import { seat } from './lab'

const files = {
  'game.properties': 'enemies=aliens\nlives=3\n',
  'more/a.txt': 'a',
  'more/b.txt': 'b',
  'more/deep/c.txt': 'c',
  'app.env': '# none\n\nallowed="true"\n  lives=3\nHOME\n',
  'cert.pem': '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n',
  'key.pem': '-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n',
}
const data = (kind: string, name: string) => `kubectl get ${kind} ${name} -o jsonpath='{.data}'`

describe('kubectl create configmap', () => {
  test.each([
    ['a file', '--from-file=game.properties', { 'game.properties': 'enemies=aliens\nlives=3\n' }],
    ['a file under another key', '--from-file=game=game.properties', { game: 'enemies=aliens\nlives=3\n' }],
    ['a folder, not what is below it', '--from-file=more', { 'a.txt': 'a', 'b.txt': 'b' }],
    ['literals, commas and all', '--from-literal=a=1,2 --from-literal=b=x=y', { a: '1,2', b: 'x=y' }],
    ['lines of an environment', '--from-env-file=app.env', { allowed: '"true"', lives: '3', HOME: '/home/you' }],
  ])('from %s', (_, flags, want) => {
    const { run } = seat(files)
    expect(run(`kubectl create configmap c ${flags}`)).toBe('configmap/c created\n')
    expect(JSON.parse(run(data('cm', 'c')))).toEqual(want)
  })

  test.each([
    ['--from-literal=a', 'error: invalid literal source a, expected key=value'],
    [
      '--from-literal=a=1 --from-literal=a=2',
      'error: cannot add key "a", another key by that name already exists in Data for ConfigMap "c"',
    ],
    ['--from-file=none', 'error: error reading none: no such file or directory'],
    ['--from-file=k=more', 'error: cannot give a key name for a directory path'],
    [
      '--from-env-file=app.env --from-literal=a=1',
      'error: from-env-file cannot be combined with from-file or from-literal',
    ],
    [
      "--from-literal='a b=1'",
      'error: "a b" is not a valid key name for a ConfigMap: a valid config key must consist of',
    ],
  ])('refuses %s', (flags, want) => {
    const at = seat(files)
    expect(at.run(`kubectl create configmap c ${flags}`)).toContain(want)
    expect(at.status).toBe(1)
  })

  test('is described key by key', () => {
    const { run } = seat(files)
    run('kubectl create configmap c --from-file=game.properties --from-literal=mode=dark')
    expect(run('kubectl describe cm c')).toBe(
      'Name:         c\nNamespace:    default\nLabels:       <none>\nAnnotations:  <none>\n\nData\n====\ngame.properties:\n----\nenemies=aliens\nlives=3\n\n\nmode:\n----\ndark\n\n\nBinaryData\n====\n\nEvents:  <none>\n',
    )
    expect(run('kubectl get cm c --no-headers')).toMatch(/^c +2 +\d+s\n$/)
  })
})

describe('kubectl create secret', () => {
  test('keeps values in base64 and tells only their lengths', () => {
    const { run } = seat(files)
    expect(run("kubectl create secret generic s --from-literal=password='s3cr$t' --from-file=game.properties")).toBe(
      'secret/s created\n',
    )
    expect(run("kubectl get secret s -o jsonpath='{.data.password}'")).toBe('czNjciR0')
    expect(run('kubectl describe secret s')).toBe(
      'Name:         s\nNamespace:    default\nLabels:       <none>\nAnnotations:  <none>\n\nType:  Opaque\n\nData\n====\ngame.properties:  23 bytes\npassword:         6 bytes\n',
    )
    expect(run('kubectl create secret generic s --from-literal=a=1')).toBe(
      'error: failed to create secret secrets "s" already exists\n',
    )
  })

  test('for TLS and for registries', () => {
    const { run } = seat(files)
    run('kubectl create secret tls t --cert=cert.pem --key=key.pem')
    run('kubectl create secret docker-registry r --docker-username=me --docker-password=pw')
    expect(run('kubectl get secrets --no-headers').replace(/ +/g, ' ')).toMatch(
      /^r kubernetes\.io\/dockerconfigjson 1 \d+s\nt kubernetes\.io\/tls 2 \d+s\n$/,
    )
    expect(JSON.parse(run("kubectl get secret r -o jsonpath='{.data.\\.dockerconfigjson}' | base64 -d"))).toEqual({
      auths: { 'https://index.docker.io/v1/': { username: 'me', password: 'pw', auth: 'bWU6cHc=' } },
    })
    expect(run('kubectl create secret tls t --cert=cert.pem')).toBe('error: key and cert must be specified\n')
  })
})

describe('the API', () => {
  const object = (kind: string, more: string) => `apiVersion: v1\nkind: ${kind}\nmetadata: {name: x}\n${more}\n`
  test.each([
    ['ConfigMap', 'data: {"a b": x}', 'data[a b]: Invalid value: "a b": a valid config key must consist of'],
    ['ConfigMap', 'data: {..x: x}', 'data[..x]: Invalid value: "..x": must not start with \'..\''],
    [
      'ConfigMap',
      'data: {a: x}\nbinaryData: {a: eA==}',
      '* data[a]: Invalid value: "a": duplicate of key present in binaryData',
    ],
    ['Secret', 'type: kubernetes.io/basic-auth', '* data[password]: Required value'],
    ['Secret', 'type: kubernetes.io/ssh-auth', 'data[ssh-privatekey]: Required value'],
    ['Secret', 'data: {a: "###"}', 'illegal base64 data at input byte 0'],
    [
      'Secret',
      'type: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: none}',
      'data[.dockerconfigjson]: Invalid value: "<secret contents redacted>"',
    ],
  ])('refuses a %s with %s', (kind, more, want) => {
    expect(seat({ 'x.yaml': object(kind, more) }).run('kubectl create -f x.yaml')).toContain(want)
  })

  test('stringData goes over data', () => {
    const { run } = seat({ 'x.yaml': object('Secret', 'data: {a: YQ==, b: Yg==}\nstringData: {a: new}') })
    run('kubectl apply -f x.yaml')
    expect(JSON.parse(run(data('secret', 'x')))).toEqual({ a: 'bmV3', b: 'Yg==' })
  })

  test('what is immutable stays', () => {
    const { run } = seat({ 'x.yaml': object('ConfigMap', 'data: {a: x}\nimmutable: true') })
    run('kubectl apply -f x.yaml')
    expect(run(`kubectl patch cm x -p '{"data":{"a":"y"}}'`)).toContain(
      'data: Forbidden: field is immutable when `immutable` is set',
    )
    expect(run(`kubectl patch cm x -p '{"immutable":false}'`)).toContain('immutable: Forbidden: field is immutable')
  })

  test('every namespace trusts the API server', () => {
    const { run } = seat()
    run('kubectl create namespace team; sleep 1')
    expect(run('kubectl get cm -n team -o name')).toBe('configmap/kube-root-ca.crt\n')
    run('kubectl delete cm kube-root-ca.crt; sleep 1')
    expect(run('kubectl get cm -o name')).toBe('configmap/kube-root-ca.crt\n')
  })
})
