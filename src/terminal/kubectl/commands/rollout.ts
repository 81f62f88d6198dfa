import type { Json } from '../../../engine/json'
import { rfc3339 } from '../../../engine/time'
import type { WatchEvent } from '../../../kubernetes'
import type { ToolStep } from '../../../platform/shell/tool'
import { Failure, fail } from '../../cli/failure'
import { bool, duration, int, text } from '../../cli/flags'
import { alignTabs } from '../../cli/table'
import { type Command, done, type Run } from '../command'
import { describeTemplate } from '../describe/template'
import { fileFlags, namesFiles, objectsInFiles } from '../manifests'
import { dryRunFlag, dryRunOf, managerFlag, outputFlag, printObjects, printOutcome, templateFlags } from '../output'
import {
  asModelled,
  type Known,
  mustResource,
  nameOf,
  objectsOf,
  pluralOf,
  printedName,
  targetsOf,
} from '../resource-args'
import { type Revision, revisionsOf, withoutHash } from '../revisions'
import { rolloutStatus } from '../rollout-status'
import { patchObject } from '../send'

const CAUSE = 'kubernetes.io/change-cause'

const selecting = [...fileFlags, text('selector', 'Only what has these labels.', { short: 'l' })]

interface One {
  readonly resource: Known
  readonly object: any
}

function objects(run: Run): readonly One[] {
  if (namesFiles(run)) return objectsInFiles(run)
  if (run.args.length === 0) fail(`error: required resource not specified`)
  const targets = targetsOf(run.args)
  return objectsOf(run, targets, { ...(run.given('selector') && { selector: run.value('selector')! }) })
}

/** Kinds whose versions are kept. */
function mustRoll({ resource }: One, text: string): void {
  const { group, kind } = resource
  if (kind !== 'Deployment' && kind !== 'DaemonSet')
    fail(`error: ${text} ${JSON.stringify(group === '' ? kind : `${kind}.${group}`)}`)
}

const status: Command = {
  name: 'status',
  about: 'Show the status of the rollout',
  help: 'Tells how far a rollout is, with a line for each change, until it is done.',
  usage: '(TYPE NAME | TYPE/NAME)',
  completes: 'deployments',
  flags: [
    ...selecting,
    bool('watch', 'Until it is done.', { initial: 'true', short: 'w' }),
    int('revision', 'Only this revision.', { initial: '0' }),
    duration('timeout', 'Give up after this time; 0: never.'),
  ],
  run(run, memory) {
    return memory === undefined ? beginStatus(run) : goOnStatus(run, memory as unknown as Watching)
  },
}

interface Watching {
  readonly type: string
  readonly name: string
  readonly namespace: string | undefined
  readonly since: string
  readonly until: number | null
  readonly uid: string
}

function beginStatus(run: Run): ToolStep {
  const [one, second] = objects(run)
  if (!one) return fail('error: no resources found')
  if (second)
    fail('rollout status is only supported on individual resources and resource collections - 2 resources were found')
  const { resource, object } = one
  const ended = tell(run, { ...object, kind: resource.kind })
  if (ended) return ended
  if (!run.on('watch')) return done
  const limit = run.millis('timeout') ?? 0
  return keepWaiting(run, {
    type: `${resource.plural}.${resource.version}.${resource.group}`,
    name: object.metadata.name,
    namespace: object.metadata.namespace,
    since: run.client.ask({ verb: 'list', resource: nameOf(resource), namespace: object.metadata.namespace, limit: 1 })
      .metadata.resourceVersion,
    until: limit > 0 ? run.call.now + limit : null,
    uid: object.metadata.uid,
  })
}

function tell(run: Run, object: any): ToolStep | undefined {
  const { message, done: over, error } = rolloutStatus(object, run.int('revision') ?? 0)
  if (error !== undefined) throw new Failure(`error: ${error}`)
  run.print(message)
  return over ? done : undefined
}

function keepWaiting(run: Run, memory: Watching): ToolStep {
  const kind = asModelled(mustResource(memory.type))!.store.id
  return {
    wait: { kinds: [kind], ...(memory.until !== null && { millis: memory.until - run.call.now }) },
    memory: memory as unknown as Json,
  }
}

function goOnStatus(run: Run, memory: Watching): ToolStep {
  const resource = mustResource(memory.type)
  const { events, resourceVersion } = run.client.ask({
    verb: 'watch',
    resource: nameOf(resource),
    namespace: memory.namespace,
    name: memory.name,
    resourceVersion: memory.since,
  }) as {
    events: readonly WatchEvent[]
    resourceVersion: string
  }
  for (const { type, object } of events) {
    if (type === 'DELETED') fail('error: object has been deleted')
    const ended = tell(run, object)
    if (ended) return ended
  }
  if (memory.until !== null && run.call.now >= memory.until) fail(`error: timed out waiting for the condition`)
  return keepWaiting(run, { ...memory, since: resourceVersion })
}

const history: Command = {
  name: 'history',
  about: 'View rollout history',
  help: 'Lists the revisions of a rollout, or shows the template of one.',
  usage: '(TYPE NAME | TYPE/NAME)',
  completes: 'deployments',
  flags: [...selecting, int('revision', 'Show this revision.', { initial: '0' }), outputFlag, ...templateFlags],
  run(run) {
    for (const one of objects(run)) {
      mustRoll(one, 'no history viewer has been implemented for')
      showHistory(run, one)
    }
    return done
  },
}

function showHistory(run: Run, { resource, object }: One): void {
  const revisions = revisionsOf(run, { ...object, kind: resource.kind })
  const wanted = run.int('revision') ?? 0
  if (wanted < 0) fail(`error: revision must be a positive integer: ${String(wanted)}`)
  if (run.given('output')) {
    const chosen = wanted > 0 ? revisions.filter(({ revision }) => revision === wanted) : revisions
    if (chosen.length === 0) fail('error: unable to find the specified revision')
    printObjects(
      run,
      chosen.map((one) => historical(resource, object, one)),
      wanted > 0,
    )
    return
  }
  const title = printedName(resource, object.metadata.name)
  if (wanted > 0) {
    const found = revisions.find(({ revision }) => revision === wanted)
    if (!found) {
      fail('error: unable to find the specified revision')
      return
    }
    const { cause } = found
    const template = {
      ...found.template,
      metadata: {
        ...found.template.metadata,
        annotations: { ...found.template.metadata?.annotations, ...(cause && { [CAUSE]: cause }) },
      },
    }
    run.print(`${title} with revision #${wanted}\n${describeTemplate(template)}\n`)
    return
  }
  if (revisions.length === 0) {
    run.print('No rollout history found.\n')
    return
  }
  const rows = revisions
    .filter(({ revision }) => revision > 0)
    .map(({ revision, cause }) => `${revision}\t${cause ?? '<none>'}`)
  run.print(`${title} \n${alignTabs(['REVISION\tCHANGE-CAUSE', ...rows].join('\n'))}\n\n`)
}

/** What `-o` prints of a version: the ReplicaSet, or the DaemonSet as it was. */
const historical = (resource: Known, object: any, { object: kept, template }: Revision): One =>
  resource.kind === 'Deployment'
    ? { resource: mustResource('replicasets'), object: kept }
    : { resource, object: { ...object, spec: { ...object.spec, template } } }

const undo: Command = {
  name: 'undo',
  about: 'Undo a previous rollout',
  help: 'Puts the template of an earlier revision back. It becomes the newest revision.',
  usage: '(TYPE NAME | TYPE/NAME)',
  completes: 'deployments',
  flags: [
    ...selecting,
    int('to-revision', 'Which revision; 0: the one before.', { initial: '0' }),
    dryRunFlag,
    outputFlag,
    ...templateFlags,
  ],
  run(run) {
    for (const one of objects(run)) {
      mustRoll(one, 'no rollbacker has been implemented for')
      undoOne(run, one)
    }
    return done
  },
}

function undoOne(run: Run, { resource, object }: One): void {
  const { name } = object.metadata
  const to = run.int('to-revision') ?? 0
  if (to < 0) fail(`error: revision must be a positive integer: ${to}`)
  if (object.spec.paused)
    fail("error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again")
  const deployment = resource.kind === 'Deployment'
  const revisions = revisionsOf(run, { ...object, kind: resource.kind })
  if (!deployment && to === 0 && revisions.length <= 1) fail('error: no last revision to roll back to')
  const chosen = to > 0 ? revisions.find(({ revision }) => revision === to) : revisions[revisions.length - 2]
  if (!chosen) {
    fail(
      to > 0
        ? `error: unable to find specified revision ${to} in history`
        : `error: no rollout history found for deployment ${JSON.stringify(name)}`,
    )
    return
  }
  const template = withoutHash(chosen.template)
  if (JSON.stringify(sorted(template)) === JSON.stringify(sorted(withoutHash(object.spec.template)))) {
    run.print(
      `${printedName(resource, name)} skipped rollback (current template already matches revision ${chosen.revision})\n`,
    )
    return
  }
  if (dryRunOf(run) === 'client') {
    run.print(`${printedName(resource, name)} rolled back (dry run)\n`)
    return
  }
  if (!deployment) {
    const body = [{ op: 'replace', path: '/spec/template', value: chosen.template }]
    printOutcome(run, resource, patchObject(run, resource, object, body, { type: 'json' }), 'rolled back')
    return
  }
  const stays = ([key]: [string, unknown]) => STAY_ON_DEPLOYMENT.has(key)
  const annotations = {
    ...Object.fromEntries(Object.entries(object.metadata.annotations ?? {}).filter(stays)),
    ...Object.fromEntries(Object.entries(chosen.object.metadata.annotations ?? {}).filter((one) => !stays(one))),
  }
  const body = [
    { op: 'replace', path: '/spec/template', value: template },
    { op: 'add', path: '/metadata/annotations', value: annotations },
  ]
  const after = patchObject(run, resource, object, body, { type: 'json' })
  printOutcome(run, resource, after, 'rolled back')
}

/** Annotations a rollback leaves as they are; all others become those of the revision. Upstream: kubectl/pkg/polymorphichelpers/rollback.go. */
const STAY_ON_DEPLOYMENT = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
])

const sorted = (value: any): any => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .filter((key) => value[key] !== undefined)
      .map((key) => [key, sorted(value[key])]),
  )
}

const restart: Command = {
  name: 'restart',
  about: 'Restart a resource',
  help: 'Rolls out the same template once more, so that all pods are replaced.',
  usage: 'RESOURCE',
  completes: 'deployments',
  flags: [...selecting, outputFlag, managerFlag('kubectl-rollout'), ...templateFlags],
  run(run) {
    for (const one of objects(run)) {
      const { resource, object } = one
      if (!['Deployment', 'DaemonSet', 'StatefulSet'].includes(resource.kind))
        fail(`error: ${pluralOf(resource)} ${JSON.stringify(object.metadata.name)} restarting is not supported`)
      const { name } = object.metadata
      if (resource.kind === 'Deployment' && object.spec.paused)
        fail(
          `error: ${pluralOf(resource)} ${JSON.stringify(name)} can't restart paused deployment (run rollout resume first)`,
        )
      const restartedAt = rfc3339(run.call.epoch)
      if (object.spec.template.metadata?.annotations?.['kubectl.kubernetes.io/restartedAt'] === restartedAt) {
        fail(
          `error: failed to create patch for ${name}: if restart has already been triggered within the past second, please wait before attempting to trigger another`,
        )
      }
      const body = {
        spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': restartedAt } } } },
      }
      const after = dryRunOf(run) === 'client' ? object : patchObject(run, resource, object, body)
      printOutcome(run, resource, after, 'restarted')
    }
    return done
  },
}

/** pause and resume. */
const pausing = (name: 'pause' | 'resume', paused: boolean, verb: string, about: string): Command => ({
  name,
  about,
  usage: 'RESOURCE',
  completes: 'deployments',
  flags: [...selecting, outputFlag, managerFlag('kubectl-rollout'), ...templateFlags],
  run(run) {
    let failed = false
    for (const { resource, object } of objects(run)) {
      if (resource.kind !== 'Deployment')
        fail(
          `error: ${pluralOf(resource)} ${JSON.stringify(object.metadata.name)} ${paused ? 'pausing' : 'resuming'} is not supported`,
        )
      if ((object.spec.paused === true) === paused) {
        run.error(
          `error: ${pluralOf(resource)} ${JSON.stringify(object.metadata.name)} is ${paused ? 'already paused' : 'not paused'}\n`,
        )
        failed = true
        continue
      }
      const after =
        dryRunOf(run) === 'client'
          ? object
          : patchObject(run, resource, object, { spec: { paused: paused ? true : null } })
      printOutcome(run, resource, after, verb)
    }
    return failed ? { exit: 1 } : done
  },
})

export const rollout: Command = {
  name: 'rollout',
  group: 'Deploy Commands',
  about: 'Manage the rollout of a resource',
  help: 'Looks at, undoes, restarts, pauses and resumes rollouts.',
  children: [
    history,
    pausing('pause', true, 'paused', 'Mark the provided resource as paused'),
    restart,
    pausing('resume', false, 'resumed', 'Resume a paused resource'),
    status,
    undo,
  ],
}
