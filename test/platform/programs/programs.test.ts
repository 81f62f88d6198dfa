import { describe, expect, test } from 'vitest'
import { draw } from '../../../src/engine/chance'
import { get, programs, readLogs, resolveImage, send } from '../../../src/platform'
import { commandOf } from '../../../src/platform/container/command'
import { signalExit, signalName } from '../../../src/platform/container/signals'
import { catalogue } from '../../../src/platform/image/catalogue'
import { versionsOf } from '../../../src/platform/image/tags'
import { candidates } from '../../../src/platform/network/dns'
import { digitsOfPi } from '../../../src/platform/programs/languages'
import { emptyRedis, redisCommand } from '../../../src/platform/programs/redis'
import { sizeBytes } from '../../../src/platform/programs/stress'
import { idOf, lab, machines, pod, spec } from '../lab'

const chance = { draw: (uid: string, purpose: string, n: number) => draw(1, 'test', uid, purpose, n) }
const start = (image: string, change: Parameters<typeof spec>[1] = {}, millis = 12_000) => {
  const here = lab([...machines('w1'), ...pod('w1', 'c', '10.244.1.2', spec(image, change))])
  here.pass(millis)
  const ask = (port: number, path = '/', method = 'GET') => {
    const outcome = send(here.world, chance, {
      ...get({ machine: 'w1', sandbox: undefined }, '10.244.1.2', port, path, path),
      method,
    })
    here.write(...(outcome.changes ?? []))
    return outcome
  }
  return {
    ...here,
    ask,
    get: () => here.world.get(idOf('w1', 'c'))!,
    log: () => readLogs(here.world, idOf('w1', 'c')).map(({ text }) => text),
  }
}

test('every known image runs a program that exists, with a command that it has', () => {
  for (const known of catalogue) {
    const [version] = versionsOf(known.tags.versions)
    const name = `${known.name}:${known.tags.prefix ?? ''}${version}`
    expect(
      programs.some((program) => program.name === known.program),
      known.name,
    ).toBe(true)
    const command = commandOf(spec(name))
    // some are only there to be built on
    const isBase = known.config.entrypoint === undefined && known.config.cmd === undefined
    expect(command.error, name).toBe(isBase ? 'failed to generate spec: no command specified' : undefined)
    expect(resolveImage(name).found).toBe('known')
  }
})

test.each([
  ['nginx', undefined, undefined, 'nginx', ['nginx', '-g', 'daemon off;']],
  ['redis', undefined, ['--port', '7000'], 'redis', ['redis-server', '--port', '7000']],
  ['redis', undefined, ['redis-cli', 'ping'], 'shell', ['redis-cli', 'ping']],
  ['nginx', ['sleep', '5'], undefined, 'sleep', ['sleep', '5']],
  ['busybox', undefined, ['sleep', '5'], 'sleep', ['sleep', '5']],
  ['busybox', ['sh', '-c', 'x'], undefined, 'shell', ['sh', '-c', 'x']],
  ['dockersamples/examplevotingapp_result', undefined, undefined, 'result', ['node', 'server.js']],
  ['curlimages/curl', undefined, ['http://web'], 'shell', ['curl', 'http://web']],
  ['polinux/stress', undefined, ['stress', '--cpu', '1'], 'stress', ['stress', '--cpu', '1']],
  ['somebody/app', ['python', 'app.py'], undefined, 'python', ['python', 'app.py']],
  ['somebody/app', ['./server'], undefined, 'http', ['./server']],
] as const)('%s with %j %j runs %s', (image, command, args, program, words) => {
  expect(commandOf(spec(image, { command, args }))).toMatchObject({ program, words })
})

test('well for ten seconds, then not', () => {
  const here = start('registry.k8s.io/e2e-test-images/agnhost:2.40', { args: ['liveness'] }, 5000)
  expect(here.ask(8080, '/healthz').status).toBe(200)
  here.pass(6000)
  expect(here.ask(8080, '/healthz').status).toBe(500)
})

test('podinfo is switched off and on, and panics', () => {
  const here = start('stefanprodan/podinfo:6.9.3')
  expect(here.ask(9898, '/readyz').status).toBe(200)
  here.ask(9898, '/readyz/disable', 'POST')
  expect(here.ask(9898, '/readyz').status).toBe(503)
  here.ask(9898, '/readyz/enable', 'POST')
  expect(here.ask(9898, '/readyz').status).toBe(200)
  expect(here.ask(9898, '/panic').end).toBe('cut-off')
  here.pass(10)
  expect(here.get()).toMatchObject({ state: 'exited', exitCode: 255 })
})

test('hello-app, http-echo and echoserver say who they are', () => {
  expect(start('gcr.io/google-samples/hello-app:2.0').ask(8080).body).toBe(
    'Hello, world!\nVersion: 2.0.0\nHostname: c\n',
  )
  expect(start('hashicorp/http-echo:0.2.3', { args: ['-text=apple'] }).ask(5678).body).toBe('apple\n')
  expect(start('registry.k8s.io/echoserver:1.4').ask(8080).body).toContain('Hostname: c\n')
})

test('an unknown image answers on its declared ports', () => {
  const here = start('somebody/app:3', { ports: [{ port: 3000, protocol: 'TCP', name: undefined }] })
  expect(here.get().listens).toEqual([3000])
  expect(here.ask(3000, '/x')).toMatchObject({ status: 200, body: 'somebody/app:3 on c: GET /x\n' })
})

test("the tutorial's Job computes pi", () => {
  const here = start('perl:5.34.0', { command: ['perl', '-Mbignum=bpi', '-wle', 'print bpi(2000)'] })
  expect(here.get()).toMatchObject({ state: 'exited', exitCode: 0 })
  expect(here.log()[0]?.slice(0, 12)).toBe('3.1415926535')
  expect(digitsOfPi(50)).toBe('3.1415926535897932384626433832795028841971693993751')
})

test('MySQL without a password says what it needs', () => {
  const here = start('mysql:8.4')
  expect(here.get()).toMatchObject({ state: 'exited', exitCode: 1 })
  expect(here.log().join('\n')).toContain('    - MYSQL_ROOT_PASSWORD\n    - MYSQL_ALLOW_EMPTY_PASSWORD')
})

describe('redis', () => {
  test.each([
    ['PING', '', '', 'PONG'],
    ['GET', 'none', '', ''],
    ['INCR', 'n', '', '1'],
    ['RPUSH', 'l', 'x', '1'],
    ['LPOP', 'l', '', ''],
    ['FROB', '', '', "ERR unknown command 'FROB', with args beginning with: "],
  ])('%s %s %s', (command, key, value, body) => {
    expect(redisCommand(emptyRedis, command, key, value).body).toBe(body)
  })
  test('a list is a queue', () => {
    const one = redisCommand(emptyRedis, 'RPUSH', 'votes', 'a').memory!
    const two = redisCommand(one, 'RPUSH', 'votes', 'b').memory!
    expect(redisCommand(two, 'LPOP', 'votes', '')).toEqual({
      body: 'a',
      memory: { strings: {}, lists: { votes: ['b'] } },
    })
    expect(redisCommand(two, 'GET', 'votes', '').body).toContain('WRONGTYPE')
  })
})

test.each([
  ['TERM', 'SIGTERM'],
  ['sigkill', 'SIGKILL'],
  ['9', 'SIGKILL'],
  ['99', undefined],
  ['FOO', undefined],
])('signal %s', (text, name) => {
  expect(signalName(text)).toBe(name)
})

test('small things', () => {
  expect(signalExit('SIGKILL')).toBe(137)
  expect([sizeBytes('150M'), sizeBytes('250Mi'), sizeBytes('1G')]).toEqual([
    150 * 1024 ** 2,
    250 * 1024 ** 2,
    1024 ** 3,
  ])
  expect(candidates('web', false, { search: ['default.svc.cluster.local', 'svc.cluster.local'], ndots: 5 })).toEqual([
    'web.default.svc.cluster.local',
    'web.svc.cluster.local',
    'web',
  ])
  expect(candidates('a.b.c.d.e.f', false, { search: ['x'], ndots: 5 })).toEqual(['a.b.c.d.e.f', 'a.b.c.d.e.f.x'])
  expect(candidates('web', true, { search: ['x'], ndots: 5 })).toEqual(['web'])
})
