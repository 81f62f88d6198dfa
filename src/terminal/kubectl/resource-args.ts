import {
  allResources,
  apiVersionOf,
  isModelled,
  type Resource,
  resources,
  type UnmodelledResource,
} from '../../kubernetes'
import { fail } from '../cli/failure'
import type { Run } from './command'

export type Known = Resource | UnmodelledResource

/** One kind that a command is about, and which of its objects; no names: all of them. */
export interface Target {
  readonly resource: Known
  readonly names: readonly string[]
  /** Where the objects are, if the target says so itself: it comes from a file. */
  readonly namespace?: string
}

const lowerKind = (one: Known) => one.kind.toLowerCase()

/** The kind that a word stands for: `po`, `pod`, `pods`, `deployments.apps`, `deploy.v1.apps`, `pods.v1.`. */
export function resourceCalled(word: string): Known | undefined {
  const lower = word.toLowerCase()
  const all = allResources()
  const named = (name: string) => (one: Known) =>
    one.plural === name || lowerKind(one) === name || one.shortNames.includes(name)
  const plain = all.filter(named(lower))
  if (plain.length > 0) return plain.find((one) => one.group === '') ?? plain[0]
  const dot = lower.indexOf('.')
  if (dot < 0) return undefined
  const name = lower.slice(0, dot)
  const rest = lower.slice(dot + 1)
  const grouped = all.filter((one) => named(name)(one) && (one.group === rest || (rest === '' && one.group === '')))
  if (grouped.length > 0) return grouped[0]
  const second = rest.indexOf('.')
  const version = second < 0 ? rest : rest.slice(0, second)
  const group = second < 0 ? '' : rest.slice(second + 1)
  return all.find(
    (one) =>
      named(name)(one) &&
      one.version === version &&
      (one.group === group || (group !== '' && one.group.startsWith(`${group}.`))),
  )
}

export function mustResource(word: string): Known {
  return resourceCalled(word) ?? fail(`error: the server doesn't have a resource type ${JSON.stringify(word)}`)
}

/** The kinds that `all` means. */
const inAll = () => resources.filter((one) => one.categories.includes('all'))

/**
 * What a command's arguments name: `pods`, `pods web-1 web-2`, `pods,svc`, `pod/web-1 svc/web`, `all`. After
 * cli-runtime's resource builder, with its errors.
 */
export function targetsOf(args: readonly string[]): readonly Target[] {
  const slashed = args.some((arg) => arg.includes('/'))
  if (slashed) return slashTargets(args)
  const [types = '', ...names] = args
  const found: Target[] = []
  for (const type of types.split(',')) {
    if (type === '') continue
    if (type === 'all') found.push(...inAll().map((resource) => ({ resource, names })))
    else found.push({ resource: mustResource(type), names })
  }
  return found
}

function slashTargets(args: readonly string[]): readonly Target[] {
  const [first = ''] = args
  if (!first.includes('/')) {
    const example = args.find((arg) => arg.includes('/')) ?? ''
    if (resourceCalled(first) && example) {
      fail(
        `error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'`,
      )
    }
  }
  const found: { resource: Known; names: string[] }[] = []
  for (const arg of args) {
    const parts = arg.split('/')
    if (parts.length === 1)
      fail(
        `error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'`,
      )
    if (parts.length > 2) fail('error: arguments in resource/name form may not have more than one slash')
    const [type = '', name = ''] = parts
    if (type === '' || name === '') fail('error: arguments in resource/name form must have a single resource and name')
    const resource = mustResource(type)
    const last = found[found.length - 1]
    if (last?.resource === resource) last.names.push(name)
    else found.push({ resource, names: [name] })
  }
  return found
}

export const nameOf = (one: Known) => ({ group: one.group, version: one.version, resource: one.plural })

/** `deployment.apps`, `pod`: how kubectl calls a kind in what it prints. */
export const printedKind = (one: Known): string =>
  one.group === '' ? lowerKind(one) : `${lowerKind(one)}.${one.group}`

export const printedName = (one: Known, name: string): string => `${printedKind(one)}/${name}`

/** `pods`, `deployments.apps`: how errors call a kind. */
export const pluralOf = (one: Known): string => (one.group === '' ? one.plural : `${one.plural}.${one.group}`)

/** The namespace of a request about a kind: none for kinds of the whole cluster. */
export const namespaceFor = (run: Run, one: Known, all = false, own?: string): { readonly namespace?: string } =>
  !one.namespaced || (all && own === undefined) ? {} : { namespace: own ?? run.namespace }

/** One object, or the command ends with the server's refusal. */
export function getOne(run: Run, resource: Known, name: string): any {
  return run.client.ask({ verb: 'get', resource: nameOf(resource), ...namespaceFor(run, resource), name })
}

/** The objects that targets name, in order; with a selector those it finds. Each with its kind. */
export function objectsOf(
  run: Run,
  targets: readonly Target[],
  options: {
    readonly selector?: string
    readonly fieldSelector?: string
    readonly all?: boolean
    readonly everywhere?: boolean
  },
): { readonly resource: Known; readonly object: any }[] {
  const found: { resource: Known; object: any }[] = []
  for (const { resource, names } of targets) {
    for (const name of names) found.push({ resource, object: getOne(run, resource, name) })
    if (names.length > 0) continue
    const list = run.client.ask({
      verb: 'list',
      resource: nameOf(resource),
      ...namespaceFor(run, resource, options.everywhere),
      ...(options.selector !== undefined && { labelSelector: options.selector }),
      ...(options.fieldSelector !== undefined && { fieldSelector: options.fieldSelector }),
    })
    for (const object of list.items)
      found.push({ resource, object: { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind } })
  }
  return found
}

export const asModelled = (one: Known): Resource | undefined => (isModelled(one) ? one : undefined)
