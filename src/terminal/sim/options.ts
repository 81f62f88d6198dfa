/** The words of a command, its options taken out. */
export interface Given {
  readonly words: readonly string[]
  /** `--for 60s` and `--for=60s` are `for: 60s`. */
  readonly options: Readonly<Record<string, string>>
  /** The first option that is not among the known ones, or lacks its value. */
  readonly problem: string | undefined
}

/** Parts words from options; `known` options take a value each. */
export function optionsOf(argv: readonly string[], known: readonly string[]): Given {
  const words: string[] = []
  const options: Record<string, string> = {}
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!
    if (!word.startsWith('-') || word === '-') {
      words.push(word)
      continue
    }
    const equals = word.indexOf('=')
    const name = word.slice(0, equals < 0 ? undefined : equals).replace(/^--?/, '')
    if (!known.includes(name)) return { words, options, problem: `unknown option ${word}` }
    const value = equals < 0 ? argv[++i] : word.slice(equals + 1)
    if (value === undefined) return { words, options, problem: `${word} needs a value` }
    options[name] = value
  }
  return { words, options, problem: undefined }
}
