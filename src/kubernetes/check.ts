import { type FieldError, printFieldError } from './api/field-error'
import { decode, fieldNotices } from './kinds/decode'
import type { KubeObject } from './kinds/meta'
import { validateMeta } from './kinds/meta-validation'
import type { Resource, UnmodelledResource } from './kinds/resource'
import { resourceOfKind, unmodelledOfKind } from './kinds/resources'
import { schemaOfUnmodelled } from './kinds/unmodelled-schemas'
import { type ManifestDocument, parseManifestText } from './manifest-text'

export type Verdict = 'ok' | 'partly' | 'refused' | 'skipped'

export interface CheckNotice {
  readonly line: number
  /** Where in the file: `spec.template.spec.securityContext`. */
  readonly path: string
  readonly label: 'simplified' | 'not modelled'
  readonly text: string
}

export interface Checked {
  /** `ok`: all is modelled. `partly`: the API takes it, but see the notices. `refused`: it does not. `skipped`: no manifest. */
  readonly verdict: Verdict
  /** The kinds in it, in order, each once: `Deployment, Service`. */
  readonly kind: string
  readonly notices: readonly CheckNotice[]
  /** Why it is refused, in the words of kubectl or the API; why it is skipped. */
  readonly problem?: string
  /** On which line it is refused. */
  readonly line?: number
}

export interface CheckOptions {
  readonly file?: string
  /** Kinds that CRDs among the files define: `example.com/v1/Widget`. */
  readonly customKinds?: ReadonlySet<string>
}

/** Settings of programs that look like manifests and are never sent to the API. */
const NOT_FOR_THE_API = [
  /^kustomize\.config\.k8s\.io\//,
  /^kind\.x-k8s\.io\//,
  /^kubeadm\.k8s\.io\//,
  /^kubelet\.config\.k8s\.io\//,
  /^kubeproxy\.config\.k8s\.io\//,
  /^kubescheduler\.config\.k8s\.io\//,
  /^apiserver\.config\.k8s\.io\//,
  /^audit\.k8s\.io\//,
  /^client\.authentication\.k8s\.io\//,
  /^skaffold\//,
  /^k3d\.io\//,
]

/** Judges one file of Kubernetes manifests as the API of 1.34 would, alone: nothing is known of the cluster. */
export function checkManifest(text: string, options: CheckOptions = {}): Checked {
  const parsed = parseManifestText(text)
  if ('error' in parsed) {
    // templates of Helm and others become YAML only when they are filled in
    if (/\{\{.*\}\}/.test(text)) return skip('a template')
    const problem = `error: error parsing ${options.file ?? 'the file'}: error converting YAML to JSON: ${parsed.error}`
    return { verdict: 'refused', kind: '', notices: [], problem, line: parsed.line }
  }
  const results: Checked[] = []
  for (const document of parsed.documents) {
    if (document.value === undefined) continue
    results.push(...objectsIn(document).map(({ object, path }) => checkObject(object, path, document, options)))
  }
  return results.length === 0 ? skip('no object in it') : worst(results)
}

const skip = (problem: string, kind = ''): Checked => ({ verdict: 'skipped', kind, notices: [], problem })

const ORDER: readonly Verdict[] = ['skipped', 'ok', 'partly', 'refused']

function worst(results: readonly Checked[]): Checked {
  let verdict: Verdict = 'skipped'
  for (const one of results) if (ORDER.indexOf(one.verdict) > ORDER.indexOf(verdict)) verdict = one.verdict
  const kinds = [...new Set(results.map(({ kind }) => kind).filter((kind) => kind !== ''))]
  const first = results.find((one) => one.verdict === verdict && one.problem !== undefined)
  return {
    verdict,
    kind: kinds.join(', '),
    notices: results.flatMap(({ notices }) => notices),
    ...(first?.problem !== undefined && { problem: first.problem }),
    ...(first?.line !== undefined && { line: first.line }),
  }
}

interface Placed {
  readonly object: unknown
  readonly path: string
}

/** The objects of a document: itself, or the items of a List. */
function objectsIn({ value }: ManifestDocument): readonly Placed[] {
  const list = value as { kind?: unknown; items?: unknown }
  if (
    typeof list === 'object' &&
    typeof list.kind === 'string' &&
    list.kind.endsWith('List') &&
    Array.isArray(list.items)
  ) {
    return list.items.map((object, i) => ({ object, path: `items[${i}]` }))
  }
  return [{ object: value, path: '' }]
}

function checkObject(given: unknown, path: string, document: ManifestDocument, options: CheckOptions): Checked {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return skip('no object')
  const { apiVersion, kind } = given as { apiVersion?: unknown; kind?: unknown }
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return skip('no apiVersion or no kind')
  if (NOT_FOR_THE_API.some((pattern) => pattern.test(apiVersion)) || (apiVersion === 'v1' && kind === 'Config'))
    return skip('not for the API', kind)
  const at = (field: string) => document.lineOf(path === '' ? field : `${path}.${field}`)
  const refuse = (text: string, field = 'kind'): Checked => ({
    verdict: 'refused',
    kind,
    notices: [],
    problem: text,
    line: at(field),
  })
  const resource = resourceOfKind(apiVersion, kind)
  if (resource?.verbs.includes('create')) return checkModelled(given, kind, resource, refuse, at)
  const unmodelled = resource ?? unmodelledOfKind(apiVersion, kind)
  if (unmodelled) return checkUnmodelled(given, apiVersion, kind, unmodelled, refuse, at)
  if (options.customKinds?.has(`${apiVersion}/${kind}`)) {
    return {
      verdict: 'partly',
      kind,
      notices: [
        {
          line: at('kind'),
          path: 'kind',
          label: 'not modelled',
          text: `${kind} is a custom kind: it would be stored, and nothing follows from it`,
        },
      ],
    }
  }
  return refuse(
    `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}\nensure CRDs are installed first`,
  )
}

type Refuse = (text: string, field?: string) => Checked
type LineAt = (field: string) => number

function checkModelled(given: object, kind: string, resource: Resource, refuse: Refuse, at: LineAt): Checked {
  const { object, strict, fatal } = decode(resource.schema.fields, kind, given)
  const wrong = decodingProblem(kind, resource.version, strict, fatal, refuse)
  if (wrong) return wrong
  const metadata = {
    ...object.metadata,
    ...(resource.namespaced && { namespace: object.metadata?.namespace ?? 'default' }),
    uid: '',
    creationTimestamp: '',
  }
  const name = metadata.name ?? (metadata.generateName ? `${metadata.generateName}xxxxx` : '')
  const whole = resource.complete({
    ...object,
    apiVersion: object.apiVersion,
    kind,
    metadata: { ...metadata, name },
  } as KubeObject)
  const errors = [
    ...validateMeta(whole.metadata, resource.nameRule, resource.namespaced),
    ...resource.validate(whole, undefined),
  ]
  if (errors.length > 0) return refuse(invalidText(kind, name, errors), errors[0]!.field)
  const notices = fieldNotices(resource.schema.fields, given).map((notice) => ({ line: at(notice.path), ...notice }))
  return { verdict: notices.length === 0 ? 'ok' : 'partly', kind, notices }
}

function decodingProblem(
  kind: string,
  version: string,
  strict: readonly string[],
  fatal: string | undefined,
  refuse: Refuse,
): Checked | undefined {
  const cannot = `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: `
  if (fatal !== undefined) return refuse(cannot + fatal, fieldIn(fatal))
  if (strict.length === 0) return undefined
  return refuse(`${cannot}strict decoding error: ${strict.join(', ')}`, /"([^"]+)"/.exec(strict[0]!)?.[1])
}

/** `json: cannot unmarshal … Go struct field Container.spec.containers.image of type string` → its first part that is sure. */
const fieldIn = (text: string): string | undefined => /Go struct field \w+\.([\w.]+)/.exec(text)?.[1]

function invalidText(kind: string, name: string, errors: readonly FieldError[]): string {
  const told = errors.map(printFieldError).filter((text, i, all) => all.indexOf(text) === i)
  const heading = `The ${kind} ${JSON.stringify(name)} is invalid: `
  return told.length === 1 ? heading + told[0] : `${heading}\n${told.map((text) => `* ${text}`).join('\n')}`
}

function checkUnmodelled(
  given: object,
  apiVersion: string,
  kind: string,
  resource: UnmodelledResource,
  refuse: Refuse,
  at: LineAt,
): Checked {
  const schema = schemaOfUnmodelled(apiVersion, kind)
  if (schema) {
    const { object, strict, fatal } = decode(schema.field.fields, kind, given)
    const version = apiVersion.slice(apiVersion.lastIndexOf('/') + 1)
    const wrong = decodingProblem(kind, version, strict, fatal, refuse)
    if (wrong) return wrong
    const { name = '', generateName } = object.metadata ?? {}
    const errors: FieldError[] = [
      ...(name === '' && !generateName
        ? [
            {
              field: 'metadata.name',
              type: 'FieldValueRequired' as const,
              text: 'Required value: name or generateName is required',
            },
          ]
        : []),
      ...schema.validate(object),
    ]
    if (errors.length > 0) return refuse(invalidText(kind, name, errors), errors[0]!.field)
  }
  const text = `${resource.plural}${resource.group === '' ? '' : `.${resource.group}`} are not modelled yet`
  return { verdict: 'partly', kind, notices: [{ line: at('kind'), path: 'kind', label: 'not modelled', text }] }
}

/** The kinds that CRDs in a text define, for `customKinds`. */
export function customKindsIn(text: string): readonly string[] {
  const parsed = parseManifestText(text)
  if ('error' in parsed) return []
  return parsed.documents.flatMap((document) =>
    objectsIn(document).flatMap(({ object }) => {
      const crd = object as {
        kind?: string
        spec?: { group?: string; names?: { kind?: string }; versions?: readonly { name?: string; served?: boolean }[] }
      }
      if (crd?.kind !== 'CustomResourceDefinition') return []
      return (crd.spec?.versions ?? [])
        .filter(({ served }) => served !== false)
        .map(({ name }) => `${crd.spec?.group}/${name}/${crd.spec?.names?.kind}`)
    }),
  )
}
