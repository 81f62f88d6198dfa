import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml'
import { apiVersionOf, decode, fieldNotices, type Resource, resourceOfKind, unmodelledOfKind } from '../../kubernetes'
import { invalidStatus } from '../../kubernetes/api/status'
import { validateMeta } from '../../kubernetes/kinds/meta-validation'
import { parseManifests } from '../kubectl/manifests'
import type { FileVerdict, Notice } from './verdict'

/** Files that lie beside manifests and are none. */
const OTHER_KINDS = /^(kustomize\.config\.k8s\.io|kustomize\.toolkit|skaffold|helm|argoproj-labs)/

/**
 * Judges one manifest file as `kubectl create --dry-run=server` of 1.34 would, each document alone: namespaces count as there. `kinds` are
 * custom kinds (`group/Kind`) whose definitions are among the files checked.
 */
export function checkManifest(text: string, kinds: ReadonlySet<string> = new Set()): FileVerdict {
  if (/^\s*\{\{-?\s/m.test(text)) return skipped('a template')
  const parsed = parseManifests(text)
  if ('error' in parsed) return { kind: '', verdict: 'refused', notices: [], problem: `error: ${parsed.error}` }
  const places = placesOf(text)
  const documents = parsed.documents.flatMap((document, i) => flatten(document, places[i]))
  if (documents.length === 0) return skipped('no object in it')
  const verdicts = documents.map(({ object, place }) => judge(object, place, kinds))
  const order = ['refused', 'partly', 'ok', 'skipped'] as const
  const verdict = order.find((one) => verdicts.some((v) => v.verdict === one))!
  const problem = verdicts.find((v) => v.verdict === verdict)?.problem
  return {
    kind: [...new Set(verdicts.map((v) => v.kind).filter(Boolean))].join(','),
    verdict,
    notices: verdicts.flatMap((v) => v.notices),
    ...(problem === undefined ? {} : { problem }),
  }
}

const skipped = (problem: string): FileVerdict => ({ kind: '', verdict: 'skipped', notices: [], problem })

interface Place {
  lineOf(path: string): number
}

/** Where each path of each document stands. */
function placesOf(text: string): Place[] {
  const lines = new LineCounter()
  return parseAllDocuments(text, { lineCounter: lines, uniqueKeys: false }).flatMap((document) => {
    const contents = document.contents as Node | null
    if (!contents || (isScalar(contents) && contents.value === null)) return []
    const base = lines.linePos(contents.range?.[0] ?? 0).line
    return [{ lineOf: (path: string) => lineOf(contents, path, lines) ?? base }]
  })
}

function lineOf(contents: Node, path: string, lines: LineCounter): number | undefined {
  let node: unknown = contents
  let line: number | undefined
  for (const step of path.match(/[^.[\]]+|\[\d+\]/g) ?? []) {
    const index = /^\[(\d+)\]$/.exec(step)
    if (index && isSeq(node)) node = node.items[Number(index[1])]
    else if (isMap(node)) {
      const pair = node.items.find((one) => isPair(one) && isScalar(one.key) && String(one.key.value) === step)
      if (!pair) break
      line = lines.linePos((pair.key as Node).range?.[0] ?? 0).line
      node = pair.value
    } else break
    const range = (node as Node | undefined)?.range
    if (index && range) line = lines.linePos(range[0]).line
  }
  return line
}

/** A List is its items. */
function flatten(document: unknown, place: Place | undefined): { object: any; place: Place }[] {
  const at = place ?? { lineOf: () => 1 }
  const object = document as { kind?: unknown; items?: unknown }
  if (object && typeof object.kind === 'string' && object.kind.endsWith('List') && Array.isArray(object.items)) {
    return object.items.map((item, i) => ({ object: item, place: { lineOf: (path: string) => at.lineOf(`items[${i}].${path}`) } }))
  }
  return [{ object, place: at }]
}

function judge(object: any, place: Place, kinds: ReadonlySet<string>): FileVerdict {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return skipped('no Kubernetes object')
  const { apiVersion, kind } = object
  if (kind === undefined && apiVersion === undefined) return skipped('no Kubernetes object: neither apiVersion nor kind')
  if (typeof kind !== 'string' || kind === '') return refused('', "error: unable to decode: Object 'Kind' is missing")
  if (typeof apiVersion !== 'string') return kind === 'Kustomization' ? skipped('a Kustomization') : refused(kind, "error: unable to decode: Object 'apiVersion' is missing")
  if (OTHER_KINDS.test(apiVersion)) return skipped(`${kind} of ${apiVersion} is no object of the API`)
  const resource = resourceOfKind(apiVersion, kind)
  if (resource) return { ...judgeModelled(resource, object, place), kind }
  if (unmodelledOfKind(apiVersion, kind)) {
    return { kind, verdict: 'partly', notices: [{ line: place.lineOf('kind'), path: 'kind', label: 'not modelled', text: `${kind} (${apiVersion}) is not modelled yet` }] }
  }
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  if (kinds.has(`${group}/${kind}`)) return { kind, verdict: 'partly', notices: [{ line: place.lineOf('kind'), path: 'kind', label: 'not modelled', text: `custom kinds are not modelled yet: ${kind}` }] }
  const name = object.metadata?.name ?? ''
  return refused(kind, `error: resource mapping not found for name: ${JSON.stringify(name)} namespace: ${JSON.stringify(object.metadata?.namespace ?? '')}: no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}\nensure CRDs are installed first`)
}

const refused = (kind: string, problem: string): FileVerdict => ({ kind, verdict: 'refused', notices: [], problem })

function judgeModelled(resource: Resource, raw: any, place: Place): FileVerdict {
  const { kind, version } = resource
  const { object, strict, fatal } = decode(resource.schema.fields, kind, raw)
  const cannot = `Error from server (BadRequest): ${kind} in version "${version}" cannot be handled as a ${kind}: `
  if (fatal !== undefined) return refused(kind, cannot + fatal)
  if (strict.length > 0) return refused(kind, `${cannot}strict decoding error: ${strict.join(', ')}`)
  const given = { ...object, apiVersion: apiVersionOf(resource), kind, metadata: { ...object.metadata } }
  if (given.metadata.name === undefined && given.metadata.generateName !== undefined) given.metadata.name = `${given.metadata.generateName}xxxxx`
  if (given.metadata.name === undefined) return refused(kind, 'error: resource name may not be empty')
  if (resource.namespaced) given.metadata.namespace ??= 'default'
  const whole = { ...given, metadata: { uid: '00000000-0000-4000-8000-000000000000', creationTimestamp: '2025-01-15T09:00:00Z', ...given.metadata } }
  const complete = resource.complete(whole)
  const errors = [...validateMeta(complete.metadata, resource.nameRule, resource.namespaced), ...resource.validate(complete, undefined)]
  if (errors.length > 0) {
    const status = invalidStatus(resource, complete.metadata.name, errors)
    const causes = (status.details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`)
    return refused(kind, `The ${kind} "${complete.metadata.name}" is invalid: ${causes.length === 1 ? causes[0] : `\n${causes.map((text) => `* ${text}`).join('\n')}`}`)
  }
  const notices = fieldNotices(resource.schema.fields, object).map(({ path, text, label }): Notice => ({ line: place.lineOf(path), path, label, text }))
  return { kind, verdict: notices.length === 0 ? 'ok' : 'partly', notices }
}

/** The custom kinds that a file's CustomResourceDefinitions define: `group/Kind`. */
export function customKinds(text: string): string[] {
  if (!text.includes('CustomResourceDefinition')) return []
  const parsed = parseManifests(text)
  if ('error' in parsed) return []
  return parsed.documents.flatMap((document) => {
    const object = document as any
    if (object?.kind !== 'CustomResourceDefinition') return []
    return [`${object.spec?.group ?? ''}/${object.spec?.names?.kind ?? ''}`]
  })
}
