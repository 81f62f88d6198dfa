import type { Archive } from '../../../docker/containers/archive'
import { humanSize } from '../../../docker/formats/size'
import type { Json } from '../../../engine/json'
import { tarBytes } from '../../../platform/image/archive'
import type { Files } from '../../../platform/shell/tool'
import { fail } from '../../cli/failure'
import { bool } from '../../cli/flags'
import type { Command } from '../command'
import type { Run } from '../run'

interface Place {
  readonly container: string | undefined
  readonly path: string
}

/** `web:/etc/hosts`; a path that begins with `.` or `/` is one of this machine's. */
function placeOf(text: string): Place {
  const colon = text.indexOf(':')
  if (colon <= 0 || /^[./]/.test(text)) return { container: undefined, path: text }
  const path = text.slice(colon + 1)
  return { container: text.slice(0, colon), path: path.startsWith('/') ? path : `/${path}` }
}

const baseOf = (path: string): string =>
  path
    .replace(/\/\.?$/, '')
    .replace(/\/+$/, '')
    .split('/')
    .pop() ?? ''
const onlyContents = (path: string): boolean => /(^|\/)\.$/.test(path)
/** As docker/cli counts what travels. */
const sizeOf = ({ files }: Archive): number =>
  tarBytes(files.map(({ text, folder }) => ({ what: folder ? 'folder' : 'file', text })))

/** Files of this machine, as an archive. */
function localArchive(files: Files, path: string): Archive | string {
  const stat = files.stat(path)
  if (!stat) return `lstat ${files.resolve(path)}: no such file or directory`
  if (!stat.folder) {
    const read = files.read(path)
    return { folder: false, files: [{ path: '', text: 'text' in read ? read.text : '', folder: false }] }
  }
  const found: { path: string; text: string; folder: boolean }[] = []
  const walk = (inside: string) => {
    for (const name of files.list(inside === '' ? path : `${path}/${inside}`) ?? []) {
      const at = inside === '' ? name : `${inside}/${name}`
      const folder = files.stat(`${path}/${at}`)?.folder === true
      const read = folder ? undefined : files.read(`${path}/${at}`)
      found.push({ path: at, text: read && 'text' in read ? read.text : '', folder })
      if (folder) walk(at)
    }
  }
  walk('')
  return { folder: true, files: found }
}

/** Writes an archive below a folder of this machine, or as it. */
function unpack(
  files: Files,
  path: string,
  name: string,
  { folder, files: parts }: Archive,
  contents: boolean,
): string | null {
  const target = files.stat(path)
  if (!target && path.endsWith('/')) return `destination directory ${JSON.stringify(path)} must be a directory`
  if (target && !target.folder && folder) return `cannot copy directory`
  const root = target?.folder && !contents ? `${path.replace(/\/$/, '')}/${name}` : path
  if (folder && !files.stat(root)) files.makeFolder(root)
  for (const part of parts) {
    const at = part.path === '' ? root : `${root}/${part.path}`
    const problem = part.folder ? (files.stat(at) ? undefined : files.makeFolder(at)) : files.write(at, part.text)
    if (problem) return `open ${files.resolve(at)}: ${problem.error.toLowerCase()}`
  }
  return null
}

function said(run: Run, archive: Archive, to: string): void {
  if (!run.on('quiet')) run.error(`Successfully copied ${humanSize(sizeOf(archive), 3)} to ${to}\n`)
}

function fromContainer(run: Run, from: Place, to: string): number {
  const archive: Archive = run.ask({
    method: 'GET',
    path: `/containers/${from.container}/archive`,
    query: { path: from.path.replace(/\/\.$/, '') || '/' },
  })
  if (to === '-') {
    run.notice('docker cp: a tar archive on standard output is not modelled; the text of the files is printed')
    for (const { text } of archive.files) run.print(text)
    return 0
  }
  const problem = run.loop<Json, Json>(null, () => ({
    done: unpack(run.call.files, to, baseOf(from.path), archive, onlyContents(from.path)),
  }))
  if (problem !== null) return fail(String(problem))
  said(run, archive, run.call.files.resolve(to))
  return 0
}

function toContainer(run: Run, from: string, to: Place): number {
  if (from === '-') return fail('docker cp: a tar archive on standard input is not modelled here')
  const archive = run.loop<Json, Json>(null, () => ({
    done: localArchive(run.call.files, from.replace(/\/\.$/, '') || '/') as unknown as Json,
  })) as unknown as Archive | string
  if (typeof archive === 'string') return fail(archive)
  run.ask({
    method: 'PUT',
    path: `/containers/${to.container}/archive`,
    query: { path: to.path },
    body: { archive, base: baseOf(run.call.files.resolve(from)), contents: onlyContents(from) } as unknown as Json,
  })
  said(run, archive, `${to.container}:${to.path}`)
  return 0
}

export const cp: Command = {
  name: 'cp',
  about: 'Copy files/folders between a container and the local filesystem',
  usage: '[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-\n\tdocker cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH',
  also: 'docker container cp, docker cp',
  least: 2,
  most: 2,
  completes: 'containers',
  flags: [
    bool('archive', 'Keep owners', { short: 'a', unmodelled: true }),
    bool('follow-link', 'Follow links', { short: 'L', unmodelled: true }),
    bool('quiet', 'No output', { short: 'q' }),
  ],
  run(run) {
    const [source = '', destination = ''] = run.args
    if (source === '') return fail('source can not be empty')
    if (destination === '') return fail('destination can not be empty')
    const [from, to] = [placeOf(source), placeOf(destination)]
    if (from.container !== undefined && to.container !== undefined)
      return fail('copying between containers is not supported')
    if (from.container !== undefined) return fromContainer(run, from, destination)
    if (to.container !== undefined) return toContainer(run, source, to)
    return fail('must specify at least one container source')
  },
}
