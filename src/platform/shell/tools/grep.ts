import type { Tool } from '../tool'
import { flagsOf, linesOf, patternFrom, textsOf } from './input'

/** -c -v -i -q -o -E -F -n -l -w -x -e -r -A -B -h. Patterns are JavaScript's below POSIX's spelling. */
export const grep: Tool = {
  name: 'grep',
  about: 'prints the lines that match a pattern',
  streams: true,
  run(call, memory) {
    const { flags, rest } = flagsOf(call.argv.slice(1), 'eABmC')
    const source = flags.get('e') ?? rest.shift()
    if (source === undefined) {
      call.printError("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n")
      return { exit: 2 }
    }
    const extended = flags.has('E') || flags.has('F') || flags.has('w') || flags.has('x') || call.argv[0] === 'egrep'
    // one pattern a line: any of them
    const each = source.split('\n').map((one) => {
      const fixed = flags.has('F') ? one.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : one
      const body = flags.has('x') ? `^(${fixed})$` : flags.has('w') ? `\\b(${fixed})\\b` : fixed
      return patternFrom(body, { extended, ignoreCase: flags.has('i'), global: true })
    })
    const [first] = each
    const pattern = each.includes(undefined)
      ? undefined
      : each.length === 1
        ? first
        : new RegExp(each.map((one) => `(?:${one!.source})`).join('|'), first!.flags)
    if (!pattern) {
      call.printError(`grep: Invalid regular expression\n`)
      return { exit: 2 }
    }
    const paths = flags.has('r') ? (rest.length > 0 ? rest : ['.']).flatMap((path) => below(call, path)) : rest
    const fromInput = paths.length === 0
    const before = (memory as { rest: string; found: number } | undefined) ?? { rest: '', found: 0 }
    const { texts, failed } = textsOf(call, paths)
    let found = before.found
    let rested = ''
    for (const { name, text } of texts) {
      let whole = fromInput ? before.rest + text : text
      if (fromInput && !call.stdin.ended) {
        const end = whole.lastIndexOf('\n') + 1
        rested = whole.slice(end)
        whole = whole.slice(0, end)
      }
      const label = (paths.length > 1 || flags.has('r')) && !flags.has('h') ? `${name}:` : ''
      let count = 0
      const lines = linesOf(whole)
      const after = Number(flags.get('A') ?? flags.get('C') ?? 0)
      const above = Number(flags.get('B') ?? flags.get('C') ?? 0)
      let shownTo = -1
      lines.forEach((line, i) => {
        pattern.lastIndex = 0
        if (pattern.test(line) === flags.has('v')) return
        count++
        if (flags.has('q') || flags.has('c') || flags.has('l')) return
        if (flags.has('o') && !flags.has('v')) {
          for (const match of line.match(pattern) ?? []) if (match !== '') call.print(`${label}${match}\n`)
          return
        }
        const numbered = (n: number, mark: string) => `${label}${flags.has('n') ? `${n + 1}${mark}` : ''}`
        for (let j = Math.max(shownTo + 1, i - above); j < i; j++) call.print(`${numbered(j, '-')}${lines[j]}\n`)
        call.print(`${numbered(i, ':')}${line}\n`)
        shownTo = i
        for (let j = i + 1; j <= Math.min(lines.length - 1, i + after); j++) {
          pattern.lastIndex = 0
          if (pattern.test(lines[j]!) !== flags.has('v')) break
          call.print(`${numbered(j, '-')}${lines[j]}\n`)
          shownTo = j
        }
      })
      found += count
      if (flags.has('c') && (call.stdin.ended || !fromInput)) call.print(`${label}${fromInput ? found : count}\n`)
      if (flags.has('l') && count > 0) call.print(`${name}\n`)
    }
    if (fromInput && !call.stdin.ended && !(flags.has('q') && found > 0))
      return { wait: { input: true }, memory: { rest: rested, found } }
    return { exit: found > 0 ? 0 : failed ? 2 : 1 }
  },
}

function below(call: Parameters<Tool['run']>[0], path: string): string[] {
  const stat = call.files.stat(path)
  if (!stat) return [path]
  if (!stat.folder) return [path]
  return (call.files.list(path) ?? []).flatMap((name) => below(call, path === '.' ? name : `${path}/${name}`))
}
