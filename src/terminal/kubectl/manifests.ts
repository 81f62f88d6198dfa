import {
  MOST_MANIFEST_CHARACTERS,
  parseManifestText,
  type Resource,
  resourceOfKind,
  unmodelledOfKind,
} from '../../kubernetes'
import { fail } from '../cli/failure'
import { bool, type Flag, repeated, texts } from '../cli/flags'
import type { Run } from './command'
import { buildKustomization } from './kustomize/build'
import { type Known, nameOf, type Target } from './resource-args'

const MOST_FILES = 2_000
const EXTENSIONS = ['.json', '.yaml', '.yml']

export interface Manifest {
  readonly object: any
  /** Where it comes from, as errors tell it: a path, or STDIN. */
  readonly source: string
}

export const fileFlags: readonly Flag[] = [
  texts('filename', 'Files, folders or `-` (standard input) with the objects.', { short: 'f' }),
  bool('recursive', 'Folders inside of folders too.', { short: 'R' }),
  repeated('kustomize', 'A folder with a kustomization.', { short: 'k' }),
]

/** Whether a command is about what files say. */
export const namesFiles = (run: Run): boolean => run.given('filename') || run.given('kustomize')

/** The objects in the files that `-f` names, in order; Lists are opened. */
export function readManifests(run: Run): readonly Manifest[] {
  const paths = run.values('filename')
  if (run.given('kustomize') && paths.length > 0) fail('error: only one of -f or -k can be specified')
  const found: Manifest[] = []
  for (const folder of run.values('kustomize'))
    for (const object of buildKustomization(run, folder)) found.push({ object, source: folder })
  let total = 0
  for (const path of paths) {
    for (const { text, source } of textsOf(run, path)) {
      total += text.length
      if (total > MOST_MANIFEST_CHARACTERS)
        fail(`error: the manifests are longer than ${MOST_MANIFEST_CHARACTERS} characters together`)
      const parsed = parseManifestText(text)
      if ('error' in parsed)
        return fail(`error: error parsing ${source}: error converting YAML to JSON: ${parsed.error}`)
      for (const { value } of parsed.documents) if (value !== undefined) found.push(...opened(value, source))
    }
  }
  return found
}

function textsOf(run: Run, path: string): readonly { readonly text: string; readonly source: string }[] {
  if (path === '-') return [{ text: run.call.stdin.text, source: 'STDIN' }]
  if (/^https?:\/\//.test(path)) {
    // there is no internet here; a page kept under its address among the files stands for it
    const kept = path.replace(/^https?:\/\//, '')
    if (run.call.files.stat(kept)?.folder === false) return [{ text: readText(run, kept), source: path }]
    return fail(`error: unable to read URL ${JSON.stringify(path)}, there is no internet here: keep it as a file`)
  }
  const stat = run.call.files.stat(path)
  if (!stat) return fail(`error: the path ${JSON.stringify(path)} does not exist`)
  if (!stat.folder) return [{ text: readText(run, path), source: path }]
  const files = filesBelow(run, path, run.on('recursive'))
  if (files.length === 0)
    fail(`error: error reading [${path}]: recognized file extensions are [${EXTENSIONS.join(' ')}]`)
  return files.map((file) => ({ text: readText(run, file), source: file }))
}

function readText(run: Run, path: string): string {
  const read = run.call.files.read(path)
  return 'error' in read ? fail(`error: open ${path}: ${read.error.toLowerCase()}`) : read.text
}

function filesBelow(run: Run, folder: string, deep: boolean): readonly string[] {
  const base = folder.replace(/\/+$/, '') || '/'
  const found: string[] = []
  for (const name of run.call.files.list(folder) ?? []) {
    const path = `${base}/${name}`
    if (run.call.files.stat(path)?.folder) {
      if (deep) found.push(...filesBelow(run, path, deep))
    } else if (EXTENSIONS.some((extension) => name.endsWith(extension))) found.push(path)
    if (found.length > MOST_FILES) fail(`error: more than ${MOST_FILES} files below ${folder}`)
  }
  return found
}

function opened(document: unknown, source: string): readonly Manifest[] {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    return fail(
      `error: error parsing ${source}: json: cannot unmarshal ${Array.isArray(document) ? 'array' : typeof document} into Go value of type map[string]interface {}`,
    )
  }
  const object = document as Record<string, any>
  const unset = ['apiVersion', 'kind'].flatMap((field) => {
    const value = object[field] ?? ''
    if (value === '') return [`${field} not set`]
    return typeof value === 'string' ? [] : [`${field} isn't string type`]
  })
  if (unset.length > 0)
    return fail(
      `error: error validating ${JSON.stringify(source)}: error validating data: [${unset.join(', ')}]; if you choose to ignore these errors, turn validation off with --validate=false`.replace(
        /\[([^,\]]+)\]/,
        '$1',
      ),
    )
  if (typeof object['kind'] === 'string' && object['kind'].endsWith('List') && Array.isArray(object['items'])) {
    return object['items'].flatMap((item) => opened(item, source))
  }
  return [{ object, source }]
}

/** The kind of a manifest's object, or the command ends: `no matches for kind`. */
export function kindOfManifest({ object, source }: Manifest): Known {
  const { apiVersion, kind } = object
  const resource: Resource | undefined = resourceOfKind(apiVersion, kind)
  if (resource) return resource
  const unmodelled = unmodelledOfKind(apiVersion, kind)
  if (unmodelled) return unmodelled
  const { name = '', namespace = '' } = object.metadata ?? {}
  return fail(
    `error: resource mapping not found for name: ${JSON.stringify(name)} namespace: ${JSON.stringify(namespace)} from ${JSON.stringify(source)}: no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}\nensure CRDs are installed first`,
  )
}

/** The namespace of a manifest's object: its own, which has to be the one that -n names. */
export function namespaceOfManifest(run: Run, resource: Known, { object }: Manifest): { readonly namespace?: string } {
  if (!resource.namespaced) return {}
  const own: string | undefined = object.metadata?.namespace
  if (own !== undefined && own !== '' && run.namespaceGiven && own !== run.namespace) {
    fail(
      `error: the namespace from the provided object ${JSON.stringify(own)} does not match the namespace ${JSON.stringify(run.namespace)}. You must pass '--namespace=${own}' to perform this operation.`,
    )
  }
  return { namespace: own || run.namespace }
}

/** What files name, as arguments would: neighbours of one kind and namespace together. */
export function targetsInFiles(run: Run): readonly Target[] {
  const found: (Target & { readonly names: string[] })[] = []
  for (const manifest of readManifests(run)) {
    const resource = kindOfManifest(manifest)
    const { namespace } = namespaceOfManifest(run, resource, manifest)
    const name: string = manifest.object.metadata?.name ?? ''
    const last = found[found.length - 1]
    if (last?.resource === resource && last.namespace === namespace) last.names.push(name)
    else found.push({ resource, names: [name], ...(namespace !== undefined && { namespace }) })
  }
  return found
}

/** What the server has of the objects in the files that `-f` names, each in its own namespace. */
export const objectsInFiles = (run: Run): { readonly resource: Known; readonly object: any }[] =>
  readManifests(run).map((manifest) => {
    const resource = kindOfManifest(manifest)
    const object = run.client.ask({
      verb: 'get',
      resource: nameOf(resource),
      ...namespaceOfManifest(run, resource, manifest),
      name: manifest.object.metadata?.name ?? '',
    })
    return { resource, object }
  })
