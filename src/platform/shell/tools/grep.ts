import type { Json } from '../../../engine/json'
import type { Tool } from '../tool'
import { flagsOf, linesOf, patternFrom, textsOf } from './input'

/** Where it stands in a text: what is read comes in pieces. */
interface Place {
  /** Lines read. */
  readonly n: number
  /** So many lines are still shown after the last match. */
  readonly owed: number
  /** The last lines that were not shown. */
  readonly held: readonly string[]
  /** The line shown last; 0: none yet, -1: one of another file. */
  readonly shown: number
}
const START: Place = { n: 0, owed: 0, held: [], shown: 0 }

interface Memory {
  readonly rest: string
  readonly found: number
  readonly place: Place
}

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
    const before = (memory as unknown as Memory | undefined) ?? { rest: '', found: 0, place: START }
    const { texts, failed } = textsOf(call, paths)
    const after = Number(flags.get('A') ?? flags.get('C') ?? 0)
    const above = Number(flags.get('B') ?? flags.get('C') ?? 0)
    const isSilent = flags.has('q') || flags.has('c') || flags.has('l')
    let found = before.found
    let rested = ''
    let place: Place = before.place
    for (const { name, text } of texts) {
      let whole = fromInput ? before.rest + text : text
      if (fromInput && !call.stdin.ended) {
        const end = whole.lastIndexOf('\n') + 1
        rested = whole.slice(end)
        whole = whole.slice(0, end)
      }
      const isLabelled = (paths.length > 1 || flags.has('r')) && !flags.has('h')
      const label = isLabelled ? `${name}:` : ''
      let count = 0
      if (!fromInput) place = { ...START, shown: place.shown === 0 ? 0 : -1 }
      const tell = (n: number, mark: ':' | '-', line: string) => {
        const file = isLabelled ? `${name}${mark}` : ''
        call.print(`${file}${flags.has('n') ? `${n}${mark}` : ''}${line}\n`)
      }
      for (const line of linesOf(whole)) {
        const n = place.n + 1
        let { owed, held, shown } = place
        pattern.lastIndex = 0
        if (pattern.test(line) !== flags.has('v')) {
          count++
          if (!isSilent && flags.has('o') && !flags.has('v')) {
            for (const match of line.match(pattern) ?? []) if (match !== '') call.print(`${label}${match}\n`)
          } else if (!isSilent) {
            // groups of lines that do not touch are kept apart
            if (after + above > 0 && shown !== 0 && n - held.length > shown + 1) call.print('--\n')
            for (const [k, one] of held.entries()) tell(n - held.length + k, '-', one)
            tell(n, ':', line)
            owed = after
            held = []
            shown = n
          }
        } else if (owed > 0) {
          tell(n, '-', line)
          owed--
          shown = n
        } else if (above > 0) held = [...held, line].slice(-above)
        place = { n, owed, held, shown }
      }
      found += count
      if (flags.has('c') && (call.stdin.ended || !fromInput)) call.print(`${label}${fromInput ? found : count}\n`)
      if (flags.has('l') && count > 0) call.print(`${name}\n`)
    }
    if (fromInput && !call.stdin.ended && !(flags.has('q') && found > 0))
      return { wait: { input: true }, memory: { rest: rested, found, place: place as unknown as Json } }
    return { exit: found > 0 ? 0 : failed ? 2 : 1 }
  },
}

function below(call: Parameters<Tool['run']>[0], path: string): string[] {
  const stat = call.files.stat(path)
  if (!stat) return [path]
  if (!stat.folder) return [path]
  return (call.files.list(path) ?? []).flatMap((name) => below(call, path === '.' ? name : `${path}/${name}`))
}
