import { labelValue, qualifiedName } from '../../../kubernetes'
import { fail } from '../../cli/failure'
import { bool, text } from '../../cli/flags'
import { type Command, done, type Run } from '../command'
import { fileFlags, namesFiles, objectsInFiles } from '../manifests'
import { dryRunFlag, dryRunOf, dryRunSuffix, managerFlag, outputFlag, printOutcome, templateFlags } from '../output'
import { type Known, objectsOf, printedName, targetsOf } from '../resource-args'
import { patchObject } from '../send'

interface Words {
  readonly field: 'labels' | 'annotations'
  readonly one: string
}

const shared = [
  ...fileFlags,
  dryRunFlag,
  outputFlag,
  bool('overwrite', 'Replace what is set.'),
  bool('all', 'All objects of the kind.'),
  bool('all-namespaces', 'In every namespace.', { short: 'A' }),
  text('selector', 'Only what has these labels.', { short: 'l' }),
  text('field-selector', 'Only what has these field values.'),
  text('resource-version', 'Only if this is its resourceVersion.'),
  bool('list', 'Show them.'),
  bool('local', 'Do not ask the server.', { unmodelled: true }),
  ...templateFlags,
]

/** `app=web tier-`: what is set, and what is removed. */
function changesFrom(
  run: Run,
  pairs: readonly string[],
  { field, one }: Words,
): { readonly set: Record<string, string>; readonly gone: readonly string[] } {
  const set: Record<string, string> = {}
  const gone: string[] = []
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    if (equals < 0) {
      gone.push(pair.slice(0, -1))
      continue
    }
    const [key, value] = [pair.slice(0, equals), pair.slice(equals + 1)]
    const bad = qualifiedName(field === 'labels' ? key : key.toLowerCase())
    if (bad.length > 0)
      fail(
        `error: invalid ${field === 'labels' ? 'label key' : 'annotation key'} ${JSON.stringify(key)}: ${bad.join('; ')}`,
      )
    const wrong = field === 'labels' ? labelValue(value) : []
    if (wrong.length > 0) fail(`error: invalid label value: ${JSON.stringify(pair)}: ${wrong.join('; ')}`)
    set[key] = value
  }
  const both = gone.filter((key) => key in set)
  if (both.length > 0)
    fail(
      `error: can not both modify and remove ${both.length > 1 ? `the following ${one}(s) in the same command: ${both.join(', ')}` : `a ${one} in the same command`}`,
    )
  if (pairs.length === 0 && !run.on('list')) fail(`error: at least one ${one} update is required`)
  return { set, gone }
}

function objects(run: Run, names: readonly string[]): readonly { readonly resource: Known; readonly object: any }[] {
  if (namesFiles(run)) return objectsInFiles(run)
  if (names.length === 0)
    fail('error: one or more resources must be specified as <resource> <name> or <resource>/<name>')
  const targets = targetsOf(names)
  if (
    targets.some((target) => target.names.length === 0) &&
    !run.on('all') &&
    !run.given('selector') &&
    !run.given('field-selector')
  ) {
    fail('error: resource(s) were provided, but no name was specified')
  }
  return objectsOf(run, targets, {
    ...(run.given('selector') && { selector: run.value('selector')! }),
    ...(run.given('field-selector') && { fieldSelector: run.value('field-selector')! }),
    everywhere: run.on('all-namespaces'),
  })
}

const isPair = (word: string) =>
  word.includes('=') || (word.endsWith('-') && !word.includes('/') && word.length > 1) || /^[^=]*\/[^=]*-$/.test(word)

function update(run: Run, words: Words): void {
  const firstPair = run.args.findIndex(isPair)
  const names = firstPair < 0 ? run.args : run.args.slice(0, firstPair)
  const pairs = firstPair < 0 ? [] : run.args.slice(firstPair)
  const stray = pairs.find((word) => !isPair(word))
  if (stray !== undefined) fail(`error: all resources must be specified before ${words.one} changes: ${stray}`)
  const { set, gone } = changesFrom(run, pairs, words)
  for (const { resource, object } of objects(run, names)) updateOne(run, resource, object, set, gone, words)
}

function updateOne(
  run: Run,
  resource: Known,
  object: any,
  set: Record<string, string>,
  gone: readonly string[],
  words: Words,
): void {
  const { name } = object.metadata
  const present: Record<string, string> = object.metadata[words.field] ?? {}
  if (run.on('list')) for (const key of Object.keys(present).sort()) run.print(`${key}=${present[key]}\n`)
  if (Object.keys(set).length + gone.length === 0) return
  const clashes = run.on('overwrite')
    ? []
    : Object.keys(set).filter((key) => present[key] !== undefined && present[key] !== set[key])
  if (clashes.length > 0) {
    const told = clashes.map((key) => `'${key}' already has a value (${present[key]})`)
    fail(
      words.field === 'labels'
        ? `error: ${told[0]}, and --overwrite is false`
        : `error: --overwrite is false but found the following declared annotation(s): ${told.join('; ')}`,
    )
  }
  if (words.field === 'labels')
    for (const key of gone) if (present[key] === undefined) run.print(`label ${JSON.stringify(key)} not found.\n`)
  const change: Record<string, string | null> = { ...set }
  for (const key of gone) if (present[key] !== undefined) change[key] = null
  const version = run.value('resource-version')
  const body = { metadata: { [words.field]: change, ...(version && { resourceVersion: version }) } }
  const unchanged = Object.keys(change).every((key) => change[key] === present[key])
  const after =
    dryRunOf(run) === 'client' || unchanged ? object : patchObject(run, resource, object, body, { type: 'merge' })
  if (words.field === 'annotations') {
    printOutcome(run, resource, after, 'annotated')
    return
  }
  const verb = unchanged ? 'not labeled' : Object.keys(set).length > 0 ? 'labeled' : 'unlabeled'
  if (run.given('output')) printOutcome(run, resource, after, verb)
  else run.print(`${printedName(resource, name)} ${verb}${dryRunSuffix(run)}\n`)
}

export const label: Command = {
  name: 'label',
  group: 'Settings Commands',
  about: 'Update the labels on a resource',
  help: 'Sets labels, or (with a dash at the end) removes them.',
  usage: '[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  examples: [
    'kubectl label pod web-1 tier=front',
    'kubectl label node worker-1 disk=ssd',
    'kubectl label pod web-1 tier-',
  ],
  completes: 'resources',
  flags: [...shared, managerFlag('kubectl-label')],
  run(run) {
    update(run, { field: 'labels', one: 'label' })
    return done
  },
}

export const annotate: Command = {
  name: 'annotate',
  group: 'Settings Commands',
  about: 'Update the annotations on a resource',
  help: 'Sets annotations, or (with a dash at the end) removes them.',
  usage: '[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  examples: ['kubectl annotate deployment web kubernetes.io/change-cause="first version"'],
  completes: 'resources',
  flags: [...shared, managerFlag('kubectl-annotate')],
  run(run) {
    update(run, { field: 'annotations', one: 'annotation' })
    return done
  },
}
