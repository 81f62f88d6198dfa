import { expect, test } from 'vitest'
import { LocalImage, linkKey, localImageKey, Pull, pullKey } from '../../../src/platform'
import { lab, machineKey, machines, put } from '../lab'

const pull = (machine: string, reference: string): ReturnType<typeof put<Pull>> =>
  put(pullKey(machine, reference), {
    machine,
    reference,
    state: 'waiting',
    wantedAt: 0,
    startedAt: undefined,
    endsAt: undefined,
    error: undefined,
  })

test('a pull leaves an image after the time that its bytes take', () => {
  const here = lab([...machines('w1'), pull('w1', 'nginx:1.27')])
  here.pass(0)
  const { startedAt, endsAt, state } = here.world.get(pullKey('w1', 'nginx:1.27'))!
  expect(state).toBe('pulling')
  // 72 MB at 50 MB/s, 192 MB written at 160 MB/s, and the registry's own time
  expect(endsAt! - startedAt!).toBeGreaterThan(1441 + 1200 + 450)
  expect(endsAt! - startedAt!).toBeLessThan(1443 + 1202 + 900)
  here.pass(5000)
  expect(here.world.get(pullKey('w1', 'nginx:1.27'))).toBeUndefined()
  expect(here.world.get(localImageKey('w1', 'nginx:1.27'))).toMatchObject({ sizeBytes: 72_080_558, pulledAt: endsAt })
})

test('one at a time, and shared layers only once', () => {
  const here = lab([...machines('w1'), pull('w1', 'nginx:1.27'), pull('w1', 'redis:7')])
  here.pass(100)
  expect(here.world.list(Pull).map(({ value }) => value.state)).toEqual(['pulling', 'waiting'])
  here.pass(20_000)
  const [, started] = here.world.get(localImageKey('w1', 'redis:7')) ? historyOf(here, pullKey('w1', 'redis:7')) : []
  expect(started!.because.values).toMatchObject({ present: 1 })
})

function historyOf(here: ReturnType<typeof lab>, key: string) {
  return here.simulation.store.since(0).filter((change) => change.key === key)
}

test('an unknown tag fails in the words of containerd', () => {
  const here = lab([...machines('w1'), pull('w1', 'nginx:9.99')])
  here.pass(5000)
  expect(here.world.get(pullKey('w1', 'nginx:9.99'))).toMatchObject({
    state: 'failed',
    error: expect.stringContaining('code = NotFound'),
  })
  expect(here.world.list(LocalImage)).toEqual([])
})

test('cut off from the network a pull times out', () => {
  const cut = { a: 'w1', b: '*', cut: true, addedLatencyMillis: 0, loss: 0, since: 0 }
  const here = lab([...machines('w1'), put(linkKey('w1', '*'), cut), pull('w1', 'nginx:1.27')])
  here.pass(31_000)
  expect(here.world.get(pullKey('w1', 'nginx:1.27'))).toMatchObject({
    state: 'failed',
    error: expect.stringContaining('i/o timeout'),
  })
})

test('a crash ends pulls, a reboot keeps images', () => {
  const here = lab([...machines('w1'), pull('w1', 'busybox:1.36')])
  here.pass(5000)
  here.write(pull('w1', 'nginx:1.27'))
  here.edit(machineKey('w1'), { power: 'off' })
  expect(here.world.list(Pull)).toEqual([])
  expect(here.world.list(LocalImage).map(({ value }) => value.reference)).toEqual(['busybox:1.36'])
})
