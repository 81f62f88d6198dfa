import type { Change, World } from '../engine'
import { matches, parseSelector, podSummary, type Resource, resources } from '../kubernetes'
import { Event } from '../kubernetes/kinds/event'
import type { KubeObject } from '../kubernetes/kinds/meta'
import { Pod } from '../kubernetes/kinds/pod'
import { Ledger } from '../platform/network/ledger'
import { evaluateTemplate } from '../terminal/kubectl/print/jsonpath'
import type { EventCheck, FieldCheck, LossCheck, PodsCheck } from './scenario'

/** How a check stands; `detail` says what still differs. */
export interface Verdict {
  readonly ok: boolean
  readonly detail: string
}

/** `deployment/web` → the object, in namespace default where the kind has namespaces. */
function objectCalled(of: string, world: World): Change<KubeObject> | undefined {
  const [kind, name = ''] = of.split('/')
  const resource: Resource | undefined = resources.find(({ singular }) => singular === kind)
  return resource && world.head(resource.store.key(resource.namespaced ? 'default' : '', name))
}

/** A field by JSON path has this value, or at least this number. */
export function field({ of, path, is, least }: FieldCheck, world: World): Verdict {
  const found = objectCalled(of, world)
  if (!found) return { ok: false, detail: `there is no ${of}` }
  const printed = evaluateTemplate(`{${path}}`, found.value)
  if ('error' in printed) return { ok: false, detail: printed.error }
  const value = printed.text
  const ok = is === undefined ? value !== '' && Number(value) >= (least ?? 0) : value === is
  const name = /(\w+)\W*$/.exec(path)?.[1] ?? path
  return { ok, detail: `${name} is ${value === '' ? 'not set' : value}` }
}

/** So many pods with these labels show this status and are ready. */
export function podsThere({ labels, count, least, status, ready, image, node }: PodsCheck, world: World): Verdict {
  const selector = parseSelector(labels)
  if ('error' in selector) return { ok: false, detail: selector.error }
  const all = world
    .list(Pod, { scope: 'default' })
    .filter(({ value }) => matches(selector.selector, value.metadata.labels ?? {}))
  const summaries = all.map(({ value }) => ({ pod: value, ...podSummary(value) }))
  const met = summaries.filter((one) => {
    const [now, whole] = one.ready.split('/')
    return (
      (status === undefined || one.status === status) &&
      (ready === undefined || ready === (now === whole)) &&
      (image === undefined || one.pod.spec.containers.some((container) => container.image === image)) &&
      (node === undefined || one.pod.spec.nodeName === node)
    )
  })
  const states = [...new Set(summaries.map((one) => one.status))].join(', ')
  return {
    ok: count === undefined ? met.length >= (least ?? 1) : met.length === count,
    detail: `${met.length} of ${all.length}${states === '' ? '' : ` (${states})`}`,
  }
}

/** Something with this reason has been told of an object whose name begins so. */
export function eventTold({ reason, about }: EventCheck, world: World): Verdict {
  const found = world.list(Event, { scope: 'default' }).find(({ value }) => {
    const { kind, name } = value.involvedObject
    return value.reason === reason && (about === undefined || `${kind.toLowerCase()}/${name}`.startsWith(about))
  })
  return { ok: found !== undefined, detail: found ? found.value.message : `no event ${reason} yet` }
}

/** How many requests of the newest load were lost. */
export function losses({ least, most, sent }: LossCheck, world: World): Verdict {
  const ledger = world.list(Ledger).at(-1)?.value
  if (!ledger) return { ok: false, detail: 'nobody has sent a request yet' }
  const enough = ledger.sent >= (sent ?? 1)
  const ok = enough && ledger.failed >= (least ?? 0) && ledger.failed <= (most ?? Number.POSITIVE_INFINITY)
  return { ok, detail: `${ledger.failed} of ${ledger.sent} lost` }
}

/** It is not there any more, or never was. */
export function absent(of: string, world: World): Verdict {
  const there = objectCalled(of, world) !== undefined
  return { ok: !there, detail: there ? `${of} is still there` : `there is no ${of}` }
}
