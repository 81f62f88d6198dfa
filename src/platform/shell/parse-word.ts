import type { Param, Part, Word } from './syntax'

/** Thrown inside the parser only, caught at its door. */
export class Unparsed extends Error {
  readonly unfinished: boolean
  constructor(message: string, unfinished = false) {
    super(message)
    this.unfinished = unfinished
  }
}

const NAME = /[A-Za-z0-9_]/
const SPECIAL = '@*#?-$!'
/** Words deeper than this are refused: hostile nesting must not overflow the stack. */
const DEEPEST = 100

/** Reads words from text: quoting, parameters, substitutions. `position` moves as it reads. */
export class WordReader {
  readonly text: string
  position: number
  depth = 0

  constructor(text: string, position = 0) {
    this.text = text
    this.position = position
  }

  /** The next character; '' at the end. */
  here(): string {
    return this.text[this.position] ?? ''
  }

  /** A word up to one of the characters in `ends` (or white space, when it is among them) at the outer level. */
  word(ends: string, inDouble = false): Word {
    if (++this.depth > DEEPEST) throw new Unparsed('nesting too deep')
    const parts: Part[] = []
    let plain = ''
    const flush = () => {
      if (plain !== '') parts.push(inDouble ? { quoted: plain } : { text: plain })
      plain = ''
    }
    while (this.position < this.text.length) {
      const c = this.here()
      if (ends.includes(c)) break
      if (c === '\\') {
        const next = this.text[this.position + 1]
        this.position += 2
        if (next === '\n') continue
        if (next === undefined) plain += '\\'
        else if (inDouble && !'$`"\\\n}'.includes(next)) plain += `\\${next}`
        else if (inDouble) plain += next
        else {
          flush()
          parts.push({ quoted: next })
        }
      } else if (c === "'" && !inDouble) {
        flush()
        const end = this.text.indexOf("'", this.position + 1)
        if (end < 0) throw new Unparsed("unexpected EOF while looking for matching `''", true)
        parts.push({ quoted: this.text.slice(this.position + 1, end) })
        this.position = end + 1
      } else if (c === '"') {
        flush()
        this.position++
        const inner = this.word('"', true)
        if (this.here() !== '"') throw new Unparsed('unexpected EOF while looking for matching `"\'', true)
        this.position++
        if (inDouble) parts.push(...inner)
        else parts.push({ double: inner })
      } else if (c === '$') {
        const part = this.dollar(inDouble)
        if (part) {
          flush()
          parts.push(part)
        } else {
          plain += '$'
          this.position++
        }
      } else if (c === '`') {
        flush()
        parts.push({ command: this.backquoted() })
      } else {
        plain += c
        this.position++
      }
    }
    flush()
    this.depth--
    return parts
  }

  dollar(inDouble: boolean): Part | undefined {
    const next = this.text[this.position + 1] ?? ''
    if (next === '(') {
      if (this.text[this.position + 2] === '(') {
        const arithmetic = this.arithmetic()
        if (arithmetic) return { arithmetic }
      }
      const start = this.position + 2
      this.position = start
      const end = this.closing()
      this.position = end + 1
      return { command: this.text.slice(start, end) }
    }
    if (next === '{') return { param: this.braced() }
    if (next === "'" && !inDouble) {
      this.position += 2
      return { quoted: this.ansi() }
    }
    if (SPECIAL.includes(next) && next !== '') {
      this.position += 2
      return { param: { name: next } }
    }
    if (/[0-9]/.test(next)) {
      this.position += 2
      return { param: { name: next } }
    }
    if (NAME.test(next)) {
      let end = this.position + 1
      while (NAME.test(this.text[end] ?? '')) end++
      const name = this.text.slice(this.position + 1, end)
      this.position = end
      return { param: { name } }
    }
    return undefined
  }

  /** `$((…))`; undefined if the double parenthesis turns out to be a command. */
  arithmetic(): Word | undefined {
    const start = this.position + 3
    let depth = 0
    for (let i = start; i < this.text.length; i++) {
      const c = this.text[i]
      if (c === '(') depth++
      else if (c === ')') {
        if (depth === 0) {
          if (this.text[i + 1] !== ')') return undefined
          const inner = new WordReader(this.text.slice(start, i))
          inner.depth = this.depth
          this.position = i + 2
          return inner.word('', true)
        }
        depth--
      }
    }
    throw new Unparsed("unexpected EOF while looking for matching `)'", true)
  }

  /** The index of the `)` that closes a command substitution begun before `position`. */
  closing(): number {
    let depth = 0
    for (let i = this.position; i < this.text.length; i++) {
      const c = this.text[i]
      if (c === '\\') i++
      else if (c === "'") {
        i = this.text.indexOf("'", i + 1)
        if (i < 0) break
      } else if (c === '"') {
        const inner = new WordReader(this.text, i + 1)
        inner.depth = this.depth + 1
        inner.word('"', true)
        i = inner.position
      } else if (c === '#' && /[\s;(]/.test(this.text[i - 1] ?? ' ')) {
        const end = this.text.indexOf('\n', i)
        if (end < 0) break
        i = end
      } else if (c === '(') depth++
      else if (c === ')') {
        if (depth === 0) return i
        depth--
      }
    }
    throw new Unparsed("unexpected EOF while looking for matching `)'", true)
  }

  backquoted(): string {
    let script = ''
    for (let i = this.position + 1; i < this.text.length; i++) {
      const c = this.text[i]!
      if (c === '`') {
        this.position = i + 1
        return script
      }
      if (c === '\\' && '`$\\'.includes(this.text[i + 1] ?? ' ')) script += this.text[++i]
      else script += c
    }
    throw new Unparsed("unexpected EOF while looking for matching ``'", true)
  }

  ansi(): string {
    const escapes: Record<string, string> = {
      n: '\n',
      t: '\t',
      r: '\r',
      a: '\x07',
      b: '\b',
      e: '\x1b',
      f: '\f',
      v: '\v',
    }
    let text = ''
    while (this.position < this.text.length) {
      const c = this.text[this.position++]!
      if (c === "'") return text
      if (c !== '\\') {
        text += c
        continue
      }
      const next = this.text[this.position++] ?? ''
      const hexadecimal =
        next === 'x' ? /^[0-9a-fA-F]{1,2}/.exec(this.text.slice(this.position, this.position + 2)) : null
      if (hexadecimal) {
        text += String.fromCharCode(Number.parseInt(hexadecimal[0], 16))
        this.position += hexadecimal[0].length
      } else text += escapes[next] ?? next
    }
    throw new Unparsed("unexpected EOF while looking for matching `''", true)
  }

  /** `${…}` */
  braced(): Param {
    this.position += 2
    let length = false
    if (
      this.here() === '#' &&
      this.text[this.position + 1] !== '}' &&
      /[A-Za-z0-9_@*]/.test(this.text[this.position + 1] ?? '')
    ) {
      length = true
      this.position++
    }
    let end = this.position
    if (SPECIAL.includes(this.here())) end++
    else while (NAME.test(this.text[end] ?? '')) end++
    const name = this.text.slice(this.position, end)
    if (name === '') throw new Unparsed('bad substitution')
    this.position = end
    let index: Word | undefined
    if (this.here() === '[') {
      this.position++
      index = this.word(']', true)
      if (this.here() !== ']') throw new Unparsed('bad substitution')
      this.position++
    }
    const base = { name, ...(index ? { index } : {}), ...(length ? { length } : {}) }
    if (this.here() === '}') {
      this.position++
      return base
    }
    const operator = /^(:[-=?+]|%%|%|##|#|\/\/|\/|\^\^|,,|\^|,|[-=?+]|:)/.exec(
      this.text.slice(this.position, this.position + 2),
    )?.[0]
    if (!operator) {
      if (this.position >= this.text.length) throw new Unparsed("unexpected EOF while looking for matching `}'", true)
      throw new Unparsed('bad substitution')
    }
    this.position += operator.length
    const twoPart = operator === '/' || operator === '//' || operator === ':'
    const word = this.word(twoPart ? `}${operator === ':' ? ':' : '/'}` : '}')
    let second: Word | undefined
    if (twoPart && this.here() !== '}') {
      this.position++
      second = this.word('}')
    }
    if (this.here() !== '}') throw new Unparsed("unexpected EOF while looking for matching `}'", true)
    this.position++
    return { ...base, operator, word, ...(second ? { second } : {}) }
  }
}
