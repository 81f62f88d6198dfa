import { DockerfileError } from './problem'
import { withSuggestion } from './suggest'

/** What an instruction's flag takes: nothing or true/false, one value, or one each time. */
export type FlagKind = 'boolean' | 'text' | 'list'

export interface Flags {
  text(name: string): string | undefined
  list(name: string): readonly string[]
  /** Undefined if it is not given. */
  boolean(name: string): boolean | undefined
}

/** Reads the flags of one instruction by what it knows [instructions/bflag.go]. */
export function flagsOf(given: readonly string[], known: Readonly<Record<string, FlagKind>>): Flags {
  const values = new Map<string, string[]>()
  for (const flag of given) {
    const cut = flag.indexOf('=')
    const name = flag.slice(2, cut < 0 ? undefined : cut)
    const value = cut < 0 ? undefined : flag.slice(cut + 1)
    const kind = Object.hasOwn(known, name) ? known[name] : undefined
    if (kind === undefined)
      throw new DockerfileError(withSuggestion(`unknown flag: --${name}`, name, Object.keys(known)))
    const before = values.get(name)
    if (before !== undefined && kind !== 'list') throw new DockerfileError(`duplicate flag specified: ${name}`)
    if (kind === 'boolean' ? value === '' : value === undefined)
      throw new DockerfileError(`missing a value on flag: ${name}`)
    if (kind === 'boolean' && value !== undefined && !/^(true|false)$/i.test(value))
      throw new DockerfileError(`expecting boolean value for flag ${name}, not: ${value}`)
    values.set(name, [...(before ?? []), value ?? 'true'])
  }
  return {
    text: (name) => values.get(name)?.[0] || undefined,
    list: (name) => values.get(name) ?? [],
    boolean: (name) => {
      const value = values.get(name)?.[0]
      return value === undefined ? undefined : value.toLowerCase() === 'true'
    },
  }
}
