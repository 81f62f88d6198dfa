import { expect, test } from 'vitest'
import { containerUsage, Ledger, Load, ledgerKey, loadKey, readLogs, usage } from '../../../src/platform'
import { idOf, lab, machines, pod, put, spec } from '../lab'

const wanted = (requestsPerSecond: number, seconds: number, since: number, change: Partial<Load> = {}): Load => ({
  name: 'test',
  from: { machine: 'w2', sandbox: undefined },
  protocol: 'http',
  host: '10.244.1.2',
  port: 80,
  method: 'GET',
  path: '/',
  headers: {},
  body: '',
  timeoutMillis: 5000,
  requestsPerSecond,
  since,
  until: since + seconds * 1000,
  ...change,
})

const ready = (image = 'nginx') => {
  const here = lab([...machines('w1', 'w2'), ...pod('w1', 'web', '10.244.1.2', spec(image))])
  here.pass(2000)
  return here
}
type Here = ReturnType<typeof ready>
const start = (here: Here, rate: number, seconds: number, change?: Partial<Load>) =>
  here.write(put(loadKey('test'), wanted(rate, seconds, here.simulation.now, change)))
const ledger = (here: Here) => here.world.get(ledgerKey('test'))!

test.each([1, 7, 50, 999, 1000])('%i a second for two seconds', (rate) => {
  const here = ready()
  start(here, rate, 2)
  here.pass(3000)
  expect(ledger(here)).toMatchObject({ sent: 2 * rate, ok: 2 * rate, failed: 0, ended: true, weight: 1 })
  expect(here.world.list(Load)).toEqual([])
})

test('above a thousand, each one sent stands for several', () => {
  const here = ready()
  start(here, 5500, 2)
  here.pass(3000)
  expect(ledger(here)).toMatchObject({ sent: 11_000, failed: 0, weight: 5.5 })
})

test('failures by reason, with first and last', () => {
  const here = ready()
  const at = here.simulation.now
  start(here, 10, 4)
  here.pass(1000)
  here.edit(idOf('w1', 'web'), {
    stop: { signal: 'SIGTERM', at: here.simulation.now, killAt: here.simulation.now + 30_000 },
  })
  here.pass(1000)
  // the first failure is told at once
  expect(ledger(here).failures['connection refused']).toMatchObject({ first: at + 1100 })
  here.edit(idOf('w1', 'web'), { state: 'created', stop: undefined })
  here.pass(5000)
  const { sent, ok, failed, failures } = ledger(here)
  expect(sent).toBe(40)
  expect(ok + failed).toBe(40)
  expect(failures['connection refused']?.count).toBe(failed)
  expect(failed).toBeGreaterThanOrEqual(10)
  expect(failed).toBeLessThanOrEqual(12)
})

test('a long answer is cut off when its container dies', () => {
  const here = ready('stefanprodan/podinfo')
  start(here, 10, 1, { port: 9898, path: '/delay/2' })
  here.pass(1000)
  here.edit(idOf('w1', 'web'), { stop: { signal: 'SIGKILL', at: here.simulation.now, killAt: here.simulation.now } })
  here.pass(2000)
  expect(ledger(here)).toMatchObject({ sent: 10, ok: 0, failures: { 'connection cut off': { count: 10 } } })
})

test('load shows in what a container and its machine use', () => {
  const here = ready('registry.k8s.io/hpa-example')
  const key = idOf('w1', 'web')
  expect(containerUsage(here.world, key).cpuMillis).toBe(1)
  start(here, 10, 10)
  here.pass(4000)
  expect(containerUsage(here.world, key).cpuMillis).toBeGreaterThan(500)
  expect(containerUsage(here.world, key).cpuMillis).toBeLessThan(600)
  expect(usage(here.world, 'w1').cpuMillis).toBeGreaterThan(550)
  here.pass(10_000)
  expect(containerUsage(here.world, key).cpuMillis).toBe(1)
})

test('low rates leave lines in the log', () => {
  const here = ready()
  start(here, 5, 1)
  here.pass(2000)
  expect(here.world.list(Ledger)).toHaveLength(1)
  const lines = readLogs(here.world, idOf('w1', 'web')).filter(({ text }) => text.includes('"GET / HTTP/1.1" 200 615'))
  expect(lines).toHaveLength(5)
})
