import { describe, expect, test } from 'vitest'
import { sentenceOf } from '../../../src/engine'
import { Fault, Machine, machineKey } from '../../../src/platform'
import { type Lab, namedLab } from '../../../src/terminal/lab/lab'
import { Session } from '../../../src/terminal/session'
import { SessionWish, simCommands } from '../../../src/terminal/sim'
import { clockOf, durationMillis, tookOf } from '../../../src/terminal/sim/durations'
import { resolveKey, shortForm } from '../../../src/terminal/sim/keys'

const begin = (lab = 'kubernetes', seed = 1) => new Session({ lab: namedLab(lab) as Lab, seed })

test.each([
  ['60s', 60_000],
  ['5m', 300_000],
  ['1m30s', 90_000],
  ['500ms', 500],
  ['1.5h', 5_400_000],
  ['7', 7000],
  ['soon', undefined],
  ['5m later', undefined],
])('duration %s', (text, millis) => {
  expect(durationMillis(text)).toBe(millis)
})

test.each([
  [365_912, '6:05.9'],
  [0, '0:00.0'],
  [3_723_000, '1:02:03.0'],
  [-180_000, '-3:00.0'],
])('clock %i', (millis, text) => {
  expect(clockOf(millis)).toBe(text)
})

test('how long it took', () => {
  expect([tookOf(7), tookOf(3200), tookOf(65_000)]).toEqual(['7 ms', '3.2 s', '1 min 05 s'])
})

describe('faults', () => {
  test('break, are listed, heal', () => {
    const session = begin()
    expect(session.run('sim fault link-slow worker-2 --by 300ms --for 60s')).toBe('')
    expect(session.status.code).toBe(0)
    expect(session.run('sim faults')).toBe(
      'FAULT       TARGET     SINCE    UNTIL\nlink-slow   worker-2   0:00.0   1:00.0\n',
    )
    session.run('sim heal link-slow')
    expect(session.run('sim faults')).toBe('nothing is broken\n')
    session.run(
      'sim fault link-slow worker-1; sim fault link-lossy worker-1; sim fault kubelet-stop worker-2; sim heal',
    )
    expect(session.simulation.store.list(Fault)).toEqual([])
  })
  test.each([
    ['sim fault flood', 2, 'there is no fault flood'],
    ['sim fault clock-skew', 2, 'clock-skew is not modelled: all machines go by one clock'],
    ['sim fault machine-crash', 1, 'one of control-plane, worker-1, worker-2, worker-3'],
    ['sim fault machine-crash worker-9', 1, 'there is no machine worker-9'],
    ['sim fault machine-crash worker-1 --for ever', 2, 'ever is no duration'],
    ['sim fault machine-crash worker-1 --loud', 2, 'unknown option --loud'],
    ['sim heal link-cut', 1, 'no fault link-cut is active'],
    ['sim frobnicate', 2, 'there is no command frobnicate'],
    ['sim wait tea', 2, 'tea is no condition'],
    ['sim load', 2, 'what URL?'],
    ['sim load http://x --rps many', 2, '--rps many'],
    ['sim machine remove laptop', 1, 'your own computer'],
    ['sim machine add worker-1', 1, 'there is a machine worker-1 already'],
    ['sim why pod/nobody', 1, 'there is nothing called pod/nobody'],
  ])('%s', (line, code, text) => {
    const session = begin()
    expect(session.run(line)).toContain(text)
    expect(session.status.code).toBe(code)
  })
})

test('a crash, waited for until its end, and why', () => {
  const session = begin()
  session.run('sim fault machine-crash node/worker-1 --for 30s')
  expect(session.run('sim wait node/worker-1 notready')).toMatch(
    /^node\/worker-1 notready after 4\d\.\d s\n$|^node\/worker-1 notready after 5\d\.\d s\n$/,
  )
  const why = session.run('sim why node/worker-1').trimEnd().split('\n')
  expect(why.length).toBeGreaterThanOrEqual(2)
  expect(why[why.length - 1]).toMatch(/^ \d\. +0:00\.0 {2}you cut the power of (node\/)?worker-1$/)
  expect(session.run('sim wait node/worker-1 ready --timeout 2m')).toContain('node/worker-1 ready after ')
  expect(session.status.code).toBe(0)
})

test('waiting gives up', () => {
  const session = begin()
  expect(session.run('sim wait node/worker-1 notready --timeout 10s')).toBe(
    'sim: timed out after 10.0 s: node/worker-1 notready is not so\n',
  )
  expect(session.status.code).toBe(1)
  expect(session.now).toBe(10_000)
})

test('the lab as it is handed over is calm', () => {
  expect(begin().run('sim wait converged')).toBe('converged after 0 ms\n')
})

test('load, with what became of it', () => {
  const session = begin()
  expect(session.run('sim load http://worker-2:10256/healthz --rps 50 --for 2s')).toMatch(
    /^sent {4}100\nok {6}100 {2}100 %\nfailed {2}0\n/,
  )
  const refused = session.run('sim load http://worker-2:81 --rps 10 --for 2s')
  expect(refused).toContain('failed  20  100 %\n')
  expect(refused).toMatch(
    /connection refused {3}20 {6}\d:\d\d\.\d {3}\d:\d\d\.\d {3}nothing listens on port 81 of worker-2\n$/,
  )
  expect(session.run('sim load http://10.96.0.10:9153/metrics --from pod/kube-system/none --rps 1 --for 1s')).toContain(
    'there is no machine and no running pod',
  )
})

test('a machine comes and goes', () => {
  const session = begin()
  expect(session.run('sim machine add --cpus 2 --memory 4')).toBe('worker-4 is on and registered\n')
  expect(session.simulation.store.get(machineKey('worker-4'))).toMatchObject({
    power: 'on',
    cpuMillis: 2000,
    podCidr: '10.244.4.0/24',
  })
  expect(session.run('sim wait node/worker-4 ready')).toContain('ready after')
  session.run('sim machine remove worker-4')
  expect(session.simulation.store.list(Machine).map(({ value }) => value.name)).not.toContain('worker-4')
  expect(session.run('sim machine list').split('\n')).toHaveLength(7)
})

test('time and seed', () => {
  const session = begin('docker', 42)
  expect(session.run('sim time; sim seed')).toBe('0:00.0  2025-01-15T09:00:00Z\n42\n')
})

test('undo and reset ask the session, which does them at once', () => {
  const session = begin('docker')
  session.run('echo one > file')
  session.run('sim undo')
  expect(session.simulation.store.list(SessionWish)).toEqual([])
  expect(session.files()).toEqual([])
  session.run('echo two > file')
  session.run('sim reset')
  expect(session.simulation.inputs).toEqual([])
})

test('short forms', () => {
  const session = begin()
  const world = session.simulation.store
  for (const [text, key] of [
    ['node/worker-1', 'kubernetes/Node//worker-1'],
    ['machine/worker-1', 'platform/Machine//worker-1'],
    ['svc/kubernetes', 'kubernetes/Service/default/kubernetes'],
    ['service/kube-system/kube-dns', 'kubernetes/Service/kube-system/kube-dns'],
    ['deploy/kube-system/coredns', 'kubernetes/Deployment/kube-system/coredns'],
    ['platform/Machine//worker-2', 'platform/Machine//worker-2'],
    ['pods/nobody', undefined],
    ['teapot/x', undefined],
  ] as const) {
    expect(resolveKey(world, text), text).toBe(key)
  }
  expect(shortForm('kubernetes/Service/kube-system/kube-dns')).toBe('service/kube-system/kube-dns')
  expect(resolveKey(world, 'container/coredns')).toMatch(/^platform\/Container\//)
})

test('help tells all, and every change of sim has a sentence', () => {
  const session = begin()
  const help = session.run('sim')
  for (const command of simCommands) expect(help).toContain(command.usage)
  session.run(
    'sim fault machine-crash worker-1 --for 1s; sim load http://worker-2:10256/ --rps 5 --for 1s; sleep 40; sim machine add; sim machine remove worker-3',
  )
  const tables = session.simulation.rooms.map((room) => room.sentences)
  const untold = new Set(
    session.simulation.store
      .since(0)
      .filter(
        (change) => change.because.id.startsWith('platform/') && sentenceOf(change, tables).says === change.because.id,
      )
      .map((change) => change.because.id),
  )
  expect([...untold]).toEqual([])
})
