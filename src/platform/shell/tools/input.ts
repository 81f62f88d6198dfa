import type { ToolCall } from '../tool'

/** Flags of one letter may stand together (`-rf`); a flag in `withValue` takes the rest of its word or the next one. */
export function flagsOf(
  args: readonly string[],
  withValue = '',
): { readonly flags: ReadonlyMap<string, string>; readonly rest: string[] } {
  const flags = new Map<string, string>()
  const rest: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!
    if (arg === '--') {
      rest.push(...args.slice(i + 1))
      break
    }
    if (arg.startsWith('--')) {
      const [name, value = ''] = arg.slice(2).split('=')
      flags.set(name!, value)
    } else if (arg.length > 1 && arg.startsWith('-') && !/^-\d+$/.test(arg)) {
      for (let j = 1; j < arg.length; j++) {
        const letter = arg[j]!
        if (!withValue.includes(letter)) flags.set(letter, '')
        else {
          const value = j + 1 < arg.length ? arg.slice(j + 1) : (args[++i] ?? '')
          // patterns and scripts add up, line by line
          flags.set(letter, letter === 'e' && flags.has('e') ? `${flags.get('e')}\n${value}` : value)
          break
        }
      }
    } else if (/^-\d+$/.test(arg)) flags.set('n', arg.slice(1))
    else rest.push(arg)
  }
  return { flags, rest }
}

/** The texts of the named files, or standard input; a file that cannot be read is complained about. */
export function textsOf(
  call: ToolCall,
  paths: readonly string[],
): { readonly texts: readonly { readonly name: string; readonly text: string }[]; readonly failed: boolean } {
  if (paths.length === 0) return { texts: [{ name: '-', text: call.stdin.text }], failed: false }
  let failed = false
  const texts = paths.flatMap((name) => {
    if (name === '-') return [{ name, text: call.stdin.text }]
    const read = call.files.read(name)
    if ('text' in read) return [{ name, text: read.text }]
    call.printError(`${call.argv[0]}: ${name}: ${read.error}\n`)
    failed = true
    return []
  })
  return { texts, failed }
}

/** Lines without their ends; a last empty line does not count. */
export function linesOf(text: string): string[] {
  if (text === '') return []
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
}

export const endLines = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

/** A POSIX pattern as a JavaScript one; undefined: it is none. `extended`: as with -E. */
export function patternFrom(
  source: string,
  options: { readonly extended: boolean; readonly ignoreCase?: boolean; readonly global?: boolean },
): RegExp | undefined {
  let text = source.slice(0, 2_000).replace(/\[\[:(\w+):\]\]/g, (_all, name: string) => `[${CLASSES[name] ?? name}]`)
  text = text.replace(/\[:(\w+):\]/g, (_all, name: string) => CLASSES[name] ?? name)
  if (!options.extended)
    text = text
      // an anchor only where a pattern begins or ends
      .replace(/(\\.)|\$(?!$|\\[)|])/gs, (_all, escaped?: string) => escaped ?? '\\$')
      .replace(/\\([(){}|+?])|([(){}|+?])/g, (_all, escaped?: string, plain?: string) =>
        escaped !== undefined ? escaped : `\\${plain}`,
      )
  try {
    return new RegExp(text, `${options.ignoreCase ? 'i' : ''}${options.global ? 'g' : ''}`)
  } catch {
    return undefined
  }
}

const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  space: '\\s',
  upper: 'A-Z',
  lower: 'a-z',
  punct: '!-\\/:-@\\[-`{-~',
  blank: ' \\t',
  xdigit: '0-9A-Fa-f',
}
