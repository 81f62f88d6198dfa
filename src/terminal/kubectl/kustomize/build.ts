import { parseManifestText, parseYamlText, resourceOfKind, unmodelledOfKind } from '../../../kubernetes'
import { fail } from '../../cli/failure'
import type { Run } from '../command'
import { addAnnotations, addLabels, containersOf, eachReference } from './fields'
import { contentHash, type Generator, generated, type Options } from './generate'
import { applyPatches, type PatchEntry } from './patches'
import { type Built, readFile } from './source'

const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']
const DEEPEST = 20
const MOST_OBJECTS = 2_000

/** Fields that are carried out here; then those that only are accepted. */
const FIELDS = [
  'apiVersion',
  'kind',
  'metadata',
  'resources',
  'bases',
  'namePrefix',
  'nameSuffix',
  'namespace',
  'commonLabels',
  'labels',
  'commonAnnotations',
  'images',
  'replicas',
  'configMapGenerator',
  'secretGenerator',
  'generatorOptions',
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
]
const UNMODELLED = [
  'components',
  'crds',
  'vars',
  'replacements',
  'transformers',
  'generators',
  'validators',
  'helmCharts',
  'helmGlobals',
  'openapi',
  'configurations',
  'sortOptions',
  'buildMetadata',
]

/**
 * The objects that a kustomization stands for, after kustomize 5.7: resources and bases, generators, patches, then namespace, prefix and
 * suffix, labels, annotations, replicas, images; names of generated objects get the hash of their contents, and references follow.
 */
export function buildKustomization(run: Run, folder: string): readonly any[] {
  const built = build(run, folder.replace(/\/+$/, '') || '/', 0)
  for (const one of built) {
    if (!one.hashed) continue
    one.names.push(one.object.metadata.name)
    one.object.metadata.name += `-${contentHash(one.object)}`
  }
  followNames(built)
  return built.map(({ object }) => object).sort(byKind)
}

function kustomizationIn(run: Run, folder: string): any {
  const found = NAMES.filter((name) => run.call.files.stat(`${folder}/${name}`)?.folder === false)
  if (found.length > 1) return fail(`error: Found multiple kustomization files: ${run.call.files.resolve(folder)}`)
  if (found.length === 0)
    return fail(
      `error: unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${run.call.files.resolve(folder)}'`,
    )
  const parsed = parseYamlText(readFile(run, `${folder}/${found[0]}`))
  if ('error' in parsed) return fail(`error: invalid Kustomization: ${parsed.error}`)
  const value = (parsed.value ?? {}) as Record<string, unknown>
  if (typeof value !== 'object' || Array.isArray(value)) return fail('error: invalid Kustomization: it is no map')
  if (Object.keys(value).length === 0) return fail('error: kustomization.yaml is empty')
  const unknown = Object.keys(value).filter((field) => !FIELDS.includes(field) && !UNMODELLED.includes(field))
  if (unknown.length > 0) return fail(`error: invalid Kustomization: json: unknown field ${JSON.stringify(unknown[0])}`)
  for (const field of UNMODELLED)
    if (value[field] !== undefined) run.call.notice(`kustomize: ${field} is accepted but not modelled`)
  return value
}

const listOf = (value: unknown): readonly any[] => (Array.isArray(value) ? value : [])

function build(run: Run, folder: string, depth: number): Built[] {
  if (depth > DEEPEST) fail(`error: accumulating resources: cycle detected: more than ${DEEPEST} kustomizations deep`)
  const file = kustomizationIn(run, folder)
  const built: Built[] = []
  for (const path of [...listOf(file.resources), ...listOf(file.bases)]) {
    for (const one of fromPath(run, folder, String(path), depth)) add(built, one)
  }
  const options: Options = file.generatorOptions ?? {}
  const generators: readonly (readonly ['ConfigMap' | 'Secret', Generator])[] = [
    ...listOf(file.configMapGenerator).map((one) => ['ConfigMap', one] as const),
    ...listOf(file.secretGenerator).map((one) => ['Secret', one] as const),
  ]
  for (const [kind, one] of generators) generate(run, folder, built, kind, one, options)
  const entries: readonly PatchEntry[] = [
    ...listOf(file.patchesStrategicMerge).map((one) =>
      typeof one === 'string' && !one.includes('\n') ? { path: one } : { patch: String(one) },
    ),
    ...listOf(file.patches),
    ...listOf(file.patchesJson6902),
  ]
  const patched = applyPatches(run, folder, built, entries)
  for (const one of patched) transform(one, file)
  followNames(patched)
  return patched
}

const idOf = ({ apiVersion = '', kind, metadata }: any) =>
  `${kind} ${apiVersion} ${metadata?.namespace ?? ''}/${metadata?.name}`

function add(built: Built[], one: Built): void {
  const { object } = one
  if (built.some((other) => idOf(other.object) === idOf(object))) {
    const { apiVersion = '', kind, metadata } = object
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
    fail(
      `error: accumulating resources: may not add resource with an already registered id: ${[kind, version, group].filter(Boolean).join('.')}/${metadata?.name}.${metadata?.namespace ?? '[noNs]'}`,
    )
  }
  built.push(one)
  if (built.length > MOST_OBJECTS) fail(`error: more than ${MOST_OBJECTS} objects`)
}

function fromPath(run: Run, folder: string, path: string, depth: number): readonly Built[] {
  if (/^https?:\/\/|^git@|^github\.com\//.test(path))
    return fail(
      `error: accumulating resources: ${JSON.stringify(path)}: there is no internet here: keep it as a folder`,
    )
  const at = path.startsWith('/') ? path : `${folder}/${path}`
  if (run.call.files.stat(at)?.folder) return build(run, at, depth + 1)
  const parsed = parseManifestText(readFile(run, at))
  if ('error' in parsed)
    return fail(
      `error: accumulating resources: accumulating resources from '${path}': MalformedYAMLError: ${parsed.error} in File: ${path}`,
    )
  return parsed.documents.flatMap(({ value }): Built[] => {
    if (value === undefined || value === null) return []
    const object = value as any
    const items: readonly any[] =
      String(object.kind ?? '').endsWith('List') && Array.isArray(object.items) ? object.items : [object]
    return items.map((item) => {
      if (!item?.kind)
        return fail(`error: accumulating resources: accumulating resources from '${path}': missing Resource metadata`)
      // parsed text may share parts through anchors
      return { object: structuredClone(item), names: [], hashed: false }
    })
  })
}

function generate(
  run: Run,
  folder: string,
  built: Built[],
  kind: 'ConfigMap' | 'Secret',
  one: Generator,
  options: Options,
): void {
  const object = generated(run, folder, kind, one, options)
  const hashed = !(one.options?.disableNameSuffixHash ?? options.disableNameSuffixHash ?? false)
  const behavior = one.behavior ?? 'create'
  if (behavior === 'create') {
    add(built, { object, names: [], hashed })
    return
  }
  const found = built.find(
    ({ object: other, names }) =>
      other.kind === kind && (other.metadata.name === one.name || names.includes(one.name ?? '')),
  )
  if (!found)
    return fail(
      `error: merging from generator: id resource does not exist; cannot merge or replace: ${kind}.v1./${one.name}`,
    )
  const data = behavior === 'merge' ? { ...found.object.data, ...object.data } : object.data
  found.object = { ...found.object, data }
}

const isNamespaced = ({ apiVersion, kind }: any): boolean =>
  (resourceOfKind(apiVersion, kind) ?? unmodelledOfKind(apiVersion, kind))?.namespaced ?? true

function transform(one: Built, file: any): void {
  const { object } = one
  object.metadata ??= {}
  if (file.namespace) {
    if (object.kind === 'Namespace') object.metadata.name = file.namespace
    else if (isNamespaced(object)) object.metadata.namespace = file.namespace
    for (const subject of listOf(object.subjects))
      if (subject?.kind === 'ServiceAccount') subject.namespace = file.namespace
  }
  if (
    (file.namePrefix || file.nameSuffix) &&
    !['Namespace', 'CustomResourceDefinition', 'APIService'].includes(object.kind)
  ) {
    one.names.push(object.metadata.name)
    object.metadata.name = `${file.namePrefix ?? ''}${object.metadata.name}${file.nameSuffix ?? ''}`
  }
  if (file.commonLabels) addLabels(object, file.commonLabels, { selectors: true, templates: true })
  for (const { pairs = {}, includeSelectors = false, includeTemplates = false } of listOf(file.labels))
    addLabels(object, pairs, { selectors: includeSelectors, templates: includeTemplates || includeSelectors })
  if (file.commonAnnotations) addAnnotations(object, file.commonAnnotations)
  for (const { name, count } of listOf(file.replicas))
    if (
      ['Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController'].includes(object.kind) &&
      (object.metadata.name === name || one.names.includes(name))
    )
      object.spec = { ...object.spec, replicas: Number(count) }
  for (const image of listOf(file.images))
    for (const container of containersOf(object)) container.image = otherImage(String(container.image ?? ''), image)
}

/** `nginx:1.27` with `{name: nginx, newTag: 1.28}` → `nginx:1.28` */
function otherImage(image: string, { name, newName, newTag, digest }: any): string {
  const [, own = '', rest = ''] = /^(.*?)((?:@[^@/]*|:[^:@/]*(?:@[^@/]*)?)?)$/.exec(image) ?? []
  if (own !== name) return image
  const tail = digest ? `@${digest}` : newTag !== undefined ? `:${newTag}` : rest
  return `${newName ?? own}${tail}`
}

/** Names by which objects refer to others are those that these have now. */
function followNames(built: readonly Built[]): void {
  const now = new Map<string, string>()
  for (const { object, names } of built)
    for (const name of names) now.set(`${object.kind}/${name}`, object.metadata.name)
  if (now.size === 0) return
  for (const { object } of built) eachReference(object, (kind, name) => now.get(`${kind}/${name}`) ?? name)
}

/** The order in which kustomize puts kinds: what others need comes first. */
const FIRST = [
  'Namespace',
  'ResourceQuota',
  'StorageClass',
  'CustomResourceDefinition',
  'ServiceAccount',
  'PodSecurityPolicy',
  'Role',
  'ClusterRole',
  'RoleBinding',
  'ClusterRoleBinding',
  'ConfigMap',
  'Secret',
  'Endpoints',
  'Service',
  'LimitRange',
  'PriorityClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Deployment',
  'StatefulSet',
  'CronJob',
  'PodDisruptionBudget',
]
const LAST = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']

function byKind(a: any, b: any): number {
  const rank = ({ kind }: any) => (FIRST.includes(kind) ? FIRST.indexOf(kind) - 100 : LAST.includes(kind) ? 1 : 0)
  const text = ({ apiVersion, kind, metadata }: any) =>
    rank({ kind }) === 0
      ? `${kind} ${apiVersion} ${metadata.namespace ?? ''} ${metadata.name}`
      : `${metadata.namespace ?? ''} ${metadata.name}`
  return rank(a) - rank(b) || (text(a) < text(b) ? -1 : 1)
}
