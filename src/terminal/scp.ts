import { diskScope, Machine } from '../platform/machine/machine'
import { bytesOf, type File } from '../platform/shell/file'
import { FileView } from '../platform/shell/files'
import type { Files, Tool, ToolCall } from '../platform/shell/tool'
import { systemFiles } from './root-process'
import { peerOf, TIMEOUT_MILLIS, timedOutText } from './ssh'

/** Between machines of the lab. */
const BYTES_PER_MILLISECOND = 100_000
const MOST_FILES = 10_000

interface Place {
  readonly machine: string | undefined
  readonly path: string
}

/** `registry:/srv/app.tar`, `you@worker-1:`; what has a slash before the colon is a path. */
function placeOf(text: string): Place {
  const match = /^(?:[^/:@]+@)?([^/:@]+):(.*)$/.exec(text)
  return match ? { machine: match[1]!, path: match[2] === '' ? '.' : match[2]! } : { machine: undefined, path: text }
}

interface Taken {
  readonly path: string
  readonly file: File
}

/** The files below a path, relative to it. */
function filesBelow(files: Files, path: string): readonly Taken[] {
  const found: Taken[] = []
  const walk = (inside: string) => {
    for (const name of files.list(inside === '' ? path : `${path}/${inside}`) ?? []) {
      const at = inside === '' ? name : `${inside}/${name}`
      const file = files.entry(`${path}/${at}`)
      if (!file || found.length >= MOST_FILES) continue
      found.push({ path: at, file })
      if (file.what === 'folder') walk(at)
    }
  }
  walk('')
  return found
}

interface Memory {
  readonly timedOut?: string
  /** The bytes have gone over. */
  readonly sent?: boolean
}

const COULD_NOT = 'scp: Connection closed\n'

/**
 * `scp [-r] FILE… MACHINE:PATH` and back. Files of the other machine are root's there. Left out: from one other machine to another, keys and
 * passwords, which are taken as set up.
 */
export const scp: Tool = {
  name: 'scp',
  about: 'copies files to and from another machine',
  takes: [120, 260],
  reads: () => false,
  run(call, given) {
    const memory = (given ?? {}) as Memory
    if (memory.timedOut !== undefined) {
      call.printError(timedOutText(memory.timedOut) + COULD_NOT)
      return { exit: 255 }
    }
    const words = call.argv.slice(1)
    const recursive = words.some((word) => /^-[a-zA-Z]*r/.test(word))
    const places = words.filter((word) => !word.startsWith('-')).map(placeOf)
    const to = places.pop()
    if (!to || places.length === 0) {
      call.printError('usage: scp [-r] source ... target\n')
      return { exit: 1 }
    }
    const name = [to, ...places].find(({ machine }) => machine !== undefined)?.machine
    if (name === undefined) {
      call.printError('scp: no machine is named: use cp\n')
      return { exit: 1 }
    }
    const peer = peerOf(call.world, call.from.machine, name)
    if ('problem' in peer) {
      if (peer.silent) return { wait: { millis: TIMEOUT_MILLIS }, memory: { timedOut: name } }
      call.printError(peer.problem + COULD_NOT)
      return { exit: 255 }
    }
    const view = new FileView(call.world, [{ path: '/', scope: diskScope(peer.machine) }], systemFiles(peer.machine))
    const far = view.from('/root')
    const sideOf = ({ machine }: Place): Files => (machine === undefined ? call.files : far)
    if (memory.sent !== true) {
      const bytes = places.reduce((sum, place) => sum + weightOf(sideOf(place), place.path), 0)
      return { wait: { millis: 20 + bytes / BYTES_PER_MILLISECOND }, memory: { sent: true } }
    }
    const ok = places.map((place) =>
      copied(call, { from: sideOf(place), path: place.path, to: sideOf(to), at: to.path, recursive }),
    )
    call.apply({ changes: view.wishes() })
    return { exit: ok.every((one) => one) ? 0 : 1 }
  },
  complete: (words, call) => {
    const begun = words.at(-1) ?? ''
    return begun.includes('/') ? [] : call.world.list(Machine).map((head) => `${head.value.name}:`)
  },
}

function weightOf(files: Files, path: string): number {
  const file = files.entry(path)
  if (!file) return 0
  return file.what === 'folder'
    ? filesBelow(files, path).reduce((sum, one) => sum + bytesOf(one.file), 0)
    : bytesOf(file)
}

function copied(
  call: ToolCall,
  { from, path, to, at, recursive }: { from: Files; path: string; to: Files; at: string; recursive: boolean },
): boolean {
  const refuse = (text: string) => {
    call.printError(`scp: ${text}\n`)
    return false
  }
  const stat = from.stat(path)
  if (!stat) return refuse(`${path}: No such file or directory`)
  if (stat.folder && !recursive) return refuse(`${path}: not a regular file`)
  const target = to.stat(at)
  if (!target && at.endsWith('/')) return refuse(`dest open "${at}": No such file or directory`)
  const base = path.replace(/\/+$/, '').split('/').at(-1) ?? ''
  const root = target?.folder ? `${at.replace(/\/$/, '')}/${base}` : at
  const read = from.read(path)
  const whole: readonly Taken[] = stat.folder
    ? filesBelow(from, path)
    : [{ path: '', file: { ...from.entry(path)!, what: 'file', text: 'text' in read ? read.text : '' } }]
  if (stat.folder && !to.stat(root)) to.makeFolder(root)
  for (const { path: inside, file } of whole) {
    const { uid: _, gid: __, ...own } = file
    const where = inside === '' ? root : `${root}/${inside}`
    const problem =
      own.what === 'folder' && to.stat(where)?.folder ? undefined : to.put(where, { ...own, modifiedAt: call.now })
    if (problem) return refuse(`dest open "${where}": ${problem.error}`)
  }
  return true
}
