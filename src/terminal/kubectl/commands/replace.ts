import type { Json } from '../../../engine/json'
import type { ToolStep } from '../../../platform/shell/tool'
import { Failure, fail } from '../../cli/failure'
import { bool, duration, int, text } from '../../cli/flags'
import { failureOf } from '../client'
import type { Command, Run } from '../command'
import { eachManifest, withLastApplied } from '../each-manifest'
import { fileFlags, kindOfManifest, type Manifest, namesFiles, namespaceOfManifest, readManifests } from '../manifests'
import { dryRunFlag, dryRunOf, managerFlag, outputFlag, printOutcome, templateFlags } from '../output'
import { asModelled, nameOf, printedKind } from '../resource-args'
import { tellNotices, writing } from '../send'

/** So long --force waits for what it deletes. */
const PATIENCE_MILLIS = 300_000

export const replace: Command = {
  name: 'replace',
  group: 'Advanced Commands',
  about: 'Replace a resource by file name or stdin',
  help: 'Puts the objects of files in the place of those that are there. With --force they are deleted and, when they are gone, created again.',
  usage: '-f FILENAME',
  examples: ['kubectl replace -f web.yaml', 'kubectl replace --force -f pod.yaml'],
  completes: 'files',
  flags: [
    ...fileFlags,
    dryRunFlag,
    outputFlag,
    ...templateFlags,
    managerFlag('kubectl-replace'),
    text('validate', 'strict, warn or ignore unknown fields.', { initial: 'strict', alone: 'strict' }),
    bool('save-config', 'Write down what was sent, for apply.'),
    bool('force', 'Delete and create again.'),
    int('grace-period', 'With --force: how many seconds it may take to end.', { initial: '-1' }),
    duration('timeout', 'With --force: how long to wait.'),
    text('cascade', 'With --force: what becomes of dependents.', { initial: 'background', alone: 'background' }),
    bool('wait', 'With --force: until it is gone; always so here.', { unmodelled: true }),
    text('subresource', 'A part of the object.'),
    text('raw', 'A path of the API.', { unmodelled: true }),
  ],
  run(run, memory) {
    if (memory !== undefined) return wait(run, memory as unknown as Forcing)
    if (!namesFiles(run)) fail('error: must specify one of -f and -k')
    if (!run.on('force') && run.int('grace-period')! >= 0) fail('error: --grace-period must have --force specified')
    if (!run.on('force') && run.given('timeout')) fail('error: --timeout must have --force specified')
    const manifests = readManifests(run)
    if (manifests.length === 0) fail('error: no objects passed to replace')
    if (run.on('force') && dryRunOf(run) === 'none') return force(run, manifests)
    return eachManifest(run, manifests, replaceOne)
  },
}

const bodyOf = (run: Run, { object }: Manifest, scope: { readonly namespace?: string }) => {
  const body = { ...object, metadata: { ...object.metadata, ...scope } }
  return run.on('save-config') ? withLastApplied(body) : body
}

function replaceOne(run: Run, manifest: Manifest): void {
  const resource = kindOfManifest(manifest)
  const scope = namespaceOfManifest(run, resource, manifest)
  const body = bodyOf(run, manifest, scope)
  tellNotices(run, resource, body)
  const subresource = run.value('subresource')
  const after =
    dryRunOf(run) === 'client'
      ? body
      : run.client.ask(
          {
            verb: 'update',
            resource: { ...nameOf(resource), ...(subresource !== undefined && { subresource }) },
            ...scope,
            ...writing(run),
            name: manifest.object.metadata?.name ?? '',
            body,
          },
          { verb: 'replacing', source: manifest.source },
        )
  printOutcome(run, resource, after, 'replaced')
}

/** Standard input cannot be read again: the manifests are kept. */
interface Forcing {
  readonly manifests: readonly Manifest[]
  readonly uids: readonly (string | null)[]
  readonly until: number
}

const POLICIES = { background: 'Background', foreground: 'Foreground', orphan: 'Orphan' } as const

function force(run: Run, manifests: readonly Manifest[]): ToolStep {
  const propagationPolicy = POLICIES[run.value('cascade') as keyof typeof POLICIES]
  const grace = run.int('grace-period')!
  const uids = manifests.map((manifest) => {
    const resource = kindOfManifest(manifest)
    const scope = namespaceOfManifest(run, resource, manifest)
    const name: string = manifest.object.metadata?.name ?? ''
    const found = run.client.try({ verb: 'get', resource: nameOf(resource), ...scope, name })
    const reply = run.client.try({
      verb: 'delete',
      resource: nameOf(resource),
      ...scope,
      name,
      propagationPolicy,
      // 0 would lose what still runs
      ...(grace >= 0 && { gracePeriodSeconds: Math.max(1, grace) }),
    })
    if (!reply.ok && reply.status.reason === 'NotFound') return null
    if (!reply.ok) throw failureOf(reply.status)
    const where = scope.namespace === undefined ? '' : ` from ${scope.namespace} namespace`
    run.print(`${printedKind(resource)} ${JSON.stringify(name)} deleted${where}\n`)
    return found.ok ? (found.body.metadata.uid as string) : null
  })
  const millis = run.millis('timeout') || PATIENCE_MILLIS
  return wait(run, { manifests, uids, until: run.call.now + millis })
}

function wait(run: Run, memory: Forcing): ToolStep {
  const kinds: string[] = []
  for (const [i, manifest] of memory.manifests.entries()) {
    const resource = kindOfManifest(manifest)
    const scope = namespaceOfManifest(run, resource, manifest)
    const name: string = manifest.object.metadata?.name ?? ''
    const found = run.client.try({ verb: 'get', resource: nameOf(resource), ...scope, name })
    if (found.ok && found.body.metadata.uid === memory.uids[i]) kinds.push(asModelled(resource)?.store.id ?? '')
  }
  if (kinds.length > 0) {
    if (run.call.now >= memory.until) throw new Failure('error: timed out waiting for the condition')
    return { wait: { kinds, millis: memory.until - run.call.now }, memory: memory as unknown as Json }
  }
  return eachManifest(run, memory.manifests, (_, manifest) => {
    const resource = kindOfManifest(manifest)
    const scope = namespaceOfManifest(run, resource, manifest)
    const body = bodyOf(run, manifest, scope)
    tellNotices(run, resource, body)
    const created = run.client.ask({ verb: 'create', resource: nameOf(resource), ...scope, ...writing(run), body })
    printOutcome(run, resource, created, 'replaced')
  })
}
