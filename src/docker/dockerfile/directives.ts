import { DockerfileError } from './problem'

/** A comment at the top that speaks to the parser: `# escape=\``. */
export interface Directive {
  /** In lower case. */
  readonly name: string
  readonly value: string
  readonly line: number
}

const HASH = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+)$/
const SLASHES = /^\/\/\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+)$/

/** Reads the directives from the top, to the first line that is none; a shebang may stand before them [parser/directives.go]. */
export function directivesOf(lines: readonly string[], pattern = HASH): Directive[] {
  const found: Directive[] = []
  const first = lines[0]?.startsWith('#!') ? 1 : 0
  for (let i = first; i < lines.length; i++) {
    const match = pattern.exec(lines[i]!.trim())
    if (match === null) break
    const name = match[1]!.toLowerCase()
    if (found.some((one) => one.name === name))
      throw new DockerfileError(`only one ${name} parser directive can be used`, { start: i + 1, end: i + 1 })
    found.push({ name, value: match[2]!, line: i + 1 })
  }
  return found
}

/**
 * The frontend that a file asks for: the first word of `# syntax=…`; files of other frontends may write it as `// syntax=…` or as the member `syntax`
 * of a JSON object.
 */
export function syntaxOf(text: string): Directive | undefined {
  const lines = text.split(/\r?\n/, 100)
  const named = (pattern: RegExp) => directivesOf(lines, pattern).find(({ name }) => name === 'syntax')
  const found = named(HASH) ?? named(SLASHES)
  if (found !== undefined) return { ...found, value: found.value.split(' ')[0]! }
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    const value = (JSON.parse(text) as { syntax?: unknown }).syntax
    return typeof value === 'string' ? { name: 'syntax', value: value.split(' ')[0]!, line: 1 } : undefined
  } catch {
    return undefined
  }
}

export function escapeOf(directives: readonly Directive[]): string {
  const directive = directives.find(({ name }) => name === 'escape')
  if (directive === undefined || directive.value === '\\' || directive.value === '`') return directive?.value ?? '\\'
  throw new DockerfileError(`invalid escape token '${directive.value}' does not match \` or \\`, {
    start: directive.line,
    end: directive.line,
  })
}

/** `# check=skip=Rule1,Rule2;error=true`. */
export interface CheckDirective {
  readonly skip: 'all' | readonly string[]
  readonly experimental: 'all' | readonly string[]
  readonly error: boolean
}

export function checkOf(directives: readonly Directive[]): CheckDirective {
  let [skip, experimental]: ('all' | readonly string[])[] = [[], []]
  let error = false
  const directive = directives.find(({ name }) => name === 'check')
  if (directive === undefined) return { skip: skip!, experimental: experimental!, error }
  const at = { start: directive.line, end: directive.line }
  const rules = (value: string) =>
    value.trim() === 'all' ? ('all' as const) : value.split(',').map((rule) => rule.trim())
  for (const option of directive.value.split(';')) {
    const cut = option.indexOf('=')
    const [key, value] = cut < 0 ? ['', ''] : [option.slice(0, cut).trim(), option.slice(cut + 1)]
    if (key === 'skip') skip = rules(value)
    else if (key === 'experimental') experimental = rules(value)
    else if (key === 'error') {
      if (!/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value.trim()))
        throw new DockerfileError(`failed to parse check option "error": invalid value "${value.trim()}"`, at)
      error = /^[1tT]/.test(value.trim())
    } else throw new DockerfileError(`invalid check option "${option}"`, at)
  }
  return { skip: skip!, experimental: experimental!, error }
}
