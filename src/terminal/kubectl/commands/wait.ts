import type { Json } from '../../../engine/json'
import type { ToolStep } from '../../../platform/shell/tool'
import { fail } from '../../cli/failure'
import { bool, duration, repeated, text } from '../../cli/flags'
import { failureOf } from '../client'
import type { Command, Run } from '../command'
import { fileFlags, kindOfManifest, namesFiles, namespaceOfManifest, readManifests } from '../manifests'
import { outputFlag } from '../output'
import { findValues } from '../print/jsonpath'
import {
  asModelled,
  type Known,
  mustResource,
  nameOf,
  namespaceFor,
  objectsOf,
  printedName,
  targetsOf,
} from '../resource-args'

const WEEK_MILLIS = 7 * 24 * 3_600_000

export const wait: Command = {
  name: 'wait',
  group: 'Advanced Commands',
  about: 'Experimental: Wait for a specific condition on one or many resources',
  help: 'Waits until a condition of objects is met, until they are gone, until they are there, or until a path has a value.',
  usage:
    '([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath={}[=value]]',
  examples: [
    'kubectl wait --for=condition=Ready pod/web-1',
    'kubectl wait --for=condition=available deployment/web --timeout=2m',
    'kubectl wait --for=delete pod/web-1',
    "kubectl wait --for=jsonpath='{.status.phase}'=Running pod/web-1",
  ],
  completes: 'resources',
  flags: [
    ...fileFlags.filter(({ name }) => name !== 'kustomize'),
    outputFlag,
    repeated('for', 'What to wait for.'),
    duration('timeout', 'Give up after this time; 0: look once; below 0: wait a week.', { initial: '30s' }),
    bool('all', 'All objects of the kind.'),
    bool('all-namespaces', 'In every namespace.', { short: 'A' }),
    text('selector', 'Only what has these labels.', { short: 'l' }),
    text('field-selector', 'Only what has these field values.'),
    bool('local', 'Do not ask the server.', { unmodelled: true }),
  ],
  run(run, memory) {
    const condition = conditionOf(run)
    if (memory !== undefined) return goOn(run, memory as unknown as Waiting, condition)
    return begin(run, condition)
  },
}

type Condition =
  | { readonly what: 'delete' }
  | { readonly what: 'create' }
  | { readonly what: 'condition'; readonly type: string; readonly status: string }
  | { readonly what: 'path'; readonly path: string; readonly value: string | undefined }

function conditionOf(run: Run): Condition {
  const given = run.values('for')
  const [condition] = given
  if (condition === undefined) return fail('error: --for must be specified')
  if (given.length > 1) fail('error: only one --for is modelled here')
  const lower = condition.toLowerCase()
  if (lower === 'delete') return { what: 'delete' }
  if (lower === 'create') return { what: 'create' }
  if (lower.startsWith('condition=')) {
    const [type = '', status = 'true'] = condition.slice('condition='.length).split('=')
    return { what: 'condition', type: type.toLowerCase(), status: status.toLowerCase() }
  }
  if (lower.startsWith('jsonpath=')) {
    const match = /^jsonpath=\s*['"]?(\{.*?\}|[^={}]+)['"]?(?:=(.*))?$/s.exec(condition)
    if (!match)
      return fail(
        "error: jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'",
      )
    const path = match[1]!.startsWith('{') ? match[1]! : `{${match[1]!.startsWith('.') ? '' : '.'}${match[1]}}`
    return { what: 'path', path, value: match[2]?.replace(/^(['"])(.*)\1$/, '$2') }
  }
  return fail(`error: unrecognized condition: ${JSON.stringify(condition)}`)
}

interface Left {
  readonly type: string
  readonly name: string
  readonly namespace: string | null
  readonly uid: string | null
}

interface Waiting {
  readonly left: readonly Left[]
  readonly until: number
}

const typeOf = (one: Known) => `${one.plural}.${one.version}.${one.group}`

function begin(run: Run, condition: Condition): ToolStep {
  const left = named(run, condition)
  if (left.length === 0) {
    if (condition.what === 'delete') return { exit: 0 }
    return fail('error: no matching resources found')
  }
  const timeout = run.millis('timeout')!
  return goOn(run, { left, until: run.call.now + (timeout < 0 ? WEEK_MILLIS : timeout) }, condition)
}

function named(run: Run, condition: Condition): readonly Left[] {
  const lenient = condition.what === 'delete' || condition.what === 'create'
  const one = (resource: Known, name: string, namespace: string | undefined): Left[] => {
    const reply = run.client.try({
      verb: 'get',
      resource: nameOf(resource),
      ...(namespace !== undefined && { namespace }),
      name,
    })
    if (!reply.ok && !(lenient && reply.status.reason === 'NotFound')) throw failureOf(reply.status)
    if (!reply.ok && condition.what === 'delete') return []
    return [
      { type: typeOf(resource), name, namespace: namespace ?? null, uid: reply.ok ? reply.body.metadata.uid : null },
    ]
  }
  if (namesFiles(run)) {
    return readManifests(run).flatMap((manifest) => {
      const resource = kindOfManifest(manifest)
      return one(resource, manifest.object.metadata?.name ?? '', namespaceOfManifest(run, resource, manifest).namespace)
    })
  }
  if (run.args.length === 0) fail('error: you must specify resources by --filename, --all, or by name')
  const targets = targetsOf(run.args)
  if (
    targets.some(({ names }) => names.length === 0) &&
    !run.on('all') &&
    !run.given('selector') &&
    !run.given('field-selector')
  ) {
    fail('error: resource(s) were provided, but no name was specified')
  }
  return targets.flatMap((target) => {
    if (target.names.length > 0)
      return target.names.flatMap((name) => one(target.resource, name, namespaceFor(run, target.resource).namespace))
    const found = objectsOf(run, [target], {
      ...(run.given('selector') && { selector: run.value('selector')! }),
      ...(run.given('field-selector') && { fieldSelector: run.value('field-selector')! }),
      everywhere: run.on('all-namespaces'),
    })
    return found.map(({ resource, object }) => ({
      type: typeOf(resource),
      name: object.metadata.name,
      namespace: object.metadata.namespace ?? null,
      uid: object.metadata.uid,
    }))
  })
}

function goOn(run: Run, { left, until }: Waiting, condition: Condition): ToolStep {
  const still: Left[] = []
  for (const one of left) {
    const resource = mustResource(one.type)
    const reply = run.client.try({
      verb: 'get',
      resource: nameOf(resource),
      ...(one.namespace !== null && { namespace: one.namespace }),
      name: one.name,
    })
    const object = reply.ok && (one.uid === null || reply.body.metadata.uid === one.uid) ? reply.body : undefined
    if (met(condition, object))
      run.print(
        run.value('output') === 'name'
          ? `${printedName(resource, one.name)}\n`
          : `${printedName(resource, one.name)} condition met\n`,
      )
    else still.push(one)
  }
  if (still.length === 0) return { exit: 0 }
  if (run.call.now >= until) {
    for (const { type, name } of still)
      run.error(`error: timed out waiting for the condition on ${mustResource(type).plural}/${name}\n`)
    return { exit: 1 }
  }
  const kinds = [...new Set(still.map(({ type }) => asModelled(mustResource(type))?.store.id ?? ''))].filter(
    (kind) => kind !== '',
  )
  return { wait: { kinds, millis: until - run.call.now }, memory: { left: still, until } as unknown as Json }
}

function met(condition: Condition, object: any): boolean {
  if (condition.what === 'delete') return object === undefined
  if (object === undefined) return false
  if (condition.what === 'create') return true
  if (condition.what === 'path') {
    const found = findValues(condition.path, object)
    if ('error' in found) return fail(`error: ${found.error}`)
    const [value] = found.values
    if (condition.value === undefined) return found.values.length > 0
    return found.values.length === 1 && (typeof value === 'string' ? value : JSON.stringify(value)) === condition.value
  }
  const { generation = 0 } = object.metadata
  if ((object.status?.observedGeneration ?? generation) < generation) return false
  const own = object.status?.conditions?.find((one: any) => one.type.toLowerCase() === condition.type)
  return own !== undefined && own.status.toLowerCase() === condition.status
}
