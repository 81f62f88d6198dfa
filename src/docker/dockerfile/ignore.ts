import { DockerfileError } from './problem'

/** Patterns of a `.dockerignore`, or of `--exclude`. */
export interface PatternMatcher {
  /** Some pattern begins with `!`. */
  readonly hasExceptions: boolean
  /** Whether the path, or a directory that it is in, is matched; the last pattern that matches decides. */
  matches(path: string): boolean
}

const PATTERNS_MOST = 5_000
const PATTERN_MOST = 2_000

/** The patterns in a `.dockerignore`: a line each, `#` in the first column is a comment [moby/patternmatcher/ignorefile]. */
export function ignorePatterns(text: string): string[] {
  const lines = (text.startsWith('\uFEFF') ? text.slice(1) : text).split('\n')
  return lines.flatMap((line) => {
    if (line.startsWith('#')) return []
    const trimmed = line.trim()
    if (trimmed === '') return []
    const inverted = trimmed.startsWith('!')
    const bare = inverted ? trimmed.slice(1).trim() : trimmed
    if (bare === '') return inverted ? ['!'] : []
    const cleaned = cleanPath(bare)
    const relative = cleaned.length > 1 && cleaned.startsWith('/') ? cleaned.slice(1) : cleaned
    return [inverted ? `!${relative}` : relative]
  })
}

/** Go's filepath.Clean. */
export function cleanPath(path: string): string {
  if (path === '') return '.'
  const rooted = path.startsWith('/')
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.length > 0 && parts[parts.length - 1] !== '..') parts.pop()
    else if (!rooted) parts.push('..')
  }
  const joined = parts.join('/')
  return rooted ? `/${joined}` : joined || '.'
}

interface Pattern {
  readonly exception: boolean
  readonly parts: readonly Part[]
}

/** One piece of a pattern. `deep` is `**` with what may follow: any number of directories; `rest` anything at all. */
type Part = { readonly char: string } | { readonly set: RegExp } | 'one' | 'many' | 'deep' | 'rest'

const malformed = () => new DockerfileError('syntax error in pattern')

/** Reads patterns as moby/patternmatcher does. Throws a DockerfileError for one that is no pattern. */
export function patternMatcher(patterns: readonly string[]): PatternMatcher {
  if (patterns.length > PATTERNS_MOST) throw new DockerfileError(`more than ${PATTERNS_MOST} patterns`)
  const compiled = patterns.flatMap((given): Pattern[] => {
    const trimmed = given.trim()
    if (trimmed === '') return []
    const cleaned = cleanPath(trimmed)
    const exception = cleaned.startsWith('!')
    if (cleaned === '!') throw new DockerfileError('illegal exclusion pattern: "!"')
    if (cleaned.length > PATTERN_MOST) throw new DockerfileError(`a pattern is longer than ${PATTERN_MOST} characters`)
    return [{ exception, parts: partsOf(exception ? cleaned.slice(1) : cleaned) }]
  })
  return {
    hasExceptions: compiled.some(({ exception }) => exception),
    matches: (path) => {
      const cleaned = cleanPath(path)
      // nobody can leave out everything by its root
      if (cleaned === '.') return false
      const tries = withParents(cleaned)
      let matched = false
      for (const { exception, parts } of compiled)
        if (exception === matched && tries.some((one) => fits(parts, one))) matched = !exception
      return matched
    },
  }
}

/** Go's filepath.Match: the whole path, `*` within one directory, no `**`. Throws for what is no pattern. */
export function globMatcher(pattern: string): (path: string) => boolean {
  if (pattern.length > PATTERN_MOST) throw new DockerfileError(`a pattern is longer than ${PATTERN_MOST} characters`)
  const parts = partsOf(pattern.replace(/\*+/g, '*'))
  return (path) => fits(parts, [...path])
}

/** The path and each directory above it. */
function withParents(path: string): (readonly string[])[] {
  const pieces = path.split('/').slice(0, 500)
  return pieces.map((_, i) => [...pieces.slice(0, pieces.length - i).join('/')])
}

function partsOf(pattern: string): Part[] {
  const chars = [...pattern]
  const parts: Part[] = []
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i]!
    if (char === '*' && chars[i + 1] === '*') {
      i += chars[i + 2] === '/' ? 2 : 1
      parts.push(i === chars.length - 1 ? 'rest' : 'deep')
    } else if (char === '*') parts.push('many')
    else if (char === '?') parts.push('one')
    else if (char === '\\') {
      const next = chars[++i]
      if (next === undefined) throw malformed()
      parts.push({ char: next })
    } else if (char === '[') {
      const { set, end } = setOf(chars, i)
      parts.push({ set })
      i = end
    } else parts.push({ char })
  }
  // `**x` at the very beginning is taken as the end of a path, not as directories before it
  const [first, ...others] = parts
  return first === 'deep' && pattern[2] !== '/' && others.every((part) => typeof part === 'object' && 'char' in part)
    ? ['rest', ...others]
    : parts
}

/** `[a-z]`, `[^…]`, with `\` before a character that means itself. */
function setOf(chars: readonly string[], from: number): { set: RegExp; end: number } {
  let at = from + 1
  const negated = chars[at] === '^'
  if (negated) at++
  const one = (): string => {
    let char = chars[at]
    if (char === undefined || char === '-' || char === ']') throw malformed()
    if (char === '\\') char = chars[++at]
    if (char === undefined || at + 1 >= chars.length) throw malformed()
    at++
    return char
  }
  const safe = (char: string) => `\\u{${char.codePointAt(0)!.toString(16)}}`
  let ranges = ''
  do {
    const low = one()
    let high = low
    if (chars[at] === '-') {
      at++
      high = one()
    }
    if (low <= high) ranges += `${safe(low)}-${safe(high)}`
  } while (chars[at] !== ']')
  return { set: new RegExp(`^[${negated ? '^' : ''}${ranges}]$`, 'u'), end: at }
}

/** Whether the parts match the whole text; the time is at most the product of both lengths. */
function fits(parts: readonly Part[], text: readonly string[]): boolean {
  let row = new Uint8Array(text.length + 1)
  row[text.length] = 1
  for (let p = parts.length - 1; p >= 0; p--) {
    const part = parts[p]!
    const next = new Uint8Array(text.length + 1)
    if (part === 'many' || part === 'rest') next[text.length] = row[text.length]!
    // the nearest place behind a slash from which the remaining parts match
    let deep = 0
    if (part === 'deep') next[text.length] = row[text.length]!
    for (let i = text.length - 1; i >= 0; i--) {
      const char = text[i]!
      switch (part) {
        case 'rest':
          next[i] = row[i]! | next[i + 1]!
          break
        case 'many':
          next[i] = row[i]! | (char === '/' ? 0 : next[i + 1]!)
          break
        case 'deep':
          if (char === '/' && row[i + 1]) deep = 1
          next[i] = row[i]! | deep
          break
        case 'one':
          next[i] = char === '/' ? 0 : row[i + 1]!
          break
        default:
          next[i] = ('char' in part ? part.char === char : part.set.test(char)) ? row[i + 1]! : 0
      }
    }
    row = next
  }
  return row[0] === 1
}
