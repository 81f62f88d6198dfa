import { expect, test } from 'vitest'
import { draw } from '../../../src/engine/chance'
import type { Wish } from '../../../src/engine/plan'
import { DnsRecord, DnsServer, Forward, type ForwardTarget, get, readLogs, send } from '../../../src/platform'
import { idOf, lab, machine, machineKey, machines, pod, put, spec } from '../lab'

const chance = { draw: (uid: string, purpose: string, n: number) => draw(1, 'test', uid, purpose, n) }
const dns = {
  server: '10.96.0.10',
  search: ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
  ndots: 5,
}

function service(name: string, address: string, port: number, ...targets: ForwardTarget[]): Wish[] {
  const full = `${name}.default.svc.cluster.local`
  return [
    put(Forward.key('', name), {
      label: name,
      addresses: [address],
      port,
      protocol: 'TCP',
      machinePort: undefined,
      targets,
      service: 'default/x',
      balancer: 'random',
      by: 'kube-proxy',
    }),
    put(DnsRecord.key('cluster', full), { name: full, addresses: [address], alias: undefined, ttlSeconds: 30 }),
  ]
}
const target = (on: string, name: string, address: string, port: number): ForwardTarget => ({
  address,
  port,
  machine: on,
  label: `pod/${name}`,
})

const base: Wish[] = [
  put(machineKey('cp'), machine('cp', { role: 'control-plane', address: '172.18.0.9', podCidr: '10.244.0.0/24' })),
  ...machines('w1', 'w2'),
  ...pod('cp', 'coredns', '10.244.0.2', spec('registry.k8s.io/coredns/coredns:v1.12.1')),
  put(DnsServer.key('', 'cluster'), { name: 'cluster', address: '10.96.0.10', down: false, zone: 'cluster.local' }),
  ...service('kube-dns', '10.96.0.10', 53, target('cp', 'coredns', '10.244.0.2', 53)),
]
const vote = pod('w1', 'vote', '10.244.1.2', spec('dockersamples/examplevotingapp_vote'), dns)
const result = pod('w1', 'result', '10.244.1.3', spec('dockersamples/examplevotingapp_result'), dns)
const worker = pod('w1', 'worker', '10.244.1.4', spec('dockersamples/examplevotingapp_worker'), dns)
const redis = [
  ...pod('w2', 'redis', '10.244.2.2', spec('redis:alpine'), dns),
  ...service('redis', '10.96.1.1', 6379, target('w2', 'redis', '10.244.2.2', 6379)),
]
const db = [
  ...pod('w2', 'db', '10.244.2.3', spec('postgres:15-alpine', { env: { POSTGRES_PASSWORD: 'postgres' } }), dns),
  ...service('db', '10.96.1.2', 5432, target('w2', 'db', '10.244.2.3', 5432)),
]

type Here = ReturnType<typeof lab>
let asked = 0
function request(here: Here, host: string, method: string, body = '') {
  const from = { machine: 'w2', sandbox: undefined }
  const outcome = send(here.world, chance, { ...get(from, host, 80, '/', `test ${asked++}`), method, body })
  here.write(...(outcome.changes as Wish[]))
  return outcome
}
const cast = (here: Here, choice: string) => request(here, '10.244.1.2', 'POST', `vote=${choice}`)
const told = (here: Here) => /<span>(.*)<\/span>/.exec(request(here, '10.244.1.3', 'GET').body)?.[1]
const log = (here: Here, name: string, on = 'w1') => readLogs(here.world, idOf(on, name)).map(({ text }) => text)

test('a vote travels from the page over redis and the worker into the database and to the result', () => {
  const here = lab([...base, ...redis, ...db, ...vote, ...result, ...worker])
  here.pass(8000)
  expect(log(here, 'worker').slice(-3)).toEqual(['Connected to db', 'Found redis at 10.96.1.1', 'Connecting to redis'])
  expect(told(here)).toBe('No votes yet')
  const answer = cast(here, 'a')
  expect(answer.status).toBe(200)
  expect(answer.body).toContain('Processed by container ID vote')
  here.pass(50)
  cast(here, 'b')
  cast(here, 'b')
  here.pass(1500)
  expect(told(here)).toBe('3 votes')
  expect(here.world.get(idOf('w1', 'result'))?.memory).toMatchObject({ votes: { a: 1, b: 2 } })
  expect(log(here, 'worker').filter((line) => line.startsWith("Processing vote for 'b'"))).toHaveLength(2)
})

test('when all are connected and nobody votes, nothing happens', () => {
  const here = lab([...base, ...redis, ...db, ...vote, ...result, ...worker])
  here.pass(20_000)
  const before = here.simulation.handled
  here.pass(600_000)
  expect(here.simulation.handled - before).toBeLessThan(5)
})

test('the page works without redis, voting does not', () => {
  const here = lab([...base, ...vote])
  here.pass(5000)
  expect(request(here, '10.244.1.2', 'GET').status).toBe(200)
  const answer = cast(here, 'a')
  expect(answer.status).toBe(500)
  expect(answer.body).toContain('Internal Server Error')
  expect(log(here, 'vote').join('\n')).toContain('Error -2 connecting to redis:6379. Name or service not known.')
})

test('worker and result wait for the database, once a second', () => {
  const here = lab([...base, ...redis, ...worker, ...result])
  here.pass(5500)
  expect(log(here, 'worker').filter((line) => line === 'Waiting for db').length).toBeGreaterThanOrEqual(4)
  expect(log(here, 'result').filter((line) => line === 'Waiting for db').length).toBeGreaterThanOrEqual(4)
  here.write(...db)
  here.pass(6000)
  expect(log(here, 'result')).toContain('Connected to db')
  expect(log(here, 'worker')).toContain('Connected to db')
})

test('a redis whose name does not exist is an exception', () => {
  const here = lab([...base, ...db, ...worker])
  here.pass(8000)
  expect(here.world.get(idOf('w1', 'worker'))).toMatchObject({ state: 'exited', exitCode: 1 })
  expect(log(here, 'worker').join('\n')).toContain('Name or service not known')
})

test('redis is killed and comes back: the worker connects again', () => {
  const here = lab([...base, ...redis, ...db, ...vote, ...result, ...worker])
  here.pass(8000)
  const at = here.simulation.now
  here.edit(idOf('w2', 'redis'), { stop: { signal: 'SIGKILL', at, killAt: at } })
  here.pass(3000)
  expect(log(here, 'worker').slice(-3)).toEqual(['Waiting for redis', 'Connecting to redis', 'Waiting for redis'])
  here.edit(idOf('w2', 'redis'), { state: 'created', stop: undefined })
  here.pass(3000)
  cast(here, 'a')
  here.pass(2000)
  expect(told(here)).toBe('1 vote')
})

test('the database is killed: worker and result crash as the real ones do', () => {
  const here = lab([...base, ...redis, ...db, ...vote, ...result, ...worker])
  here.pass(8000)
  const at = here.simulation.now
  here.edit(idOf('w2', 'db'), { stop: { signal: 'SIGKILL', at, killAt: at } })
  here.pass(1000)
  expect(here.world.get(idOf('w1', 'worker'))).toMatchObject({ state: 'exited', exitCode: 1 })
  expect(here.world.get(idOf('w1', 'result'))).toMatchObject({ state: 'exited', exitCode: 1 })
  expect(log(here, 'worker').join('\n')).toContain('NpgsqlException')
})

test('the machine of the database dies: timeouts tell only later', () => {
  const here = lab([...base, ...redis, ...db, ...vote, ...worker])
  here.pass(8000)
  here.edit(machineKey('w2'), { power: 'off' })
  here.pass(4000)
  expect(here.world.get(idOf('w1', 'worker'))?.state).toBe('running')
  here.pass(2000)
  expect(here.world.get(idOf('w1', 'worker'))).toMatchObject({ state: 'exited', exitCode: 1 })
})
