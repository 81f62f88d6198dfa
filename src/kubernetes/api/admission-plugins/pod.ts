import type { World } from '../../../engine/kind'
import type { Wish } from '../../../engine/plan'
import { stamp } from '../../../engine/time'
import { LimitRange } from '../../kinds/limitrange'
import type { Pod, PodSpec } from '../../kinds/pod'
import { newPodStatus } from '../../kinds/pod-defaults'
import type { ResourceQuota } from '../../kinds/resourcequota'
import type { RuntimeClass } from '../../kinds/runtimeclass'
import { hasLabelKeys, withLabelKeys } from './label-keys'
import { LIMIT_RANGER_ANNOTATION, limitRefusal, withLimitDefaults } from './limit-ranger'
import { type Priority, priorityFor, priorityRefusal } from './priority'
import { PODS, QuotaLedger } from './quota'
import { runtimeClassFor, withRuntimeClass } from './runtime-class'

type Shaped = { readonly spec: PodSpec; readonly told: string | undefined } | { readonly refused: string }

/** What a spec was shaped by. */
interface Shape {
  readonly priority: Priority
  readonly runtime: RuntimeClass | undefined
  /** Only where the spec's selectors depend on them. */
  readonly labels: Pod['metadata']['labels']
  readonly ranges: readonly LimitRange[]
}

/** What was made of a spec last, and by what: pods of one template are shaped once. */
const shaped = new WeakMap<PodSpec, { readonly by: Shape; readonly made: Shaped }>()

const sameShape = (a: Shape, b: Shape): boolean =>
  a.priority === b.priority &&
  a.runtime === b.runtime &&
  a.labels === b.labels &&
  a.ranges.length === b.ranges.length &&
  a.ranges.every((one, i) => one === b.ranges[i])

const gated = 'Scheduling is blocked due to non-empty scheduling gates'

/**
 * What admission makes of new pods of one namespace, in one request or one pass of a controller: LimitRanger, Priority, RuntimeClass,
 * ResourceQuota, and what the pods' own strategy adds. Left out: webhooks, policies, PodSecurity, image policies.
 */
export class PodAdmission {
  readonly #world: World
  readonly #ranges: readonly LimitRange[]
  #ledger: QuotaLedger | undefined
  #shapedLast: { readonly spec: PodSpec; readonly labels: Shape['labels']; readonly made: Shaped } | undefined
  readonly #namespace: string

  constructor(world: World, namespace: string) {
    this.#world = world
    this.#namespace = namespace
    this.#ranges = world.list(LimitRange, { scope: namespace }).map(({ value }) => value)
  }

  /** The pod with all that is filled in, or why it is refused. */
  mutated(pod: Pod): Pod | { readonly refused: string } {
    const made = this.#shape(pod)
    if ('refused' in made) return made
    const gates = made.spec.schedulingGates ?? []
    if (made.spec === pod.spec && gates.length === 0) return pod
    const { annotations } = pod.metadata
    return {
      ...pod,
      ...(made.told !== undefined && {
        metadata: { ...pod.metadata, annotations: { ...annotations, [LIMIT_RANGER_ANNOTATION]: made.told } },
      }),
      spec: made.spec,
      status: gates.length === 0 ? newPodStatus(made.spec) : this.#held(newPodStatus(made.spec)),
    }
  }

  /** Why the finished pod may not be, if it may not; else it is charged to the quotas. */
  refusal(pod: Pod): string | undefined {
    const limit = this.#ranges.length === 0 ? undefined : limitRefusal(pod, this.#ranges)
    if (limit !== undefined) return limit
    this.#ledger ??= new QuotaLedger(this.#world, this.#namespace)
    return this.#ledger.charge(PODS, pod)
  }

  /** For controllers, whose pods are valid: both in one. */
  admit(pod: Pod): Pod | { readonly refused: string } {
    const made = this.mutated(pod)
    if ('refused' in made) return made
    const refused = this.refusal(made)
    return refused === undefined ? made : { refused }
  }

  /** What the quotas were charged. */
  wishes(): Wish<ResourceQuota>[] {
    return this.#ledger?.wishes() ?? []
  }

  #shape({ spec, metadata }: Pod): Shaped {
    if (this.#shapedLast?.spec === spec && this.#shapedLast.labels === metadata.labels) return this.#shapedLast.made
    const made = this.#shapeAnew(spec, metadata.labels)
    this.#shapedLast = { spec, labels: metadata.labels, made }
    return made
  }

  #shapeAnew(spec: PodSpec, ownLabels: Shape['labels']): Shaped {
    const priority = priorityFor(spec, this.#world)
    if (priority === undefined) return { refused: `no PriorityClass with name ${spec.priorityClassName} was found` }
    const runtime = runtimeClassFor(spec, this.#world)
    if (runtime && 'refused' in runtime) return runtime
    const by: Shape = { priority, runtime, labels: hasLabelKeys(spec) ? ownLabels : undefined, ranges: this.#ranges }
    const known = shaped.get(spec)
    if (known && sameShape(known.by, by)) return known.made
    const made = shape(spec, by)
    shaped.set(spec, { by, made })
    return made
  }

  #held(status: Pod['status']): Pod['status'] {
    const condition = {
      type: 'PodScheduled',
      status: 'False' as const,
      reason: 'SchedulingGated',
      message: gated,
      lastProbeTime: null,
      lastTransitionTime: stamp(this.#world.now),
    }
    return { ...status, conditions: [condition] }
  }
}

function shape(given: PodSpec, { priority, runtime, labels, ranges }: Shape): Shaped {
  const limited = ranges.length === 0 ? { spec: given, told: undefined } : withLimitDefaults(given, ranges)
  const refused = priorityRefusal(given, priority)
  if (refused !== undefined) return { refused }
  const { className, value, preemptionPolicy } = priority
  const ranked: PodSpec = {
    ...limited.spec,
    ...(className !== undefined && { priorityClassName: className }),
    priority: value,
    preemptionPolicy,
  }
  const run = withRuntimeClass(ranked, runtime)
  if ('refused' in run) return run as { readonly refused: string }
  return { spec: withLabelKeys(run, labels), told: limited.told }
}
