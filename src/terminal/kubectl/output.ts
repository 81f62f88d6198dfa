import { apiVersionOf, withoutManagedFields } from '../../kubernetes'
import { fail } from '../cli/failure'
import { bool, type Flag, text } from '../cli/flags'
import { printJson, sortedKeys } from '../cli/json'
import { executeTemplate, goText } from '../template'
import type { Run } from './command'
import { columnsFromSpec, columnsFromTemplate, printColumns } from './print/custom-columns'
import { evaluateTemplate } from './print/jsonpath'
import { templateFunctions } from './print/template-functions'
import { printYaml } from './print/yaml'
import { type Known, printedName } from './resource-args'

export const outputFlag: Flag = text('output', 'How to print: json, yaml, name, wide, jsonpath=…, custom-columns=….', {
  short: 'o',
})
export const templateFlags: readonly Flag[] = [
  text('template', 'A Go template.'),
  bool('show-managed-fields', 'Show who owns which field, in YAML and JSON.'),
  bool('allow-missing-template-keys', 'Missing fields print nothing.', { initial: 'true' }),
]

/** Under which name the server notes who wrote. */
export const managerFlag = (initial: string): Flag => text('field-manager', 'Who owns the fields.', { initial })

const FORMATS =
  'custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,wide,yaml'

export interface Printable {
  readonly resource: Known
  readonly object: any
}

/** `jsonpath={.x}` → the format's name and what follows. */
export function formatOf(run: Run): { readonly name: string; readonly argument: string } {
  const given = run.value('output') ?? (run.value('template') === undefined ? '' : 'go-template')
  const equals = given.indexOf('=')
  return equals < 0
    ? { name: given, argument: '' }
    : { name: given.slice(0, equals), argument: given.slice(equals + 1) }
}

/** Whether the table is wanted, wide or not. */
export const wantsTable = (run: Run): boolean => ['', 'wide'].includes(formatOf(run).name)

/** YAML and JSON leave out who owns what, unless asked for it. */
function shown(run: Run, object: any): any {
  const inFull = run.on('show-managed-fields') || !['json', 'yaml'].includes(formatOf(run).name)
  return inFull ? object : withoutManagedFields(object)
}

/** One object, or several as a List. */
export function asDocument(items: readonly Printable[], single: boolean): any {
  if (single && items.length === 1) return items[0]!.object
  return { apiVersion: 'v1', items: items.map(({ object }) => object), kind: 'List', metadata: { resourceVersion: '' } }
}

/** Prints objects in the format that `-o` names; tables are somebody else's. */
export function printObjects(run: Run, given: readonly Printable[], single: boolean, headed = true): void {
  const items = given.map(({ resource, object }) => ({
    resource,
    object: sortedKeys(shown(run, { apiVersion: apiVersionOf(resource), kind: resource.kind, ...object })),
  }))
  const { name, argument } = formatOf(run)
  switch (name) {
    case 'name':
      for (const { resource, object } of items) run.print(`${printedName(resource, object.metadata.name)}\n`)
      return
    case 'json':
      run.print(printJson(asDocument(items, single)))
      return
    case 'yaml':
      run.print(printYaml(asDocument(items, single)))
      return
    case 'jsonpath':
    case 'jsonpath-file':
    case 'jsonpath-as-json':
      printPath(run, name, argument, asDocument(items, single))
      return
    case 'custom-columns':
    case 'custom-columns-file':
      printCustom(run, name, argument, items, headed)
      return
    case 'go-template':
    case 'go-template-file':
    case 'template':
    case 'templatefile':
      printTemplate(run, name, argument, asDocument(items, single))
      return
    default:
      fail(
        `error: unable to match a printer suitable for the output format ${JSON.stringify(run.value('output') ?? '')}, allowed formats are: ${FORMATS}`,
      )
      return
  }
}

function printTemplate(run: Run, name: string, argument: string, document: unknown): void {
  const given = argument === '' ? (run.value('template') ?? '') : argument
  const template = readArgument(run, given, name.endsWith('file'))
  if (template === '') fail('error: template format specified but no template given')
  const missingIsError = run.value('allow-missing-template-keys') === 'false'
  const { text, error, parsing } = executeTemplate(template, document, {
    name: 'output',
    missingIsError,
    functions: templateFunctions,
  })
  if (parsing) fail(`error: error parsing template ${template}, ${error}\n`)
  run.print(text)
  if (error === undefined) return
  // the real one shows all that it had, on standard output
  run.print(
    `Error executing template: ${error}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\traw data was:\n\t\t${JSON.stringify(document)}\n\tobject given to template engine was:\n\t\t${goText(document)}\n\n`,
  )
  fail(`error: error executing template ${JSON.stringify(template)}: ${error}`)
}

function readArgument(run: Run, argument: string, isFile: boolean): string {
  if (!isFile) return argument
  const read = run.call.files.read(argument)
  return 'error' in read
    ? fail(`error: error reading --template ${argument}, open ${argument}: ${read.error.toLowerCase()}`)
    : read.text
}

function printPath(run: Run, name: string, argument: string, document: unknown): void {
  const template = readArgument(run, argument, name === 'jsonpath-file')
  if (template === '') fail('error: template format specified but no template given')
  // kubectl takes a path without braces too
  const braced = /^[^{]*$/.test(template) ? `{${template}}` : template
  const printed = evaluateTemplate(braced, document, { missingAllowed: run.on('allow-missing-template-keys') })
  if ('error' in printed) {
    const parsing = /^unrecognized|^unclosed|^unterminated|^invalid|^not in range|^cannot parse/.test(printed.error)
    fail(
      parsing
        ? `error: error parsing jsonpath ${template}, ${printed.error}`
        : `error: error executing jsonpath ${JSON.stringify(template)}: Error executing template: ${printed.error}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}`,
    )
  } else run.print(printed.text)
}

function printCustom(run: Run, name: string, argument: string, items: readonly Printable[], headed: boolean): void {
  const spec = readArgument(run, argument, name === 'custom-columns-file')
  const columns = name === 'custom-columns-file' ? columnsFromTemplate(spec) : columnsFromSpec(spec)
  if ('error' in columns) {
    fail(`error: ${columns.error}`)
    return
  }
  const printed = printColumns(
    columns.columns,
    items.map(({ object }) => object),
    headed,
  )
  if ('error' in printed) fail(`error: ${printed.error}`)
  else run.print(printed.text)
}

export const dryRunFlag: Flag = text(
  'dry-run',
  'none, client (print what would be sent) or server (ask, but keep nothing).',
  { initial: 'none', alone: 'unchanged' },
)

/** `client`, `server` or `none`. */
export function dryRunOf(run: Run): 'none' | 'client' | 'server' {
  const given = run.value('dry-run') ?? 'none'
  if (given === 'unchanged') {
    run.error('W: --dry-run is deprecated and can be replaced with --dry-run=client.\n')
    return 'client'
  }
  if (given === 'none' || given === 'client' || given === 'server') return given
  if (given === 'true' || given === 'false') return given === 'true' ? 'client' : 'none'
  return fail(`error: Invalid dry-run value (${given}). Must be "none", "server", or "client".`)
}

export const dryRunSuffix = (run: Run): string =>
  ({ none: '', client: ' (dry run)', server: ' (server dry run)' })[dryRunOf(run)]

/** `pod/web created`, or the object itself where `-o` asks for it. */
export function printOutcome(run: Run, resource: Known, object: any, verb: string): void {
  if (run.given('output')) {
    if (formatOf(run).name === 'name') run.print(`${printedName(resource, object.metadata.name)}\n`)
    else printObjects(run, [{ resource, object }], true)
  } else run.print(`${printedName(resource, object.metadata.name)} ${verb}${dryRunSuffix(run)}\n`)
}
