/** Command-line options, read as Go's pflag reads them. */
export interface Flag {
  readonly name: string
  readonly short?: string
  readonly type: 'bool' | 'string' | 'int' | 'duration' | 'strings' | 'repeated'
  /** What it is when it is not given. */
  readonly initial?: string
  /** What `--name` alone means; without it, a flag that is no bool takes the next word. */
  readonly alone?: string
  readonly about: string
  /** Accepted, but nothing follows from it: told as a notice when used. */
  readonly unmodelled?: boolean
  /** Taken, and not in the help. */
  readonly hidden?: boolean
  /** What help calls its value, where that is not the type's name: `bytes`. */
  readonly shows?: string
  /** What else is wrong with a value, in words that follow `invalid argument … flag: `. */
  readonly check?: (value: string) => string | undefined
}

export interface Parsed {
  readonly args: readonly string[]
  /** How many of `args` stand before `--`; -1 where there is none. */
  readonly dash: number
  readonly values: ReadonlyMap<string, readonly string[]>
}

export const bool = (name: string, about: string, more: Partial<Flag> = {}): Flag => ({
  name,
  type: 'bool',
  about,
  ...more,
})
export const text = (name: string, about: string, more: Partial<Flag> = {}): Flag => ({
  name,
  type: 'string',
  about,
  ...more,
})
export const int = (name: string, about: string, more: Partial<Flag> = {}): Flag => ({
  name,
  type: 'int',
  about,
  ...more,
})
export const duration = (name: string, about: string, more: Partial<Flag> = {}): Flag => ({
  name,
  type: 'duration',
  about,
  ...more,
})
/** May be given several times; commas separate too. */
export const texts = (name: string, about: string, more: Partial<Flag> = {}): Flag => ({
  name,
  type: 'strings',
  about,
  ...more,
})
/** May be given several times; commas belong to the value. */
export const repeated = (name: string, about: string, more: Partial<Flag> = {}): Flag => ({
  name,
  type: 'repeated',
  about,
  ...more,
})

/** Reads words into flags and arguments, which may be mixed unless `first` says that flags come first; after `--` all are arguments. */
export function parseFlags(
  words: readonly string[],
  flags: readonly Flag[],
  first = false,
): Parsed | { readonly error: string } {
  const args: string[] = []
  const values = new Map<string, string[]>()
  let dash = -1
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (word === '--') {
      dash = args.length
      args.push(...words.slice(i + 1))
      break
    }
    if (!word.startsWith('-') || word === '-') {
      if (first) {
        args.push(...words.slice(i))
        break
      }
      args.push(word)
      continue
    }
    const read = word.startsWith('--') ? readLong(word, words[i + 1], flags) : readShort(word, words[i + 1], flags)
    if ('error' in read) return read
    if (read.next) i++
    for (const { flag, value } of read.found) {
      const wrong = check(flag, value)
      if (wrong !== undefined) return { error: wrong }
      const row = values.get(flag.name)
      const own = flag.type === 'strings' ? value.split(',') : [value]
      if (row && (flag.type === 'strings' || flag.type === 'repeated')) row.push(...own)
      else values.set(flag.name, own)
    }
  }
  return { args, dash, values }
}

type Found =
  | { readonly found: readonly { readonly flag: Flag; readonly value: string }[]; readonly next: boolean }
  | { readonly error: string }

function readLong(word: string, following: string | undefined, flags: readonly Flag[]): Found {
  const equals = word.indexOf('=')
  const name = word.slice(2, equals < 0 ? undefined : equals)
  if (name === '' || name.startsWith('-') || equals === 2) return { error: `bad flag syntax: ${word}` }
  const flag = flags.find((one) => one.name === name)
  if (!flag) return { error: `unknown flag: --${name}` }
  if (equals >= 0) return { found: [{ flag, value: word.slice(equals + 1) }], next: false }
  const alone = flag.alone ?? (flag.type === 'bool' ? 'true' : undefined)
  if (alone !== undefined) return { found: [{ flag, value: alone }], next: false }
  if (following === undefined) return { error: `flag needs an argument: --${name}` }
  return { found: [{ flag, value: following }], next: true }
}

function readShort(word: string, following: string | undefined, flags: readonly Flag[]): Found {
  const found: { flag: Flag; value: string }[] = []
  for (let i = 1; i < word.length; i++) {
    const letter = word[i]!
    const flag = flags.find((one) => one.short === letter)
    if (!flag) return { error: `unknown shorthand flag: '${letter}' in ${word.slice(0, 1)}${word.slice(i)}` }
    const rest = word.slice(i + 1)
    if (rest.startsWith('=')) return { found: [...found, { flag, value: rest.slice(1) }], next: false }
    const alone = flag.alone ?? (flag.type === 'bool' ? 'true' : undefined)
    if (alone !== undefined) {
      found.push({ flag, value: alone })
      continue
    }
    if (rest !== '') return { found: [...found, { flag, value: rest }], next: false }
    if (following === undefined) return { error: `flag needs an argument: '${letter}' in -${word.slice(i)}` }
    return { found: [...found, { flag, value: following }], next: true }
  }
  return { found, next: false }
}

const GO_TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True']
const GO_FALSE = ['0', 'f', 'F', 'FALSE', 'false', 'False']

export const isTrue = (value: string | undefined): boolean => value !== undefined && GO_TRUE.includes(value)

function check(flag: Flag, value: string): string | undefined {
  const called = flag.short === undefined ? `--${flag.name}` : `-${flag.short}, --${flag.name}`
  const wrong = (why: string) => `invalid argument ${JSON.stringify(value)} for "${called}" flag: ${why}`
  if (flag.type === 'bool' && !GO_TRUE.includes(value) && !GO_FALSE.includes(value)) {
    return wrong(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`)
  }
  if (flag.type === 'int' && !/^[+-]?\d+$/.test(value))
    return wrong(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`)
  if (flag.type === 'duration' && !/^([+-]?(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+$|^0$/.test(value)) {
    return wrong(
      /^\d+$/.test(value)
        ? `time: missing unit in duration ${JSON.stringify(value)}`
        : `time: invalid duration ${JSON.stringify(value)}`,
    )
  }
  const more = flag.check?.(value)
  return more === undefined ? undefined : wrong(more)
}
