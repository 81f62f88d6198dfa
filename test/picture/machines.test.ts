import { describe, expect, test } from 'vitest'
import { Pod } from '../../src/kubernetes/kinds/pod'
import type { Scene } from '../../src/picture'
import { Book, machinesScene } from '../../src/picture/scenes'
import { Fault, faultKey, Link, Machine } from '../../src/platform/machine/machine'
import { seat } from '../terminal/kubectl/lab'
import { running, Yard } from './build'

const sceneOf = (yard: Yard): Scene => machinesScene(yard.store, new Book().follow(yard.store))
const tileOf = (scene: Scene, name: string) => scene.tiles.find((tile) => tile.name === name)

function cluster(): Yard {
  const yard = new Yard()
    .machine('laptop', { role: 'outside' })
    .machine('control-plane', { role: 'control-plane' })
    .node('control-plane')
  for (const name of ['worker-1', 'worker-2']) yard.machine(name, { zone: 'a' }).node(name)
  return yard
}

describe('machines', () => {
  test('the learner’s own computer is not among them, the control plane wears a crown', () => {
    const { machines } = sceneOf(cluster())
    expect(machines.map(({ name, crown, look, lamp }) => [name, crown, look, lamp])).toEqual([
      ['control-plane', true, 'on', 'good'],
      ['worker-1', false, 'on', 'good'],
      ['worker-2', false, 'on', 'good'],
    ])
  })

  test('off, cut off, cordoned and draining are four looks', () => {
    const yard = cluster()
    const look = () => sceneOf(yard).machines.find((machine) => machine.name === 'worker-2')!.look
    yard.put(Link.key('', 'worker-2'), { a: 'worker-2', b: '*', cut: true, addedLatencyMillis: 0, loss: 0, since: 0 })
    expect(look()).toBe('cut-off')
    yard.drop(Link.key('', 'worker-2')).node('worker-2', { unschedulable: true })
    expect(look()).toBe('cordoned')
    yard.pod('web-1', { node: 'worker-2', gone: true })
    expect(look()).toBe('draining')
    yard.machine('worker-2', { power: 'off', powerSince: 19_700 })
    expect(look()).toBe('off')
  })

  test('a machine without power says since when, and what it was tainted with', () => {
    const yard = cluster().machine('worker-2', { power: 'off', powerSince: 19_700 })
    yard.node('worker-2', {
      ready: 'Unknown',
      taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }],
    })
    const machine = sceneOf(yard).machines.find((one) => one.name === 'worker-2')!
    expect(machine).toMatchObject({
      lamp: 'bad',
      note: 'NotReady',
      warns: true,
      foot: 'power off since 0:19.7 · tainted unreachable',
    })
  })

  test('a machine without power looks ready to the cluster until somebody misses its lease', () => {
    const yard = cluster()
      .pod('web-1', { node: 'worker-2', status: running(true) })
      .machine('worker-2', { power: 'off' })
    const scene = sceneOf(yard)
    expect(scene.machines.find((one) => one.name === 'worker-2')!.look).toBe('off')
    expect(tileOf(scene, 'web-1')!.state).toBe('ready')
  })

  test('a slow one, and those that a partition has left to themselves, say so', () => {
    const yard = cluster().machine('worker-1', { slowness: 10 })
    yard.put(faultKey('partition', 'worker-2,control-plane'), {
      name: 'partition',
      target: 'worker-2,control-plane',
      since: 0,
      until: undefined,
      memory: undefined,
    })
    const look = (name: string) => sceneOf(yard).machines.find((one) => one.name === name)
    expect(look('worker-1')).toMatchObject({ lamp: 'doubt', note: '10× slower', warns: true, look: 'on' })
    expect(look('worker-2')).toMatchObject({ look: 'cut-off', foot: 'only control-plane can reach it' })
  })

  test('bars: what is requested of the capacity', () => {
    const yard = cluster().pod('a', { node: 'worker-1' }).pod('b', { node: 'worker-1' })
    const { cpu, memory } = sceneOf(yard).machines.find((one) => one.name === 'worker-1')!
    expect(cpu.requested).toBeCloseTo(0.125)
    expect(memory.requested).toBeCloseTo(0.0625)
    expect(cpu.text).toBe('0.1 of 4')
  })
})

describe('tiles', () => {
  test('a generated name is known by its last letters, a given one whole, the system’s by the component', () => {
    const yard = cluster().deployment('web', 1).replicaSet('web', '7c9d85f6bd')
    yard.pod('web-7c9d85f6bd-q4x2z', { set: 'web-7c9d85f6bd', node: 'worker-1' }).pod('lonely', { node: 'worker-1' })
    yard.pod('kube-controller-manager-control-plane', {
      namespace: 'kube-system',
      node: 'control-plane',
      owner: { kind: 'Node', uid: 'x' },
    })
    yard.pod('coredns-674b8bbfcf-7hnqb', {
      namespace: 'kube-system',
      node: 'worker-1',
      owner: { kind: 'ReplicaSet', uid: 'y' },
    })
    expect(sceneOf(yard).tiles.map((tile) => tile.label)).toEqual(['q4x2z', 'lonely', 'controllers', 'coredns'])
  })

  test('version and hue come from the Deployment above', () => {
    const yard = cluster()
      .deployment('web', 2)
      .replicaSet('web', 'old', 1)
      .replicaSet('web', 'new', 2)
      .deployment('db', 1)
      .replicaSet('db', 'only')
    yard
      .pod('web-old-aaaaa', { set: 'web-old', node: 'worker-1' })
      .pod('web-new-bbbbb', { set: 'web-new', node: 'worker-2' })
      .pod('db-only-ccccc', { set: 'db-only', node: 'worker-1' })
    const scene = sceneOf(yard)
    expect(scene.tiles.map(({ name, version, workload, hue }) => [name, version, workload, hue])).toEqual([
      ['web-old-aaaaa', 0, 'web', 1],
      ['web-new-bbbbb', 1, 'web', 1],
      ['db-only-ccccc', 0, 'db', 2],
    ])
  })

  test('what waits says what the scheduler said', () => {
    const yard = cluster().pod('big', {
      status: {
        conditions: [
          { type: 'PodScheduled', status: 'False', message: '0/3 nodes are available: 3 Insufficient cpu.' },
        ],
      },
    })
    expect(tileOf(sceneOf(yard), 'big')).toMatchObject({ machine: undefined, note: '0/3 nodes fit', state: 'pending' })
  })

  test('kube-proxy is furniture: small, in no slot', () => {
    const yard = cluster()
      .pod('kube-proxy-abcde', { namespace: 'kube-system', node: 'worker-1', owner: { kind: 'DaemonSet', uid: 'ds' } })
      .pod('web', { node: 'worker-1' })
    const scene = sceneOf(yard)
    expect(tileOf(scene, 'kube-proxy-abcde')!.small).toBe(true)
    expect(tileOf(scene, 'web')!.slot).toBe(0)
  })

  test('finished pods look finished, and what a CronJob starts is of one hue', () => {
    const here = seat({}, 2)
    here.run("kubectl create cronjob tick --image=busybox:1.36 --schedule='* * * * *' -- true; sleep 130")
    here.run('kubectl create job once --image=busybox:1.36 -- false; sleep 10')
    const world = here.session.simulation.store
    const tiles = machinesScene(world, new Book().follow(world)).tiles
    const ticks = tiles.filter(({ name }) => name.startsWith('tick-'))
    expect(ticks.map(({ workload, state, word }) => [workload, state, word])).toEqual([
      ['tick', 'exited', 'Completed'],
      ['tick', 'exited', 'Completed'],
    ])
    expect(new Set(ticks.map(({ hue }) => hue)).size).toBe(1)
    expect(tiles.find(({ name }) => name.startsWith('once-'))).toMatchObject({
      state: 'exited',
      word: 'Error',
      workload: 'once',
    })
    expect(tiles.find(({ name }) => name.startsWith('kube-proxy-'))).toMatchObject({ small: true, version: 0 })
  })

  test('the title says everything that the mark shows', () => {
    const yard = cluster().pod('web', { node: 'worker-1', status: running(true, { restarts: 2 }) })
    expect(tileOf(sceneOf(yard), 'web')!.title).toBe('pod web, ready, on worker-1, 2 restarts')
  })
})

describe('slots', () => {
  test('a slot stays while the pod lives, and a newcomer takes the lowest that is free', () => {
    const yard = cluster()
    for (const name of ['a', 'b', 'c']) yard.pod(name, { node: 'worker-1' })
    const slot = (name: string) => tileOf(sceneOf(yard), name)?.slot
    expect(['a', 'b', 'c'].map(slot)).toEqual([0, 1, 2])
    yard.drop(Pod.key('default', 'a'))
    expect(['b', 'c'].map(slot)).toEqual([1, 2])
    yard.pod('d', { node: 'worker-1' })
    expect(['d', 'b', 'c'].map(slot)).toEqual([0, 1, 2])
  })

  test('looking back shows everything where it was', () => {
    const yard = cluster()
    for (const name of ['a', 'b', 'c']) yard.pod(name, { node: 'worker-1' })
    const then = yard.store.revision
    const before = sceneOf(yard).tiles
    yard.drop(Pod.key('default', 'a')).pod('d', { node: 'worker-1' }).drop(Pod.key('default', 'c'))
    const book = new Book().follow(yard.store)
    expect(machinesScene(yard.store.at(then), book).tiles).toEqual(before)
  })

  test('a book that has read on says the same as one that reads everything at once', () => {
    const yard = cluster()
    const growing = new Book().follow(yard.store)
    for (let i = 0; i < 30; i++) {
      yard.pod(`p${i}`, { node: i % 2 === 0 ? 'worker-1' : 'worker-2' })
      if (i % 3 === 2) yard.drop(Pod.key('default', `p${i - 2}`))
      growing.follow(yard.store)
    }
    expect(machinesScene(yard.store, growing)).toEqual(sceneOf(yard))
  })

  test('after a branch the book forgets the future that has not happened', () => {
    const yard = cluster().pod('a', { node: 'worker-1' })
    const book = new Book().follow(yard.store)
    const fork = yard.store.revision
    yard.pod('b', { node: 'worker-1' })
    book.follow(yard.store)
    yard.store.rewind(fork)
    yard.pod('c', { node: 'worker-1' })
    book.follow(yard.store)
    expect(machinesScene(yard.store, book).tiles.map(({ name, slot }) => [name, slot])).toEqual([
      ['a', 0],
      ['c', 1],
    ])
  })

  test('a pod deleted and made again under its name is another mark', () => {
    const yard = cluster().pod('a', { node: 'worker-1' })
    const first = tileOf(sceneOf(yard), 'a')!.id
    yard.drop(Pod.key('default', 'a')).pod('a', { node: 'worker-1' })
    expect(tileOf(sceneOf(yard), 'a')!.id).not.toBe(first)
  })
})

describe('what is wanted', () => {
  test('rows count, ghosts stand for what nobody has made, and what is being deleted no longer counts', () => {
    const yard = cluster().deployment('web', 4, 1).replicaSet('web', 'x')
    yard
      .pod('web-x-a', { set: 'web-x', node: 'worker-1', status: running(true) })
      .pod('web-x-b', { set: 'web-x', node: 'worker-1', gone: true })
    const scene = sceneOf(yard)
    expect(scene.rows).toMatchObject([{ name: 'web', wanted: 4, ready: 1 }])
    expect(scene.ghosts).toMatchObject([{ workload: 'web', count: 3 }])
    expect(scene.legend).toEqual([
      { state: 'ready', count: 1 },
      { state: 'terminating', count: 1 },
      { state: 'ghost', count: 3 },
    ])
  })

  test('a service is a hub with the endpoints that are ready', () => {
    const yard = cluster().pod('a', { node: 'worker-1' }).pod('b', { node: 'worker-2' })
    yard.service('web', [
      { pod: 'a', ready: true },
      { pod: 'b', ready: false },
    ])
    expect(sceneOf(yard).hubs).toMatchObject([
      { name: 'web', address: '10.96.0.7:80', note: '1 of 2 endpoints', endpoints: [Pod.key('default', 'a')] },
    ])
  })

  test('faults are told with their target', () => {
    const yard = cluster().put(Fault.key('', 'x'), {
      name: 'power-off',
      target: 'worker-2',
      since: 5,
      until: undefined,
      memory: undefined,
    })
    expect(sceneOf(yard).faults).toMatchObject([{ name: 'power-off', target: 'worker-2', says: 'worker-2: power off' }])
  })
})

describe('many', () => {
  test('from fifty pods on a machine shows counts, others still tiles', () => {
    const yard = cluster().deployment('web', 60).replicaSet('web', 'x').pod('lonely', { node: 'worker-2' })
    for (let i = 0; i < 60; i++)
      yard.pod(`web-x-${i}`, { set: 'web-x', node: 'worker-1', status: i < 50 ? running(true) : {} })
    const scene = sceneOf(yard)
    expect(scene.tiles.map((tile) => tile.name)).toEqual(['lonely'])
    expect(scene.stacks).toMatchObject([{ machine: 'worker-1', name: 'web', total: 60 }])
    expect(scene.stacks[0]!.counts).toEqual([
      { state: 'ready', count: 50 },
      { state: 'starting', count: 10 },
    ])
    expect(scene.legend).toContainEqual({ state: 'ready', count: 50 })
  })
})

test('an empty world is an empty scene', () => {
  const scene = sceneOf(new Yard())
  expect([scene.machines, scene.tiles, scene.rows, scene.hubs, scene.legend]).toEqual([[], [], [], [], []])
  expect(Machine.id).toBe('platform/Machine')
})

test('a pod whose program is broken on purpose says so, though the cluster believes it well', () => {
  const { run, session } = seat()
  run('kubectl create deployment web --image=nginx:1.27; kubectl rollout status deployment/web; sleep 1')
  run('sim fault app-errors nginx:1.27')
  const scene = () => machinesScene(session.worldAt(session.revision), new Book())
  const web = () => scene().tiles.find((tile) => tile.workload === 'web')
  expect(web()).toMatchObject({ state: 'ready', broken: 'answers 500' })
  expect(scene().faults.map(({ says }) => says)).toEqual(['nginx:1.27 answers 500'])
  run('sim heal all')
  expect(web()?.broken).toBeUndefined()
})
