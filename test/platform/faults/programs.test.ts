import { describe, expect, test } from 'vitest'
import type { Wish } from '../../../src/engine/plan'
import { beginFault, Container, Fault, get, healFault, Pull, pullKey, send } from '../../../src/platform'
import { idOf, lab, machine, machineKey, machines, pod, put, spec } from '../lab'

const MIB = 1024 ** 2
const ready = () => {
  const here = lab([
    ...machines('w1', 'w2', 'w3'),
    ...pod('w1', 'a', '10.244.1.2', spec('nginx:1.27')),
    ...pod('w2', 'b', '10.244.2.2', spec('nginx:1.27', { memoryLimitBytes: 64 * MIB })),
    ...pod('w3', 'c', '10.244.3.2', spec('redis:7')),
  ])
  here.pass(2000)
  return here
}
type Here = ReturnType<typeof ready>

function begin(here: Here, name: string, target: string, amount?: number) {
  const answer = beginFault(here.world, name, { target, until: undefined, amount })
  if ('text' in answer) throw new Error(answer.text)
  here.write(...(answer as Wish[]))
}
const heal = (here: Here) => {
  for (const { value } of [...here.world.list(Fault)]) here.write(...healFault(here.world, value))
}
const ask = (here: Here, address: string, change = {}) =>
  send(
    here.world,
    { draw: () => 0.5 },
    { ...get({ machine: 'w3', sandbox: undefined }, address, 80, '/', 'test 1'), timeoutMillis: 2000, ...change },
  )
const faults = (here: Here) => here.world.list(Fault).map(({ value }) => value.name)

describe('a program that hangs', () => {
  test('takes the connection, never answers, and its fellows are well', () => {
    const here = ready()
    begin(here, 'app-hangs', 'a')
    expect(ask(here, '10.244.1.2')).toMatchObject({
      end: 'timed-out',
      millis: 2000,
      because: expect.stringContaining('does not answer'),
    })
    expect(ask(here, '10.244.1.2', { protocol: 'tcp', method: '' }).end).toBe('answered')
    expect(ask(here, '10.244.2.2').status).toBe(200)
    heal(here)
    expect(ask(here, '10.244.1.2').status).toBe(200)
  })
  test('is well again after its end, and the fault is over', () => {
    const here = ready()
    begin(here, 'app-hangs', 'a')
    begin(here, 'container-kill', 'a')
    expect(here.world.get(idOf('w1', 'a'))?.disturbed).toBeUndefined()
    expect(faults(here)).toEqual([])
  })
  test('with its machine, the fault goes too', () => {
    const here = ready()
    begin(here, 'app-hangs', 'a')
    begin(here, 'machine-crash', 'w1')
    expect(faults(here)).toEqual(['machine-crash'])
  })
})

describe('a fault of an image', () => {
  test('is about all of its containers, new ones too, and about no others', () => {
    const here = ready()
    begin(here, 'app-errors', 'docker.io/library/nginx:1.27')
    here.write(...pod('w3', 'd', '10.244.3.3', spec('nginx:1.27')))
    here.pass(1000)
    for (const address of ['10.244.1.2', '10.244.2.2', '10.244.3.3'])
      expect(ask(here, address)).toMatchObject({ end: 'answered', status: 500 })
    expect(here.world.get(idOf('w3', 'c'))?.disturbed).toBeUndefined()
    begin(here, 'container-kill', 'a')
    expect(faults(here)).toEqual(['app-errors'])
    heal(here)
    expect(here.world.list(Container).filter(({ value }) => value.disturbed)).toEqual([])
  })
  test('and one of a container heal one by one', () => {
    const here = ready()
    begin(here, 'app-errors', 'nginx:1.27')
    begin(here, 'app-hangs', 'a')
    expect(here.world.get(idOf('w1', 'a'))?.disturbed).toEqual({ answers: 'never' })
    here.write(...healFault(here.world, here.world.list(Fault)[1]!.value))
    expect(here.world.get(idOf('w1', 'a'))?.disturbed).toEqual({ answers: 'errors' })
  })
})

test('memory leaks each second, until the limit and the kernel', () => {
  const here = ready()
  const before = here.world.get(idOf('w2', 'b'))!.memoryBytes
  begin(here, 'memory-leak', 'b', 10 * MIB)
  here.pass(3000)
  expect(here.world.get(idOf('w2', 'b'))?.memoryBytes).toBe(before + 30 * MIB)
  here.pass(3000)
  expect(here.world.get(idOf('w2', 'b'))).toMatchObject({ state: 'exited', oomKilled: true, exitCode: 137 })
  expect(faults(here)).toEqual([])
})

test('what has leaked stays when the leak is mended', () => {
  const here = ready()
  begin(here, 'memory-leak', 'a', 10 * MIB)
  here.pass(2000)
  const leaked = here.world.get(idOf('w1', 'a'))!.memoryBytes
  heal(here)
  here.pass(5000)
  expect(here.world.get(idOf('w1', 'a'))?.memoryBytes).toBe(leaked)
})

test('a slow start is for those that start from then on', () => {
  const here = ready()
  begin(here, 'slow-start', 'nginx:1.27', 20_000)
  expect(ask(here, '10.244.1.2').status).toBe(200)
  here.write(...pod('w3', 'd', '10.244.3.3', spec('nginx:1.27')))
  here.pass(19_900)
  expect(ask(here, '10.244.3.3').end).toBe('refused')
  here.pass(400)
  expect(ask(here, '10.244.3.3').status).toBe(200)
})

test('a slow machine starts and answers so many times slower', () => {
  const slow = lab([
    put(machineKey('w1'), machine('w1', { slowness: 20 })),
    ...pod('w1', 'a', '10.244.1.2', spec('redis:7')),
  ])
  const quick = lab([...machines('w1'), ...pod('w1', 'a', '10.244.1.2', spec('redis:7'))])
  for (const here of [slow, quick]) here.pass(60_000)
  const started = (here: Here) => here.world.get(idOf('w1', 'a'))!.startedAt!
  expect(started(slow)).toBeGreaterThan(1000)
  expect(Math.round(started(slow) / started(quick))).toBe(20)
  const here = ready()
  const before = ask(here, '10.244.1.2').millis
  begin(here, 'machine-slow', 'w1', 1000)
  expect(ask(here, '10.244.1.2').millis).toBeGreaterThan(before + 100)
})

describe('a registry', () => {
  const pull = (here: Here, reference: string) => {
    const value = { machine: 'w1', reference, state: 'waiting' as const, wantedAt: here.world.now }
    const none = { startedAt: undefined, endsAt: undefined, error: undefined }
    here.write(put(pullKey('w1', reference), { ...value, ...none }))
    here.pass(60_000)
    return here.world.list(Pull, { scope: 'w1' }).find((one) => one.value.reference === reference)?.value
  }
  test('that is down refuses every pull, in the words of containerd', () => {
    const here = ready()
    begin(here, 'registry-down', 'docker.io')
    expect(pull(here, 'httpd:2.4')).toMatchObject({
      state: 'failed',
      error:
        'failed to pull and unpack image "docker.io/library/httpd:2.4": failed to resolve reference "docker.io/library/httpd:2.4": unexpected status from HEAD request to https://registry-1.docker.io/v2/library/httpd/manifests/2.4: 503 Service Unavailable',
    })
    expect(pull(here, 'registry.k8s.io/pause:3.10')).toBeUndefined()
    heal(here)
    expect(pull(here, 'nginx:1.28')).toBeUndefined()
  })
  test('that has one image no more has the others', () => {
    const here = ready()
    begin(here, 'image-gone', 'httpd:2.4')
    expect(pull(here, 'httpd:2.4')?.error).toBe(
      'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/httpd:2.4": failed to resolve reference "docker.io/library/httpd:2.4": docker.io/library/httpd:2.4: not found',
    )
    expect(pull(here, 'nginx:1.28')).toBeUndefined()
  })
})

test('a partition parts the group from the rest, and no pair is mended that another fault keeps apart', () => {
  const here = ready()
  begin(here, 'partition', 'w1,w2')
  expect(ask(here, '10.244.1.2').end).toBe('timed-out')
  const inside = { from: { machine: 'w2', sandbox: undefined } }
  expect(ask(here, '10.244.1.2', inside).status).toBe(200)
  begin(here, 'link-cut', 'w3:w1')
  here.write(...healFault(here.world, here.world.list(Fault)[0]!.value))
  expect(ask(here, '10.244.1.2').end).toBe('timed-out')
  expect(ask(here, '10.244.2.2').status).toBe(200)
})
