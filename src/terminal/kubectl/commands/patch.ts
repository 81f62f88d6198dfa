import { type PatchType, parseYamlText } from '../../../kubernetes'
import { fail } from '../../cli/failure'
import { bool, text } from '../../cli/flags'
import { type Command, done, type Run } from '../command'
import { fileFlags, namesFiles, objectsInFiles } from '../manifests'
import { dryRunFlag, dryRunOf, managerFlag, outputFlag, printOutcome, templateFlags } from '../output'
import { type Known, objectsOf, targetsOf } from '../resource-args'
import { patchObject } from '../send'

const LONGEST_PATCH = 1_000_000

export const patch: Command = {
  name: 'patch',
  group: 'Advanced Commands',
  about: 'Update fields of a resource',
  help: 'Changes fields of objects by a patch in JSON or YAML.',
  usage: '(-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]',
  examples: [
    `kubectl patch deployment web -p '{"spec":{"replicas":4}}'`,
    `kubectl patch pod web-1 --type=json -p='[{"op":"replace","path":"/spec/containers/0/image","value":"nginx:1.28"}]'`,
  ],
  completes: 'resources',
  flags: [
    ...fileFlags,
    dryRunFlag,
    outputFlag,
    text('patch', 'The patch.', { short: 'p' }),
    text('patch-file', 'A file with the patch.'),
    text('type', 'strategic, merge or json.', { initial: 'strategic' }),
    text('subresource', 'status or scale.'),
    managerFlag('kubectl-patch'),
    bool('local', 'Do not ask the server.', { unmodelled: true }),
    ...templateFlags,
  ],
  run(run) {
    const type = run.value('type')!.toLowerCase()
    if (!['json', 'merge', 'strategic'].includes(type))
      fail(`error: --type must be one of [json merge strategic], not ${JSON.stringify(type)}`)
    const body = patchBody(run)
    for (const { resource, object } of objects(run)) patchOne(run, resource, object, body, type as PatchType)
    return done
  },
}

function patchBody(run: Run): unknown {
  const given = run.value('patch')
  const file = run.value('patch-file')
  if (given === undefined && file === undefined)
    return fail('error: must specify --patch or --patch-file containing the contents of the patch')
  if (given !== undefined && file !== undefined) return fail('error: cannot specify --patch and --patch-file together')
  const read = file === undefined ? { text: given! } : run.call.files.read(file)
  if ('error' in read) return fail(`error: unable to read patch file: open ${file}: ${read.error.toLowerCase()}`)
  if (read.text.length > LONGEST_PATCH) return fail('error: the patch is too long')
  const parsed = parseYamlText(read.text)
  return 'error' in parsed ? fail(`error: unable to parse ${JSON.stringify(read.text)}: ${parsed.error}`) : parsed.value
}

function objects(run: Run): readonly { readonly resource: Known; readonly object: any }[] {
  if (namesFiles(run)) return objectsInFiles(run)
  if (run.args.length === 0) fail('error: You must provide one or more resources by argument or filename.')
  const targets = targetsOf(run.args)
  if (targets.some(({ names }) => names.length === 0))
    fail('error: resource(s) were provided, but no name was specified')
  return objectsOf(run, targets, {})
}

function patchOne(run: Run, resource: Known, object: any, body: unknown, type: PatchType): void {
  const subresource = run.value('subresource')
  const after =
    dryRunOf(run) === 'client'
      ? object
      : patchObject(run, resource, object, body, {
          type,
          ...(subresource !== undefined && { subresource }),
        })
  const unchanged = after.metadata.resourceVersion === object.metadata.resourceVersion
  printOutcome(run, resource, after, unchanged ? 'patched (no change)' : 'patched')
}
