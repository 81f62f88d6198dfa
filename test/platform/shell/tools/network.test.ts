import { describe, expect, test } from 'vitest'
import type { Wish } from '../../../../src/engine/plan'
import { DnsRecord, DnsServer, Forward, Output, processKey } from '../../../../src/platform'
import { newProcess } from '../../../../src/platform/shell/process'
import { container, idOf, lab, machine, machineKey, machines, pod, put, spec } from '../../lab'

const dns = {
  server: '10.96.0.10',
  search: ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
  ndots: 5,
}
const record = (name: string, ...addresses: string[]): Wish =>
  put(DnsRecord.key('cluster', name), { name, addresses, alias: undefined, ttlSeconds: 30 })
const forward = (
  name: string,
  address: string,
  port: number,
  to: readonly [machine: string, pod: string, address: string, port: number][],
  machinePort?: number,
): Wish =>
  put(Forward.key('', `${name}:${port}`), {
    label: `default/${name}`,
    service: `default/${name}`,
    addresses: [address],
    port,
    protocol: 'TCP',
    machinePort,
    targets: to.map(([at, label, own, target]) => ({ address: own, port: target, machine: at, label: `pod/${label}` })),
    balancer: 'random',
    by: 'kube-proxy',
  })

const cluster: Wish[] = [
  put(machineKey('cp'), machine('cp', { role: 'control-plane', address: '172.18.0.9', podCidr: '10.244.0.0/24' })),
  put(
    machineKey('laptop'),
    machine('laptop', { role: 'outside', address: '172.18.0.100', podCidr: undefined, daemons: {} }),
  ),
  ...machines('w1'),
  ...pod('w1', 'web', '10.244.1.2', spec('nginx:1.27'), dns),
  ...pod('w1', 'info', '10.244.1.3', spec('stefanprodan/podinfo'), dns),
  ...pod('w1', 'cache', '10.244.1.4', spec('redis:7'), dns),
  ...pod('w1', 'small', '10.244.1.5', spec('busybox', { command: ['sleep', 'infinity'] }), dns),
  ...pod('cp', 'coredns', '10.244.0.2', spec('registry.k8s.io/coredns/coredns:v1.12.1')),
  put(DnsServer.key('', 'cluster'), { name: 'cluster', address: '10.96.0.10', down: false, zone: 'cluster.local' }),
  forward('kube-dns', '10.96.0.10', 53, [['cp', 'coredns', '10.244.0.2', 53]]),
  forward('web', '10.96.5.5', 80, [['w1', 'web', '10.244.1.2', 80]], 30080),
  forward('none', '10.96.5.6', 80, []),
  forward('redis', '10.96.5.7', 6379, [['w1', 'cache', '10.244.1.4', 6379]]),
  record('web.default.svc.cluster.local', '10.96.5.5'),
  record('none.default.svc.cluster.local', '10.96.5.6'),
  record('redis.default.svc.cluster.local', '10.96.5.7'),
]

/** Runs a script on the laptop, or in the pod `small`. */
function run(
  script: string,
  where: 'laptop' | 'small' = 'laptop',
  options: { until?: number; before?: (here: ReturnType<typeof lab>) => void } = {},
) {
  const here = lab(cluster)
  here.pass(2000)
  options.before?.(here)
  const key = processKey(where === 'laptop' ? 'laptop' : 'w1', 'test')
  const place =
    where === 'laptop'
      ? { machine: 'laptop' }
      : { machine: 'w1', sandbox: 'small', container: container('w1', 'small', spec('busybox')).id }
  const begun = here.simulation.now
  here.write(
    put(
      key,
      newProcess({
        owner: key,
        output: 'test',
        script,
        stdin: '',
        cwd: '/tmp',
        mounts: [{ path: '/', scope: 'disk' }],
        base: { '/tmp/.keep': '' },
        ...place,
      }),
    ),
  )
  here.simulation.run({
    until: begun + (options.until ?? 300_000),
    stop: () => here.world.get(key)?.state === 'exited',
  })
  const said = (stream: string) =>
    here.world
      .list(Output, { scope: 'test' })
      .filter(({ value }) => value.stream === stream)
      .map(({ value }) => value.text)
      .join('')
  return {
    out: said('out'),
    err: said('err'),
    notice: said('notice'),
    code: here.world.get(key)?.exitCode,
    millis: (here.world.head(key)?.at ?? 0) - begun,
    here,
  }
}

describe('curl', () => {
  test("prints the page; its time is the request's and its own", () => {
    const { out, err, code, millis } = run('curl -s http://w1:30080')
    expect(out).toContain('<title>Welcome to nginx!</title>')
    expect({ err, code }).toEqual({ err: '', code: 0 })
    expect(millis).toBeLessThan(60)
  })
  test.each([
    ['an unknown name', 'curl http://wbe', 6, 'curl: (6) Could not resolve host: wbe\n'],
    [
      'a closed port',
      'curl http://w1:81',
      7,
      "curl: (7) Failed to connect to w1 port 81 after 1 ms: Couldn't connect to server\n",
    ],
    ['-s hides it', 'curl -s http://w1:81', 7, ''],
    [
      '-sS does not',
      'curl -sS http://w1:81',
      7,
      "curl: (7) Failed to connect to w1 port 81 after 1 ms: Couldn't connect to server\n",
    ],
    ['-f and 404', 'curl -sSf http://w1:30080/nothing', 22, 'curl: (22) The requested URL returned error: 404\n'],
    ['time is over', 'curl -m 2 http://10.244.1.2', 28, 'curl: (28) Connection timed out after 2000 milliseconds\n'],
    [
      'connecting takes too long',
      'curl --connect-timeout 3 http://10.244.1.2',
      28,
      'curl: (28) Connection timed out after 3000 milliseconds\n',
    ],
    [
      'no limit',
      'curl http://10.244.1.2',
      28,
      "curl: (28) Failed to connect to 10.244.1.2 port 80 after 135000 ms: Couldn't connect to server\n",
    ],
    [
      'an unknown option',
      'curl --frobnicate http://w1',
      2,
      "curl: option --frobnicate: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information\n",
    ],
    ['no URL', 'curl', 2, "curl: try 'curl --help' or 'curl --manual' for more information\n"],
    ['another protocol', 'curl gopher://w1', 1, 'curl: (1) Protocol "gopher" not supported or disabled in libcurl\n'],
    [
      'TLS where none is',
      'curl https://w1:30080',
      35,
      'curl: (35) OpenSSL/3.0.13: error:0A00010B:SSL routines::wrong version number\n',
    ],
  ])('%s', (_, script, code, err) => {
    const ran = run(script)
    expect(ran.err).toBe(err)
    expect(ran.code).toBe(code)
    expect(ran.out).toBe('')
  })
  test('inside, by name; without endpoints it is refused', () => {
    expect(run('curl -s -o /dev/null -w "%{http_code} %{remote_ip}" web', 'small').out).toBe('200 10.96.5.5')
    expect(run('curl -s none', 'small').code).toBe(7)
  })
  test('-w, also when it fails', () => {
    expect(run("curl -s -o /dev/null -w '%{http_code}\\n' http://w1:30080/x").out).toBe('404\n')
    expect(run("curl -s -o /dev/null -w '%{http_code}\\n' http://w1:81").out).toBe('000\n')
  })
  test('-I and -i', () => {
    const head = run('curl -sI http://w1:30080').out
    expect(head).toMatch(
      /^HTTP\/1\.1 200 OK\r\nServer: nginx\/1\.27\.5\r\nDate: Wed, 15 Jan 2025 09:00:0\d GMT\r\nContent-Type: text\/html\r\nContent-Length: 615\r\n/,
    )
    expect(head).not.toContain('<html>')
    expect(run('curl -si http://w1:30080').out).toMatch(/\r\n\r\n<!DOCTYPE html>/)
  })
  test('posts', () => {
    expect(run('curl -s -d hello http://10.244.1.3:9898/echo', 'small').out).toBe('hello')
    const { out, err } = run(
      'curl -sv -X PUT -H "X-A: b" http://10.244.1.3:9898/status/503 -o /dev/null -w "%{http_code}"',
      'small',
    )
    expect(out).toBe('503')
    expect(err).toContain('> PUT /status/503 HTTP/1.1\n')
    expect(err).toContain('> X-A: b\n')
    expect(err).toContain('< HTTP/1.1 503 Service Unavailable\n')
  })
  test('a slow answer, cut by -m', () => {
    const slow = run('curl -sS -m 1 http://10.244.1.3:9898/delay/5', 'small')
    expect(slow).toMatchObject({
      code: 28,
      err: 'curl: (28) Operation timed out after 1000 milliseconds with 0 bytes received\n',
    })
    const patient = run('curl -sS http://10.244.1.3:9898/delay/5', 'small')
    expect(patient.code).toBe(0)
    expect(patient.millis).toBeGreaterThan(5000)
  })
  test('retries', () => {
    const { err, code, millis } = run('curl --retry 2 --retry-connrefused -sS http://w1:81')
    expect(code).toBe(7)
    expect(err).toContain('curl: (7)')
    expect(millis).toBeGreaterThan(3000)
  })
  test('writes a file and reads one', () => {
    const { out, here } = run('curl -s -o page.html http://w1:30080 && head -n 1 page.html || cat page.html')
    expect(out).toContain('<!DOCTYPE html>')
    expect(here.world.list(Output).length).toBeGreaterThan(0)
  })
  test('what is accepted and not modelled is told', () => {
    expect(run('curl -s --proxy x http://w1:30080').notice).toContain('curl --proxy is accepted but not modelled')
  })
})

describe('wget of small images', () => {
  test.each([
    ['fetches', 'wget -qO- http://web | wc -c', 0, ''],
    ['refused', 'wget -qO- http://none', 1, "wget: can't connect to remote host (10.96.5.6): Connection refused\n"],
    ['unknown', 'wget -qO- http://wbe', 1, "wget: bad address 'wbe'\n"],
    ['404', 'wget -qO- http://web/x', 1, 'wget: server returned error: HTTP/1.1 404 Not Found\n'],
    ['time is over', 'wget -qO- -T 2 http://10.99.1.1', 1, 'wget: download timed out\n'],
  ])('%s', (_, script, code, err) => {
    const ran = run(script, 'small')
    if (code !== 0) expect(ran.code).toBe(code)
    if (err.startsWith('wget: can'))
      expect(ran.err).toContain("can't connect to remote host (10.96.5.6:80): Connection refused")
    else if (err.includes('timed out')) expect(ran.err).toMatch(/timed out|unreachable/)
    else
      expect(
        ran.err
          .split('\n')
          .filter((line) => !line.includes('wc'))
          .join('\n'),
      ).toBe(err)
  })
})

describe('ping', () => {
  test('of a pod', () => {
    const { out, code } = run('ping -c 2 10.244.1.2', 'small')
    expect(code).toBe(0)
    expect(out).toMatch(
      /^PING 10\.244\.1\.2 \(10\.244\.1\.2\): 56 data bytes\n64 bytes from 10\.244\.1\.2: seq=0 ttl=63 time=0\.\d+ ms\n64 bytes/,
    )
    expect(out).toContain('2 packets transmitted, 2 packets received, 0% packet loss\n')
  })
  test('of a machine without power', () => {
    const { out, code } = run('ping -c 1 -W 2 w1', 'laptop', {
      before: (here) => here.edit(machineKey('w1'), { power: 'off' }),
    })
    expect(code).toBe(1)
    expect(out).toContain('1 packets transmitted, 0 received, 100% packet loss')
  })
  test('a virtual address does not answer', () => {
    expect(run('ping -c 1 -W 1 web', 'small')).toMatchObject({ code: 1 })
  })
  test('an unknown name', () => {
    expect(run('ping -c 1 wbe', 'small')).toMatchObject({ code: 1, err: "ping: bad address 'wbe'\n" })
    expect(run('ping -c 1 wbe')).toMatchObject({ code: 2, err: 'ping: wbe: Name or service not known\n' })
  })
})

describe('nslookup', () => {
  test('a service', () => {
    expect(run('nslookup web', 'small').out).toBe(
      'Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\nName:\tweb.default.svc.cluster.local\nAddress: 10.96.5.5\n\n',
    )
  })
  test('unknown', () => {
    expect(run('nslookup wbe', 'small')).toMatchObject({
      code: 1,
      out: expect.stringContaining("** server can't find wbe: NXDOMAIN"),
    })
  })
  test('no server', () => {
    const before = (here: ReturnType<typeof lab>) => here.edit(DnsServer.key('', 'cluster'), { down: true })
    expect(run('nslookup web', 'small', { before })).toMatchObject({
      code: 1,
      out: ';; connection timed out; no servers could be reached\n\n',
    })
  })
})

test.each([
  ['nc -zv web 80', 0, 'web (10.96.5.5:80) open\n'],
  ['nc -z web 80', 0, ''],
  ['nc -zv none 80', 1, 'nc: none (10.96.5.6:80): Connection refused\n'],
  ['nc -zv wbe 80', 1, "nc: bad address 'wbe'\n"],
])('%s', (script, code, err) => {
  expect(run(script, 'small')).toMatchObject({ code, err })
})

test('clients of databases', () => {
  const { out } = run(
    'redis-cli -h redis SET a 1; redis-cli -h redis INCR a; redis-cli -h redis RPUSH l x; redis-cli -h redis GET a; redis-cli -h none -p 80 PING || echo $?',
    'small',
  )
  expect(out).toBe('OK\n2\n1\n2\n1\n')
  expect(run('pg_isready -h redis -p 1', 'small')).toMatchObject({ code: 2, out: 'redis:1 - no response\n' })
  expect(idOf('w1', 'cache')).toContain('platform/Container/w1/')
})
