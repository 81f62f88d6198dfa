import { describe, expect, test } from 'vitest'
import { Cgroup, cgroupKey, countedUntil } from '../../../src/platform/cpu/cgroup'
import { requestDelay } from '../../../src/platform/cpu/request-delay'
import { Task } from '../../../src/platform/cpu/task'
import { hexOf } from '../../../src/platform/image/hex'
import { containerUsage, usage } from '../../../src/platform/limits/usage'
import { ledgerKey } from '../../../src/platform/network/ledger'
import { idOf, lab, machine, machineKey, machines, pod, put, spec } from '../lab'

const hog = (script: string, change = {}) => spec('alpine', { command: ['sh', '-c', script], ...change })

const one = (what: ReturnType<typeof spec>) => {
  const own = lab([...machines('m'), ...pod('m', 'one', '10.244.9.2', what)])
  own.pass(1000)
  return own
}
const counted = (world: ReturnType<typeof one>['world'], name = 'one') =>
  countedUntil(world.get(cgroupKey('m', hexOf(`m/${name}`)))!, world.now)

describe('the CPU scheduler', () => {
  test('a quota of half a CPU: half of every period, and the standing still is counted', () => {
    const { world, pass } = one(hog('yes > /dev/null', { cpuLimitMillis: 500 }))
    const before = counted(world)
    pass(10_000)
    const after = counted(world)
    expect(after.used - before.used).toBe(5_000_000)
    expect(after.periods - before.periods).toBeCloseTo(100)
    expect(after.throttled - before.throttled).toBeCloseTo(100)
    expect(after.throttledMicros - before.throttledMicros).toBeCloseTo(5_000_000)
    expect(containerUsage(world, idOf('m', 'one')).cpuMillis).toBe(500)
  })

  test('two threads under the same quota use it up twice as fast, and two CPUs stand still', () => {
    const { world, pass } = one(hog('yes > /dev/null & yes > /dev/null', { cpuLimitMillis: 500 }))
    const before = counted(world)
    pass(10_000)
    const after = counted(world)
    expect(after.used - before.used).toBe(5_000_000)
    // 25 ms on each of two CPUs, then 75 ms of nothing on each
    expect(after.throttledMicros - before.throttledMicros).toBeCloseTo(15_000_000)
  })

  test('below its quota a group is not throttled', () => {
    const { world, pass } = one(hog('yes > /dev/null', { cpuLimitMillis: 1500 }))
    pass(10_000)
    expect(counted(world)).toMatchObject({ throttled: 0, throttledMicros: 0, rate: 1000 })
    expect(counted(world).periods).toBeGreaterThan(90)
  })

  test('work takes as long as its share makes it, and says so', () => {
    const script = 'dd if=/dev/zero of=/dev/null bs=1M count=10000'
    const { simulation, world } = lab([
      put(machineKey('m'), machine('m', { cpuMillis: 1000 })),
      ...pod('m', 'one', '10.244.9.2', hog(script, { cpuWeight: 100 })),
      ...pod('m', 'two', '10.244.9.3', hog('yes > /dev/null', { cpuWeight: 200 })),
    ])
    const done: any[] = []
    simulation.onChange((change) => {
      if (change.because.id === 'platform/work-done') done.push(change.because.values)
    })
    simulation.run({ until: 20_000 })
    expect(done).toHaveLength(1)
    const { micros, millis, held } = done[0]
    expect(held).toBe('weight')
    // a third of one CPU, less what the machine's own services take
    expect(millis / (micros / 1000)).toBeGreaterThan(2.8)
    expect(millis / (micros / 1000)).toBeLessThan(3.3)
    expect(world.get(idOf('m', 'one'))).toMatchObject({ state: 'exited', exitCode: 0 })
  })

  test('a paused container computes nothing; what goes with it goes from the scheduler too', () => {
    const own = one(hog('yes > /dev/null'))
    const { world, pass } = own
    own.edit(idOf('m', 'one'), { state: 'paused' })
    pass(1)
    const before = counted(world).used
    pass(5_000)
    expect(counted(world).used).toBe(before)
    own.edit(idOf('m', 'one'), { state: 'running' })
    pass(1_000)
    expect(counted(world).used - before).toBeGreaterThan(990_000)
    own.edit(idOf('m', 'one'), { stop: { signal: 'SIGKILL', at: world.now, killAt: world.now } })
    pass(10)
    expect(world.list(Task)).toEqual([])
    expect(world.list(Cgroup)).toEqual([])
  })

  test('the kubelet’s classes: a Burstable pod goes before a BestEffort one, whatever that one runs', () => {
    const parent = (text: string) => `kubepods.slice/kubepods-${text}.slice/pod.slice`
    const { world, pass } = lab([
      put(machineKey('m'), machine('m', { cpuMillis: 2000 })),
      ...pod(
        'm',
        'one',
        '10.244.9.2',
        spec('polinux/stress', {
          args: ['stress', '--cpu', '2'],
          cpuRequestMillis: 500,
          cpuWeight: 20,
          cgroupParent: parent('burstable'),
        }),
      ),
      ...pod(
        'm',
        'two',
        '10.244.9.3',
        spec('polinux/stress', {
          args: ['stress', '--cpu', '8'],
          cpuWeight: 1,
          cgroupParent: parent('besteffort'),
        }),
      ),
    ])
    pass(2_000)
    const of = (name: string) => containerUsage(world, idOf('m', name)).cpuMillis
    // kubepods-burstable.slice weighs 20 (512 shares), kubepods-besteffort.slice 1
    expect(of('one') / of('two')).toBeCloseTo(20, 0)
    expect(usage(world, 'm').cpuMillis).toBe(2000)
  })

  const ledger = (rate: number) => ({
    name: 'x',
    since: 0,
    at: 0,
    ended: false,
    sent: 0,
    ok: 0,
    failed: 0,
    failures: {},
    meanMillis: 0,
    mostMillis: 0,
    served: { [idOf('m', 'one')]: rate },
    samples: [],
    weight: 1,
  })
  const delay = (world: ReturnType<typeof one>['world']) =>
    requestDelay(world, world.get(idOf('m', 'one'))!, 1)?.millis ?? 0

  test('one thread is on one CPU: more requests than it can compute wait for each other, and are worked off later', () => {
    const own = one(spec('node:20', { args: ['node', 'server.js'] }))
    const { world, pass } = own
    own.write(put(ledgerKey('x'), ledger(900)))
    pass(5_000)
    expect(delay(world)).toBe(0)
    own.write(put(ledgerKey('x'), ledger(1500)))
    pass(2_000)
    // half a second of work comes in every second more than is done
    expect(containerUsage(world, idOf('m', 'one')).cpuMillis).toBe(1002)
    expect(delay(world)).toBeGreaterThan(950)
    expect(delay(world)).toBeLessThan(1050)
    own.write(put(ledgerKey('x'), { ...ledger(0), ended: true, served: {} }))
    pass(600)
    expect(delay(world)).toBeGreaterThan(350)
    pass(600)
    expect(delay(world)).toBe(0)
    expect(containerUsage(world, idOf('m', 'one')).cpuMillis).toBe(2)
  })

  test('a request of 55 ms under a quota of 20 ms in each period has to pause twice', () => {
    const { world } = one(spec('registry.k8s.io/hpa-example', { cpuLimitMillis: 200 }))
    expect(requestDelay(world, world.get(idOf('m', 'one'))!, 55)).toMatchObject({ millis: 160 })
  })
})
