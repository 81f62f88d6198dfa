import type { Tool } from '../tool'
import { flagsOf, linesOf, patternFrom, textsOf } from './input'

interface Command {
  readonly from: Address | undefined
  readonly to: Address | undefined
  readonly negated: boolean
  readonly what: 's' | 'd' | 'p' | 'q'
  readonly pattern?: RegExp
  readonly replacement?: string
  readonly everywhere?: boolean
  readonly prints?: boolean
}
type Address = number | '$' | RegExp

/** Commands s, d, p, q with addresses and ranges; -n, -e, -E, -i. */
export const sed: Tool = {
  name: 'sed',
  about: 'edits lines (s, d, p, q)',
  streams: true,
  run(call, memory) {
    const { flags, rest } = flagsOf(call.argv.slice(1), 'e')
    const script = flags.get('e') ?? rest.shift() ?? ''
    const commands = parse(script, flags.has('E') || flags.has('r'))
    if (typeof commands === 'string') {
      call.printError(`sed: -e expression #1, char ${script.length}: ${commands}\n`)
      return { exit: 1 }
    }
    const quiet = flags.has('n')
    if (rest.length > 0) {
      const { texts, failed } = textsOf(call, rest)
      for (const { name, text } of texts) {
        const { out } = edit(
          linesOf(text),
          commands,
          quiet,
          0,
          true,
          commands.map(() => false),
        )
        if (flags.has('i')) call.files.write(name, out)
        else call.print(out)
      }
      return { exit: failed ? 2 : 0 }
    }
    const before = (memory as { rest: string; line: number; open: boolean[] } | undefined) ?? {
      rest: '',
      line: 0,
      open: commands.map(() => false),
    }
    const whole = before.rest + call.stdin.text
    const end = call.stdin.ended ? whole.length : whole.lastIndexOf('\n') + 1
    const open = [...before.open]
    const { out, line, quit } = edit(linesOf(whole.slice(0, end)), commands, quiet, before.line, call.stdin.ended, open)
    call.print(out)
    return quit || call.stdin.ended
      ? { exit: 0 }
      : { wait: { input: true }, memory: { rest: whole.slice(end), line, open } }
  },
}

function edit(
  lines: readonly string[],
  commands: readonly Command[],
  quiet: boolean,
  from: number,
  ended: boolean,
  open: boolean[],
): { out: string; line: number; quit: boolean } {
  let out = ''
  let n = from
  for (const [i, original] of lines.entries()) {
    n++
    const last = ended && i === lines.length - 1
    let line = original
    let deleted = false
    let quit = false
    for (const [j, command] of commands.entries()) {
      if (applies(command, line, n, last, open, j) === command.negated) continue
      if (command.what === 'd') {
        deleted = true
        break
      }
      if (command.what === 'p') out += `${line}\n`
      else if (command.what === 'q') quit = true
      else {
        command.pattern!.lastIndex = 0
        const changed = line.replace(command.pattern!, command.replacement!)
        if (changed !== line && command.prints) out += `${changed}\n`
        line = changed
      }
    }
    if (!deleted && !quiet) out += `${line}\n`
    if (quit) return { out, line: n, quit }
  }
  return { out, line: n, quit: false }
}

function matches(address: Address, line: string, n: number, last: boolean): boolean {
  if (address === '$') return last
  return typeof address === 'number' ? n === address : address.test(line)
}

function applies(command: Command, line: string, n: number, last: boolean, open: boolean[], j: number): boolean {
  if (command.from === undefined) return true
  if (command.to === undefined) return matches(command.from, line, n, last)
  if (open[j]) {
    if (typeof command.to === 'number' ? n >= command.to : matches(command.to, line, n, last)) open[j] = false
    return true
  }
  if (!matches(command.from, line, n, last)) return false
  open[j] = !(typeof command.to === 'number' && command.to <= n)
  return true
}

/** The commands of a script, or what is wrong with it. */
function parse(script: string, extended: boolean): Command[] | string {
  const commands: Command[] = []
  let at = 0
  const address = (): Address | undefined => {
    const number = /^\d+/.exec(script.slice(at))
    if (number) {
      at += number[0].length
      return Number(number[0])
    }
    if (script[at] === '$') {
      at++
      return '$'
    }
    if (script[at] !== '/') return undefined
    const end = closing(script, at + 1, '/')
    const pattern = patternFrom(script.slice(at + 1, end), { extended })
    at = end + 1
    return pattern
  }
  while (at < script.length) {
    while (/[\s;]/.test(script[at] ?? '')) at++
    if (at >= script.length) break
    const from = address()
    let to: Address | undefined
    if (from !== undefined && script[at] === ',') {
      at++
      to = address()
    }
    let negated = false
    while (script[at] === '!' || script[at] === ' ') negated = script[at++] === '!' || negated
    const what = script[at++]
    if (what === 'd' || what === 'p' || what === 'q') commands.push({ from, to, negated, what })
    else if (what === 's') {
      const mark = script[at++] ?? ''
      const middle = closing(script, at, mark)
      const end = closing(script, middle + 1, mark)
      if (middle < 0 || end < 0) return "unterminated `s' command"
      const options = /^[gpiI0-9]*/.exec(script.slice(end + 1))![0]
      const pattern = patternFrom(script.slice(at, middle).replaceAll(`\\${mark}`, mark), {
        extended,
        ignoreCase: /i/i.test(options),
        global: options.includes('g'),
      })
      if (!pattern) return 'Invalid preceding regular expression'
      const replacement = script
        .slice(middle + 1, end)
        .replace(/\$/g, '$$$$')
        .replace(/\\(.)|&/gs, (all, c?: string) =>
          all === '&' ? '$&' : c === 'n' ? '\n' : c === 't' ? '\t' : /\d/.test(c!) ? (c === '0' ? '$&' : `$${c}`) : c!,
        )
      commands.push({
        from,
        to,
        negated,
        what,
        pattern,
        replacement,
        everywhere: options.includes('g'),
        prints: options.includes('p'),
      })
      at = end + 1 + options.length
    } else return what === undefined ? 'missing command' : `unknown command: \`${what}'`
  }
  return commands
}

function closing(text: string, from: number, mark: string): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === mark) return i
  }
  return -1
}
