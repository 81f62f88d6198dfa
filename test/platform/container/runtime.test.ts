import { describe, expect, test } from 'vitest'
import type { Key } from '../../../src/engine'
import { type ContainerSpec, containerExec, Output, Process, readLogs } from '../../../src/platform'
import { idOf, lab, machine, machineKey, machines, pod, put, spec } from '../lab'

const start = (what: ContainerSpec, millis = 3000) => {
  const here = lab([...machines('w1'), ...pod('w1', 'c', '10.244.1.2', what)])
  here.pass(millis)
  return { ...here, key: idOf('w1', 'c'), get: () => here.world.get(idOf('w1', 'c'))! }
}

test('a container starts after a moment and listens', () => {
  const here = start(spec('nginx:1.27'), 40)
  expect(here.get().state).toBe('created')
  here.pass(100)
  expect(here.get()).toMatchObject({ state: 'running', program: 'nginx', listens: [80] })
  expect(here.get().startedAt).toBeGreaterThanOrEqual(50)
  expect(here.get().startedAt).toBeLessThanOrEqual(120)
})

test('redis listens only after its own start', () => {
  const here = lab([...machines('w1'), ...pod('w1', 'c', '10.244.1.2', spec('redis:7'))])
  here.simulation.run({ stop: () => here.world.get(idOf('w1', 'c'))?.state === 'running' })
  expect(here.world.get(idOf('w1', 'c'))?.listens).toEqual([])
  here.pass(40)
  expect(here.world.get(idOf('w1', 'c'))?.listens).toEqual([6379])
})

test.each([
  ['foo', ['foo'], 'exec: "foo": executable file not found in $PATH'],
  ['a path', ['/srv/foo'], 'exec: "/srv/foo": stat /srv/foo: no such file or directory'],
])('a command that is not there: %s', (_, command, tail) => {
  const { get } = start(spec('nginx', { command }))
  expect(get()).toMatchObject({ state: 'exited', exitCode: 128, startedAt: undefined })
  expect(get().error).toBe(
    `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${tail}`,
  )
})

describe('being asked to stop', () => {
  const stopped = (what: ContainerSpec, signal: string, grace = 10_000) => {
    const here = start(what)
    const at = here.simulation.now
    here.edit(here.key, { stop: { signal, at, killAt: at + grace } })
    here.pass(grace + 1000)
    return { ...here.get(), took: (here.get().finishedAt ?? 0) - at }
  }
  test.each([
    ['nginx', spec('nginx'), 'SIGQUIT', 0, 90],
    ['redis', spec('redis'), 'SIGTERM', 0, 25],
    ['sleep as process 1 ignores TERM', spec('busybox', { command: ['sleep', '3600'] }), 'SIGTERM', 137, 10_000],
    ['a Go program leaves with 2', spec('gcr.io/google-samples/hello-app:1.0'), 'SIGTERM', 2, 1],
    ['node ignores TERM', spec('node', { args: ['node', 'server.js'] }), 'SIGTERM', 137, 10_000],
    ['node behind tini does not', spec('dockersamples/examplevotingapp_result'), 'SIGTERM', 143, 2],
    ['SIGKILL', spec('nginx'), 'SIGKILL', 137, 0],
  ] as const)('%s', (_, what, signal, exitCode, took) => {
    const end = stopped(what, signal)
    expect(end).toMatchObject({ state: 'exited', exitCode, listens: [] })
    expect(end.took).toBe(took)
  })
})

test('sleep ends by itself', () => {
  const { get } = start(spec('busybox', { command: ['sleep', '2'] }))
  expect(get()).toMatchObject({ state: 'exited', exitCode: 0 })
  expect(get().finishedAt! - get().startedAt!).toBe(2001)
})

test('a bare shell has nothing to read', () => {
  expect(start(spec('busybox')).get()).toMatchObject({ state: 'exited', exitCode: 0 })
})

test('postgres without a password says what is missing', () => {
  const here = start(spec('postgres'))
  expect(here.get()).toMatchObject({ state: 'exited', exitCode: 1 })
  expect(readLogs(here.world, here.key)[0]?.text).toBe(
    'Error: Database is uninitialized and superuser password is not specified.',
  )
})

describe('a shell command', () => {
  const run = (script: string, millis = 3000) => start(spec('busybox', { command: ['sh', '-c', script] }), millis)
  const log = (here: ReturnType<typeof run>) => readLogs(here.world, here.key).map(({ text }) => text)

  test('is a process, whose end is the end of the container', () => {
    const here = run('echo hi; sleep 5; exit 3')
    expect(here.world.list(Process)[0]?.value).toMatchObject({ pidOne: true, state: 'running', output: here.get().id })
    expect(log(here)).toEqual(['hi'])
    expect(here.get().state).toBe('running')
    here.pass(4000)
    expect(here.get()).toMatchObject({ state: 'exited', exitCode: 3 })
  })
  test('as process 1 it drops TERM unless it has a trap', () => {
    const stop = (script: string) => {
      const here = run(script)
      const at = here.simulation.now
      here.edit(here.key, { stop: { signal: 'SIGTERM', at, killAt: at + 5000 } })
      here.pass(6000)
      return { ...here.get(), took: here.get().finishedAt! - at, log: log(here) }
    }
    expect(stop('while true; do sleep 1; done')).toMatchObject({ exitCode: 137, took: 5000 })
    const trapped = stop("trap 'echo bye; exit 0' TERM; while true; do sleep 1; done")
    expect(trapped).toMatchObject({ exitCode: 0, log: ['bye'] })
    expect(trapped.took).toBeLessThanOrEqual(1000)
  })
  test('a command that the image lacks is told by the shell: 127', () => {
    const here = run('curl http://web')
    expect(here.get()).toMatchObject({ state: 'exited', exitCode: 127 })
    expect(log(here)).toEqual(['sh: curl: not found'])
  })
  test('exec starts one more, with the container as its owner', () => {
    const here = start(spec('nginx'))
    const reply = here.ask(containerExec, {
      machine: 'w1',
      container: here.get().id,
      argv: ['sh', '-c', 'echo $HOSTNAME; exit 4'],
      tty: false,
    })
    expect(reply).toHaveProperty('process')
    here.pass(100)
    const process = here.world.get((reply as { process: Key<Process> }).process)!
    expect(process).toMatchObject({ state: 'exited', exitCode: 4 })
    expect(here.world.list(Output, { scope: process.output })[0]?.value.text).toBe('c\n')
    expect(here.get().state).toBe('running')
  })
  test('exec of what is not there', () => {
    const here = start(spec('nginx'))
    const reply = here.ask(containerExec, { machine: 'w1', container: here.get().id, argv: ['foo'], tty: false })
    expect(reply).toEqual({
      error:
        'OCI runtime exec failed: exec failed: unable to start container process: exec: "foo": executable file not found in $PATH',
      exit: 127,
    })
  })
})

describe('memory', () => {
  const hungry = { args: ['stress', '--vm', '1', '--vm-bytes', '250M', '--vm-hang', '1'] }
  test.each([
    [true, 137],
    [false, 1],
  ])('over the limit, the group together: %s', (oomGroup, exitCode) => {
    const { get } = start(spec('polinux/stress', { ...hungry, memoryLimitBytes: 100 * 1024 ** 2, oomGroup }))
    expect(get()).toMatchObject({ state: 'exited', exitCode, oomKilled: true })
  })
  test('below the limit it lives', () => {
    const { get } = start(spec('polinux/stress', { ...hungry, memoryLimitBytes: 300 * 1024 ** 2 }))
    expect(get()).toMatchObject({ state: 'running', memoryBytes: 250 * 1024 ** 2 + 700_000 })
  })
  test('when the machine is full, the worst score dies', () => {
    const here = lab([
      put(machineKey('w1'), machine('w1', { memoryBytes: 700_000_000 })),
      ...pod('w1', 'calm', '10.244.1.2', spec('polinux/stress', { ...hungry, oomScoreAdj: -997 })),
      ...pod('w1', 'other', '10.244.1.3', spec('polinux/stress', { ...hungry, oomScoreAdj: 900 })),
    ])
    here.pass(5000)
    expect(here.world.get(idOf('w1', 'calm'))?.state).toBe('running')
    expect(here.world.get(idOf('w1', 'other'))).toMatchObject({ state: 'exited', exitCode: 137, oomKilled: true })
  })
})

test('a container that is removed takes its log along', () => {
  const here = start(spec('postgres'))
  expect(here.world.list(Output).length).toBeGreaterThan(0)
  here.write(put(here.key, undefined))
  expect(here.world.list(Output)).toEqual([])
})

test('started once more, a container keeps its log and what is in its files', () => {
  const here = start(spec('redis'))
  here.edit(here.key, { memory: { strings: { a: '1' }, lists: {} } })
  const at = here.simulation.now
  here.edit(here.key, { stop: { signal: 'SIGTERM', at, killAt: at + 10_000 } })
  here.pass(1000)
  expect(here.get().state).toBe('exited')
  here.edit(here.key, { state: 'created', stop: undefined })
  here.pass(1000)
  expect(here.get()).toMatchObject({ state: 'running', memory: { strings: { a: '1' } } })
  const ready = readLogs(here.world, here.key).filter(({ text }) => text.endsWith('Ready to accept connections tcp'))
  expect(ready).toHaveLength(2)
})

test('without power nothing goes on; images stay', () => {
  const here = start(spec('nginx'))
  here.edit(machineKey('w1'), { power: 'off', powerSince: here.simulation.now })
  expect(here.get()).toMatchObject({ state: 'exited', exitCode: 255, listens: [] })
  expect(here.world.get(machineKey('w1'))?.power).toBe('off')
})

test('an idle container costs no messages', () => {
  const here = start(spec('nginx'), 5000)
  const before = here.simulation.handled
  here.pass(3_600_000)
  expect(here.simulation.handled).toBe(before)
})
