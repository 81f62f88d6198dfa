import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicPatch,
  attempt,
  parseManifestText,
  parseSelector,
  resourceOfKind,
  matches as selects,
} from '../../../kubernetes'
import { fail } from '../../cli/failure'
import type { Run } from '../command'
import { type Built, readFile } from './source'

export interface PatchEntry {
  readonly path?: string
  readonly patch?: string
  readonly target?: Target
  readonly options?: { readonly allowNameChange?: boolean; readonly allowKindChange?: boolean }
}

interface Target {
  readonly group?: string
  readonly version?: string
  readonly kind?: string
  readonly name?: string
  readonly namespace?: string
  readonly labelSelector?: string
  readonly annotationSelector?: string
}

/** Changes what patches name, in order; `$patch: delete` takes an object away. */
export function applyPatches(
  run: Run,
  folder: string,
  built: readonly Built[],
  entries: readonly PatchEntry[],
): Built[] {
  let left = [...built]
  for (const entry of entries) {
    const text =
      entry.patch ??
      (entry.path === undefined
        ? fail('error: invalid Kustomization: a patch needs path or patch')
        : readFile(run, `${folder}/${entry.path}`))
    const parsed = parseManifestText(text)
    if ('error' in parsed) return fail(`error: unable to parse SM or JSON patch from [${text}]: ${parsed.error}`)
    for (const { value } of parsed.documents) {
      if (value === undefined || value === null) continue
      left = Array.isArray(value) ? jsonPatch(left, entry, value) : mergePatch(left, entry, value)
    }
  }
  return left
}

function jsonPatch(built: Built[], { target }: PatchEntry, patch: unknown[]): Built[] {
  if (!target) return fail('error: must specify a target for JSON patch')
  const found = built.filter((one) => matches(one, target))
  if (found.length === 0)
    return fail(`error: unable to find patch target ${JSON.stringify(target.name ?? '')} in \`resources\``)
  for (const one of found) {
    const result = attempt(() => applyJsonPatch(one.object, patch as never))
    if ('error' in result) return fail(`error: ${result.error}`)
    one.object = result.value
  }
  return built
}

function mergePatch(built: Built[], { target, options }: PatchEntry, patch: any): Built[] {
  const own = {
    kind: patch.kind,
    name: patch.metadata?.name,
    namespace: patch.metadata?.namespace,
    ...groupOf(patch.apiVersion),
  }
  const found = built.filter((one) => (target ? matches(one, target) : isNamed(one, own)))
  if (found.length === 0) {
    const id = `${[own.kind, own.version, own.group].filter(Boolean).join('.')}/${own.name}.${own.namespace ?? '[noNs]'}`
    return target
      ? built
      : fail(
          `error: no resource matches strategic merge patch "${id}": no matches for Id ${id}; failed to find unique target for patch ${id}`,
        )
  }
  if (patch.$patch === 'delete') return built.filter((one) => !found.includes(one))
  for (const one of found) {
    const { kind, apiVersion, metadata } = one.object
    const result = merged(one.object, patch)
    one.object = {
      ...result,
      apiVersion,
      kind: options?.allowKindChange ? result.kind : kind,
      metadata: { ...result.metadata, name: options?.allowNameChange ? result.metadata.name : metadata.name },
    }
  }
  return built
}

function merged(object: any, patch: any): any {
  const schema = resourceOfKind(object.apiVersion, object.kind)?.schema
  const result = attempt(() => (schema ? applyStrategicPatch(object, patch, schema) : applyMergePatch(object, patch)))
  return 'error' in result ? fail(`error: ${result.error}`) : result.value
}

const groupOf = (apiVersion = ''): { readonly group: string; readonly version: string } => {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
  return { group: group!, version: version ?? '' }
}

const isNamed = ({ object, names }: Built, own: Target): boolean =>
  object.kind === own.kind &&
  groupOf(object.apiVersion).group === own.group &&
  (object.metadata.name === own.name || names.includes(own.name ?? '')) &&
  (own.namespace === undefined || (object.metadata.namespace ?? 'default') === own.namespace)

/** Names of targets are patterns that have to match from end to end; only `.*` and `|` are special here. */
function fits(pattern: string | undefined, text: string): boolean {
  if (!pattern) return true
  const escaped = pattern
    .replace(/^\^|\$$/g, '')
    .split('|')
    .map((part) =>
      part
        .split('.*')
        .map((piece) => piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
        .join('[\\s\\S]*'),
    )
  return escaped.length < 100 && pattern.length < 1000 && (pattern.match(/\.\*/g)?.length ?? 0) < 6
    ? new RegExp(`^(?:${escaped.join('|')})$`).test(text)
    : false
}

function matches({ object, names }: Built, target: Target): boolean {
  const { group, version } = groupOf(object.apiVersion)
  const { name, namespace = 'default', labels = {}, annotations = {} } = object.metadata
  const chosen = (selector: string | undefined, pairs: Readonly<Record<string, string>>) => {
    if (!selector) return true
    const parsed = parseSelector(selector)
    return 'error' in parsed ? fail(`error: ${parsed.error}`) : selects(parsed.selector, pairs)
  }
  return (
    (!target.group || target.group === group) &&
    (!target.version || target.version === version) &&
    fits(target.kind, object.kind) &&
    [name, ...names].some((one) => fits(target.name, one)) &&
    fits(target.namespace, namespace) &&
    chosen(target.labelSelector, labels) &&
    chosen(target.annotationSelector, annotations)
  )
}
