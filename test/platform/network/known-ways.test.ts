import { expect, test } from 'vitest'
import { draw } from '../../../src/engine/chance'
import { Forward, get } from '../../../src/platform'
import { Effects } from '../../../src/platform/network/effects'
import { send } from '../../../src/platform/network/send'
import { type Container, idOf, lab, machineKey, machines, pod, put, spec } from '../lab'

const chance = { draw: (uid: string, purpose: string, n: number) => draw(1, 'test', uid, purpose, n) }
const targets = ['w1', 'w2', 'w3'].map((on, i) => ({
  address: `10.244.${i}.2`,
  port: 80,
  machine: on,
  label: `pod/${on}`,
}))

test('a request that is not walked again comes out as if it were: until anything changes, and in another course', () => {
  const own = lab([
    ...machines('w1', 'w2', 'w3'),
    ...targets.flatMap(({ machine, address }) => pod(machine, `${machine}-web`, address, spec('nginx:1.28'))),
    put(Forward.key('', 'web'), {
      label: 'web',
      addresses: ['10.96.0.9'],
      port: 80,
      protocol: 'TCP',
      machinePort: undefined,
      targets,
      service: 'default/web',
      balancer: 'random',
      by: 'kube-proxy',
    }),
  ])
  const { world, pass, simulation } = own
  const served = () => {
    const found = new Set<string>()
    for (let i = 0; i < 60; i++) {
      const request = { ...get({ machine: 'w1', sandbox: undefined }, '10.96.0.9', 80, '/', `r${i}`), unlogged: true }
      const quick = send(world, chance, request, new Effects(world))
      const { changes: _, ...walked } = send(world, chance, request)
      expect({ ...quick, changes: undefined }).toEqual({ ...walked, changes: undefined })
      found.add(quick.served ?? quick.end)
    }
    return found
  }
  pass(2_000)
  expect(served().size).toBe(3)
  pass(700)
  expect(served().size).toBe(3)
  const before = simulation.now
  own.edit(machineKey('w2'), { power: 'off' })
  expect(served()).toContain('timed-out')
  simulation.rewind(before - 1)
  expect(served().size).toBe(3)
  own.edit(idOf('w3', 'w3-web'), { state: 'paused' } as Partial<Container>)
  expect(served()).toContain('timed-out')
})
