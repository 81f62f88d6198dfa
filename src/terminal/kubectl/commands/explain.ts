import type { Field, ObjectField } from '../../../kubernetes/kinds/schema'
import { apiVersionOf } from '../../../kubernetes/kinds/resource'
import { type Command, done, fail } from '../command'
import { bool, text } from '../flags'
import { asModelled, mustResource } from '../resource-args'

export const explain: Command = {
  name: 'explain',
  group: 'Basic Commands (Intermediate)',
  about: 'Get documentation for a resource',
  help: 'Describes the fields of a kind, in words of our own, and how far Drydock goes with each.',
  usage: 'TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2]',
  examples: ['kubectl explain pods', 'kubectl explain deployment.spec.strategy', 'kubectl explain pod.spec.containers --recursive'],
  completes: 'resources',
  flags: [bool('recursive', 'All fields below.'), text('api-version', 'Of this version.', { unmodelled: true }), text('output', 'plaintext.', { short: 'o', initial: 'plaintext', unmodelled: true })],
  run(run) {
    const [word] = run.args
    if (word === undefined) return fail('error: You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.')
    const [name = '', ...path] = word.split('.')
    const resource = mustResource(name)
    const modelled = asModelled(resource)
    if (!modelled) return fail(`error: Drydock does not model ${resource.kind} (${apiVersionOf(resource)}) yet`)
    let field: Field = modelled.schema
    for (const step of path) {
      const next: Field | undefined = objectOf(field)?.fields[step]
      if (!next) return fail(`error: field "${step}" does not exist`)
      field = next
    }
    run.print(`${resource.group === '' ? '' : `GROUP:      ${resource.group}\n`}KIND:       ${resource.kind}\nVERSION:    ${resource.version}\n\n`)
    if (path.length > 0) run.print(`FIELD: ${path.at(-1)} <${typeOf(field)}>\n${choices(field)}\n`)
    run.print(`DESCRIPTION:\n${wrapped(described(field), 4)}\n`)
    const inner = objectOf(field)
    if (inner) run.print(run.on('recursive') ? `FIELDS:\n${tree(inner, 2)}\n` : `FIELDS:\n${list(inner)}\n`)
    return done
  },
}

/** The object that a field is, or that its items are. */
function objectOf(field: Field): ObjectField | undefined {
  if (field.type === 'object') return field
  return field.type === 'list' || field.type === 'map' ? objectOf(field.items) : undefined
}

const NAMES: Readonly<Record<string, string>> = { int32: 'integer', int64: 'integer', quantity: 'Quantity', 'int-or-string': 'IntOrString', time: 'Time', bytes: 'string', any: 'Object' }

function typeOf(field: Field): string {
  if (field.type === 'object') return field.name
  if (field.type === 'list') return `[]${typeOf(field.items)}`
  if (field.type === 'map') return `map[string]${typeOf(field.items)}`
  return NAMES[field.type] ?? field.type
}

const described = (field: Field) => `${field.about}${field.support && field.support !== 'modelled' ? ` [${field.support} in Drydock${field.note ? `: ${field.note}` : ''}]` : ''}`

const choices = (field: Field) => ('values' in field && field.values ? `ENUM:\n${field.values.map((value) => `    ${value}\n`).join('')}` : '')

function list(inner: ObjectField): string {
  return Object.entries(inner.fields)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `  ${name}\t<${typeOf(field)}>${field.required ? ' -required-' : ''}\n${choices(field).replace(/^/gm, '  ').trimEnd()}${choices(field) ? '\n' : ''}${wrapped(described(field), 4)}\n`)
    .join('')
}

function tree(inner: ObjectField, indent: number): string {
  if (indent > 40) return ''
  return Object.entries(inner.fields)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => {
      const below = objectOf(field)
      return `${' '.repeat(indent)}${name}\t<${typeOf(field)}>${field.required ? ' -required-' : ''}\n${below && below !== inner ? tree(below, indent + 2) : ''}`
    })
    .join('')
}

function wrapped(text: string, indent: number): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + word.length + 1 > 76) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  if (line !== '') lines.push(line)
  return lines.map((one) => `${' '.repeat(indent)}${one}\n`).join('')
}
