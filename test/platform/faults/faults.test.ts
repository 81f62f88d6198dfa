import { describe, expect, test } from 'vitest'
import type { Wish } from '../../../src/engine/plan'
import { beginFault, DnsServer, Fault, faultKinds, healFault, Link } from '../../../src/platform'
import { idOf, lab, machineKey, machines, pod, put, spec } from '../lab'

const ready = () => {
  const here = lab([
    ...machines('w1', 'w2'),
    ...pod('w1', 'web', '10.244.1.2', spec('nginx')),
    put(DnsServer.key('', 'cluster'), { name: 'cluster', address: '10.96.0.10', down: false, zone: 'cluster.local' }),
  ])
  here.pass(1000)
  return here
}
const begin = (here: ReturnType<typeof ready>, name: string, target: string, until?: number, amount?: number) => {
  const answer = beginFault(here.world, name, { target, until, amount })
  if (!('text' in answer)) here.write(...(answer as Wish[]))
  return answer
}

/** All that can be told of the world but times. */
const picture = (here: ReturnType<typeof ready>) => ({
  power: here.world.get(machineKey('w1'))?.power,
  daemons: here.world.get(machineKey('w1'))?.daemons,
  slowness: here.world.get(machineKey('w1'))?.slowness,
  disturbed: here.world.get(idOf('w1', 'web'))?.disturbed,
  links: here.world.list(Link).length,
  dns: here.world.list(DnsServer)[0]?.value.down,
})

describe.each([
  ['machine-crash', 'w1'],
  ['machine-slow', 'w1'],
  ['link-cut', 'w1'],
  ['partition', 'w1'],
  ['app-hangs', 'web'],
  ['app-errors', 'nginx'],
  ['link-cut', 'w1:w2'],
  ['link-slow', 'w1'],
  ['link-lossy', 'w1'],
  ['kubelet-stop', 'w1'],
  ['kube-proxy-stop', 'w1'],
  ['dns-down', ''],
])('%s %s', (name, target) => {
  test('changes something, stands as an object, and heals without a trace', () => {
    const here = ready()
    const before = picture(here)
    begin(here, name, target)
    expect(picture(here)).not.toEqual(before)
    expect(here.world.list(Fault)).toHaveLength(1)
    here.write(...healFault(here.world, here.world.list(Fault)[0]!.value))
    here.pass(21_000)
    expect(picture(here)).toEqual(before)
    expect(here.world.list(Fault)).toEqual([])
  })
  test('heals by itself when its time is over', () => {
    const here = ready()
    const before = picture(here)
    begin(here, name, target, here.simulation.now + 5000)
    here.pass(4999)
    expect(picture(here)).not.toEqual(before)
    here.pass(21_000)
    expect(picture(here)).toEqual(before)
  })
  test('a second time it is refused', () => {
    const here = ready()
    begin(here, name, target)
    expect(begin(here, name, target)).toMatchObject({ exit: 1 })
  })
})

test('two faults of one link heal one by one', () => {
  const here = ready()
  begin(here, 'link-slow', 'w1', undefined, 50)
  begin(here, 'link-lossy', 'w1', undefined, 0.1)
  expect(here.world.list(Link)[0]?.value).toMatchObject({ addedLatencyMillis: 50, loss: 0.1 })
  here.write(...healFault(here.world, here.world.list(Fault)[0]!.value))
  expect(here.world.list(Link)[0]?.value).toMatchObject({ addedLatencyMillis: 0, loss: 0.1 })
})

test('a container is killed once', () => {
  const here = ready()
  begin(here, 'container-kill', 'web')
  expect(here.world.get(idOf('w1', 'web'))).toMatchObject({ state: 'exited', exitCode: 137, oomKilled: false })
  expect(here.world.list(Fault)).toEqual([])
})

test('a name that fits several containers is refused', () => {
  const here = lab([
    ...machines('w1'),
    ...pod('w1', 'a', '10.244.1.2', spec('nginx', { labels: { container: 'web' } })),
    ...pod('w1', 'b', '10.244.1.3', spec('nginx', { labels: { container: 'web' } })),
  ])
  here.pass(1000)
  expect(begin(here, 'container-kill', 'web')).toEqual({
    text: 'web fits 2 containers: say which, a/web, b/web',
    exit: 1,
  })
  begin(here, 'container-kill', 'a/web')
  expect(here.world.get(idOf('w1', 'a'))?.state).toBe('exited')
  expect(here.world.get(idOf('w1', 'b'))?.state).toBe('running')
})

test('crash and boot', () => {
  const here = ready()
  begin(here, 'machine-crash', 'w1', here.simulation.now + 10_000)
  expect(here.world.get(idOf('w1', 'web'))).toMatchObject({ state: 'exited', exitCode: 255 })
  here.pass(10_000)
  expect(here.world.get(machineKey('w1'))).toMatchObject({ power: 'booting', boots: 2 })
  here.pass(20_000)
  expect(here.world.get(machineKey('w1'))?.power).toBe('on')
})

test.each([
  ['flood', 'w1', 'there is no fault flood'],
  ['machine-crash', 'w9', 'there is no machine w9'],
  ['machine-crash', '', 'machine-crash needs a machine'],
  ['link-cut', 'w1:w1', 'w1:w1 is no link'],
  ['container-kill', 'nobody', 'there is no running container nobody'],
  ['partition', 'w1,w9', 'there is no machine w9'],
  ['partition', 'w1,w2', 'partition must leave machines on the other side'],
  ['app-hangs', 'redis:7', 'there is no running container or image redis:7'],
  ['slow-start', '', 'slow-start needs an image'],
  ['image-gone', 'Not An Image', 'there is no image Not An Image'],
])('%s %s is refused', (name, target, text) => {
  expect(begin(ready(), name, target)).toMatchObject({ text: expect.stringContaining(text) })
})

test.each([
  ['dns-down', '', 3, 'dns-down has no amount'],
  ['machine-slow', 'w1', 1, 'a factor from 1 to 1000'],
  ['slow-start', 'nginx', 7_200_000, 'a time up to one hour'],
  ['memory-leak', 'web', 0, 'the memory lost in a second'],
])('%s %s by %i is refused', (name, target, amount, text) => {
  expect(begin(ready(), name, target, undefined, amount)).toMatchObject({
    text: expect.stringContaining(text),
    exit: 2,
  })
})

test('every fault says what it is', () => {
  for (const kind of faultKinds) expect(kind.about.length).toBeGreaterThan(10)
})
