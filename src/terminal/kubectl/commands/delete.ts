import type { Json } from '../../../engine/json'
import type { ToolStep } from '../../../platform/shell/tool'
import { Failure, fail } from '../../cli/failure'
import { bool, duration, int, text } from '../../cli/flags'
import { failureOf } from '../client'
import { type Command, done, type Run } from '../command'
import { fileFlags, kindOfManifest, namesFiles, namespaceOfManifest, readManifests } from '../manifests'
import { dryRunFlag, dryRunOf, dryRunSuffix, outputFlag } from '../output'
import {
  asModelled,
  type Known,
  mustResource,
  nameOf,
  namespaceFor,
  printedKind,
  printedName,
  targetsOf,
} from '../resource-args'

export const deleteCommand: Command = {
  name: 'delete',
  group: 'Basic Commands (Intermediate)',
  about: 'Delete resources by file names, stdin, resources and names, or by resources and label selector',
  help: 'Deletes objects and waits until they are gone. Pods get their grace period to end.',
  usage: '([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])',
  examples: [
    'kubectl delete pod web-1',
    'kubectl delete -f web.yaml',
    'kubectl delete pods -l app=web',
    'kubectl delete pod web-1 --force --grace-period=0',
  ],
  completes: 'resources',
  flags: [
    ...fileFlags,
    dryRunFlag,
    outputFlag,
    bool('all', 'All objects of the kind in the namespace.'),
    bool('all-namespaces', 'In every namespace.', { short: 'A' }),
    text('selector', 'Only what has these labels.', { short: 'l' }),
    text('field-selector', 'Only what has these field values.'),
    int('grace-period', 'How many seconds it may take to end; -1: as the object says.', { initial: '-1' }),
    bool('now', 'Like --grace-period=1.'),
    bool('force', 'With --grace-period=0: do not wait for the node to confirm.'),
    bool('wait', 'Wait until they are gone.', { initial: 'true' }),
    duration('timeout', 'How long to wait; 0: as the grace period demands.'),
    text('cascade', 'background, foreground or orphan: what becomes of dependents.', {
      initial: 'background',
      alone: 'background',
    }),
    bool('ignore-not-found', 'What is not there is no error.'),
    bool('interactive', 'Ask first.', { short: 'i', unmodelled: true }),
    text('raw', 'A path of the API.', { unmodelled: true }),
  ],
  run(run, memory) {
    return memory === undefined ? begin(run) : waitOn(run, memory as unknown as Waiting)
  },
}

interface Doomed {
  readonly resource: Known
  readonly name: string
  readonly namespace: string | undefined
}

interface Left {
  readonly type: string
  readonly name: string
  readonly namespace?: string
  readonly uid: string
}

interface Waiting {
  readonly left: readonly Left[]
  readonly until: number | null
  readonly exit: number
}

const PROPAGATION: Readonly<Record<string, 'Background' | 'Foreground' | 'Orphan'>> = {
  background: 'Background',
  foreground: 'Foreground',
  orphan: 'Orphan',
  true: 'Background',
  false: 'Orphan',
}

/** Seconds; undefined: as the object says. */
function graceOf(run: Run): number | undefined {
  const given = run.int('grace-period') ?? -1
  if (run.on('now') && given !== -1) fail('error: --now and --grace-period cannot be specified together')
  if (run.on('now')) return 1
  if (given === 0 && !run.on('force')) {
    // without --force the API server still waits for the kubelet: the shortest grace period is 1
    return 1
  }
  if (given >= 0 && run.on('force') && given > 0)
    fail('error: --force and --grace-period greater than 0 cannot be specified together')
  return given === -1 ? (run.on('force') ? 0 : undefined) : given
}

function begin(run: Run): ToolStep {
  const propagation = PROPAGATION[run.value('cascade') ?? '']
  if (!propagation)
    return fail(
      `error: invalid cascade value (${run.value('cascade')}). Must be "background", "foreground", or "orphan".`,
    )
  const grace = graceOf(run)
  if (grace === 0) {
    run.error(
      'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
    )
  }
  const { doomed, problems } = namedByUser(run)
  let exit = problems
  if (doomed.length === 0) {
    if (exit === 0) run.print('No resources found\n')
    return { exit }
  }
  const left: Left[] = []
  for (const one of doomed) {
    const gone = deleteOne(run, one, grace, propagation)
    if (gone === 'failed') exit = 1
    else if (gone) left.push(gone)
  }
  if (!run.on('wait') || dryRunOf(run) !== 'none' || left.length === 0) return { exit }
  const limit = run.millis('timeout') ?? 0
  return waitOn(run, { left, until: limit > 0 ? run.call.now + limit : null, exit })
}

/** What the command line names, and 1 where some of it is not there. */
function namedByUser(run: Run): { readonly doomed: readonly Doomed[]; readonly problems: number } {
  if (namesFiles(run)) {
    const doomed = readManifests(run).map((manifest) => {
      const resource = kindOfManifest(manifest)
      return {
        resource,
        name: manifest.object.metadata?.name ?? '',
        namespace: namespaceOfManifest(run, resource, manifest).namespace,
      }
    })
    return { doomed, problems: 0 }
  }
  if (run.args.length === 0)
    fail(
      "error: You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'",
    )
  const targets = targetsOf(run.args)
  const selected = run.given('selector') || run.given('field-selector') || run.on('all')
  const doomed: Doomed[] = []
  let problems = 0
  for (const { resource, names } of targets) {
    if (names.length > 0) {
      if (run.on('all') || run.given('selector')) fail('error: name cannot be provided when a selector is specified')
      for (const name of names) doomed.push({ resource, name, namespace: namespaceFor(run, resource).namespace })
      continue
    }
    if (!selected) fail('error: resource(s) were provided, but no name was specified')
    const reply = run.client.try({
      verb: 'list',
      resource: nameOf(resource),
      ...namespaceFor(run, resource, run.on('all-namespaces')),
      ...(run.given('selector') && { labelSelector: run.value('selector')! }),
      ...(run.given('field-selector') && { fieldSelector: run.value('field-selector')! }),
    })
    if (!reply.ok) {
      run.error(`${failureOf(reply.status).message}\n`)
      problems = 1
    } else
      for (const item of reply.body.items)
        doomed.push({ resource, name: item.metadata.name, namespace: item.metadata.namespace })
  }
  return { doomed, problems }
}

function deleteOne(
  run: Run,
  { resource, name, namespace }: Doomed,
  grace: number | undefined,
  propagationPolicy: 'Background' | 'Foreground' | 'Orphan',
): Left | 'failed' | undefined {
  const scope = namespace === undefined ? {} : { namespace }
  const found = run.client.try({ verb: 'get', resource: nameOf(resource), ...scope, name })
  if (dryRunOf(run) === 'client') {
    if (found.ok) say(run, resource, name, namespace, grace)
    else return missing(run, found.status)
    return undefined
  }
  const reply = run.client.try({
    verb: 'delete',
    resource: nameOf(resource),
    ...scope,
    name,
    propagationPolicy,
    ...(grace !== undefined && { gracePeriodSeconds: grace }),
    ...(dryRunOf(run) === 'server' && { dryRun: true }),
  })
  if (!reply.ok) return missing(run, reply.status)
  say(run, resource, name, namespace, grace)
  if (!found.ok) return undefined
  return {
    type: `${resource.plural}.${resource.version}.${resource.group}`,
    name,
    ...scope,
    uid: found.body.metadata.uid,
  }
}

function missing(run: Run, status: Parameters<typeof failureOf>[0]): 'failed' | undefined {
  if (status.reason === 'NotFound' && run.on('ignore-not-found')) return undefined
  run.error(`${failureOf(status).message}\n`)
  return 'failed'
}

function say(run: Run, resource: Known, name: string, namespace: string | undefined, grace: number | undefined): void {
  if (run.value('output') === 'name') {
    run.print(`${printedName(resource, name)}\n`)
    return
  }
  const where = namespace === undefined ? '' : ` from ${namespace} namespace`
  run.print(
    `${printedKind(resource)} ${JSON.stringify(name)} ${grace === 0 ? 'force deleted' : 'deleted'}${where}${dryRunSuffix(run)}\n`,
  )
}

function waitOn(run: Run, { left, until, exit }: Waiting): ToolStep {
  const still = left.filter(({ type, name, namespace, uid }) => {
    const reply = run.client.try({
      verb: 'get',
      resource: nameOf(mustResource(type)),
      ...(namespace !== undefined && { namespace }),
      name,
    })
    return reply.ok && reply.body.metadata.uid === uid
  })
  const [first] = still
  if (!first) return exit === 0 ? done : { exit }
  if (until !== null && run.call.now >= until) {
    throw new Failure(`error: timed out waiting for the condition on ${mustResource(first.type).plural}/${first.name}`)
  }
  const kinds = [...new Set(still.map(({ type }) => asModelled(mustResource(type))?.store.id ?? ''))].filter(
    (kind) => kind !== '',
  )
  const memory: Waiting = { left: still, until, exit }
  return { wait: { kinds, ...(until !== null && { millis: until - run.call.now }) }, memory: memory as unknown as Json }
}
