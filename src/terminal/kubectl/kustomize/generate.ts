import { sha256 } from '../../../engine/sha256'
import { fail } from '../../cli/failure'
import { sortedKeys } from '../../cli/json'
import type { Run } from '../command'

const LONGEST = 1_048_576

/** A generator of a kustomization: `{name, literals, files, envs, …}`. */
export interface Generator {
  readonly name?: string
  readonly namespace?: string
  readonly type?: string
  readonly behavior?: string
  readonly literals?: readonly string[]
  readonly files?: readonly string[]
  readonly envs?: readonly string[]
  readonly env?: string
  readonly options?: Options
}

export interface Options {
  readonly disableNameSuffixHash?: boolean
  readonly immutable?: boolean
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

/** The ConfigMap or Secret that a generator stands for, without the hash in its name. */
export function generated(
  run: Run,
  folder: string,
  kind: 'ConfigMap' | 'Secret',
  one: Generator,
  shared: Options,
): any {
  const { name = '', namespace } = one
  if (name === '')
    fail(
      `error: accumulating ${kind.toLowerCase()}: name is required in ${kind === 'Secret' ? 'secret' : 'configMap'}Generator`,
    )
  const values = new Map<string, string>()
  const put = (key: string, value: string) => {
    if (values.has(key)) fail(`error: loading KV pairs: configmap ${name} illegally repeats the key \`${key}\``)
    values.set(key, value)
  }
  const read = (path: string): string => {
    const found = run.call.files.read(`${folder}/${path}`)
    return 'error' in found
      ? fail(`error: loading KV pairs: file sources: [${path}]: open ${folder}/${path}: ${found.error.toLowerCase()}`)
      : found.text
  }
  for (const source of [...(one.envs ?? []), ...(one.env === undefined ? [] : [one.env])])
    for (const line of read(source).split('\n')) {
      const equals = line.indexOf('=')
      if (line.trim() !== '' && !line.trimStart().startsWith('#') && equals > 0)
        put(line.slice(0, equals).trimStart(), line.slice(equals + 1))
    }
  for (const source of one.files ?? []) {
    const equals = source.indexOf('=')
    const path = equals < 0 ? source : source.slice(equals + 1)
    put(equals < 0 ? path.slice(path.lastIndexOf('/') + 1) : source.slice(0, equals), read(path))
  }
  for (const literal of one.literals ?? []) {
    const equals = literal.indexOf('=')
    if (equals <= 0)
      fail(
        `error: loading KV pairs: literal sources: [${literal}]: invalid literal source ${literal}, expected key=value`,
      )
    put(literal.slice(0, equals), unquoted(literal.slice(equals + 1)))
  }
  const data = Object.fromEntries([...values].map(([key, value]) => [key, kind === 'Secret' ? base64(value) : value]))
  if (JSON.stringify(data).length > LONGEST) fail(`error: ${name} is longer than ${LONGEST} bytes`)
  const options = { ...shared, ...one.options }
  const labels = { ...shared.labels, ...one.options?.labels }
  const annotations = { ...shared.annotations, ...one.options?.annotations }
  return {
    apiVersion: 'v1',
    kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(Object.keys(labels).length > 0 && { labels }),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    ...(Object.keys(data).length > 0 && { data }),
    ...(kind === 'Secret' && { type: one.type ?? 'Opaque' }),
    ...(options.immutable && { immutable: true }),
  }
}

const unquoted = (text: string) => (/^(["']).*\1$/s.test(text) && text.length > 1 ? text.slice(1, -1) : text)

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text)
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

const LETTERS: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' }

/** What kustomize puts behind the name of a ConfigMap or Secret: ten letters of the hash of its contents, none that spells a word. */
export function contentHash({ kind, type, data, binaryData, metadata }: any): string {
  const content =
    kind === 'Secret'
      ? { data: data ?? '', kind, name: metadata.name, type: type ?? '' }
      : { ...(binaryData && { binaryData }), data: data ?? '', kind, name: metadata.name }
  const text = JSON.stringify(sortedKeys(content)).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return sha256(text)
    .slice(0, 10)
    .replace(/[013ae]/g, (letter) => LETTERS[letter]!)
}
