import { type Key, type Room, Simulation, type Wish } from '../../../src/engine'
import { type ApiReply, type ApiRequest, apiServer } from '../../../src/kubernetes'
import type { KubeObject } from '../../../src/kubernetes/kinds/meta'
import { Namespace } from '../../../src/kubernetes/kinds/namespace'
import { type Machine, machineKey } from '../../../src/platform'
import { machine } from '../../platform/lab'

export const pods = { group: '', version: 'v1', resource: 'pods' }
export const services = { group: '', version: 'v1', resource: 'services' }
export const namespaces = { group: '', version: 'v1', resource: 'namespaces' }
export const nodes = { group: '', version: 'v1', resource: 'nodes' }
export const deployments = { group: 'apps', version: 'v1', resource: 'deployments' }

const because = { id: 'test' }

/** An API server with nothing behind it: no controller writes, so what is stored is what was asked for. */
export function server(seed = 1) {
  let request: Omit<ApiRequest, 'from'> | undefined
  let wishes: readonly Wish[] = []
  let reply: ApiReply | undefined
  const hands: Room = {
    name: 'test',
    controllers: [
      {
        name: 'hands',
        about: 'asks what a test wants asked',
        watches: [],
        reconcile(_about, _world, tools) {
          if (request) reply = tools.ask(apiServer, { from: 'laptop', ...request })
          return { changes: wishes }
        },
      },
    ],
    doors: [apiServer],
    sentences: {},
  }
  const namespace = (name: string): Wish => ({
    key: Namespace.key('', name),
    value: {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, uid: name, creationTimestamp: '2025-01-15T08:00:00Z' },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    } satisfies Namespace,
    because,
  })
  const genesis: Wish[] = [
    { key: machineKey('control-plane'), value: machine('control-plane', { role: 'control-plane' }), because },
    { key: machineKey('worker-1'), value: machine('worker-1'), because },
    { key: machineKey('laptop'), value: machine('laptop', { role: 'outside' }), because },
    namespace('default'),
    namespace('kube-system'),
  ]
  const simulation = new Simulation({ rooms: [hands], seed, genesis })
  const world = simulation.store
  const act = () => {
    simulation.input({ to: 'hands', about: '', body: null, says: 'asked' })
    simulation.run({ until: simulation.now })
  }
  const ask = (asked: Omit<ApiRequest, 'from'> & { readonly from?: string }): ApiReply => {
    request = asked
    wishes = []
    act()
    return reply!
  }
  return {
    simulation,
    world,
    ask,
    pass: (millis: number) => simulation.run({ until: simulation.now + millis }),
    /** The body of the answer, which must be good. */
    body(asked: Omit<ApiRequest, 'from'>): any {
      const got = ask(asked)
      if (!got.ok) throw new Error('unreachable' in got ? got.unreachable : (got.status.message ?? ''))
      return got.body
    },
    /** Code and message of a refusal. */
    refusal(asked: Omit<ApiRequest, 'from'> & { readonly from?: string }): readonly [number, string | undefined] {
      const got = ask(asked)
      if (got.ok) throw new Error(`it was not refused: ${JSON.stringify(got.body)}`)
      return 'unreachable' in got ? [0, got.unreachable] : [got.code, got.status.message]
    },
    /** What a controller or a kubelet would write. */
    write<T>(key: Key<T>, value: T | undefined) {
      request = undefined
      wishes = [{ key, value, because }]
      act()
    },
    edit<T extends KubeObject | Machine>(key: Key<T>, change: (value: T) => T) {
      this.write(key, change(world.get(key)!))
    },
  }
}

export const pod = (name: string, more: object = {}, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...more },
  spec: { containers: [{ name: 'web', image: 'nginx:1.27' }], ...spec },
})

export const deployment = (name: string, spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
    ...spec,
  },
})
