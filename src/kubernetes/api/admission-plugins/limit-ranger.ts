import type { LimitRange, LimitRangeItem } from '../../kinds/limitrange'
import type { Pod, PodContainer, PodSpec, ResourceList } from '../../kinds/pod'
import { podLimits, podRequests } from '../../kinds/pod-resources'
import { aggregated } from '../field-error'
import { compareQuantities, parseQuantity } from '../quantity'

export const LIMIT_RANGER_ANNOTATION = 'kubernetes.io/limit-ranger'

/** A spec with the requests and limits that the LimitRanges give containers that name none, and what was set, in the plugin's words. */
export function withLimitDefaults(
  spec: PodSpec,
  ranges: readonly LimitRange[],
): { readonly spec: PodSpec; readonly told: string | undefined } {
  const told: string[] = []
  let changed = spec
  for (const range of ranges) {
    const items = (range.spec.limits ?? []).filter(({ type }) => type === 'Container')
    const standard = {
      limits: Object.assign({}, ...items.map((item) => item.default)) as ResourceList,
      requests: Object.assign({}, ...items.map((item) => item.defaultRequest)) as ResourceList,
    }
    const fill = (what: string) => (container: PodContainer) => filled(container, standard, what, told)
    changed = {
      ...changed,
      containers: changed.containers.map(fill('container')),
      ...(changed.initContainers && { initContainers: changed.initContainers.map(fill('init container')) }),
    }
  }
  return told.length === 0
    ? { spec, told: undefined }
    : { spec: changed, told: `LimitRanger plugin set: ${told.join('; ')}` }
}

function filled(
  container: PodContainer,
  standard: { readonly limits: ResourceList; readonly requests: ResourceList },
  what: string,
  told: string[],
): PodContainer {
  const missing = (part: 'requests' | 'limits') =>
    Object.keys(standard[part])
      .filter((name) => container.resources?.[part]?.[name] === undefined)
      .sort((a, b) => (a < b ? -1 : 1))
  const [requests, limits] = [missing('requests'), missing('limits')]
  if (requests.length + limits.length === 0) return container
  if (requests.length > 0) told.push(`${requests.join(', ')} request for ${what} ${container.name}`)
  if (limits.length > 0) told.push(`${limits.join(', ')} limit for ${what} ${container.name}`)
  const taken = (part: 'requests' | 'limits', names: readonly string[]): ResourceList => ({
    ...container.resources?.[part],
    ...Object.fromEntries(names.map((name) => [name, standard[part][name]!])),
  })
  return {
    ...container,
    resources: {
      ...container.resources,
      limits: taken('limits', limits),
      requests: taken('requests', requests),
    },
  }
}

/** What the LimitRanges refuse of a pod. After plugin/pkg/admission/limitranger. */
export function limitRefusal(pod: Pod, ranges: readonly LimitRange[]): string | undefined {
  for (const range of ranges) {
    const errors = (range.spec.limits ?? []).flatMap((item) => errorsOf(pod, item))
    if (errors.length > 0) return aggregated(errors)
  }
  return undefined
}

function errorsOf({ spec }: Pod, item: LimitRangeItem): string[] {
  if (item.type === 'Pod') return held(item, podRequests(spec), podLimits(spec))
  if (item.type !== 'Container') return []
  return [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ resources }) =>
    held(item, resources?.requests ?? {}, resources?.limits ?? {}),
  )
}

const sorted = (list: ResourceList | undefined): readonly (readonly [string, string])[] =>
  Object.entries(list ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))

const isZero = (text: string): boolean => (parseQuantity(text)?.nanos ?? 0n) === 0n

/** One container's or pod's requests and limits against one item. */
function held(item: LimitRangeItem, requests: ResourceList, limits: ResourceList): string[] {
  const errors: string[] = []
  for (const [name, least] of sorted(item.min)) {
    const [request, limit] = [requests[name], limits[name]]
    const says = `minimum ${name} usage per ${item.type} is ${least}`
    if (request === undefined) errors.push(`${says}.  No request is specified`)
    else if (compareQuantities(request, least) < 0) errors.push(`${says}, but request is ${request}`)
    else if (limit !== undefined && compareQuantities(limit, least) < 0) errors.push(`${says}, but limit is ${limit}`)
  }
  for (const [name, most] of sorted(item.max)) {
    const [request, limit] = [requests[name], limits[name]]
    const says = `maximum ${name} usage per ${item.type} is ${most}`
    if (limit === undefined) errors.push(`${says}.  No limit is specified`)
    else if (compareQuantities(limit, most) > 0) errors.push(`${says}, but limit is ${limit}`)
    else if (request !== undefined && compareQuantities(request, most) > 0)
      errors.push(`${says}, but request is ${request}`)
  }
  for (const [name, ratio] of sorted(item.maxLimitRequestRatio)) {
    const [request, limit] = [requests[name], limits[name]]
    const says = `${name} max limit to request ratio per ${item.type} is ${ratio}`
    if (request === undefined || isZero(request)) errors.push(`${says}, but no request is specified or request is 0`)
    else if (limit === undefined || isZero(limit)) errors.push(`${says}, but no limit is specified or limit is 0`)
    else {
      const provided = ratioOf(limit) / ratioOf(request)
      if (provided > ratioOf(ratio)) errors.push(`${says}, but provided ratio is ${provided.toFixed(6)}`)
    }
  }
  return errors
}

/** Exact enough for six digits. */
const ratioOf = (text: string): number => Number(parseQuantity(text)?.nanos ?? 0n) / 1e9
