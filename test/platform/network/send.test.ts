import { describe, expect, test } from 'vitest'
import { draw } from '../../../src/engine/chance'
import type { Wish } from '../../../src/engine/plan'
import {
  allocateAddress,
  DnsRecord,
  DnsServer,
  Forward,
  type ForwardTarget,
  get,
  linkKey,
  type Outcome,
  Sandbox,
  sandboxKey,
  send,
} from '../../../src/platform'
import { idOf, lab, machine, machineKey, machines, pod, put, sandbox, spec } from '../lab'

const chance = { draw: (uid: string, purpose: string, n: number) => draw(1, 'test', uid, purpose, n) }
const dns = {
  server: '10.96.0.10',
  search: ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
  ndots: 5,
}

const target = (on: string, name: string, address: string, port: number): ForwardTarget => ({
  address,
  port,
  machine: on,
  label: `pod/${name}`,
})

const forward = (
  label: string,
  address: string,
  port: number,
  targets: readonly ForwardTarget[],
  machinePort?: number,
): Wish =>
  put(Forward.key('', label), {
    label,
    addresses: [address],
    port,
    protocol: 'TCP',
    machinePort,
    targets,
    service: 'default/x',
    balancer: 'random',
    by: 'kube-proxy',
  })

const record = (name: string, ...addresses: string[]): Wish =>
  put(DnsRecord.key('cluster', name), { name, addresses, alias: undefined, ttlSeconds: 30 })

const web = [target('w1', 'web-1', '10.244.1.2', 80), target('w2', 'web-2', '10.244.2.2', 80)]

const cluster: Wish[] = [
  put(machineKey('cp'), machine('cp', { role: 'control-plane', address: '172.18.0.9', podCidr: '10.244.0.0/24' })),
  put(
    machineKey('laptop'),
    machine('laptop', { role: 'outside', address: '172.18.0.100', podCidr: undefined, daemons: {} }),
  ),
  ...machines('w1', 'w2'),
  ...pod('w1', 'web-1', '10.244.1.2', spec('nginx'), dns),
  ...pod('w2', 'web-2', '10.244.2.2', spec('nginx'), dns),
  ...pod('cp', 'coredns', '10.244.0.2', spec('registry.k8s.io/coredns/coredns:v1.12.1')),
  put(DnsServer.key('', 'cluster'), { name: 'cluster', address: '10.96.0.10', down: false, zone: 'cluster.local' }),
  forward('kube-system/kube-dns', '10.96.0.10', 53, [target('cp', 'coredns', '10.244.0.2', 53)]),
  forward('default/web', '10.96.5.5', 80, web, 30080),
  record('web.default.svc.cluster.local', '10.96.5.5'),
]

const ready = () => {
  const here = lab(cluster)
  here.pass(2000)
  return here
}
type Here = ReturnType<typeof ready>

const inside = { machine: 'w1', sandbox: 'web-1' }
const outside = { machine: 'laptop', sandbox: undefined }
const ask = (here: Here, from: typeof inside | typeof outside, host: string, port = 80, id = 'r1'): Outcome =>
  send(here.world, chance, { ...get(from, host, port, '/', id), timeoutMillis: 20_000 })

test('by name, through a virtual address, to one of two', () => {
  const here = ready()
  const seen = new Set<string>()
  for (let n = 0; n < 40; n++) {
    const outcome = ask(here, inside, 'web', 80, `r${n}`)
    expect(outcome).toMatchObject({ end: 'answered', status: 200, address: '10.96.5.5' })
    expect(outcome.body).toContain('Welcome to nginx!')
    expect(outcome.hops[0]?.because).toBe('web is 10.96.5.5')
    expect(outcome.hops[1]?.because).toMatch(/^kube-proxy picked pod\/web-[12], 1 of 2 at random$/)
    seen.add(outcome.served!)
  }
  expect(seen.size).toBe(2)
})

test('from outside: by the port of any machine, not by the virtual address', () => {
  const here = ready()
  expect(ask(here, outside, 'w2', 30080)).toMatchObject({ end: 'answered', status: 200 })
  expect(ask(here, outside, '10.96.5.5')).toMatchObject({ end: 'timed-out', millis: 20_000 })
  expect(ask(here, outside, '10.244.1.2')).toMatchObject({ end: 'timed-out' })
})

describe('different ends', () => {
  test('nothing listens: refused', () => {
    expect(ask(ready(), inside, '10.244.2.2', 81)).toMatchObject({
      end: 'refused',
      because: 'nothing listens on port 81 of web-2',
    })
  })
  test('no endpoint: refused', () => {
    const here = ready()
    here.write(forward('default/web', '10.96.5.5', 80, []))
    expect(ask(here, inside, 'web')).toMatchObject({
      end: 'refused',
      because: 'default/web has no ready endpoint: kube-proxy rejects the connection',
    })
  })
  test('a machine without power: packets vanish', () => {
    const here = ready()
    here.edit(machineKey('w2'), { power: 'off' })
    expect(ask(here, inside, '10.244.2.2')).toMatchObject({ end: 'unreachable' })
    const ends = new Set(Array.from({ length: 30 }, (_, n) => ask(here, inside, 'web', 80, `r${n}`).end))
    expect([...ends].sort()).toEqual(['answered', 'timed-out'])
  })
  test('a pod that is gone, in a rule that is late: no route to host', () => {
    const here = ready()
    here.write(put(idOf('w2', 'web-2'), undefined), put(sandboxKey('w2', 'web-2'), undefined))
    const ends = new Set(Array.from({ length: 30 }, (_, n) => ask(here, inside, 'web', 80, `r${n}`).end))
    expect([...ends].sort()).toEqual(['answered', 'unreachable'])
  })
  test('a cut link: packets vanish between the two, not to others', () => {
    const here = ready()
    here.write(put(linkKey('w1', 'w2'), { a: 'w1', b: 'w2', cut: true, addedLatencyMillis: 0, loss: 0, since: 0 }))
    expect(ask(here, inside, '10.244.2.2')).toMatchObject({
      end: 'timed-out',
      because: 'the link between w1 and w2 is cut',
    })
    expect(ask(here, outside, 'w2', 30080, 'r7').end).not.toBe('unreachable')
  })
  test('an unknown name', () => {
    expect(ask(ready(), inside, 'wbe')).toMatchObject({ end: 'unresolved' })
    expect(ask(ready(), outside, 'wbe')).toMatchObject({ end: 'unresolved' })
  })
  test('DNS is down', () => {
    const here = ready()
    here.edit(idOf('cp', 'coredns'), {
      stop: { signal: 'SIGKILL', at: here.simulation.now, killAt: here.simulation.now },
    })
    expect(ask(here, inside, 'web')).toMatchObject({ end: 'no-dns', millis: 2 })
    here.edit(machineKey('cp'), { power: 'off' })
    expect(ask(here, inside, 'web')).toMatchObject({ end: 'no-dns', millis: 10_000 })
  })
  test('a paused program: accepted, never answered', () => {
    const here = ready()
    here.edit(idOf('w2', 'web-2'), { state: 'paused' })
    expect(ask(here, inside, '10.244.2.2')).toMatchObject({ end: 'timed-out' })
  })
})

test('slow and lossy links cost time', () => {
  const here = ready()
  expect(ask(here, inside, '10.244.2.2').millis).toBe(3)
  here.write(put(linkKey('w2', '*'), { a: 'w2', b: '*', cut: false, addedLatencyMillis: 100, loss: 0, since: 0 }))
  expect(ask(here, inside, '10.244.2.2').millis).toBe(203)
  here.write(put(linkKey('w2', '*'), { a: 'w2', b: '*', cut: false, addedLatencyMillis: 0, loss: 0.5, since: 0 }))
  const times = Array.from({ length: 200 }, (_, n) => ask(here, inside, '10.244.2.2', 80, `r${n}`).millis)
  expect(times.filter((millis) => millis === 3).length).toBeGreaterThan(20)
  expect(times.filter((millis) => millis >= 1003).length).toBeGreaterThan(60)
})

test('a machine that is cut off from the control plane keeps its rules', () => {
  const here = ready()
  here.write(put(linkKey('w1', 'cp'), { a: 'cp', b: 'w1', cut: true, addedLatencyMillis: 0, loss: 0, since: 0 }))
  here.write(forward('default/web', '10.96.5.5', 80, [web[1]!], 30080))
  const picks = (from: typeof inside) =>
    new Set(Array.from({ length: 30 }, (_, n) => ask(here, from, '10.96.5.5', 80, `r${n}`).served))
  expect(picks(inside).size).toBe(2)
  expect(picks({ machine: 'w2', sandbox: 'web-2' }).size).toBe(1)
})

test('addresses go on upwards, and are used again only when the range is through', () => {
  const here = lab(machines('w1'))
  const w1 = here.world.get(machineKey('w1'))!
  expect(allocateAddress(here.world, w1)).toBe('10.244.49.2')
  const give = (name: string) => {
    const address = allocateAddress(here.world, w1)!
    here.write(put(sandboxKey('w1', name), sandbox('w1', name, address)))
    return address
  }
  expect([give('a'), give('b'), give('c')]).toEqual(['10.244.49.2', '10.244.49.3', '10.244.49.4'])
  here.write(put(sandboxKey('w1', 'a'), undefined))
  expect(give('d')).toBe('10.244.49.5')
  for (let n = 0; n < 249; n++) give(`more-${n}`)
  expect(give('last')).toBe('10.244.49.2')
  expect(allocateAddress(here.world, w1)).toBeUndefined()
  expect(here.world.list(Sandbox)).toHaveLength(253)
})

test('twenty thousand requests in a second', () => {
  const here = ready()
  const begun = performance.now()
  const count = 20_000
  for (let n = 0; n < count; n++) ask(here, inside, 'web', 80, `r${n}`)
  const millis = performance.now() - begun
  // half of what is wanted, for busy computers
  expect((count / millis) * 1000).toBeGreaterThan(10_000)
  console.log(Math.round((count / millis) * 1000), 'requests a second')
})
