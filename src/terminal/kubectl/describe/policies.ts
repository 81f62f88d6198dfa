import type { Run } from '../command'
import { eventsAbout, writeEvents } from './events'
import { Writer, writeAnnotations } from './writer'

const sorted = (list: object | undefined): string[] => Object.keys(list ?? {}).sort((a, b) => (a < b ? -1 : 1))

/** What the scopes of a quota mean, in the words of `kubectl describe`. */
const SCOPES: Readonly<Record<string, string>> = {
  Terminating:
    'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
  NotTerminating:
    'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
  BestEffort:
    'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  NotBestEffort:
    'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
}

export function describeResourceQuota(_run: Run, quota: any): string {
  const w = new Writer()
  w.write(0, `Name:\t${quota.metadata.name}`)
  w.write(0, `Namespace:\t${quota.metadata.namespace}`)
  const scopes: readonly string[] = [...(quota.spec.scopes ?? [])].sort()
  if (scopes.length > 0) {
    w.write(0, `Scopes:\t${scopes.join(', ')}`)
    for (const scope of scopes) if (SCOPES[scope]) w.write(0, ` * ${SCOPES[scope]}`)
  }
  w.write(0, 'Resource\tUsed\tHard')
  w.write(0, '--------\t----\t----')
  for (const name of sorted(quota.status.hard))
    w.write(0, `${name}\t${quota.status.used?.[name] ?? '0'}\t${quota.status.hard[name]}`)
  return w.aligned
}

/** The table of a LimitRange's items: `prefix` stands before each line. */
function writeLimits(w: Writer, range: any, prefix: string): void {
  w.write(0, `${prefix}Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio`)
  w.write(0, `${prefix}----\t--------\t---\t---\t---------------\t-------------\t-----------------------`)
  for (const item of range.spec.limits ?? []) {
    const { min, max, maxLimitRequestRatio, defaultRequest } = item
    const lists = [min, max, defaultRequest, item.default, maxLimitRequestRatio]
    const names = sorted(Object.assign({}, ...lists))
    for (const name of names)
      w.write(0, `${prefix}${item.type}\t${name}\t${lists.map((list) => list?.[name] ?? '-').join('\t')}`)
  }
}

export function describeLimitRange(_run: Run, range: any): string {
  const w = new Writer()
  w.write(0, `Name:\t${range.metadata.name}`)
  w.write(0, `Namespace:\t${range.metadata.namespace}`)
  writeLimits(w, range, '')
  return w.aligned
}

/** The quotas and limits in the description of a namespace. */
export function writePolicies(w: Writer, run: Run, namespace: string): void {
  const list = (plural: string): readonly any[] =>
    run.client.ask({ verb: 'list', resource: { group: '', version: 'v1', resource: plural }, namespace }).items
  const quotas = list('resourcequotas')
  const ranges = list('limitranges')
  w.write(0, '')
  if (quotas.length === 0) w.write(0, 'No resource quota.')
  else {
    w.write(0, 'Resource Quotas')
    for (const quota of quotas) {
      w.write(1, `Name:\t${quota.metadata.name}`)
      const scopes: readonly string[] = [...(quota.spec.scopes ?? [])].sort()
      if (scopes.length > 0) w.write(1, `Scopes:\t${scopes.join(', ')}`)
      for (const scope of scopes) if (SCOPES[scope]) w.write(1, `  * ${SCOPES[scope]}`)
      w.write(1, 'Resource\tUsed\tHard')
      w.write(1, '--------\t---\t---')
      for (const name of sorted(quota.status.hard))
        w.write(1, `${name}\t${quota.status.used?.[name] ?? '0'}\t${quota.status.hard[name]}`)
    }
  }
  w.write(0, '')
  if (ranges.length === 0) w.write(0, 'No LimitRange resource.')
  else {
    w.write(0, 'Resource Limits')
    for (const range of ranges) writeLimits(w, range, ' ')
  }
}

export function describePriorityClass(run: Run, given: any): string {
  const w = new Writer()
  const { metadata } = given
  w.write(0, `Name:\t${metadata.name}`)
  w.write(0, `Value:\t${given.value}`)
  w.write(0, `GlobalDefault:\t${given.globalDefault ?? false}`)
  w.write(0, `PreemptionPolicy:\t${given.preemptionPolicy ?? 'PreemptLowerPriority'}`)
  w.write(0, `Description:\t${given.description ?? ''}`)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  writeEvents(w, eventsAbout(run, given), run.call.now)
  return w.aligned
}
