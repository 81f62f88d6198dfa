import { LAB_EPOCH, rfc3339 } from '../../../../engine'
import { archiveEntries, gunzipped, gzipped, tarBytes, tarText } from '../../../image/archive'
import type { Entry } from '../../../image/entry'
import { bytesOf } from '../../file'
import type { Tool, ToolCall } from '../../tool'
import { modeText } from '../ls'
import { folder, type Job, jobTool, pack } from './job'

const MOST_ENTRIES = 20_000
/** Archives are written in records of twenty blocks. */
const RECORD = 10_240

const FATAL = 'tar: Error is not recoverable: exiting now\n'
const FAILED = 'tar: Exiting with failure status due to previous errors\n'
const STRANGE = `tar: This does not look like a tar archive\n${FAILED}`

const fails = (error: string): Job => [{ millis: 5, error, exit: 2 }]

interface Asked {
  readonly mode: 'c' | 'x' | 't' | undefined
  readonly file: string
  readonly folder: string
  readonly strip: number
  readonly letters: ReadonlySet<string>
  readonly excluded: readonly string[]
  readonly names: readonly string[]
}

const LONG: Readonly<Record<string, string>> = {
  create: 'c',
  extract: 'x',
  get: 'x',
  list: 't',
  verbose: 'v',
  gzip: 'z',
  'to-stdout': 'O',
  bzip2: 'j',
  xz: 'J',
  zstd: 'J',
}
/** Letters that take a value. */
const VALUED = 'fCb'

/** `tar xzf a.tgz -C dir`, `tar -xf - --strip-components=1`, `tar --create …` */
function askedOf(words: readonly string[]): Asked {
  const letters = new Set<string>()
  const values = new Map<string, string>()
  const excluded: string[] = []
  const names: string[] = []
  const rest = [...words]
  // of the old form: letters without a dash, and their values behind them in their order
  if (/^[a-zA-Z]+$/.test(rest[0] ?? ''))
    for (const letter of rest.shift()!) {
      if (VALUED.includes(letter)) values.set(letter, rest.shift() ?? '')
      else letters.add(letter)
    }
  while (rest.length > 0) {
    const word = rest.shift()!
    if (word.startsWith('--')) {
      const [name = '', ...more] = word.slice(2).split('=')
      const value = () => (more.length > 0 ? more.join('=') : (rest.shift() ?? ''))
      if (name === 'file') values.set('f', value())
      else if (name === 'directory') values.set('C', value())
      else if (name === 'strip-components') values.set('strip', value())
      else if (name === 'exclude') excluded.push(value())
      else if (LONG[name] !== undefined) letters.add(LONG[name])
    } else if (word.startsWith('-') && word !== '-') {
      for (let i = 1; i < word.length; i++) {
        const letter = word[i]!
        if (!VALUED.includes(letter)) letters.add(letter)
        else {
          values.set(letter, word.slice(i + 1) || (rest.shift() ?? ''))
          break
        }
      }
    } else names.push(word)
  }
  const mode = (['c', 'x', 't'] as const).find((one) => letters.has(one))
  return {
    mode,
    file: values.get('f') ?? '-',
    folder: values.get('C') ?? '.',
    strip: Number(values.get('strip') ?? 0),
    letters,
    excluded,
    names,
  }
}

const readsInput = (argv: readonly string[]): boolean => {
  const { mode, file } = askedOf(argv.slice(1))
  return mode !== 'c' && file === '-'
}

function collect(
  call: ToolCall,
  { names, excluded }: Asked,
  root: string,
): readonly Entry[] | { readonly error: string } {
  const found: Entry[] = []
  const user = userOf(call)
  const take = (path: string) => {
    const file = call.files.entry(`${root}/${path}`)
    const name = path.slice(path.lastIndexOf('/') + 1)
    if (!file || found.length >= MOST_ENTRIES || excluded.some((one) => one === path || one === name)) return
    const clean = path.replace(/^(\.?\/)+/, '')
    const whose = user === 0 || file.uid !== undefined ? {} : { uid: user, gid: user }
    if (clean !== '' && clean !== '.') found.push({ path: `/${clean}`, ...file, ...whose })
    if (file.what === 'folder')
      for (const inside of call.files.list(`${root}/${path}`) ?? []) take(`${path.replace(/\/$/, '')}/${inside}`)
  }
  for (const name of names) {
    const at = name.startsWith('/') ? name : `${root}/${name}`
    if (!call.files.entry(at)) return { error: `tar: ${name}: Cannot stat: No such file or directory\n${FAILED}` }
    take(name)
  }
  return found
}

/** `dir/`, `a -> b`: as it lists an entry. */
const shown = ({ path, what }: Entry): string => `${path.slice(1)}${what === 'folder' ? '/' : ''}`

/** The first account of a computer of one's own. */
const LEARNER = 1000
const userOf = (call: ToolCall): number => call.user?.uid ?? ((call.env['USER'] ?? 'root') === 'root' ? 0 : LEARNER)

function ownerName(call: ToolCall, id: number): string {
  if (id === 0) return 'root'
  if (id === LEARNER && call.user === undefined && call.env['USER'] !== undefined) return call.env['USER']
  const read = call.files.read('/etc/passwd')
  const line = ('text' in read ? read.text : '').split('\n').find((one) => one.split(':')[2] === String(id))
  return line?.split(':')[0] ?? String(id)
}

/** `-rw-r--r-- root/root         6 2025-01-15 09:00 a.txt` */
function longLine(call: ToolCall, entry: Entry): string {
  const { what, mode, uid = 0, gid = 0, modifiedAt, text } = entry
  const bits = what === 'link' ? 'lrwxrwxrwx' : modeText(mode, what === 'folder')
  const who = `${ownerName(call, uid)}/${ownerName(call, gid)}`
  const size = String(what === 'file' ? bytesOf(entry) : 0).padStart(Math.max(1, 18 - who.length))
  const at = rfc3339(LAB_EPOCH + modifiedAt)
  return `${bits} ${who} ${size} ${at.slice(0, 10)} ${at.slice(11, 16)} ${shown(entry)}${what === 'link' ? ` -> ${text}` : ''}`
}

const listed = (call: ToolCall, entries: readonly Entry[], long: boolean): string =>
  entries.map((entry) => `${long ? longLine(call, entry) : shown(entry)}\n`).join('')

function create(call: ToolCall, asked: Asked): Job {
  const { file, letters, names } = asked
  if (names.length === 0)
    return fails(
      "tar: Cowardly refusing to create an empty archive\nTry 'tar --help' or 'tar --usage' for more information.\n",
    )
  if (file === '-' && call.terminal)
    return fails(`tar: Refusing to write archive contents to terminal (missing -f option?)\n${FATAL}`)
  const entries = collect(call, asked, call.files.resolve(asked.folder))
  if ('error' in entries) return [{ millis: 10, error: entries.error, exit: 2 }]
  const isPacked = [...'zjJ'].some((letter) => letters.has(letter)) || /\.(gz|tgz|xz|bz2|zst)$/.test(file)
  const text = tarText(entries, Math.ceil(tarBytes(entries) / RECORD) * RECORD)
  const whole = isPacked ? gzipped(text) : text
  const verbose = letters.has('v') ? listed(call, entries, false) : ''
  const millis = 20 + entries.length / 10
  if (file === '-') return [{ millis, print: whole, ...(verbose !== '' && { error: verbose }) }]
  return [{ millis, print: verbose, effect: (now) => void now.files.write(file, whole) }]
}

/** A download of which only the name and the size are known. */
function unknownInside(call: ToolCall, { file, strip, folder: root }: Asked, bytes: number): Job {
  const name = file
    .split('/')
    .at(-1)!
    .replace(/\.(tar(\.\w+)?|tgz|txz)$/, '')
  call.notice(`tar: what ${file} holds is not known here; its files are made up`)
  return [
    {
      millis: 150,
      effect: (now) => {
        const at = strip > 0 ? root : `${root}/${name}`
        pack(now, `${at}/${name.replace(/[-_.]?v?\d.*$/, '') || name}`, 8_400_000, `of ${name}`, 0o755)
        pack(now, `${at}/${name}.pack`, bytes, `rest of ${name}`)
      },
    },
  ]
}

/** What is asked for, and which names stand for nothing. */
function chosen(entries: readonly Entry[], { names, excluded }: Asked) {
  const wanted = names.map((name) => `/${name.replace(/^(\.?\/)+/, '').replace(/\/$/, '')}`)
  const isIn = (path: string, folder: string) => path === folder || path.startsWith(`${folder === '/' ? '' : folder}/`)
  const found = entries.filter(
    ({ path }) =>
      (wanted.length === 0 || wanted.some((one) => isIn(path, one))) &&
      !excluded.some((one) => path.split('/').includes(one) || isIn(path, `/${one}`)),
  )
  const missing = names.filter((_, i) => !entries.some(({ path }) => isIn(path, wanted[i]!)))
  return { found, error: missing.map((name) => `tar: ${name}: Not found in archive\n`).join('') }
}

function extract(call: ToolCall, asked: Asked, found: readonly Entry[], missing: string): Job {
  const root = call.files.resolve(asked.folder)
  const user = userOf(call)
  const end = missing === '' ? {} : { error: `${missing}${FAILED}`, exit: 2 }
  const print = asked.letters.has('v') ? listed(call, found, false) : ''
  return [
    {
      millis: 20 + found.length / 10,
      print,
      ...end,
      effect: (now) => {
        for (const { path, ...one } of found) {
          const parts = path.slice(1).split('/').slice(asked.strip)
          if (parts.length === 0 || parts.includes('..') || one.what === 'gone') continue
          const at = `${root}/${parts.join('/')}`
          folder(now, at.slice(0, at.lastIndexOf('/')) || '/')
          const { uid: _, gid: __, ...plain } = one
          // only root gives files to others
          const whose = call.user === undefined ? {} : { uid: user, gid: call.user.gid }
          if (one.what !== 'folder' || !now.files.stat(at)) now.files.put(at, user === 0 ? one : { ...plain, ...whose })
        }
      },
    },
  ]
}

/** Packs, lists and unpacks; an archive that came from the internet is not known inside: a folder of its name comes out. */
function plan(call: ToolCall): Job {
  const asked = askedOf(call.argv.slice(1))
  const { mode, file, letters } = asked
  if (mode === undefined)
    return fails(
      "tar: You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\nTry 'tar --help' or 'tar --usage' for more information.\n",
    )
  if (mode === 'c') return create(call, asked)
  const isInput = file === '-'
  if (isInput && call.stdin.terminal)
    return fails(`tar: Refusing to read archive contents from terminal (missing -f option?)\n${FATAL}`)
  const entry = isInput ? undefined : call.files.entry(file)
  const read = isInput ? { text: call.stdin.text } : call.files.read(file)
  if ('error' in read) return fails(`tar: ${file}: Cannot open: ${read.error}\n${FATAL}`)
  if (isInput && !letters.has('z') && gunzipped(read.text) !== undefined)
    return fails(`tar: Archive is compressed. Use -z option\n${FATAL}`)
  const entries = archiveEntries(read.text)
  const isDownload = entry?.bytes !== undefined || read.text.includes('is not simulated')
  if (!entries && !(mode === 'x' && isDownload)) return fails(STRANGE)
  if (mode === 'x' && !call.files.stat(asked.folder)?.folder)
    return fails(`tar: ${asked.folder}: Cannot open: No such file or directory\n${FATAL}`)
  if (!entries)
    return unknownInside(call, { ...asked, folder: call.files.resolve(asked.folder) }, entry?.bytes ?? 4_000_000)
  const { found, error } = chosen(entries, asked)
  const end = error === '' ? {} : { error: `${error}${FAILED}`, exit: 2 }
  if (mode === 't') return [{ millis: 10, print: listed(call, found, letters.has('v')), ...end }]
  if (letters.has('O'))
    return [{ millis: 10, print: found.map(({ what, text }) => (what === 'file' ? text : '')).join(''), ...end }]
  return extract(call, asked, found, error)
}

export const tar: Tool = jobTool('tar', 'packs, lists and unpacks archives', plan, readsInput)
