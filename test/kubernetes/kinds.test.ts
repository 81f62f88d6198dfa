import { describe, expect, test } from 'vitest'
import { hash32 } from '../../src/engine/hash'
import { eventWish } from '../../src/kubernetes/api/events'
import { generatedName, podTemplateHash, safeEncoded } from '../../src/kubernetes/api/names'
import { Event } from '../../src/kubernetes/kinds/event'
import { leaseRenewedAt } from '../../src/kubernetes/kinds/lease-renewal'
import { Pod } from '../../src/kubernetes/kinds/pod'
import { defaultPod } from '../../src/kubernetes/kinds/pod-defaults'
import { linkKey, machineKey } from '../../src/platform'
import { pod, pods, server } from './api/door'

describe('lease renewals', () => {
  const phase = hash32('worker-1') % 10_000
  const last = (now: number) => Math.floor((now - phase) / 10_000) * 10_000 + phase

  function at(millis: number) {
    const s = server()
    s.pass(millis)
    return s
  }

  test('come every 10 s at the phase of the node', () => {
    const s = at(100_000)
    expect(leaseRenewedAt(s.world, 'worker-1', 100_000)).toBe(last(100_000))
    expect(leaseRenewedAt(s.world, 'worker-1', last(100_000) + 10_000)).toBe(last(100_000) + 10_000)
  })

  test.each([
    [
      'the machine',
      (s: ReturnType<typeof server>) => s.edit(machineKey('worker-1'), (m) => ({ ...m, power: 'off' as const })),
      (s: ReturnType<typeof server>) => s.edit(machineKey('worker-1'), (m) => ({ ...m, power: 'on' as const })),
    ],
    [
      'the kubelet',
      (s: ReturnType<typeof server>) =>
        s.edit(machineKey('worker-1'), (m) => ({ ...m, daemons: { ...m.daemons, kubelet: 'stopped' as const } })),
      (s: ReturnType<typeof server>) =>
        s.edit(machineKey('worker-1'), (m) => ({ ...m, daemons: { ...m.daemons, kubelet: 'running' as const } })),
    ],
    [
      'the control plane',
      (s: ReturnType<typeof server>) => s.edit(machineKey('control-plane'), (m) => ({ ...m, power: 'off' as const })),
      (s: ReturnType<typeof server>) => s.edit(machineKey('control-plane'), (m) => ({ ...m, power: 'on' as const })),
    ],
    [
      'the link',
      (s: ReturnType<typeof server>) =>
        s.write(linkKey('worker-1', '*'), {
          a: 'worker-1',
          b: '*',
          cut: true,
          addedLatencyMillis: 0,
          loss: 0,
          since: s.simulation.now,
        }),
      (s: ReturnType<typeof server>) => s.write(linkKey('worker-1', '*'), undefined),
    ],
  ])('stop with %s, and come again after it', (_, harm, heal) => {
    const s = at(100_000)
    harm(s)
    s.pass(60_000)
    expect(leaseRenewedAt(s.world, 'worker-1', 160_000)).toBe(last(100_000))
    heal(s)
    s.pass(20_000)
    expect(leaseRenewedAt(s.world, 'worker-1', 180_000)).toBe(last(180_000))
  })

  test('are not written anywhere', () => {
    const s = at(0)
    const before = s.world.revision
    s.pass(600_000)
    leaseRenewedAt(s.world, 'worker-1', 600_000)
    expect(s.world.revision).toBe(before)
  })
})

describe('events', () => {
  const about = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: `uid-${name}`, creationTimestamp: '2025-01-15T09:00:00Z' },
  })
  const tools = { uid: () => 'new' } as any

  function told(s: ReturnType<typeof server>, message: string, name = 'web') {
    const wish = eventWish(s.world, tools, {
      about: about(name),
      type: 'Normal',
      reason: 'Pulled',
      message,
      component: 'kubelet',
      host: 'worker-1',
      because: { id: 'test' },
    })
    s.write(wish.key, wish.value)
    return wish.value!
  }

  test('equal ones are counted, others are not', () => {
    const s = server()
    const first = told(s, 'a')
    s.pass(5_000)
    const second = told(s, 'a')
    told(s, 'b')
    told(s, 'a', 'other')
    expect(second).toMatchObject({
      metadata: first.metadata,
      count: 2,
      firstTimestamp: first.firstTimestamp,
      lastTimestamp: '2025-01-15T09:00:05Z',
    })
    expect(s.world.list(Event).map(({ value }) => value.count)).toEqual([2, 1, 1])
  })

  test('after ten minutes it is another event', () => {
    const s = server()
    told(s, 'a')
    s.pass(601_000)
    expect(told(s, 'a').count).toBe(1)
  })

  test('are named by their object and the time', () => {
    expect(told(server(), 'a').metadata.name).toMatch(/^web\.[0-9a-f]{16}$/)
  })
})

describe('names', () => {
  test('a generated name is cut to 63 characters', () => {
    expect(generatedName('a'.repeat(70), 0.5)).toHaveLength(63)
  })

  test('hashes are decimal digits in ten letters', () => {
    expect(safeEncoded(1234567890)).toBe('56789bcdf4')
    expect(podTemplateHash({ spec: { a: 1 } }, undefined)).toMatch(/^[456789bcdf]{8,10}$/)
    expect(podTemplateHash({ spec: { a: 1, b: 2 } }, undefined)).toBe(
      podTemplateHash({ spec: { b: 2, a: 1 } }, undefined),
    )
    expect(podTemplateHash({ spec: { a: 1 } }, 1)).not.toBe(podTemplateHash({ spec: { a: 1 } }, undefined))
  })
})

test('pods of one template share their spec', () => {
  const spec = { containers: [{ name: 'web', image: 'nginx' }] }
  expect(defaultPod(spec)).toBe(defaultPod(spec))
  expect(defaultPod(defaultPod(spec))).toBe(defaultPod(spec))
})

test('what a client reads and sends back changes nothing', () => {
  const s = server()
  const made = s.body({ verb: 'create', resource: pods, namespace: 'default', body: pod('web') })
  const stored = s.world.get(Pod.key('default', 'web'))
  s.body({ verb: 'update', resource: pods, namespace: 'default', name: 'web', body: made })
  expect(s.world.get(Pod.key('default', 'web'))).toBe(stored)
})
