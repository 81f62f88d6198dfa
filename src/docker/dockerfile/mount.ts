import { DockerfileError, quoted } from './problem'
import { withSuggestion } from './suggest'

export interface Mount {
  readonly type: 'bind' | 'cache' | 'tmpfs' | 'secret' | 'ssh'
  readonly from: string | undefined
  readonly source: string | undefined
  readonly target: string | undefined
  readonly readonly: boolean
  readonly id: string | undefined
  readonly sharing: 'shared' | 'private' | 'locked' | undefined
  readonly required: boolean
  /** Of a secret: the variable that holds it. */
  readonly env: string | undefined
  /** As it is written, `64m`. */
  readonly size: string | undefined
  readonly mode: number | undefined
  readonly uid: number | undefined
  readonly gid: number | undefined
}

type Draft = { -readonly [K in keyof Mount]: Mount[K] }

const TYPES = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'] as const
const SHARINGS = ['shared', 'private', 'locked'] as const
const KEYS =
  'type from source target readonly id sharing required size mode uid gid src dst destination ro rw readwrite env'.split(
    ' ',
  )

/** Cut at commas outside of double quotes. */
function fieldsOf(text: string): string[] {
  const fields: string[] = []
  const pattern = /"((?:[^"]|"")*)"(?=,|$)|([^,]*)/y
  for (let at = 0; at <= text.length; ) {
    pattern.lastIndex = at
    const match = pattern.exec(text)!
    const bare = match[2]
    if (bare?.includes('"')) {
      const what = bare.startsWith('"') ? 'extraneous or missing " in quoted-field' : 'bare " in non-quoted field'
      throw new DockerfileError(`failed to parse csv mounts: parse error on line 1, column ${at + 1}: ${what}`)
    }
    fields.push(bare ?? match[1]!.replaceAll('""', '"'))
    at = pattern.lastIndex + 1
  }
  return fields
}

/** What can be said of `--mount` before its variables are known: `from` takes none. */
export function checkMountText(text: string): void {
  for (const field of fieldsOf(text)) {
    const cut = field.indexOf('=')
    if (cut > 0 && field.slice(0, cut).toLowerCase() === 'from' && /\$./.test(field.slice(cut + 1)))
      throw new DockerfileError("'from' doesn't support variable expansion, define alias stage instead")
  }
}

/** Only the stage or image that the mount takes its files from. */
export function mountSource(text: string): string | undefined {
  const field = fieldsOf(text).findLast((one) => /^from=/i.test(one))
  return field?.slice('from='.length) || undefined
}

/** Reads one `--mount` of RUN [instructions/commands_runmount.go]. `expanded` fills in the variables of a value. */
export function mountOf(text: string, expanded: (value: string) => string): Mount {
  const mount: Draft = {
    type: 'bind',
    from: undefined,
    source: undefined,
    target: undefined,
    readonly: true,
    id: undefined,
    sharing: undefined,
    required: false,
    env: undefined,
    size: undefined,
    mode: undefined,
    uid: undefined,
    gid: undefined,
  }
  let readonlySaid = false
  for (const field of fieldsOf(text)) {
    const cut = field.indexOf('=')
    const key = (cut < 0 ? field : field.slice(0, cut)).toLowerCase()
    if (cut < 0 && !['readonly', 'ro', 'readwrite', 'rw', 'required'].includes(key))
      throw new DockerfileError(`invalid field '${field}' must be a key=value pair`)
    const value = cut < 0 ? 'true' : expanded(field.slice(cut + 1))
    if (['readonly', 'ro', 'readwrite', 'rw'].includes(key)) {
      readonlySaid = true
      mount.readonly = boolean(key, value) === (key === 'readonly' || key === 'ro')
    } else set(mount, key, value, field)
  }
  if (!readonlySaid) mount.readonly = mount.type !== 'cache' && mount.type !== 'tmpfs'
  validate(mount)
  return mount
}

function set(mount: Draft, key: string, value: string, field: string): void {
  const only = (...types: readonly string[]) => {
    if (!types.includes(mount.type)) throw new DockerfileError(`unexpected key '${key}' for mount type '${mount.type}'`)
  }
  switch (key) {
    case 'type':
      mount.type = oneOf(TYPES, value, 'mount type')
      return
    case 'sharing':
      mount.sharing = oneOf(SHARINGS, value, 'sharing value')
      return
    case 'from':
      mount.from = value || undefined
      return
    case 'source':
    case 'src':
      mount.source = value || undefined
      return
    case 'target':
    case 'dst':
    case 'destination':
      mount.target = value || undefined
      return
    case 'id':
      mount.id = value || undefined
      return
    case 'required':
      only('secret', 'ssh')
      mount.required = boolean(key, value)
      return
    case 'env':
      only('secret')
      mount.env = value || undefined
      return
    case 'size':
      only('tmpfs')
      if (!/^\d+(\.\d+)? ?([kmgtp]i?)?b?$/i.test(value)) throw new DockerfileError(`invalid value for size: ${value}`)
      mount.size = value
      return
    case 'mode':
    case 'uid':
    case 'gid': {
      const digits = key === 'mode' ? /^[0-7]{1,10}$/ : /^\d{1,10}$/
      if (!digits.test(value)) throw new DockerfileError(`invalid value ${value} for ${key}`)
      mount[key] = Number.parseInt(value, key === 'mode' ? 8 : 10)
      return
    }
  }
  throw new DockerfileError(withSuggestion(`unexpected key '${key}' in '${field}'`, key, KEYS))
}

function oneOf<T extends string>(options: readonly T[], value: string, what: string): T {
  const found = options.find((option) => option === value.toLowerCase())
  if (found === undefined)
    throw new DockerfileError(withSuggestion(`unsupported ${what} ${quoted(value)}`, value, options))
  return found
}

function boolean(key: string, value: string): boolean {
  if (/^(1|t|T|TRUE|true|True)$/.test(value)) return true
  if (/^(0|f|F|FALSE|false|False)$/.test(value)) return false
  throw new DockerfileError(`invalid value for ${key}: ${value}`)
}

function validate(mount: Mount): void {
  const refuse = (message: string) => {
    throw new DockerfileError(message)
  }
  if (mount.type === 'bind' || mount.type === 'tmpfs')
    for (const key of ['mode', 'uid', 'gid'] as const)
      if (mount[key] !== undefined) refuse(`${key} not allowed for ${quoted(mount.type)} type mounts`)
  if (mount.type === 'secret') {
    if (mount.from !== undefined) refuse('secret mount should not have a from')
    if (mount.sharing !== undefined) refuse('secret mount should not define sharing')
    if (mount.source === undefined && mount.target === undefined && mount.id === undefined)
      refuse('invalid secret mount. one of source, target required')
    if (mount.source !== undefined && mount.id !== undefined) refuse("both source and id can't be set")
  }
  if (mount.sharing !== undefined && mount.type !== 'cache') refuse(`invalid cache sharing set for ${mount.type} mount`)
}
