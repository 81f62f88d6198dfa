import { type Change, edit, type Reason, type Tools, type Wish, type World } from '../../engine'
import { podRefusal } from '../api/admission'
import { type ImagePolicies, imagePoliciesFor } from '../api/admission-plugins/image-policy'
import { PodAdmission } from '../api/admission-plugins/pod'
import { eventWish } from '../api/events'
import { controllerReference, newMeta } from '../api/meta'
import { generatedName } from '../api/names'
import { podSpecOf } from '../api/pod-defaults'
import type { KubeObject, ObjectMeta } from '../kinds/meta'
import { Pod, type PodSpec, type PodTemplateSpec } from '../kinds/pod'
import { qosClass } from '../kinds/qos'
import { deletePod, namespaceEnds } from './pods'

/** What etcd has room for here. The real one is full at 2 GiB, of which as many pods as a learner can mean to make take a small part. */
const MOST_PODS = 10_000
const NO_ROOM = 'etcdserver: mvcc: database space exceeded'

/** Who makes or deletes pods, and why. */
export interface Maker {
  readonly owner: KubeObject & { readonly spec: object }
  /** `replicaset-controller` */
  readonly component: string
  readonly because: Reason
  readonly world: World
  readonly tools: Tools
}

/** What one pod has besides its template. */
export interface Variation {
  /** The name's beginning, without its dash; the owner's name when left out. */
  readonly stem?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly finalizers?: readonly string[]
  /** Instead of the template's own. */
  readonly spec?: PodSpec
}

export interface Made {
  readonly changes: Wish[]
  readonly made: number
  /** What the API server answered to the first creation that it refused. */
  readonly refusal?: string
}

/**
 * Makes so many pods of a template in batches of 1, 2, 4, 8 … as the slow start does: a batch with a refusal is the last, so that a
 * controller that may not create anything asks once and not a thousand times. After RealPodControl and slowStartBatch in
 * pkg/controller. Simplified: the batches are not drawn out in time; etcd is full at 10,000 pods.
 */
export function makePods(
  maker: Maker,
  template: PodTemplateSpec,
  count: number,
  vary?: (i: number) => Variation,
): Made {
  const { owner, component, because, world, tools } = maker
  const changes: Wish[] = []
  const taken = new Set<string>()
  const admission = new PodAdmission(world, owner.metadata.namespace!)
  const policies = imagePoliciesFor(world, owner.metadata.namespace!)
  const room = MOST_PODS - world.list(Pod).length
  const told = new Set<string>()
  const event = (type: 'Normal' | 'Warning', reason: string, message: string) => {
    if (told.has(message)) return
    told.add(message)
    changes.push(eventWish(world, tools, { about: owner, type, reason, message, component, because }))
  }
  let made = 0
  let refusal: string | undefined
  for (let begun = 0, batch = 1; begun < count && refusal === undefined; batch *= 2) {
    const end = Math.min(count, begun + batch)
    for (; begun < end; begun++) {
      const pod =
        made < room
          ? admitted(podOf(maker, template, begun, taken, vary?.(begun)), admission, policies, world)
          : { refused: NO_ROOM }
      if ('refused' in pod) {
        event('Warning', 'FailedCreate', `Error creating: ${pod.refused}`)
        refusal ??= pod.refused
        continue
      }
      const { name } = pod.metadata
      taken.add(name)
      changes.push({ key: Pod.key(owner.metadata.namespace!, name), value: pod, because })
      event('Normal', 'SuccessfulCreate', `Created pod: ${name}`)
      made++
    }
  }
  changes.push(...admission.wishes())
  return { changes, made, ...(refusal === undefined ? {} : { refusal }) }
}

/** A pod as admission lets it in, or what the API server answers. */
function admitted(
  pod: Pod,
  admission: PodAdmission,
  policies: ImagePolicies | undefined,
  world: World,
): Pod | { readonly refused: string } {
  // the account is looked up before the name is made
  const missing = podRefusal(world, pod, pod.metadata.generateName ?? '')
  if (missing) return { refused: missing.message ?? '' }
  const resolved = policies?.resolved('Pod', pod) ?? pod
  const unsigned = policies?.refusal('Pod', resolved)
  if (unsigned !== undefined) return { refused: unsigned }
  const shaped = admission.admit(resolved)
  return 'refused' in shaped
    ? { refused: `pods ${JSON.stringify(pod.metadata.name)} is forbidden: ${shaped.refused}` }
    : shaped
}

/** Deletes these pods, with an event for each. */
export function deletePods(maker: Maker, pods: readonly Change<Pod>[]): Wish[] {
  const { owner, component, because, world, tools } = maker
  return pods.flatMap((pod) => {
    const wish = deletePod(pod, world, because)
    if (!wish) return []
    const message = `Deleted pod: ${pod.value.metadata.name}`
    return [
      wish,
      eventWish(world, tools, {
        about: owner,
        type: 'Normal',
        reason: 'SuccessfulDelete',
        message,
        component,
        because,
      }),
    ]
  })
}

/** Nothing may be made in a namespace that is being emptied. */
export const mayCreate = (owner: KubeObject, world: World): boolean => !namespaceEnds(owner.metadata.namespace!, world)

function podOf(
  { owner, world, tools }: Maker,
  template: PodTemplateSpec,
  n: number,
  taken: ReadonlySet<string>,
  { stem = owner.metadata.name, labels, annotations, finalizers, spec = podSpecOf(template) }: Variation = {},
): Pod {
  const namespace = owner.metadata.namespace!
  let name = ''
  for (let attempt = 0; ; attempt++) {
    name = generatedName(`${stem}-`, tools.draw(owner.metadata.uid, `pod/${world.now}/${attempt}`, n))
    if (!taken.has(name) && world.get(Pod.key(namespace, name)) === undefined) break
  }
  const key = Pod.key(namespace, name)
  const own = template.metadata
  const more: Partial<ObjectMeta> = {
    generateName: `${stem}-`,
    generation: 1,
    ...(own?.labels || labels ? { labels: labels ? { ...own?.labels, ...labels } : own!.labels! } : {}),
    ...(own?.annotations || annotations
      ? { annotations: annotations ? { ...own?.annotations, ...annotations } : own!.annotations! }
      : {}),
    ownerReferences: [referenceTo(owner)],
    ...(finalizers ? { finalizers } : {}),
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: newMeta(tools, key, world.now, more),
    spec,
    status: { phase: 'Pending', qosClass: qosClass(spec) },
  }
}

const references = new WeakMap<object, ReturnType<typeof controllerReference>>()
/** One reference object for all pods of an owner. */
function referenceTo(owner: Maker['owner']): ReturnType<typeof controllerReference> {
  let reference = references.get(owner.spec)
  if (!reference) {
    reference = controllerReference(owner)
    references.set(owner.spec, reference)
  }
  return reference
}

/** The wish that takes a finalizer off a pod; the pod goes with its last one if it is being deleted and its kubelet is done with it. */
export function releasePod(head: Change<Pod>, finalizer: string, because: Reason): Wish<Pod> {
  const { metadata } = head.value
  const left = (metadata.finalizers ?? []).filter((one) => one !== finalizer)
  const over = metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0
  if (left.length === 0 && over) return { key: head.key, value: undefined, because }
  const value = edit(head.value, (draft) => {
    if (left.length === 0) delete draft.metadata.finalizers
    else draft.metadata.finalizers = left
  })
  return { key: head.key, value, because, quiet: true }
}
