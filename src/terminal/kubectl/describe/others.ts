import type { Run } from '../command'
import { eventsAbout, writeEvents } from './events'
import { writePolicies } from './policies'
import { rfc1123, Writer, writeAnnotations, writeLabels } from './writer'

export function describeNamespace(run: Run, namespace: any): string {
  const w = new Writer()
  const { metadata, status } = namespace
  w.write(0, `Name:\t${metadata.name}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.write(0, `Status:\t${status.phase}`)
  if (status.conditions?.length) {
    w.write(0, 'Conditions:')
    w.write(1, 'Type\tStatus\tLastTransitionTime\tReason\tMessage')
    w.write(1, '----\t------\t------------------\t------\t-------')
    for (const c of status.conditions)
      w.write(1, `${c.type}\t${c.status}\t${rfc1123(c.lastTransitionTime)}\t${c.reason}\t${c.message}`)
  }
  writePolicies(w, run, metadata.name)
  return w.aligned
}

export function describeServiceAccount(run: Run, account: any): string {
  const w = new Writer()
  const { metadata } = account
  w.write(0, `Name:\t${metadata.name}`)
  w.write(0, `Namespace:\t${metadata.namespace}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.write(0, 'Image pull secrets:\t<none>')
  w.write(0, 'Mountable secrets:\t<none>')
  w.write(0, 'Tokens:\t<none>')
  writeEvents(w, eventsAbout(run, account), run.call.now)
  return w.aligned
}

/** Any other kind: its metadata in short, then its fields by name. */
export function describeGeneric(run: Run, object: any): string {
  const w = new Writer()
  const { metadata } = object
  w.write(0, `Name:\t${metadata.name}`)
  w.write(0, `Namespace:\t${metadata.namespace ?? ''}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  const { labels: _l, annotations: _a, name: _n, namespace: _ns, managedFields: _m, ...rest } = metadata
  const { metadata: _, ...others } = object
  fields(w, { apiVersion: object.apiVersion, kind: object.kind, metadata: rest, ...others }, 0)
  writeEvents(w, eventsAbout(run, object), run.call.now)
  return w.aligned
}

/** `creationTimestamp` → `Creation Timestamp`. */
const heading = (key: string) => {
  const spaced = key.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

function fields(w: Writer, map: Readonly<Record<string, any>>, level: number): void {
  for (const key of Object.keys(map).sort((a, b) => (a < b ? -1 : 1))) {
    const value = map[key]
    if (value === undefined) continue
    if (Array.isArray(value)) {
      w.write(level, `${heading(key)}:`)
      for (const item of value) {
        if (typeof item === 'object' && item !== null) fields(w, item, level + 1)
        else w.write(level + 1, String(item))
      }
    } else if (typeof value === 'object' && value !== null) {
      w.write(level, `${heading(key)}:`)
      fields(w, value, level + 1)
    } else w.write(level, `${heading(key)}:\t${value}`)
  }
}
