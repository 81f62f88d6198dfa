import { floatText, goText, Int, isMap, typeOf } from './values'

const MOST_WIDTH = 10_000

/** Go's fmt.Sprintf, as far as values of templates go: flags `-+# 0`, width, precision, `*`; verbs `v s q d b o x X c U t f F e g T %`. */
export function sprintf(format: string, values: readonly unknown[]): string {
  let next = 0
  let text = ''
  const pattern = /%([-+# 0]*)(\d+|\*)?(?:\.(\d+|\*)?)?([\s\S])?/gu
  let end = 0
  for (const match of format.matchAll(pattern)) {
    text += format.slice(end, match.index)
    end = match.index + match[0].length
    const [whole, flags = '', width, precision, verb] = match
    if (verb === undefined) {
      text += '%!(NOVERB)'
      continue
    }
    if (verb === '%') {
      text += '%'
      continue
    }
    const star = (given: string | undefined) => {
      if (given !== '*') return given === undefined ? undefined : Math.min(Number(given), MOST_WIDTH)
      const value = values[next++]
      return value instanceof Int ? Math.min(value.value, MOST_WIDTH) : undefined
    }
    const wide = star(width)
    const hasPrecision = whole.includes('.')
    const digits = hasPrecision ? (star(precision) ?? 0) : undefined
    if (next >= values.length) {
      text += `%!${verb}(MISSING)`
      continue
    }
    text += padded(one(verb, flags, digits, values[next++]), flags, wide, verb)
  }
  text += format.slice(end)
  if (next < values.length) {
    const extra = values.slice(next).map((value) => (value == null ? '<nil>' : `${typeOf(value)}=${goText(value)}`))
    text += `%!(EXTRA ${extra.join(', ')})`
  }
  return text
}

function padded(text: string, flags: string, width: number | undefined, verb: string): string {
  if (width === undefined || [...text].length >= width) return text
  const fill = width - [...text].length
  if (flags.includes('-')) return text + ' '.repeat(fill)
  if (!flags.includes('0') || 'sqvT'.includes(verb)) return ' '.repeat(fill) + text
  return /^[+-]/.test(text) ? text[0] + '0'.repeat(fill) + text.slice(1) : '0'.repeat(fill) + text
}

const wrong = (verb: string, value: unknown) =>
  value == null ? `%!${verb}(<nil>)` : `%!${verb}(${typeOf(value)}=${goText(value)})`

function one(verb: string, flags: string, digits: number | undefined, value: unknown): string {
  if (verb === 'v' && value == null) return '<nil>'
  if (verb === 'T') return value == null ? '<nil>' : typeOf(value)
  if (verb === 'v') return flags.includes('#') ? goSyntax(value) : signed(goText(value), flags, value)
  if (value == null) return wrong(verb, value)
  if (Array.isArray(value)) return `[${value.map((item) => one(verb, flags, digits, item)).join(' ')}]`
  if (isMap(value)) {
    const keys = Object.keys(value).sort((a, b) => (a < b ? -1 : 1))
    return `map[${keys.map((key) => `${one(verb, flags, digits, key)}:${one(verb, flags, digits, value[key])}`).join(' ')}]`
  }
  if (typeof value === 'string') return ofText(verb, flags, digits, value)
  if (typeof value === 'boolean') return verb === 't' ? String(value) : wrong(verb, value)
  if (value instanceof Int) return ofInt(verb, flags, value.value) ?? wrong(verb, value)
  return typeof value === 'number' ? (ofFloat(verb, flags, digits, value) ?? wrong(verb, value)) : wrong(verb, value)
}

const signed = (text: string, flags: string, value: unknown) =>
  (typeof value === 'number' || value instanceof Int) && !text.startsWith('-')
    ? (flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '') + text
    : text

function ofText(verb: string, flags: string, digits: number | undefined, value: string): string {
  const cut = digits === undefined ? value : [...value].slice(0, digits).join('')
  if (verb === 's') return cut
  if (verb === 'q') return flags.includes('#') && !cut.includes('`') ? `\`${cut}\`` : JSON.stringify(cut)
  if (verb !== 'x' && verb !== 'X') return wrong(verb, value)
  const bytes = [...new TextEncoder().encode(cut)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return verb === 'x' ? bytes : bytes.toUpperCase()
}

function ofInt(verb: string, flags: string, value: number): string | undefined {
  const alternate = flags.includes('#')
  switch (verb) {
    case 'd':
      return signed(String(value), flags, value)
    case 'b':
      return value.toString(2)
    case 'o':
      return (alternate ? '0' : '') + value.toString(8)
    case 'x':
      return (alternate ? '0x' : '') + value.toString(16)
    case 'X':
      return (alternate ? '0X' : '') + value.toString(16).toUpperCase()
    case 'c':
      return value >= 0 && value <= 0x10ffff ? String.fromCodePoint(value) : '\ufffd'
    case 'q':
      return `'${String.fromCodePoint(Math.min(Math.max(value, 0), 0x10ffff))}'`
    case 'U':
      return `U+${value.toString(16).toUpperCase().padStart(4, '0')}`
    default:
      return undefined
  }
}

/** Decimal places, ties to even, as Go rounds; JavaScript takes the larger. */
function fixed(value: number, places: number): string {
  const text = value.toFixed(places)
  if (places > 70) return text
  const exact = value.toFixed(places + 30)
  const isTie = /^50*$/.test(exact.slice(-30))
  const cut = exact.slice(0, places === 0 ? -31 : -30)
  return isTie && '02468'.includes(cut[cut.length - 1]!) ? cut : text
}

function ofFloat(verb: string, flags: string, digits: number | undefined, value: number): string | undefined {
  const places = Math.min(digits ?? 6, 100)
  const exponent = (text: string) => text.replace(/e([+-])(\d)$/, 'e$10$2')
  switch (verb) {
    case 'f':
    case 'F':
      return signed(fixed(value, places), flags, value)
    case 'e':
    case 'E':
      return signed(exponent(value.toExponential(places)), flags, value)
    case 'g':
    case 'G':
      return signed(
        digits === undefined ? floatText(value) : exponent(String(Number(value.toPrecision(Math.max(1, places))))),
        flags,
        value,
      )
    default:
      return undefined
  }
}

/** `%#v`, of what comes out of JSON. */
function goSyntax(value: unknown): string {
  if (value === undefined || value === null) return 'interface {}(nil)'
  if (typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`
  if (!isMap(value)) return goText(value, true)
  const keys = Object.keys(value).sort((a, b) => (a < b ? -1 : 1))
  return `map[string]interface {}{${keys.map((key) => `${JSON.stringify(key)}:${goSyntax(value[key])}`).join(', ')}}`
}
