import type { Json } from '../../../engine/json'
import type { ToolStep } from '../../../platform/shell/tool'
import { type Command, done, fail, type Run } from '../command'
import { bool, duration, text } from '../flags'
import { fileFlags, kindOfManifest, namespaceOfManifest, readManifests } from '../manifests'
import { findValues } from '../print/jsonpath'
import { asModelled, type Known, mustResource, nameOf, objectsOf, printedName, pluralOf, targetsOf } from '../resource-args'

export const wait: Command = {
  name: 'wait',
  group: 'Advanced Commands',
  about: 'Experimental: Wait for a specific condition on one or many resources',
  help: 'Waits until every object named meets a condition, is created, or is gone.',
  usage: '([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath=\'{}\'[=value]]',
  examples: ['kubectl wait --for=condition=Ready pod/web-1', 'kubectl wait --for=condition=Available deployment --all --timeout=2m', 'kubectl wait --for=delete pod/web-1'],
  completes: 'resources',
  flags: [
    ...fileFlags,
    bool('all', 'All objects of the kind.'),
    bool('all-namespaces', 'In every namespace.', { short: 'A' }),
    text('selector', 'Only what has these labels.', { short: 'l' }),
    text('field-selector', 'Only what has these field values.'),
    text('for', 'condition=Name[=Value], jsonpath={.x}=Value, create or delete.'),
    duration('timeout', 'How long to wait; 0: look once; negative: a week.', { initial: '30s' }),
  ],
  run: (run, memory) => look(run, memory === undefined ? begin(run) : (memory as unknown as Waiting)),
}

interface One {
  readonly type: string
  readonly name: string
  readonly namespace?: string
}

interface Waiting {
  readonly left: readonly One[]
  readonly until: number
}

type Goal = { readonly what: 'delete' } | { readonly what: 'create' } | { readonly what: 'condition'; readonly type: string; readonly status: string } | { readonly what: 'path'; readonly path: string; readonly value: string | undefined }

function goalOf(run: Run): Goal {
  const given = run.value('for') ?? ''
  if (given === '') return fail('error: The --for flag must be set')
  const lower = given.toLowerCase()
  if (lower === 'delete') return { what: 'delete' }
  if (lower === 'create') return { what: 'create' }
  if (lower.startsWith('condition=')) {
    const [type = '', status = 'true'] = given.slice('condition='.length).split('=')
    return { what: 'condition', type, status }
  }
  if (lower.startsWith('jsonpath=')) {
    const match = /^(\{[^}]*\}|[^=]+)(?:=(.*))?$/s.exec(given.slice('jsonpath='.length).replace(/^['"]|['"]$/g, ''))
    if (!match) return fail('error: jsonpath wait format must be --for=jsonpath=\'{.status.readyReplicas}\'=3 or --for=jsonpath=\'{.status.readyReplicas}\'')
    return { what: 'path', path: match[1]!.startsWith('{') ? match[1]! : `{${match[1]}}`, value: match[2] }
  }
  return fail(`error: unrecognized condition: ${JSON.stringify(given)}`)
}

function begin(run: Run): Waiting {
  const goal = goalOf(run)
  const given = run.millis('timeout') ?? 30_000
  const until = run.call.now + (given < 0 ? 7 * 86_400_000 : given)
  const left = run.given('filename') ? fromFiles(run) : fromWords(run, goal)
  if (left.length === 0 && goal.what !== 'delete') fail('error: no matching resources found')
  return { left, until }
}

function fromFiles(run: Run): One[] {
  return readManifests(run).map((manifest) => {
    const resource = kindOfManifest(manifest)
    return { type: pluralOf(resource), name: manifest.object.metadata?.name ?? '', ...namespaceOfManifest(run, resource, manifest) }
  })
}

function fromWords(run: Run, goal: Goal): One[] {
  const targets = targetsOf(run.args)
  if (targets.length === 0) fail('error: You must provide one or more resources by argument or filename.')
  const one = (resource: Known, name: string, namespace: string | undefined): One => ({ type: pluralOf(resource), name, ...(namespace === undefined ? {} : { namespace }) })
  return targets.flatMap(({ resource, names }) => {
    if (names.length > 0) {
      if (goal.what === 'condition' || goal.what === 'path') for (const name of names) run.client.ask({ verb: 'get', resource: nameOf(resource), ...(resource.namespaced ? { namespace: run.namespace } : {}), name })
      return names.map((name) => one(resource, name, resource.namespaced ? run.namespace : undefined))
    }
    if (!run.on('all') && !run.given('selector') && !run.given('field-selector')) fail('error: resource(s) were provided, but no name was specified')
    const options = { ...(run.given('selector') ? { selector: run.value('selector')! } : {}), ...(run.given('field-selector') ? { fieldSelector: run.value('field-selector')! } : {}), everywhere: run.on('all-namespaces') }
    return objectsOf(run, [{ resource, names: [] }], options).map(({ object }) => one(resource, object.metadata.name, object.metadata.namespace))
  })
}

function look(run: Run, memory: Waiting): ToolStep {
  const goal = goalOf(run)
  const left = memory.left.filter((one) => {
    const resource = mustResource(one.type)
    if (!met(run, goal, resource, one)) return true
    if (goal.what === 'delete') return false
    run.print(`${printedName(resource, one.name)} condition met\n`)
    return false
  })
  if (left.length === 0) return done
  const rest = memory.until - run.call.now
  if (rest <= 0) {
    run.error(left.map((one) => `error: timed out waiting for the condition on ${mustResource(one.type).plural}/${one.name}\n`).join(''))
    return { exit: 1 }
  }
  const kinds = [...new Set(left.map((one) => asModelled(mustResource(one.type))?.store.id ?? ''))].filter((kind) => kind !== '')
  return { wait: { kinds, millis: rest }, memory: { left, until: memory.until } as unknown as Json }
}

function met(run: Run, goal: Goal, resource: Known, one: One): boolean {
  const reply = run.client.try({ verb: 'get', resource: nameOf(resource), ...(one.namespace === undefined ? {} : { namespace: one.namespace }), name: one.name })
  if (!reply.ok) {
    if (reply.status.code === 404) return goal.what === 'delete'
    return fail(`Error from server (${reply.status.reason}): ${reply.status.message}`)
  }
  if (goal.what === 'delete') return false
  if (goal.what === 'create') return true
  const object = reply.body
  if (goal.what === 'condition') {
    const condition = (object.status?.conditions ?? []).find((c: { type: string }) => c.type.toLowerCase() === goal.type.toLowerCase())
    if (!condition || (object.status?.observedGeneration ?? object.metadata.generation ?? 0) < (object.metadata.generation ?? 0)) return false
    return String(condition.status).toLowerCase() === goal.status.toLowerCase()
  }
  const found = findValues(goal.path, object)
  if ('error' in found) return fail(`error: ${found.error}`)
  if (found.values.length === 0) return false
  return goal.value === undefined || String(found.values[0]) === goal.value
}
