/** printf(1): formats are used again until every argument is. */
export function formatted(format: string, args: readonly string[]): { text: string; problem?: string } {
  let text = ''
  let problem: string | undefined
  let next = 0
  do {
    const before = next
    for (let i = 0; i < format.length; i++) {
      const c = format[i]!
      if (c === '\\') {
        const [escaped, length] = escape(format.slice(i))
        text += escaped
        i += length - 1
        continue
      }
      const spec = c === '%' ? /^%([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d+))?([sdiuxXocbfeGgq%])/.exec(format.slice(i)) : null
      if (!spec) {
        text += c
        continue
      }
      i += spec[0].length - 1
      if (spec[4] === '%') {
        text += '%'
        continue
      }
      const width = spec[2] === '*' ? Number(args[next++] ?? 0) : Number(spec[2] ?? 0)
      const precision =
        spec[3] === '*' ? Number(args[next++] ?? 0) : spec[3] === undefined ? undefined : Number(spec[3])
      const arg = args[next++]
      const [body, bad] = one(spec[4]!, arg, precision, spec[1]!)
      if (bad) problem ??= `${arg}: invalid number`
      const padded = Math.min(width, 10_000)
      if (spec[1]!.includes('-')) text += body.padEnd(padded)
      else if (spec[1]!.includes('0') && /[diuxXof]/.test(spec[4]!)) {
        const sign = /^[-+]/.exec(body)?.[0] ?? ''
        text += sign + body.slice(sign.length).padStart(padded - sign.length, '0')
      } else text += body.padStart(padded)
    }
    if (next === before) break
  } while (next < args.length && text.length < 1_000_000)
  return problem === undefined ? { text } : { text, problem }
}

function one(kind: string, arg: string | undefined, precision: number | undefined, flags: string): [string, boolean] {
  if (kind === 's') return [precision === undefined ? (arg ?? '') : (arg ?? '').slice(0, precision), false]
  if (kind === 'c') return [(arg ?? '').slice(0, 1), false]
  if (kind === 'q')
    return [/^[\w@%+=:,./-]+$/.test(arg ?? '') ? arg! : `'${(arg ?? '').replace(/'/g, `'\\''`)}'`, false]
  if (kind === 'b') {
    let text = ''
    const source = arg ?? ''
    for (let i = 0; i < source.length; i++) {
      if (source[i] !== '\\') {
        text += source[i]
        continue
      }
      const [escaped, length] = escape(source.slice(i))
      text += escaped
      i += length - 1
    }
    return [text, false]
  }
  const raw = (arg ?? '0').trim()
  const n = raw.startsWith("'") || raw.startsWith('"') ? raw.charCodeAt(1) : raw === '' ? 0 : Number(raw)
  const bad = Number.isNaN(n)
  const value = bad ? Number.parseInt(raw, 10) || 0 : n
  if (kind === 'x') return [Math.trunc(value).toString(16), bad]
  if (kind === 'X') return [Math.trunc(value).toString(16).toUpperCase(), bad]
  if (kind === 'o') return [Math.trunc(value).toString(8), bad]
  if (kind === 'f') return [value.toFixed(precision ?? 6), bad]
  if (kind === 'e') return [value.toExponential(precision ?? 6), bad]
  if (kind === 'g' || kind === 'G') return [String(value), bad]
  const whole = String(Math.trunc(value))
  return [flags.includes('+') && value >= 0 ? `+${whole}` : whole, bad]
}

function escape(text: string): [string, number] {
  const plain: Record<string, string> = {
    n: '\n',
    t: '\t',
    r: '\r',
    a: '\x07',
    b: '\b',
    f: '\f',
    v: '\v',
    '\\': '\\',
    '"': '"',
    e: '\x1b',
  }
  const c = text[1] ?? ''
  if (plain[c] !== undefined) return [plain[c]!, 2]
  const octal = /^\\0?([0-7]{1,3})/.exec(text)
  if (octal) return [String.fromCharCode(Number.parseInt(octal[1]!, 8)), octal[0].length]
  const hexadecimal = /^\\x([0-9a-fA-F]{1,2})/.exec(text)
  if (hexadecimal) return [String.fromCharCode(Number.parseInt(hexadecimal[1]!, 16)), hexadecimal[0].length]
  const unicode = /^\\u([0-9a-fA-F]{4})/.exec(text)
  if (unicode) return [String.fromCharCode(Number.parseInt(unicode[1]!, 16)), 6]
  return ['\\', 1]
}
