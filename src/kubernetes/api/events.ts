import type { Reason } from '../../engine/change'
import { hash32 } from '../../engine/hash'
import type { Key, World } from '../../engine/kind'
import type { Tools, Wish } from '../../engine/plan'
import { LAB_EPOCH, millisOf, stamp } from '../../engine/time'
import { Event, type ObjectReference, samenessOf } from '../kinds/event'
import type { KubeObject } from '../kinds/meta'

/** Equal events within this time of each other are counted instead of written again. */
const COUNTED_WITHIN_MILLIS = 10 * 60_000
const ROOM_FOR_STEM = 236

export interface NewEvent {
  readonly about: KubeObject
  readonly type: 'Normal' | 'Warning'
  /** One word in CamelCase: `SuccessfulCreate`. */
  readonly reason: string
  readonly message: string
  /** The component that tells it: `replicaset-controller`. */
  readonly component: string
  /** The node it runs on, for kubelets. */
  readonly host?: string
  /** `spec.containers{web}`. */
  readonly fieldPath?: string
  readonly because: Reason
}

/**
 * The Wish that notes something about an object: a new Event, or the same one counted once more (same source, object,
 * reason and message within 10 minutes). After client-go tools/record; left out: the aggregation of more than ten similar
 * events, and the per-object rate limit of 25 and then one every 5 minutes.
 */
export function eventWish(world: World, tools: Tools, event: NewEvent): Wish<Event> {
  const { now } = world
  const time = stamp(now)
  const { about, type, reason, message, component, host, fieldPath, because } = event
  const involvedObject = referenceTo(about, fieldPath)
  const source = host === undefined ? { component } : { component, host }
  const same = samenessOf({ involvedObject, type, reason, message, source })
  const known = world.list(Event, { same }).at(-1)
  if (known && now - (millisOf(known.value.lastTimestamp ?? undefined) ?? 0) <= COUNTED_WITHIN_MILLIS) {
    const value: Event = { ...known.value, lastTimestamp: time, count: (known.value.count ?? 1) + 1 }
    return { key: known.key, value, because }
  }
  const namespace = about.metadata.namespace ?? 'default'
  const key = freshKey(world, namespace, about.metadata.name, message)
  const value: Event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: key.slice(key.lastIndexOf('/') + 1), namespace, uid: tools.uid(key), creationTimestamp: time },
    involvedObject,
    type,
    reason,
    message,
    source,
    reportingComponent: component,
    reportingInstance: host ?? '',
    firstTimestamp: time,
    lastTimestamp: time,
    eventTime: null,
    count: 1,
  }
  return { key, value, because }
}

/** `<object>.<nanoseconds since 1970 in 16 hexadecimal digits>`; below the millisecond the order of writing counts, then what is told. */
function freshKey(world: World, namespace: string, name: string, told: string): Key<Event> {
  const stem = name.slice(0, ROOM_FOR_STEM)
  const time = timeDigits(world.now)
  let fraction = hash32(told) & 0xffffff
  for (;;) {
    const key = Event.key(namespace, `${stem}.${time}${fraction.toString(16).padStart(6, '0')}`)
    if (world.get(key) === undefined) return key
    fraction = (fraction + 1) & 0xffffff
  }
}

let digitsOf = Number.NaN
let digits = ''
/** The leading ten hexadecimal digits of the nanoseconds since 1970: the same for everything told in one millisecond or so. */
function timeDigits(now: number): string {
  if (now !== digitsOf) {
    digits = ((BigInt(LAB_EPOCH + now) * 1_000_000n) >> 24n).toString(16)
    digitsOf = now
  }
  return digits
}

export function referenceTo(object: KubeObject, fieldPath?: string): ObjectReference {
  const { name, namespace, uid } = object.metadata
  // the kubelet refers to its Node by name in place of the uid
  const reference: { -readonly [Field in keyof ObjectReference]: ObjectReference[Field] } = {
    apiVersion: object.apiVersion,
    kind: object.kind,
    name,
    uid: uid ?? name,
  }
  if (namespace !== undefined) reference.namespace = namespace
  if (fieldPath !== undefined) reference.fieldPath = fieldPath
  return reference
}
