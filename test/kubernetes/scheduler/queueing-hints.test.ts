import { describe, expect, test } from 'vitest'
import { Simulation } from '../../../src/engine'
import type { Node } from '../../../src/kubernetes/kinds/node'
import type { Pod } from '../../../src/kubernetes/kinds/pod'
import { type ClusterEvent, helped } from '../../../src/kubernetes/scheduler/queueing-hints'

const { store: world } = new Simulation({ rooms: [], seed: 1, genesis: [] })

const pod = (spec: object, labels: Record<string, string> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default', uid: 'p', creationTimestamp: '', labels },
  spec: { containers: [], ...spec },
  status: { phase: 'Pending' },
})
const node = (spec: object = {}, labels: Record<string, string> = {}, cpu = '4'): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n', uid: 'n', creationTimestamp: '', labels },
  spec: spec as Node['spec'],
  status: { capacity: {}, allocatable: { cpu, pods: '110' }, conditions: [], addresses: [], nodeInfo: {} } as never,
})
const changed = (before: Node | undefined, after: Node | undefined): ClusterEvent => ({ what: 'node', before, after })
const helps = (plugin: string, waiting: Pod, event: ClusterEvent) => helped([plugin], waiting, event, world) === plugin

const taint = { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] }
const asking = (cpu: string) => pod({ containers: [{ name: 'c', resources: { requests: { cpu } } }] })
const away = pod({
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'zone', labelSelector: { matchLabels: { app: 'x' } } },
      ],
    },
  },
})

describe('what brings a pod back that was refused by', () => {
  test.each<[string, Pod, ClusterEvent, boolean]>([
    ['TaintToleration', pod({}), changed(node(taint), node()), true],
    ['TaintToleration', pod({}), changed(node(), node({}, { a: 'b' })), false],
    ['TaintToleration', pod({}), changed(undefined, node(taint)), false],
    ['NodeUnschedulable', pod({}), changed(node({ unschedulable: true }), node()), true],
    ['NodeAffinity', pod({ nodeSelector: { disk: 'ssd' } }), changed(node(), node({}, { disk: 'ssd' })), true],
    ['NodeAffinity', pod({ nodeSelector: { disk: 'ssd' } }), changed(node(), node({}, { disk: 'hdd' })), false],
    ['NodeResourcesFit', asking('2'), changed(undefined, node()), true],
    ['NodeResourcesFit', asking('8'), changed(undefined, node()), false],
    ['NodeResourcesFit', asking('2'), changed(node({}, {}, '1'), node()), true],
    ['NodeResourcesFit', asking('2'), changed(node(), node({}, { a: 'b' })), false],
    ['NodeResourcesFit', asking('2'), { what: 'pod-gone', pod: pod({}) }, true],
    ['NodeResourcesFit', asking('2'), { what: 'pod-placed', pod: pod({}) }, false],
    ['InterPodAffinity', away, { what: 'pod-gone', pod: pod({}, { app: 'x' }) }, true],
    ['InterPodAffinity', away, { what: 'pod-gone', pod: pod({}, { app: 'y' }) }, false],
    [
      'InterPodAffinity',
      away,
      { what: 'pod-relabelled', before: pod({}, { app: 'x' }), after: pod({}, { app: 'y' }) },
      true,
    ],
  ])('%s', (plugin, waiting, event, want) => {
    expect(helps(plugin, waiting, event)).toBe(want)
  })
})
