import { EXPANDED_MOST, NESTING_MOST } from './limits'
import { DockerfileError, quoted } from './problem'
import { replaced, withoutPrefix, withoutSuffix } from './wildcard'

export type Environment = ReadonlyMap<string, string>

export interface ExpandOptions {
  /** `\` or a backtick. */
  readonly escape?: string
  /** Quotes stay in the result. */
  readonly rawQuotes?: boolean
  /** Escape characters stay in the result. */
  readonly rawEscapes?: boolean
  /** Quotes are ordinary characters, as in a here-document. */
  readonly ignoreQuotes?: boolean
  /** What names an unset variable stays as it is written. */
  readonly keepUnset?: boolean
}

export interface Expanded {
  readonly text: string
  /** The text cut at blanks that no quote protects. */
  readonly words: readonly string[]
  /** Names that were found and that were not, in the order of their first use. */
  readonly matched: readonly string[]
  readonly unmatched: readonly string[]
}

/**
 * Quotes and `$variables` of one word of a Dockerfile. Models buildkit frontend/dockerfile/shell `Lex`: `$x`, `${x}`, `${x:-w}`, `${x-w}`, `${x:+w}`,
 * `${x+w}`, `${x:?w}`, `${x?w}`, `${x#p}`, `${x##p}`, `${x%p}`, `${x%%p}`, `${x/p/w}`, `${x//p/w}`. Throws a DockerfileError.
 */
export function expand(source: string, env: Environment, options: ExpandOptions = {}): Expanded {
  const lexer = new Lexer(source, env, options)
  try {
    const { text, words } = lexer.until(undefined, options.rawEscapes ?? false)
    return { text, words, matched: [...lexer.matched], unmatched: [...lexer.unmatched] }
  } catch (error) {
    if (!(error instanceof DockerfileError)) throw error
    throw new DockerfileError(`failed to process ${quoted(source)}: ${error.message}`, ...error.lines)
  }
}

const isBlank = (char: string) => /\s/.test(char)
const isDigit = (char: string) => /\p{Nd}/u.test(char)
const SPECIAL = '@*#?-$!0'

/** Collects the words of a text while it is made. */
class Words {
  readonly done: string[] = []
  #word = ''
  #open = false

  /** Text that splits at blanks. */
  add(text: string): void {
    for (const char of text) {
      if (!isBlank(char)) this.addRaw(char)
      else if (this.#open && this.#word !== '') this.#close()
    }
  }

  addRaw(text: string): void {
    this.#word += text
    this.#open = true
  }

  end(): readonly string[] {
    if (this.#word !== '') this.#close()
    return this.done
  }

  #close(): void {
    this.done.push(this.#word)
    this.#word = ''
    this.#open = false
  }
}

class Lexer {
  readonly matched = new Set<string>()
  readonly unmatched = new Set<string>()
  readonly #chars: readonly string[]
  readonly #env: Environment
  readonly #options: ExpandOptions
  readonly #escape: string
  #rawEscapes = false
  #at = 0
  #depth = 0
  #made = 0

  constructor(source: string, env: Environment, options: ExpandOptions) {
    this.#chars = [...source]
    this.#env = env
    this.#options = options
    this.#escape = options.escape ?? '\\'
  }

  get #peek(): string | undefined {
    return this.#chars[this.#at]
  }

  /** Reads on to the character, which it takes, or to the end. */
  until(stop: string | undefined, rawEscapes: boolean): { text: string; words: readonly string[] } {
    if (++this.#depth > NESTING_MOST) throw new DockerfileError('syntax error: substitutions are nested too deeply')
    const before = this.#rawEscapes
    this.#rawEscapes = rawEscapes
    let text = ''
    const words = new Words()
    for (let char = this.#peek; char !== undefined; char = this.#peek) {
      if (char === stop) {
        this.#at++
        this.#leave(before)
        return { text, words: words.end() }
      }
      let piece: string
      if (char === '$') {
        piece = this.#dollar()
        words.add(piece)
      } else if ((char === "'" || char === '"') && !this.#options.ignoreQuotes) {
        piece = char === "'" ? this.#single() : this.#double()
        words.addRaw(piece)
      } else {
        this.#at++
        piece = char
        if (char !== this.#escape) words.add(char)
        else {
          const next = this.#chars[this.#at++]
          piece = (rawEscapes ? char : '') + (next ?? '')
          if (piece !== '') words.addRaw(piece)
        }
      }
      this.#made += piece.length
      if (this.#made > EXPANDED_MOST) throw new DockerfileError('the expanded text is too long')
      text += piece
    }
    if (stop !== undefined) throw new DockerfileError(`unexpected end of statement while looking for matching ${stop}`)
    this.#leave(before)
    return { text, words: words.end() }
  }

  #leave(rawEscapes: boolean): void {
    this.#rawEscapes = rawEscapes
    this.#depth--
  }

  #single(): string {
    const from = this.#at++
    while (this.#peek !== undefined && this.#peek !== "'") this.#at++
    if (this.#peek === undefined)
      throw new DockerfileError('unexpected end of statement while looking for matching single-quote')
    this.#at++
    const raw = this.#options.rawQuotes ? 0 : 1
    return this.#chars.slice(from + raw, this.#at - raw).join('')
  }

  #double(): string {
    this.#at++
    const quote = this.#options.rawQuotes ? '"' : ''
    let text = quote
    for (;;) {
      const char = this.#peek
      if (char === undefined)
        throw new DockerfileError('unexpected end of statement while looking for matching double-quote')
      if (char === '$') {
        text += this.#dollar()
        continue
      }
      this.#at++
      if (char === '"') return text + quote
      if (char !== this.#escape) {
        text += char
        continue
      }
      if (this.#rawEscapes) text += char
      const next = this.#peek
      if (next === undefined) continue
      if (next === '"' || next === '$' || next === this.#escape) {
        this.#at++
        text += next
      } else text += char
    }
  }

  #dollar(): string {
    this.#at++
    if (this.#peek !== '{') {
      const name = this.#name()
      if (name === '') return '$'
      const value = this.#value(name)
      return value ?? (this.#options.keepUnset ? `$${name}` : '')
    }
    this.#at++
    const first = this.#peek
    if (first === undefined) throw new DockerfileError("syntax error: missing '}'")
    if (first === '{' || first === '}' || first === ':') throw new DockerfileError('syntax error: bad substitution')
    const name = this.#name()
    const operator = this.#chars[this.#at++]
    switch (operator) {
      case '}': {
        const value = this.#value(name)
        return value ?? (this.#options.keepUnset ? `\${${name}}` : '')
      }
      case '/':
        return this.#replacement(name)
      case ':':
        return this.#modified(name, this.#chars[this.#at++], true)
      case '+':
      case '-':
      case '?':
      case '#':
      case '%':
        return this.#modified(name, operator, false)
      default:
        throw new DockerfileError(`unsupported modifier (${operator ?? '\uFFFD'}) in substitution`)
    }
  }

  #modified(name: string, operator: string | undefined, nullIsUnset: boolean): string {
    const written = (nullIsUnset ? ':' : '') + (operator ?? '\uFFFD')
    const word = this.#inner('}', operator === '#' || operator === '%', "syntax error: missing '}'")
    const value = this.#value(name)
    if (value === undefined && this.#options.keepUnset) return `\${${name}${written}${word}}`
    const missing = value === undefined || (nullIsUnset && value === '')
    switch (operator) {
      case '-':
        return missing ? word : value
      case '+':
        return missing ? '' : word
      case '?':
        if (value === undefined) throw new DockerfileError(`${name}: ${word || 'is not allowed to be unset'}`)
        if (missing) throw new DockerfileError(`${name}: ${word || 'is not allowed to be empty'}`)
        return value
      case '#':
      case '%': {
        if (nullIsUnset) break
        const longest = word.startsWith(operator)
        const pattern = longest ? word.slice(1) : word
        const trimmed = operator === '#' ? withoutPrefix : withoutSuffix
        return trimmed(value ?? '', pattern, longest)
      }
    }
    throw new DockerfileError(`unsupported modifier (${written}) in substitution`)
  }

  #replacement(name: string): string {
    const all = this.#peek === '/'
    if (all) this.#at++
    const pattern = this.#inner('/', true, "syntax error: missing '/' in ${}")
    const by = this.#inner('}', true, "syntax error: missing '}'")
    const value = this.#value(name)
    if (value === undefined && this.#options.keepUnset) return `\${${name}/${pattern}/${by}}`
    return replaced(value ?? '', pattern, by, all)
  }

  #inner(stop: string, rawEscapes: boolean, atEnd: string): string {
    try {
      return this.until(stop, rawEscapes).text
    } catch (error) {
      if (error instanceof DockerfileError && this.#peek === undefined) throw new DockerfileError(atEnd)
      throw error
    }
  }

  #name(): string {
    const first = this.#peek
    if (first === undefined) return ''
    if (isDigit(first)) return this.#while(isDigit)
    if (SPECIAL.includes(first)) {
      this.#at++
      return first
    }
    return this.#while((char) => /[\p{L}\p{Nd}_]/u.test(char))
  }

  #while(test: (char: string) => boolean): string {
    const from = this.#at
    while (this.#peek !== undefined && test(this.#peek)) this.#at++
    return this.#chars.slice(from, this.#at).join('')
  }

  #value(name: string): string | undefined {
    const value = this.#env.get(name)
    ;(value === undefined ? this.unmatched : this.matched).add(name)
    return value
  }
}
