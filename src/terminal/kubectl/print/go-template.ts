import { type Pipeline, parseTemplate, TemplateError, type TemplateNode, type Term } from './go-template-parse'

/** What a Go template prints of a value, or why it cannot. After text/template; left out: define, template, block, break. */
export function evaluateGoTemplate(
  template: string,
  value: unknown,
): { readonly text: string } | { readonly error: string } {
  try {
    return { text: render(parseTemplate(template), { dot: value, variables: new Map([['$', value]]) }) }
  } catch (error) {
    if (error instanceof TemplateError) return { error: error.message }
    throw error
  }
}

interface Scope {
  readonly dot: unknown
  readonly variables: Map<string, unknown>
}

function render(nodes: readonly TemplateNode[], scope: Scope): string {
  let text = ''
  for (const node of nodes) text += renderOne(node, scope)
  return text
}

const within = (scope: Scope, dot = scope.dot): Scope => ({ dot, variables: new Map(scope.variables) })

function renderOne(node: TemplateNode, scope: Scope): string {
  switch (node.type) {
    case 'text':
      return node.text
    case 'print': {
      const value = evaluate(node.pipeline, scope)
      return node.pipeline.declares.length > 0 ? '' : goText(value, '<no value>')
    }
    case 'if': {
      const inner = within(scope)
      return truth(evaluate(node.pipeline, inner)) ? render(node.body, inner) : render(node.otherwise, within(scope))
    }
    case 'with': {
      const inner = within(scope)
      const value = evaluate(node.pipeline, inner)
      return truth(value) ? render(node.body, within(inner, value)) : render(node.otherwise, within(scope))
    }
    case 'range':
      return renderRange(node, scope)
  }
}

function renderRange(node: Extract<TemplateNode, { type: 'range' }>, scope: Scope): string {
  const { pipeline } = node
  const value = evaluate({ ...pipeline, declares: [] }, scope)
  const entries = entriesOf(value)
  if (entries.length === 0) return render(node.otherwise, within(scope))
  return entries
    .map(([key, item]) => {
      const inner = within(scope, item)
      const [first, second] = pipeline.declares
      if (second !== undefined) {
        inner.variables.set(first!, key)
        inner.variables.set(second, item)
      } else if (first !== undefined) inner.variables.set(first, item)
      return render(node.body, inner)
    })
    .join('')
}

function entriesOf(value: unknown): readonly (readonly [unknown, unknown])[] {
  if (Array.isArray(value)) return value.map((item, i) => [i, item] as const)
  if (typeof value === 'number') return Array.from({ length: Math.min(value, 100_000) }, (_, i) => [i, i] as const)
  if (typeof value !== 'object' || value === null) return []
  const map = value as Record<string, unknown>
  return Object.keys(map)
    .sort((a, b) => (a < b ? -1 : 1))
    .map((key) => [key, map[key]] as const)
}

function truth(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return false
  if (Array.isArray(value)) return value.length > 0
  return typeof value !== 'object' || Object.keys(value).length > 0
}

function evaluate(pipeline: Pipeline, scope: Scope): unknown {
  let value: unknown
  pipeline.commands.forEach((terms, i) => {
    value = command(terms, scope, i === 0 ? [] : [value])
  })
  for (const name of pipeline.declares) scope.variables.set(name, value)
  return value
}

function command(terms: readonly Term[], scope: Scope, piped: readonly unknown[]): unknown {
  const [first, ...rest] = terms
  if (!first) throw new TemplateError('missing value for command')
  if (first.type !== 'word') {
    if (rest.length + piped.length > 0) throw new TemplateError("can't give argument to non-function")
    return term(first, scope)
  }
  const run = FUNCTIONS[first.name]
  if (!run) throw new TemplateError(`function ${JSON.stringify(first.name)} not defined`)
  return run([...rest.map((one) => term(one, scope)), ...piped])
}

function term(one: Term, scope: Scope): unknown {
  switch (one.type) {
    case 'literal':
      return one.value
    case 'dot':
      return follow(scope.dot, one.path)
    case 'variable': {
      if (!scope.variables.has(one.name)) throw new TemplateError(`undefined variable ${JSON.stringify(one.name)}`)
      return follow(scope.variables.get(one.name), one.path)
    }
    case 'group':
      return follow(evaluate(one.pipeline, scope), one.path)
    case 'word':
      return command([one], scope, [])
  }
}

function follow(value: unknown, path: readonly string[]): unknown {
  let at = value
  for (const name of path) {
    if (at === undefined || at === null) return undefined
    if (typeof at !== 'object' || Array.isArray(at)) {
      throw new TemplateError(
        `can't evaluate field ${name} in type ${Array.isArray(at) ? '[]interface {}' : typeof at === 'number' ? 'float64' : typeof at}`,
      )
    }
    at = (at as Record<string, unknown>)[name]
  }
  return at
}

const compare = (a: unknown, b: unknown): number => {
  if (typeof a !== typeof b) throw new TemplateError('incompatible types for comparison')
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0
}

const FUNCTIONS: Readonly<Record<string, (given: readonly unknown[]) => unknown>> = {
  and: (given) => given.find((one) => !truth(one)) ?? given[given.length - 1],
  or: (given) => given.find(truth) ?? given[given.length - 1],
  not: ([value]) => !truth(value),
  eq: ([first, ...others]) => others.some((other) => other === first),
  ne: ([a, b]) => a !== b,
  lt: ([a, b]) => compare(a, b) < 0,
  le: ([a, b]) => compare(a, b) <= 0,
  gt: ([a, b]) => compare(a, b) > 0,
  ge: ([a, b]) => compare(a, b) >= 0,
  len: ([value]) => {
    if (typeof value === 'string' || Array.isArray(value)) return value.length
    if (typeof value === 'object' && value !== null) return Object.keys(value).length
    throw new TemplateError('len of untyped nil')
  },
  index: ([value, ...keys]) =>
    keys.reduce((at: unknown, key) => {
      if (Array.isArray(at) && !(Number(key) < at.length))
        throw new TemplateError(`error calling index: index out of range: ${key}`)
      return (at as Record<string, unknown> | undefined)?.[String(key)]
    }, value),
  print: (given) => given.map((one) => goText(one, '<nil>')).join(' '),
  println: (given) => `${given.map((one) => goText(one, '<nil>')).join(' ')}\n`,
  printf: ([format, ...values]) => formatted(String(format), values),
  exists: ([value, ...path]) => {
    let at = value
    for (const key of path) {
      if (typeof at !== 'object' || at === null) return false
      at = (at as Record<string, unknown>)[String(key)]
    }
    return at !== undefined
  },
}

/** The verbs of Go's fmt that templates use. */
function formatted(format: string, values: readonly unknown[]): string {
  let next = 0
  return format.replace(
    /%(-?\d*)(?:\.(\d+))?([svdqtfx%])/g,
    (_, width: string, digits: string | undefined, verb: string) => {
      if (verb === '%') return '%'
      if (next >= values.length) return `%!${verb}(MISSING)`
      const value = values[next++]
      const text =
        verb === 'q'
          ? JSON.stringify(String(value))
          : verb === 'f'
            ? Number(value).toFixed(Number(digits ?? 6))
            : verb === 'x'
              ? Number(value).toString(16)
              : goText(value, '<nil>')
      return width.startsWith('-') ? text.padEnd(Number(width.slice(1))) : text.padStart(Number(width || 0))
    },
  )
}

/** Go's `%v`: `map[app:web]`, `[a b]`. */
function goText(value: unknown, nothing: string): string {
  if (value === undefined || value === null) return nothing
  if (Array.isArray(value)) return `[${value.map((item) => goText(item, '<nil>')).join(' ')}]`
  if (typeof value !== 'object') return String(value)
  return `map[${entriesOf(value)
    .map(([key, item]) => `${key}:${goText(item, '<nil>')}`)
    .join(' ')}]`
}
