import { describe, expect, test } from 'vitest'
import type { Node } from '../../src/kubernetes/kinds/node'
import { Pod } from '../../src/kubernetes/kinds/pod'
import type { State } from '../../src/picture'
import { podLook } from '../../src/picture/scenes/state'
import { running, waiting, Yard } from './build'

type Part = Parameters<Yard['pod']>[1]

const cases: [name: string, part: Part, state: State, word?: string][] = [
  ['bound to no node', {}, 'pending'],
  [
    'found no node',
    { status: { conditions: [{ type: 'PodScheduled', status: 'False', message: '0/4 nodes are available' }] } },
    'pending',
    'Unschedulable',
  ],
  ['bound, nothing begun', { node: 'w' }, 'starting'],
  ['container being created', { node: 'w', status: waiting('ContainerCreating') }, 'starting'],
  ['up, not ready yet', { node: 'w', status: running(false) }, 'running'],
  ['ready', { node: 'w', status: running(true) }, 'ready'],
  ['was ready once', { node: 'w', status: running(false, { since: '2025-01-15T09:00:30Z' }) }, 'unhealthy'],
  ['image cannot be had', { node: 'w', status: waiting('ImagePullBackOff') }, 'unhealthy', 'ImagePullBackOff'],
  [
    'fails again and again',
    { node: 'w', status: waiting('CrashLoopBackOff', { restarts: 3, last: 'Error' }) },
    'crash',
    'CrashLoopBackOff',
  ],
  [
    'runs out of memory again and again',
    { node: 'w', status: waiting('CrashLoopBackOff', { restarts: 3, last: 'OOMKilled' }) },
    'oom',
    'CrashLoopBackOff',
  ],
  [
    'being deleted, whatever else it is',
    { node: 'w', gone: true, status: running(true) },
    'terminating',
    'Terminating',
  ],
  ['done', { node: 'w', status: { phase: 'Succeeded' } }, 'exited', 'Completed'],
  ['failed', { node: 'w', status: { phase: 'Failed' } }, 'exited', 'Error'],
  ['evicted', { node: 'w', status: { phase: 'Failed', reason: 'Evicted' } }, 'exited', 'Evicted'],
]

const podOf = (part: Part) => new Yard().pod('p', part).store.get(Pod.key('default', 'p'))!

describe('the look of a pod', () => {
  test.each(cases)('%s', (_, part, state, word) => {
    const look = podLook(podOf(part), { node: undefined, pulling: false, now: 1000 })
    expect([look.state, look.word]).toEqual([state, word])
  })

  test('a pod that waits while its image is on the way is pulling', () => {
    expect(
      podLook(podOf({ node: 'w', status: waiting('ContainerCreating') }), { node: undefined, pulling: true, now: 0 })
        .state,
    ).toBe('pulling')
  })

  test('a pod whose node nobody has heard of is unknown, but terminating once it is to go', () => {
    const node = { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } } as unknown as Node
    expect(podLook(podOf({ node: 'w', status: running(true) }), { node, pulling: false, now: 0 }).state).toBe('unknown')
    expect(
      podLook(podOf({ node: 'w', gone: true, status: running(true) }), { node, pulling: false, now: 0 }).state,
    ).toBe('terminating')
  })

  test('one that has a probe and does not get ready is unhealthy when the probe has lost patience', () => {
    const spec = { containers: [{ name: 'c', readinessProbe: { periodSeconds: 5, failureThreshold: 3 } }] }
    const pod = podOf({ node: 'w', status: running(false), spec })
    expect(podLook(pod, { node: undefined, pulling: false, now: 14_000 }).state).toBe('running')
    expect(podLook(pod, { node: undefined, pulling: false, now: 16_000 }).state).toBe('unhealthy')
  })

  test('restarts are summed over containers', () => {
    expect(
      podLook(podOf({ node: 'w', status: running(true, { restarts: 4 }) }), { node: undefined, pulling: false, now: 0 })
        .restarts,
    ).toBe(4)
  })
})
