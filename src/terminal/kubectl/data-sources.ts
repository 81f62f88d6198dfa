import { configKey } from '../../kubernetes/api/name-rules'
import { toBase64 } from '../../platform/base64'
import { fail } from '../cli/failure'
import { bool, type Flag, repeated, texts } from '../cli/flags'
import type { Run } from './command'

/** Flags that fill a ConfigMap or a Secret. */
export const sourceFlags: readonly Flag[] = [
  texts('from-file', 'A file, or all files of a folder; `key=file` names the key.'),
  repeated('from-literal', 'key=value.'),
  texts('from-env-file', 'Files with lines of key=value.'),
  bool('append-hash', 'A hash of the data behind the name.', { unmodelled: true }),
]

/** What the flags gave: texts by key. A value that is no text (in a browser: one with U+FFFD in it) is binary. */
export interface Sources {
  readonly texts: Readonly<Record<string, string>>
  /** Base64. */
  readonly binary: Readonly<Record<string, string>>
}

/** Reads the sources that the flags name. After create_configmap.go and create_secret_generic.go. */
export function sourcesOf(run: Run, kind: 'ConfigMap' | 'Secret', name: string): Sources {
  const found = new Map<string, string>()
  const add = (key: string, value: string) => {
    const problems = configKey(key)
    if (problems.length > 0) {
      const quoted = JSON.stringify(key)
      fail(
        kind === 'ConfigMap'
          ? `error: ${quoted} is not a valid key name for a ConfigMap: ${problems.join(',')}`
          : `error: ${quoted} is not valid key name for a Secret ${problems.join(';')}`,
      )
    }
    if (found.has(key))
      fail(
        kind === 'ConfigMap'
          ? `error: cannot add key ${JSON.stringify(key)}, another key by that name already exists in Data for ConfigMap ${JSON.stringify(name)}`
          : `error: cannot add key ${key}, another key by that name already exists`,
      )
    found.set(key, value)
  }
  if (run.given('from-env-file') && (run.given('from-file') || run.given('from-literal')))
    fail('error: from-env-file cannot be combined with from-file or from-literal')
  for (const source of run.values('from-file')) fromFile(run, source, add)
  for (const source of run.values('from-literal')) {
    const equals = source.indexOf('=')
    if (equals <= 0) fail(`error: invalid literal source ${source}, expected key=value`)
    add(source.slice(0, equals), source.slice(equals + 1))
  }
  for (const path of run.values('from-env-file')) fromEnvFile(run, path, add)
  const texts: Record<string, string> = {}
  const binary: Record<string, string> = {}
  for (const [key, value] of found) {
    if (value.includes('\uFFFD')) binary[key] = toBase64(value)
    else texts[key] = value
  }
  return { texts, binary }
}

type Add = (key: string, value: string) => void

/** The text of a file, or the command ends. */
export function readSource(run: Run, path: string): string {
  const read = run.call.files.read(path)
  return 'error' in read ? fail(`error: error reading ${path}: ${read.error.toLowerCase()}`) : read.text
}

function fromFile(run: Run, source: string, add: Add): void {
  const parts = source.split('=')
  if (parts.length > 2) fail("error: key names or file paths cannot contain '='")
  if (parts.length === 2 && parts[0] === '') fail(`error: key name for file path ${parts[1]} missing`)
  if (parts.length === 2 && parts[1] === '') fail(`error: file path for key name ${parts[0]} missing`)
  const path = parts[parts.length - 1]!
  const { files } = run.call
  const stat = files.stat(path)
  if (!stat) fail(`error: error reading ${path}: no such file or directory`)
  if (!stat!.folder) {
    add(parts.length === 2 ? parts[0]! : path.slice(path.lastIndexOf('/') + 1), readSource(run, path))
    return
  }
  if (parts.length === 2) fail('error: cannot give a key name for a directory path')
  for (const name of files.list(path) ?? []) {
    const file = `${path.replace(/\/+$/, '')}/${name}`
    if (files.stat(file)?.folder === false) add(name, readSource(run, file))
  }
}

/** Lines `key=value` as they are, quotes and all; `key` alone takes the value of the client's own variable. */
function fromEnvFile(run: Run, path: string, add: Add): void {
  for (const line of readSource(run, path)
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)) {
    const text = line.trimStart()
    if (text === '' || text.startsWith('#')) continue
    const equals = text.indexOf('=')
    if (equals >= 0) add(text.slice(0, equals), text.slice(equals + 1))
    else if (run.call.env[text] !== undefined) add(text, run.call.env[text]!)
  }
}
