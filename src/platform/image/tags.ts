/** Which tags an image has: version lines and variants, rather than a list of thousands of names. */
export interface TagGrammar {
  /** Full versions, newest first; `1.27.0-5` is short for 1.27.0 … 1.27.5. `1.27` and `1` then mean the newest that begins so. */
  readonly versions: string
  /** Names that stand for a version: `stable`. `latest` is the newest version unless given here. */
  readonly names?: Readonly<Record<string, string>>
  /** Variants, as regular expressions over what follows the version (`alpine(3\.\d+)?`); the first that fits wins. */
  readonly variants?: readonly string[]
  /** What stands before the version: `v`; it may be left out where the grammar is not `exact`. */
  readonly prefix?: string
  /** Without it `1.27` finds `1.27.5`; images of Kubernetes have only full versions, and no `latest`. */
  readonly exact?: boolean
}

export interface Tag {
  readonly version: string
  /** Index into `variants`; undefined: the image without variant. */
  readonly variant: number | undefined
}

const expanded = new Map<string, readonly string[]>()

/** `1.27.0-2 1.26.3` → 1.27.2, 1.27.1, 1.27.0, 1.26.3 */
export function versionsOf(list: string): readonly string[] {
  let versions = expanded.get(list)
  if (!versions) {
    versions = list.split(' ').flatMap((item) => {
      const range = /^(.*?)(\d+)-(\d+)$/.exec(item)
      // "3.6.4-0" is a version of its own: nothing counts down
      if (!range || Number(range[3]) <= Number(range[2])) return [item]
      const [, head, from, to] = range
      return Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => `${head}${Number(to) - i}`)
    })
    expanded.set(list, versions)
  }
  return versions
}

/** The version and variant that a tag of this image names, or undefined: there is no such tag. */
export function readTag(grammar: TagGrammar, tag: string): Tag | undefined {
  const plain = versionNamed(grammar, tag)
  if (plain !== undefined) return { version: plain, variant: undefined }
  const variants = grammar.variants ?? []
  for (let variant = 0; variant < variants.length; variant++) {
    const match = new RegExp(`^(?:(.+?)-)?(?:${variants[variant]})$`).exec(tag)
    if (!match) continue
    const version = versionNamed(grammar, match[1] ?? 'latest')
    if (version !== undefined) return { version, variant }
  }
  return undefined
}

function versionNamed(grammar: TagGrammar, text: string): string | undefined {
  const versions = versionsOf(grammar.versions)
  const named = grammar.names?.[text]
  if (named !== undefined) return named
  if (text === 'latest') return grammar.exact ? undefined : versions[0]
  const prefix = grammar.prefix ?? ''
  if (grammar.exact && !text.startsWith(prefix)) return undefined
  const wanted = text.startsWith(prefix) ? text.slice(prefix.length) : text
  if (versions.includes(wanted)) return wanted
  return grammar.exact ? undefined : versions.find((version) => version.startsWith(`${wanted}.`))
}
