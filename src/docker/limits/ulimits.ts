export interface Ulimit {
  readonly Name: string
  readonly Hard: number
  readonly Soft: number
}

const TYPES: ReadonlySet<string> = new Set(
  'core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack'.split(' '),
)

/** `nofile=1024:2048`, `nproc=10`, `core=-1`. After ParseUlimit in docker/go-units. */
export function parseUlimit(text: string): Ulimit | { readonly error: string } {
  const [name = '', values, ...more] = text.split('=')
  if (values === undefined || more.length > 0) return { error: `invalid ulimit argument: ${text}` }
  if (!TYPES.has(name)) return { error: `invalid ulimit type: ${name}` }
  const parts = values.split(':')
  if (parts.length > 2)
    return { error: `too many limit value arguments - ${values}, can only have up to two, \`soft[:hard]\`` }
  for (const part of parts)
    if (!/^-?\d{1,18}$/.test(part))
      return { error: `strconv.ParseInt: parsing ${JSON.stringify(part)}: invalid syntax` }
  const [soft, hard = soft] = parts.map(Number) as [number, number?]
  if (hard !== -1 && soft === -1)
    return { error: `ulimit soft limit must be less than or equal to hard limit: soft: -1 (unlimited), hard: ${hard}` }
  if (hard !== -1 && soft > hard)
    return { error: `ulimit soft limit must be less than or equal to hard limit: ${soft} > ${hard}` }
  return { Name: name, Hard: hard, Soft: soft }
}
