import { type Json, kindIdOf, type World } from '../../engine'
import { Deployment } from '../../kubernetes/kinds/deployment'
import { Node } from '../../kubernetes/kinds/node'
import { Pod } from '../../kubernetes/kinds/pod'
import { Pull } from '../../platform/image/image'
import { Machine } from '../../platform/machine/machine'
import type { ToolStep } from '../../platform/shell/tool'
import { misuse, type SimCommand } from './command'
import { durationMillis, tookOf } from './durations'
import { optionsOf } from './options'

/** What can be waited for: what it is about, the word, and whether it is so. */
interface Condition {
  /** Kinds whose change may make it so; without any it is looked at ten times a second. */
  readonly kinds: readonly string[]
  holds(world: World): boolean
}

const DEFAULT_TIMEOUT_MILLIS = 300_000
const LOOK_MILLIS = 100
/** Converged: nothing but what is quiet has changed for so long. */
const CALM_MILLIS = 5000
const MOST_LOOKED_BACK = 20_000

const scoped = (name: string): readonly [scope: string, name: string] => {
  const slash = name.indexOf('/')
  return slash > 0 ? [name.slice(0, slash), name.slice(slash + 1)] : ['default', name]
}

const isTrue = (
  conditions: readonly { readonly type: string; readonly status: string }[] | undefined,
  type: string,
): boolean => conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false

function podCondition(name: string, state: string): Condition | undefined {
  const key = Pod.key(...scoped(name))
  const holds: Readonly<Record<string, (pod: Pod | undefined) => boolean>> = {
    ready: (pod) => isTrue(pod?.status.conditions, 'Ready'),
    running: (pod) => pod?.status.phase === 'Running',
    succeeded: (pod) => pod?.status.phase === 'Succeeded',
    failed: (pod) => pod?.status.phase === 'Failed',
    gone: (pod) => pod === undefined,
  }
  const test = holds[state]
  return test && { kinds: ['kubernetes/Pod'], holds: (world) => test(world.get(key)) }
}

function deploymentCondition(name: string, state: string): Condition | undefined {
  if (state !== 'available') return undefined
  const key = Deployment.key(...scoped(name))
  return {
    kinds: ['kubernetes/Deployment'],
    holds(world) {
      const deployment = world.get(key)
      if (!deployment) return false
      const { metadata, spec, status } = deployment
      const isSeen = (status.observedGeneration ?? 0) >= (metadata.generation ?? 0)
      const wanted = spec.replicas ?? 1
      return (
        isSeen &&
        (status.updatedReplicas ?? 0) >= wanted &&
        (status.availableReplicas ?? 0) >= wanted &&
        (status.replicas ?? 0) <= wanted
      )
    },
  }
}

function nodeCondition(name: string, state: string): Condition | undefined {
  if (state !== 'ready' && state !== 'notready') return undefined
  return {
    kinds: ['kubernetes/Node'],
    holds(world) {
      const node = world.get(Node.key('', name))
      return node !== undefined && isTrue(node.status.conditions, 'Ready') === (state === 'ready')
    },
  }
}

function machineCondition(name: string, state: string): Condition | undefined {
  if (state !== 'on' && state !== 'off') return undefined
  return { kinds: ['platform/Machine'], holds: (world) => world.get(Machine.key('', name))?.power === state }
}

const converged: Condition = {
  kinds: [],
  holds(world) {
    if (world.list(Pull).some(({ value }) => value.state !== 'failed')) return false
    if (world.list(Machine).some(({ value }) => value.power === 'booting')) return false
    if (world.list(Pod).some(({ value }) => value.metadata.deletionTimestamp !== undefined)) return false
    return world.now - lastLoudChange(world) >= CALM_MILLIS
  },
}

/** When something last changed that is a step of the time line; what a person did is none. */
function lastLoudChange(world: World): number {
  for (let back = 0; back < MOST_LOOKED_BACK; back++) {
    const change = world.change(world.revision - back)
    if (!change) return Number.NEGATIVE_INFINITY
    if (!change.quiet && kindIdOf(change.key) !== 'engine/Input') return change.at
    if (world.now - change.at >= CALM_MILLIS) return change.at
  }
  return world.now
}

function conditionOf(words: readonly string[]): Condition | undefined {
  const [what = '', state = ''] = words
  if (what === 'converged') return words.length === 1 ? converged : undefined
  const slash = what.indexOf('/')
  const [kind, name] = [what.slice(0, slash), what.slice(slash + 1)]
  const wanted = state.toLowerCase()
  if (kind === 'pod' || kind === 'po') return podCondition(name, wanted)
  if (kind === 'deployment' || kind === 'deploy') return deploymentCondition(name, wanted)
  if (kind === 'node' || kind === 'no') return nodeCondition(name, wanted)
  return kind === 'machine' ? machineCondition(name, wanted) : undefined
}

export const wait: SimCommand = {
  name: 'wait',
  usage: 'wait CONDITION [--timeout 5m]',
  about:
    'waits until something is so: pod/x ready|running|succeeded|failed|gone, deployment/x available, node/x ready|notready, machine/x on|off, converged',
  run(call, argv, memory): ToolStep {
    const { words, options, problem } = optionsOf(argv, ['timeout'])
    if (problem !== undefined) return misuse(call, wait, problem)
    const timeout = options['timeout'] === undefined ? DEFAULT_TIMEOUT_MILLIS : durationMillis(options['timeout'])
    if (timeout === undefined) return misuse(call, wait, `${options['timeout']} is no duration`)
    const condition = conditionOf(words)
    if (!condition) return misuse(call, wait, words.length === 0 ? 'what for?' : `${words.join(' ')} is no condition`)
    const since = (memory as { since: number } | undefined)?.since ?? call.now
    if (condition.holds(call.world)) {
      call.print(`${words.join(' ')} after ${tookOf(call.now - since)}\n`)
      return { exit: 0 }
    }
    const left = since + timeout - call.now
    if (left <= 0) {
      call.printError(`sim: timed out after ${tookOf(timeout)}: ${words.join(' ')} is not so\n`)
      return { exit: 1 }
    }
    const kept: Json = { since }
    if (condition.kinds.length === 0) return { wait: { millis: Math.min(left, LOOK_MILLIS) }, memory: kept }
    return { wait: { millis: left, kinds: condition.kinds }, memory: kept }
  },
  complete: (words, { world }) => {
    const begun = words[words.length - 1] ?? ''
    const names = [
      'converged',
      ...world.list(Pod).map(({ value }) => `pod/${value.metadata.name}`),
      ...world.list(Deployment).map(({ value }) => `deployment/${value.metadata.name}`),
      ...world.list(Node).map(({ value }) => `node/${value.metadata.name}`),
    ]
    const states = ['ready', 'notready', 'available', 'running', 'gone', 'succeeded', 'failed', 'on', 'off']
    return (words.length <= 1 ? names : states).filter((word) => word.startsWith(begun))
  },
}
