import { dateParts } from '../../../engine/time'
import { apiVersionOf, withoutManagedFields } from '../../../kubernetes'
import { Failure, fail } from '../../cli/failure'
import { bool, int, text, texts } from '../../cli/flags'
import { sortedKeys } from '../../cli/json'
import { failureOf } from '../client'
import type { Command, Run } from '../command'
import { fileFlags, kindOfManifest, type Manifest, namesFiles, namespaceOfManifest, readManifests } from '../manifests'
import { managerFlag } from '../output'
import { unifiedDiff } from '../print/unified-diff'
import { printYaml } from '../print/yaml'
import { type Known, nameOf } from '../resource-args'
import { writing } from '../send'
import { applyPatch } from '../three-way'

export const diff: Command = {
  name: 'diff',
  group: 'Advanced Commands',
  about: 'Diff the live version against a would-be applied version',
  help: 'Shows what apply would change, as the server would have it. The exit status is 0 where nothing differs, 1 where something does, and more than 1 after an error.',
  usage: '-f FILENAME',
  examples: ['kubectl diff -f web.yaml', 'cat web.yaml | kubectl diff -f -'],
  completes: 'files',
  flags: [
    ...fileFlags,
    bool('server-side', 'The server merges.', { unmodelled: true }),
    bool('force-conflicts', 'Take fields over from their managers.', { unmodelled: true }),
    managerFlag('kubectl-client-side-apply'),
    text('selector', 'Only objects with these labels.', { short: 'l', unmodelled: true }),
    bool('prune', 'Show too what would be pruned.', { unmodelled: true }),
    texts('prune-allowlist', 'Which kinds are pruned.', { unmodelled: true }),
    int('concurrency', 'How many objects at a time.', { initial: '1', unmodelled: true }),
    bool('show-managed-fields', 'Keep managedFields.'),
  ],
  run(run) {
    if (run.args.length > 0)
      fail(`error: Unexpected args: [${run.args.join(' ')}]\nSee 'kubectl diff -h' for help and examples`, 2)
    if (!namesFiles(run)) fail('error: must specify one of -f and -k', 2)
    if (run.call.env['KUBECTL_EXTERNAL_DIFF'])
      run.call.notice('KUBECTL_EXTERNAL_DIFF is not modelled: kubectl tells the difference itself, as diff -u -N does')
    const folder = (name: string) => `/tmp/${name}-${Math.floor(run.call.draw(name, 0) * 4_000_000_000)}`
    const folders = { live: folder('LIVE'), merged: folder('MERGED') }
    try {
      const differs = readManifests(run).map((manifest) => diffOne(run, manifest, folders))
      return { exit: differs.includes(true) ? 1 : 0 }
    } catch (error) {
      // 1 says that something differs
      if (error instanceof Failure && error.exit === 1) throw new Failure(error.message, 2)
      throw error
    }
  },
}

function diffOne(run: Run, manifest: Manifest, folders: { readonly live: string; readonly merged: string }): boolean {
  const resource = kindOfManifest(manifest)
  const scope = namespaceOfManifest(run, resource, manifest)
  const { object } = manifest
  const wanted = { ...object, metadata: { ...object.metadata, ...scope } }
  const { live, merged } = versionsOf(run, resource, wanted, scope)
  const shown = (one: any) =>
    one === undefined ? '' : printYaml(sortedKeys(run.on('show-managed-fields') ? one : withoutManagedFields(one)))
  const text = unifiedDiff(shown(live), shown(merged))
  if (text === '') return false
  const group = apiVersionOf(resource).replace('/', '.')
  const name = `${group}.${resource.kind}.${scope.namespace ?? ''}.${wanted.metadata.name}`
  const at = modified(run)
  const [before, after] = [`${folders.live}/${name}`, `${folders.merged}/${name}`]
  run.print(`diff -u -N ${before} ${after}\n--- ${before}\t${at}\n+++ ${after}\t${at}\n${text}`)
  return true
}

/** What is there, and what would be. */
function versionsOf(
  run: Run,
  resource: Known,
  wanted: any,
  scope: { readonly namespace?: string },
): { readonly live: any; readonly merged: any } {
  const { name } = wanted.metadata
  const request = { resource: nameOf(resource), ...scope, ...writing(run), dryRun: true }
  const found = run.client.try({ verb: 'get', resource: nameOf(resource), ...scope, name })
  if (!found.ok && found.status.reason !== 'NotFound') throw failureOf(found.status)
  if (!found.ok) {
    const merged = run.client.ask({ ...request, verb: 'create', body: wanted })
    return { live: undefined, merged }
  }
  const live = found.body
  // what was applied last has annotations, be there any or not
  const { metadata } = wanted
  const whole = { ...wanted, metadata: { ...metadata, annotations: metadata.annotations ?? {} } }
  const body = applyPatch(resource, live, whole)
  const merged = run.client.ask({ ...request, verb: 'patch', name, patchType: 'strategic', body })
  return { live, merged }
}

/** `2025-01-15 09:00:00.000000000 +0000` */
function modified(run: Run): string {
  const { year, month, day, hour, minute, second } = dateParts(run.call.epoch)
  const two = (n: number) => String(n).padStart(2, '0')
  const millis = String(run.call.epoch % 1000).padStart(3, '0')
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}.${millis}000000 +0000`
}
