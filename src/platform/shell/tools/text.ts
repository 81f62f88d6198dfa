import { fromBase64, toBase64 } from '../../base64'
import { PACKED, textBytes } from '../file'
import type { Tool, ToolCall } from '../tool'
import { hoard, isEndless } from './compute'
import { endLines, flagsOf, linesOf, textsOf } from './input'

const fails = (failed: boolean) => ({ exit: failed ? 1 : 0 })
const joined = (texts: readonly { text: string }[]) => texts.map(({ text }) => text).join('')

function ends(call: ToolCall, last: boolean): { exit: number } {
  const { flags, rest } = flagsOf(call.argv.slice(1), 'nc')
  const { texts, failed } = textsOf(call, rest)
  for (const { name, text } of texts) {
    if (texts.length > 1) call.print(`==> ${name} <==\n`)
    const bytes = flags.get('c')
    if (bytes !== undefined) {
      call.print(last ? text.slice(-Number(bytes)) : text.slice(0, Number(bytes)))
      continue
    }
    const wanted = flags.get('n') ?? '10'
    const n = Math.abs(Number(wanted.replace('+', '')))
    const lines = linesOf(text)
    if (last) call.print(endLines(wanted.startsWith('+') ? lines.slice(n - 1) : n === 0 ? [] : lines.slice(-n)))
    else call.print(endLines(wanted.startsWith('-') ? lines.slice(0, -n) : lines.slice(0, n)))
  }
  return fails(failed)
}

/** Reads as text comes, and ends as soon as it has enough. */
export const head: Tool = {
  name: 'head',
  about: 'prints the first lines',
  streams: true,
  run(call, memory) {
    const { flags, rest } = flagsOf(call.argv.slice(1), 'nc')
    if (rest.length > 0 || flags.has('c') || (flags.get('n') ?? '10').startsWith('-')) {
      if (rest.length > 0 || call.stdin.ended) return ends(call, false)
      return { wait: { input: true }, memory: null }
    }
    const left = (memory as { left: number } | undefined)?.left ?? Number(flags.get('n') ?? 10)
    const lines = linesOf(call.stdin.text).slice(0, left)
    call.print(endLines(lines))
    return lines.length >= left || call.stdin.ended
      ? { exit: 0 }
      : { wait: { input: true }, memory: { left: left - lines.length } }
  },
}

/** How much of each file has been shown. */
interface Followed {
  readonly shown: Readonly<Record<string, number>>
}

export const tail: Tool = {
  name: 'tail',
  about: 'prints the last lines, and with -f what comes after them',
  run(call, memory) {
    const { flags, rest } = flagsOf(call.argv.slice(1), 'nc')
    const follows = rest.length > 0 && ['f', 'F', 'follow'].some((flag) => flags.has(flag))
    const hoarded = memory as { readonly hoarded: number } | undefined
    if (rest.some(isEndless)) return hoard(call, hoarded?.hoarded)
    const before = memory as Followed | undefined
    if (!before) {
      const ended = ends(call, true)
      if (!follows || (ended.exit !== 0 && !flags.has('F') && rest.length === 1)) return ended
    }
    const shown: Record<string, number> = {}
    for (const name of rest) {
      const read = call.files.read(name)
      if (!('text' in read)) continue
      shown[name] = read.text.length
      // a file that has become shorter is another one
      const from = before?.shown[name] ?? 0
      if (before) call.print(read.text.slice(from <= read.text.length ? from : 0))
    }
    return { wait: { kinds: ['platform/File'] }, memory: { shown } }
  },
}

export const wc: Tool = {
  name: 'wc',
  about: 'counts lines, words and bytes',
  run(call) {
    const { flags, rest } = flagsOf(call.argv.slice(1))
    const { texts, failed } = textsOf(call, rest)
    const all = flags.size === 0
    const rows = texts.map(({ name, text }) => ({
      name,
      counts: [
        text.split('\n').length - 1,
        text.split(/\s+/).filter(Boolean).length,
        text.startsWith(PACKED) ? textBytes(text) : new TextEncoder().encode(text).length,
      ],
    }))
    if (rows.length > 1)
      rows.push({ name: 'total', counts: [0, 1, 2].map((i) => rows.reduce((n, row) => n + row.counts[i]!, 0)) })
    const picked = [all || flags.has('l'), all || flags.has('w'), all || flags.has('c') || flags.has('m')]
    const single = picked.filter(Boolean).length === 1
    for (const { name, counts } of rows) {
      const cells = counts.filter((_, i) => picked[i]).map(String)
      const width =
        single && rows.length === 1
          ? 0
          : Math.max(rest.length === 0 ? 7 : 1, ...rows.flatMap((row) => row.counts.map((n) => String(n).length)))
      call.print(`${cells.map((cell) => cell.padStart(width)).join(' ')}${name === '-' ? '' : ` ${name}`}\n`)
    }
    return fails(failed)
  },
}

const keyOf = (line: string, key: string | undefined, separator: string | undefined) => {
  if (key === undefined) return line
  const [from, to] = key.split(',').map((part) => Number.parseInt(part, 10))
  const fields = separator === undefined ? line.trim().split(/\s+/) : line.split(separator)
  return fields.slice(from! - 1, to ?? fields.length).join(separator ?? ' ')
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const compareVersions = (a: string, b: string) => {
  const parts = (text: string) => text.match(/\d+|\D+/g) ?? []
  const [x, y] = [parts(a), parts(b)]
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const [p = '', q = ''] = [x[i], y[i]]
    const difference = /^\d/.test(p) && /^\d/.test(q) ? Number(p) - Number(q) : compareText(p, q)
    if (difference !== 0) return difference
  }
  return 0
}

export const sort: Tool = {
  name: 'sort',
  about: 'sorts lines (-r -n -u -k -t -V -h)',
  run(call) {
    const { flags, rest } = flagsOf(call.argv.slice(1), 'kto')
    const { texts, failed } = textsOf(call, rest)
    const key = flags.get('k')
    const numeric = flags.has('n') || flags.has('g') || /\d+n/.test(key ?? '')
    const units: Record<string, number> = { K: 1e3, M: 1e6, G: 1e9, T: 1e12 }
    const value = (text: string) => {
      const match = /^\s*(-?\d+(?:\.\d+)?)([KMGT]?)/.exec(text)
      return match ? Number(match[1]) * (flags.has('h') ? (units[match[2]!] ?? 1) : 1) : 0
    }
    const how = (a: string, b: string) => {
      const [x, y] = [keyOf(a, key, flags.get('t')), keyOf(b, key, flags.get('t'))]
      const first = flags.has('V')
        ? compareVersions(x, y)
        : numeric || flags.has('h')
          ? value(x) - value(y)
          : flags.has('f')
            ? compareText(x.toLowerCase(), y.toLowerCase())
            : compareText(x, y)
      return (first || (flags.has('s') ? 0 : compareText(a, b))) * (flags.has('r') || /r/.test(key ?? '') ? -1 : 1)
    }
    let lines = linesOf(joined(texts)).sort(how)
    if (flags.has('u'))
      lines = lines.filter(
        (line, i) => i === 0 || keyOf(line, key, flags.get('t')) !== keyOf(lines[i - 1]!, key, flags.get('t')),
      )
    const target = flags.get('o')
    if (target === undefined) call.print(endLines(lines))
    else call.files.write(target, endLines(lines))
    return fails(failed)
  },
}

export const uniq: Tool = {
  name: 'uniq',
  about: 'drops repeated neighbouring lines (-c -d -u -i)',
  run(call) {
    const { flags, rest } = flagsOf(call.argv.slice(1))
    const { texts, failed } = textsOf(call, rest.slice(0, 1))
    const groups: { line: string; n: number }[] = []
    for (const line of linesOf(joined(texts))) {
      const last = groups[groups.length - 1]
      if (last && (flags.has('i') ? last.line.toLowerCase() === line.toLowerCase() : last.line === line)) last.n++
      else groups.push({ line, n: 1 })
    }
    for (const { line, n } of groups) {
      if ((flags.has('d') && n === 1) || (flags.has('u') && n > 1)) continue
      call.print(`${flags.has('c') ? `${String(n).padStart(7)} ` : ''}${line}\n`)
    }
    return fails(failed)
  },
}

/** `1,3-5,7-` → whether the n-th (from 1) is picked. */
function picker(spec: string): (n: number) => boolean {
  const ranges = spec.split(',').map((part) => {
    const match = /^(\d*)(-?)(\d*)$/.exec(part)
    if (!match) return [1, 0] as const
    return [
      Number(match[1] || 1),
      match[2] === '' ? Number(match[1]) : Number(match[3] || Number.MAX_SAFE_INTEGER),
    ] as const
  })
  return (n) => ranges.some(([from, to]) => n >= from && n <= to)
}

export const cut: Tool = {
  name: 'cut',
  about: 'prints parts of lines (-d -f -c)',
  run(call) {
    const { flags, rest } = flagsOf(call.argv.slice(1), 'dfcb')
    const { texts, failed } = textsOf(call, rest)
    const separator = flags.get('d') ?? '\t'
    const spec = flags.get('f') ?? flags.get('c') ?? flags.get('b')
    if (spec === undefined) {
      call.printError(
        "cut: you must specify a list of bytes, characters, or fields\nTry 'cut --help' for more information.\n",
      )
      return { exit: 1 }
    }
    const picks = picker(spec)
    for (const line of linesOf(joined(texts))) {
      if (!flags.has('f')) call.print(`${[...line].filter((_, i) => picks(i + 1)).join('')}\n`)
      else if (!line.includes(separator)) {
        if (!flags.has('s')) call.print(`${line}\n`)
      } else
        call.print(
          `${line
            .split(separator)
            .filter((_, i) => picks(i + 1))
            .join(separator)}\n`,
        )
    }
    return fails(failed)
  },
}

const TR_CLASSES: Readonly<Record<string, string>> = {
  upper: 'A-Z',
  lower: 'a-z',
  digit: '0-9',
  alpha: 'A-Za-z',
  alnum: 'A-Za-z0-9',
  space: ' \\t\\n\\r',
  blank: ' \\t',
  punct: '!-/:-@[-`{-~',
}

function characters(set: string): string[] {
  const text = set
    .replace(/\[:(\w+):\]/g, (_all, name: string) => TR_CLASSES[name] ?? '')
    .replace(/\\(.)/g, (_all, c: string) => ({ n: '\n', t: '\t', r: '\r' })[c] ?? c)
  const found: string[] = []
  for (let i = 0; i < text.length; i++) {
    if (text[i + 1] === '-' && i + 2 < text.length) {
      for (let c = text.charCodeAt(i); c <= text.charCodeAt(i + 2); c++) found.push(String.fromCharCode(c))
      i += 2
    } else found.push(text[i]!)
  }
  return found
}

export const tr: Tool = {
  name: 'tr',
  about: 'replaces, squeezes or deletes characters (-d -s -c)',
  run(call) {
    const { flags, rest } = flagsOf(call.argv.slice(1))
    const [first = [], second = []] = rest.map(characters)
    const inFirst = (c: string) => first.includes(c) !== flags.has('c')
    let text = ''
    for (const c of call.stdin.text) {
      if (flags.has('d') && inFirst(c)) continue
      const mapped =
        !flags.has('d') && second.length > 0 && inFirst(c)
          ? (second[Math.min(flags.has('c') ? second.length : first.indexOf(c), second.length - 1)] ?? c)
          : c
      const squeezed =
        flags.has('s') &&
        (second.length > 0 ? second : first).includes(mapped) !== (second.length === 0 && flags.has('c'))
      if (squeezed && text.endsWith(mapped)) continue
      text += mapped
    }
    call.print(text)
    return { exit: 0 }
  },
}

export const tee: Tool = {
  name: 'tee',
  about: 'prints and writes to files at once (-a: at their end)',
  streams: true,
  run(call, memory) {
    const { flags, rest } = flagsOf(call.argv.slice(1))
    call.print(call.stdin.text)
    for (const path of rest) {
      const problem = call.files.write(path, call.stdin.text, { append: flags.has('a') || memory !== undefined })
      if (problem) call.printError(`tee: ${path}: ${problem.error}\n`)
    }
    return call.stdin.ended ? { exit: 0 } : { wait: { input: true }, memory: 1 }
  },
}

export const base64: Tool = {
  name: 'base64',
  about: 'encodes and decodes (-d) base64',
  run(call) {
    const { flags, rest } = flagsOf(call.argv.slice(1), 'w')
    const { texts, failed } = textsOf(call, rest)
    const text = joined(texts)
    if (flags.has('d') || flags.has('decode')) {
      const decoded = fromBase64(text)
      if (decoded === undefined) {
        call.printError('base64: invalid input\n')
        return { exit: 1 }
      }
      call.print(decoded)
      return fails(failed)
    }
    const encoded = toBase64(text)
    const width = Number(flags.get('w') ?? 76)
    call.print(width === 0 ? encoded : `${(encoded.match(new RegExp(`.{1,${width}}`, 'g')) ?? ['']).join('\n')}\n`)
    return fails(failed)
  },
}

export const seq: Tool = {
  name: 'seq',
  about: 'prints numbers from one to another',
  streams: true,
  run(call) {
    const { flags, rest } = flagsOf(call.argv.slice(1), 's')
    const numbers = rest.map(Number)
    if (numbers.length === 0 || numbers.some(Number.isNaN)) {
      call.printError(
        `seq: ${numbers.length === 0 ? 'missing operand' : `invalid floating point argument: '${rest.find((n) => Number.isNaN(Number(n)))}'`}\n`,
      )
      return { exit: 1 }
    }
    const [from, step, to] =
      numbers.length === 1
        ? [1, 1, numbers[0]!]
        : numbers.length === 2
          ? [numbers[0]!, 1, numbers[1]!]
          : [numbers[0]!, numbers[1]!, numbers[2]!]
    const found: string[] = []
    for (let i = 0; i < 100_000; i++) {
      const n = from + i * step
      if (step === 0 || (step > 0 ? n > to : n < to)) break
      found.push(String(Number(n.toFixed(10))))
    }
    if (found.length > 0) call.print(`${found.join(flags.get('s') ?? '\n')}\n`)
    return { exit: 0 }
  },
}
