import { explainedType, type Field, type Resource } from '../../../kubernetes'
import { fail } from '../../cli/failure'
import { bool, text } from '../../cli/flags'
import { type Command, done, type Run } from '../command'
import { asModelled, resourceCalled } from '../resource-args'

const WIDTH = 76

export const explain: Command = {
  name: 'explain',
  group: 'Basic Commands (Intermediate)',
  about: 'Get documentation for a resource',
  help: 'Tells what the fields of a kind mean, and which of them Drydock does not, or not wholly, model.',
  usage: 'TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2]',
  examples: [
    'kubectl explain pods',
    'kubectl explain deployment.spec.strategy',
    'kubectl explain pod.spec --recursive',
  ],
  completes: 'resources',
  flags: [
    bool('recursive', 'Fields of fields too.'),
    text('api-version', 'In which version.'),
    text('output', 'How to print.', { short: 'o', initial: 'plaintext' }),
  ],
  run(run) {
    const [word, ...more] = run.args
    if (word === undefined)
      return fail(
        'error: You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.',
      )
    if (more.length > 0) fail(`error: We accept only this format: explain RESOURCE`)
    const [type = '', ...path] = word.replace(/\/$/, '').split('.')
    const known = resourceCalled(type) ?? fail(`error: the server doesn't have a resource type ${JSON.stringify(type)}`)
    const resource = asModelled(known)
    if (!resource)
      return fail(`error: ${known.plural} are served by Kubernetes 1.34, but Drydock does not model them yet`)
    run.print(explained(run, resource, path))
    return done
  },
}

function explained(run: Run, resource: Resource, path: readonly string[]): string {
  let field: Field = resource.schema
  for (const name of path) {
    const inside = fieldsOf(field)
    const next: Field | undefined = inside?.[name]
    if (!next) return fail(`error: field ${JSON.stringify(name)} does not exist`)
    field = next
  }
  const lines = [
    ...(resource.group === '' ? [] : [`GROUP:      ${resource.group}`]),
    `KIND:       ${resource.kind}`,
    `VERSION:    ${resource.version}`,
    '',
  ]
  if (path.length > 0) lines.push(`FIELD: ${path[path.length - 1]} <${explainedType(field)}>`, '', '')
  if (field.type === 'string' && field.values) lines.push(`ENUM:`, ...field.values.map((value) => `    ${value}`), '')
  lines.push('DESCRIPTION:', ...wrapped(textOf(field), 4), '')
  const inside = fieldsOf(field)
  if (inside && Object.keys(inside).length > 0) {
    lines.push('FIELDS:')
    if (run.on('recursive')) lines.push(...deep(inside, 2))
    else
      for (const name of Object.keys(inside).sort())
        lines.push(heading(name, inside[name]!, 2), ...enumOf(inside[name]!), ...wrapped(textOf(inside[name]!), 4), '')
  }
  return `${lines.join('\n')}\n${path.length > 0 && !inside ? '' : '\n'}`
}

/** The fields below a field: those of an object, or of a list's items. */
function fieldsOf(field: Field): Readonly<Record<string, Field>> | undefined {
  if (field.type === 'object') return field.fields
  return field.type === 'list' || field.type === 'map' ? fieldsOf(field.items) : undefined
}

/** Items have their own words; a list's come first. */
function textOf(field: Field): string {
  const items = field.type === 'list' && field.items.type === 'object' ? ` ${field.items.about}` : ''
  const support =
    field.support === undefined || field.support === 'modelled'
      ? ''
      : ` [${field.support}${field.note === undefined ? '' : `: ${field.note}`}]`
  return `${field.about}${items}${support}`.trim()
}

const heading = (name: string, field: Field, indent: number) =>
  `${' '.repeat(indent)}${name}\t<${explainedType(field)}>${field.required ? ' -required-' : ''}`
const enumOf = (field: Field) => (field.type === 'string' && field.values ? [`  enum: ${field.values.join(', ')}`] : [])

function deep(fields: Readonly<Record<string, Field>>, indent: number): string[] {
  return Object.keys(fields)
    .sort()
    .flatMap((name) => [heading(name, fields[name]!, indent), ...deep(fieldsOf(fields[name]!) ?? {}, indent + 2)])
}

function wrapped(text: string, indent: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > WIDTH - indent) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  if (line !== '') lines.push(line)
  return lines.map((one) => ' '.repeat(indent) + one)
}
