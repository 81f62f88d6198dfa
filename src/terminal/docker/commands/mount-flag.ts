import type { MountRequest } from '../../../docker/containers/container'
import { parseSize } from '../../../docker/formats/size'

type Read = { readonly mount: MountRequest } | { readonly error: string }

const isYes = (value: string | undefined): boolean | undefined =>
  value === undefined || value === '1' || value === 'true'
    ? true
    : value === '0' || value === 'false'
      ? false
      : undefined

/** `--mount type=volume,source=data,target=/data,readonly`. After MountOpt in docker/cli's opts. */
export function parseMount(value: string): Read {
  const found: Record<string, string | undefined> = {}
  let type = 'volume'
  for (const field of value.split(',')) {
    const equals = field.indexOf('=')
    const key = (equals < 0 ? field : field.slice(0, equals)).toLowerCase()
    const given = equals < 0 ? undefined : field.slice(equals + 1)
    const isSwitch = ['readonly', 'ro', 'volume-nocopy', 'bind-nonrecursive'].includes(key)
    if (given === undefined && !isSwitch) return { error: `invalid field '${field}' must be a key=value pair` }
    if (isSwitch && isYes(given) === undefined) return { error: `invalid value for ${key}: ${given}` }
    if (key === 'type') type = given!.toLowerCase()
    else if (!KEYS.includes(key)) return { error: `unexpected key '${key}' in '${field}'` }
    else found[key] = isSwitch ? String(isYes(given)) : given
  }
  const target = found['target'] ?? found['dst'] ?? found['destination']
  if (target === undefined || target === '') return { error: 'target is required' }
  if (type !== 'volume' && type !== 'bind' && type !== 'tmpfs') return { error: `mount type unknown: "${type}"` }
  if (found['tmpfs-size'] !== undefined && type !== 'tmpfs')
    return { error: `cannot mix 'tmpfs-*' options with mount type '${type}'` }
  if (found['volume-nocopy'] !== undefined && type !== 'volume')
    return { error: `cannot mix 'volume-*' options with mount type '${type}'` }
  const size = found['tmpfs-size'] === undefined ? undefined : parseSize(found['tmpfs-size'], 'binary')
  if (size && 'error' in size) return { error: `invalid value for tmpfs-size: ${found['tmpfs-size']}` }
  const source = found['source'] ?? found['src']
  return {
    mount: {
      Type: type,
      ...(source !== undefined && { Source: source }),
      Target: target,
      ...((found['readonly'] ?? found['ro']) === 'true' && { ReadOnly: true }),
      ...(found['volume-nocopy'] === 'true' && { NoCopy: true }),
      ...(size && { SizeBytes: size.bytes }),
    },
  }
}

const KEYS =
  'source src target dst destination readonly ro volume-nocopy volume-label volume-driver volume-opt volume-subpath bind-propagation bind-nonrecursive bind-recursive consistency tmpfs-size tmpfs-mode'.split(
    ' ',
  )

export function mountProblem(value: string): string | undefined {
  const read = parseMount(value)
  return 'error' in read ? read.error : undefined
}
