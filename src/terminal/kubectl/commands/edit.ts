import type { Json } from '../../../engine/json'
import { createStrategicPatch, parseManifestText, type Resource, withoutManagedFields } from '../../../kubernetes'
import type { ToolStep } from '../../../platform/shell/tool'
import { fail } from '../../cli/failure'
import { bool, text } from '../../cli/flags'
import { printJson, sortedKeys } from '../../cli/json'
import { ApiFailure } from '../client'
import type { Command, Run } from '../command'
import { withLastApplied } from '../each-manifest'
import { fileFlags, namesFiles, objectsInFiles } from '../manifests'
import { asDocument, managerFlag, outputFlag, type Printable, templateFlags } from '../output'
import { printYaml } from '../print/yaml'
import { asModelled, mustResource, objectsOf, pluralOf, printedName, targetsOf } from '../resource-args'
import { patchObject, tellNotices } from '../send'

const HEADER = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`
const MOST_ROUNDS = 20

export const edit: Command = {
  name: 'edit',
  group: 'Basic Commands (Intermediate)',
  about: 'Edit a resource on the server',
  help: 'Writes objects into a file, lets the editor named by KUBE_EDITOR or EDITOR change it, and sends what has changed. There is no screen editor here: any command that changes a file will do.',
  usage: '(RESOURCE/NAME | -f FILENAME)',
  examples: ['KUBE_EDITOR="sed -i s/1.27/1.28/" kubectl edit deployment/web'],
  completes: 'resources',
  flags: [
    ...fileFlags,
    outputFlag,
    ...templateFlags,
    bool('output-patch', 'Show the patch too.'),
    bool('windows-line-endings', 'Lines end as in Windows.', { unmodelled: true }),
    bool('save-config', 'Write down what was sent, for apply.'),
    text('validate', 'strict, warn or ignore unknown fields.', { initial: 'strict', alone: 'strict' }),
    managerFlag('kubectl-edit'),
    text('subresource', 'status.'),
  ],
  run(run, memory) {
    return memory === undefined ? begin(run) : edited(run, memory as unknown as Editing)
  },
}

interface Editing {
  readonly path: string
  readonly objects: readonly { readonly type: string; readonly object: any }[]
  /** The file without comments, as the editor got it: `first` of all, and this time. */
  readonly first: string
  readonly given: string
  readonly round: number
  /** How the editor ended. */
  readonly status?: number
}

function begin(run: Run): ToolStep {
  if (!namesFiles(run) && run.args.length === 0)
    fail('error: You must provide one or more resources by argument or filename.')
  const targets = namesFiles(run) ? [] : targetsOf(run.args)
  if (targets.some(({ names }) => names.length === 0))
    fail('error: resource(s) were provided, but no name was specified')
  const found = namesFiles(run) ? objectsInFiles(run) : objectsOf(run, targets, {})
  const items: Printable[] = found.map(({ resource, object }) => ({
    resource,
    object: sortedKeys(withoutManagedFields(object)),
  }))
  const document = asDocument(items, true)
  const isJson = run.value('output') === 'json'
  const content = isJson ? printJson(document) : printYaml(document)
  const path = `/tmp/kubectl-edit-${Math.floor(run.call.draw('edit', 0) * 4_000_000_000)}.${isJson ? 'json' : 'yaml'}`
  const objects = items.map(({ resource, object }) => ({
    type: `${resource.plural}.${resource.version}.${resource.group}`,
    object,
  }))
  return open(run, { path, objects, first: content, given: content, round: 0 }, HEADER)
}

/** Hands the file to the editor, which runs as a command of the same shell. */
function open(run: Run, memory: Editing, header: string): ToolStep {
  const { env, files } = run.call
  const editor = env['KUBE_EDITOR'] || env['EDITOR']
  if (!editor)
    return fail(
      `error: unable to launch the editor "vi": there is no screen editor here.\nName a command that changes a file: KUBE_EDITOR="sed -i s/1.27/1.28/" ${run.call.argv.join(' ')}`,
    )
  const failed = files.write(memory.path, header + memory.given)
  if (failed) return fail(`error: open ${memory.path}: ${failed.error.toLowerCase()}`)
  return { run: ['eval', `${editor} ${memory.path}`], memory: memory as unknown as Json }
}

const bare = (content: string) =>
  content
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')

function edited(run: Run, memory: Editing): ToolStep {
  const { path, given, first, round } = memory
  const { files, env } = run.call
  const read = files.read(path)
  if (memory.status !== undefined && memory.status !== 0)
    fail(`error: there was a problem with the editor ${JSON.stringify(env['KUBE_EDITOR'] || env['EDITOR'])}`)
  if ('error' in read) return fail(`error: open ${path}: ${read.error.toLowerCase()}`)
  const content = bare(read.text)
  if (round > 0 && (content === given || content === first || round >= MOST_ROUNDS)) {
    run.error(`A copy of your changes has been stored to ${JSON.stringify(path)}\n`)
    return fail('error: Edit cancelled, no valid changes were saved.')
  }
  const cancelled =
    content === first
      ? 'Edit cancelled, no changes made.\n'
      : content.trim() === ''
        ? 'Edit cancelled, saved file was empty.\n'
        : undefined
  if (cancelled !== undefined) {
    files.remove(path)
    run.error(cancelled)
    return { exit: 0 }
  }
  const again = (why: readonly string[]) => {
    const { status: _, ...rest } = memory
    return open(
      run,
      { ...rest, given: content, round: round + 1 },
      `${HEADER}${why.map((line) => `# ${line}\n`).join('')}#\n`,
    )
  }
  const parsed = parseManifestText(content)
  if ('error' in parsed)
    return again([
      'The edited file had a syntax error: error parsing edited-file: error converting YAML to JSON:',
      ...parsed.error.split('\n'),
    ])
  const documents = parsed.documents.flatMap(({ value }): any[] => {
    const object = value as any
    return object === undefined ? [] : Array.isArray(object?.items) ? object.items : [object]
  })
  const problems = memory.objects.flatMap(({ type, object }, i) => save(run, type, object, documents[i]))
  if (problems.length > 0) return again(problems)
  files.remove(path)
  return { exit: 0 }
}

/** Sends what has changed of one object. What the server holds against it, line by line. */
function save(run: Run, type: string, object: any, wanted: any): readonly string[] {
  const resource = mustResource(type)
  const { name } = object.metadata
  if (wanted === undefined) return [`${pluralOf(resource)} ${JSON.stringify(name)} is missing in the edited file`]
  if (wanted.metadata?.name !== name || wanted.kind !== object.kind)
    return ['At least one of apiVersion, kind and name was changed']
  const after = run.on('save-config') ? withLastApplied(wanted) : wanted
  const body = createStrategicPatch(object, after, (asModelled(resource) as Resource).schema)
  if (Object.keys(body).length === 0) {
    run.print(`${printedName(resource, name)} skipped\n`)
    return []
  }
  tellNotices(run, resource, after)
  if (run.on('output-patch')) run.print(`Patch: ${JSON.stringify(body)}\n`)
  try {
    const subresource = run.value('subresource')
    patchObject(run, resource, object, body, subresource === undefined ? {} : { subresource })
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error
    const { causes } = error.status.details ?? {}
    if (error.status.reason !== 'Invalid' || !causes?.length)
      return [`${pluralOf(resource)} ${JSON.stringify(name)} could not be patched: ${error.status.message ?? ''}`]
    return [
      `${pluralOf(resource)} ${JSON.stringify(name)} was not valid:`,
      ...causes.map(({ field, message }) => `* ${field}: ${message}`),
    ]
  }
  run.print(`${printedName(resource, name)} edited\n`)
  return []
}
