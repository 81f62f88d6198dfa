import { describe, expect, test } from 'vitest'
import { Deployment } from '../../src/kubernetes/kinds/deployment'
import { Pod } from '../../src/kubernetes/kinds/pod'
import { Service } from '../../src/kubernetes/kinds/service'
import { Book, controlPlaneScene, networkScene, rolloutScene } from '../../src/picture/scenes'
import { faultKey, Machine } from '../../src/platform/machine/machine'
import { running, Yard } from './build'

function cluster(): Yard {
  const yard = new Yard().machine('control-plane', { role: 'control-plane' }).node('control-plane')
  for (const name of ['worker-1', 'worker-2']) yard.machine(name).node(name)
  return yard
}
const book = (yard: Yard) => new Book().follow(yard.store)

describe('rollout', () => {
  const twoVersions = () => {
    const yard = cluster().deployment('web', 4).replicaSet('web', 'old', 1).replicaSet('web', 'new', 2)
    yard.put(Deployment.key('default', 'web'), {
      ...yard.store.get(Deployment.key('default', 'web'))!,
      spec: {
        replicas: 4,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      },
      status: { replicas: 5, readyReplicas: 3 },
    })
    for (const kind of ['old', 'new'])
      yard.put(`kubernetes/ReplicaSet/default/web-${kind}`, {
        ...(yard.store.get(`kubernetes/ReplicaSet/default/web-${kind}`) as object),
        spec: { replicas: 2, template: { spec: { containers: [{ name: 'c', image: `web:${kind}` }] } } },
      })
    return yard
      .pod('web-old-a', { set: 'web-old', node: 'worker-1', status: running(true) })
      .pod('web-new-b', { set: 'web-new', node: 'worker-2' })
  }

  test('one column a version, with the limits that surge and unavailability set', () => {
    const yard = twoVersions()
    const { chosen } = rolloutScene(yard.store, book(yard), undefined)
    expect(chosen).toMatchObject({
      name: 'web',
      wanted: 4,
      mayExist: 5,
      mustBeReady: 3,
      title: 'web: web:old → web:new',
    })
    expect(chosen!.columns.map(({ name, tiles, ghosts }) => [name, tiles.map((tile) => tile.name), ghosts])).toEqual([
      ['web-old', ['web-old-a'], 1],
      ['web-new', ['web-new-b'], 1],
    ])
    expect(chosen!.history.at(-1)).toMatchObject({ existing: 5, ready: 3 })
  })

  test('the selected pod decides which Deployment is shown', () => {
    const yard = twoVersions()
      .deployment('db', 1)
      .replicaSet('db', 'x')
      .pod('db-x-c', { set: 'db-x', node: 'worker-1' })
    expect(rolloutScene(yard.store, book(yard), undefined).chosen?.name).toBe('db')
    expect(rolloutScene(yard.store, book(yard), Pod.key('default', 'web-old-a')).chosen?.name).toBe('web')
    expect(rolloutScene(yard.store, book(yard), Deployment.key('default', 'web')).chosen?.name).toBe('web')
  })

  test('without a Deployment there is nothing to choose', () => {
    const yard = cluster()
    expect(rolloutScene(yard.store, book(yard), undefined)).toMatchObject({ choices: [], chosen: undefined })
  })
})

describe('control plane', () => {
  test('writes are dots of their writer, and the log of etcd, newest first', () => {
    const yard = cluster()
    yard.store.now = 1000
    const value = { metadata: { name: 'a', uid: 'a' }, spec: { containers: [] }, status: {} }
    yard.store.write({
      by: 'kube-scheduler',
      because: { id: 'x' },
      cause: 0,
      key: Pod.key('default', 'a'),
      value,
      uid: 'a',
      quiet: false,
    })
    const scene = controlPlaneScene(yard.store, 900)
    expect(scene.log[0]).toMatchObject({ name: '+ pod/a', by: 'kube-scheduler' })
    expect(scene.arcs).toMatchObject([{ actor: 'kube-scheduler', way: 'write', says: 'pod/a' }])
    expect(scene.actors.find((actor) => actor.id === 'kube-scheduler')).toMatchObject({ awake: true, wrote: 'pod/a' })
    expect(scene.actors.filter((actor) => actor.side === 'right').map((actor) => actor.label)).toEqual([
      'kubelet of control-plane',
      'kubelet of worker-1',
      'kubelet of worker-2',
    ])
  })

  test('without power nobody is awake', () => {
    const yard = cluster()
    yard.put(Machine.key('', 'control-plane'), { ...yard.store.get(Machine.key('', 'control-plane'))!, power: 'off' })
    const scene = controlPlaneScene(yard.store, 10_000)
    expect(scene.trouble).toContain('no power')
    expect(scene.actors.some((actor) => actor.awake)).toBe(false)
  })
})

test('a part of the control plane that stands still is told apart from one that has nothing to do', () => {
  const yard = cluster()
  const key = Machine.key('', 'control-plane')
  const daemons = { 'kube-apiserver': 'running', etcd: 'running', 'kube-controller-manager': 'stopped' } as const
  yard.put(key, { ...yard.store.get(key)!, daemons })
  yard.machine('worker-1', { daemons: { kubelet: 'stopped' } })
  const { actors, trouble } = controlPlaneScene(yard.store, 1000)
  expect(trouble).toBeUndefined()
  expect(actors.filter((actor) => actor.still).map((actor) => actor.label)).toEqual([
    'deployment-controller',
    'replicaset-controller',
    'endpointslice-controller',
    'node-lifecycle-controller',
    'taint-eviction-controller',
    'garbage-collector',
    'kubelet of worker-1',
  ])
})

describe('network', () => {
  test('a balancer from outside has a door of its own, with its address', () => {
    const yard = cluster().pod('a', { node: 'worker-1', status: running(true) })
    yard.service('web', [{ pod: 'a', ready: true }])
    const key = Service.key('default', 'web')
    const web = yard.store.get(key)!
    yard.put(key, {
      ...web,
      spec: { ...web.spec, type: 'LoadBalancer', ports: [{ ...web.spec.ports![0]!, nodePort: 30080 }] },
      status: { loadBalancer: { ingress: [{ ip: '172.18.254.1' }] } },
    })
    const { doors } = networkScene(yard.store, book(yard), 1000)
    expect(doors).toMatchObject([
      { name: '172.18.254.1', address: 'port 80', note: 'outside address of web' },
      { name: '30080', address: 'of every machine', note: 'NodePort of web' },
    ])
  })

  test('behind a partition nobody is reached', () => {
    const yard = cluster().pod('a', { node: 'worker-1', status: running(true) })
    yard.service('web', [{ pod: 'a', ready: true }])
    yard.put(faultKey('partition', 'worker-1'), {
      name: 'partition',
      target: 'worker-1',
      since: 0,
      until: undefined,
      memory: undefined,
    })
    expect(networkScene(yard.store, book(yard), 1000).edges[0]).toMatchObject({ state: 'cut' })
  })

  test('an edge takes requests, waits, or is cut by what has happened to the machine', () => {
    const yard = cluster()
    for (const [name, node] of [
      ['a', 'worker-1'],
      ['b', 'worker-1'],
      ['c', 'worker-2'],
    ] as const)
      yard.pod(name, { node, status: running(true) })
    yard.service('web', [
      { pod: 'a', ready: true },
      { pod: 'b', ready: false },
      { pod: 'c', ready: true },
    ])
    yard.machine('worker-2', { power: 'off' })
    const scene = networkScene(yard.store, book(yard), 1000)
    expect(scene.services).toMatchObject([{ name: 'web', dns: 'web.default.svc.cluster.local', note: '2 of 3 ready' }])
    expect(scene.edges.map((edge) => edge.state)).toEqual(['ready', 'waiting', 'cut'])
    expect(scene.edges[2]!.says).toBe('web still sends requests to c, but worker-2 has no power')
  })
})
