import type { Archive, ArchivePart } from '../../../docker/containers/archive'
import { humanSize } from '../../../docker/formats/size'
import { noTar } from '../../../docker/images/load'
import type { Json } from '../../../engine/json'
import { archiveEntries, tarBytes, tarText } from '../../../platform/image/archive'
import { followed } from '../../../platform/shell/file'
import type { Files } from '../../../platform/shell/tool'
import { fail } from '../../cli/failure'
import { bool } from '../../cli/flags'
import type { Command } from '../command'
import type { Run } from '../run'
import { outputProblem, wholeInput } from '../transfer'

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

/** Files of this machine, as an archive; a link is followed where it is named itself. */
function localArchive(files: Files, path: string, follows: boolean): Archive | string {
  const full = files.resolve(path)
  const own = files.entry(follows ? followed((one) => files.entry(one), full, true) : full)
  if (!own) return `lstat ${full}: no such file or directory`
  if (own.what !== 'folder') return { folder: false, files: [{ path: '', ...own }] }
  const found: ArchivePart[] = []
  const walk = (inside: string) => {
    for (const name of files.list(inside === '' ? path : `${path}/${inside}`) ?? []) {
      const at = inside === '' ? name : `${inside}/${name}`
      const file = files.entry(`${path}/${at}`)
      if (!file) continue
      found.push({ path: at, ...file })
      if (file.what === 'folder') walk(at)
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
  // whoever unpacks them has them
  for (const { path: inside, uid: _, gid: __, ...file } of parts) {
    const at = inside === '' ? root : `${root}/${inside}`
    const isThere = file.what === 'folder' && files.stat(at) !== undefined
    const problem = isThere ? undefined : files.put(at, file)
    if (problem) return `open ${files.resolve(at)}: ${problem.error.toLowerCase()}`
  }
  return null
}

function said(run: Run, archive: Archive, to: string): void {
  if (!run.on('quiet')) run.error(`Successfully copied ${humanSize(tarBytes(archive.files), 3)} to ${to}\n`)
}

/** What streams out: the file or folder by its name, or what is in it. */
function streamOf({ folder, files }: Archive, name: string): string {
  const top = { path: `/${name}`, what: 'folder', text: '', mode: 0o755, modifiedAt: 0 } as const
  const entries = files.map(({ path, ...file }) => ({ path: path === '' ? `/${name}` : `/${name}/${path}`, ...file }))
  return tarText(folder && name !== '' ? [top, ...entries] : entries)
}

function fromContainer(run: Run, from: Place, to: string): number {
  const problem = to === '-' ? undefined : outputProblem(run, to)
  if (problem !== undefined) return fail(problem)
  const archive: Archive = run.ask({
    method: 'GET',
    path: `/containers/${from.container}/archive`,
    query: { path: from.path.replace(/\/\.$/, '') || '/', ...(run.on('follow-link') && { follow: '1' }) },
  })
  if (to === '-') {
    if (!run.call.terminal) run.print(streamOf(archive, onlyContents(from.path) ? '' : baseOf(from.path)))
    else {
      run.notice('docker cp: a terminal shows the text of the files, not the archive that holds them')
      for (const { what, text } of archive.files) if (what === 'file') run.print(text)
    }
    return 0
  }
  const failed = run.loop<Json, Json>(null, () => ({
    done: unpack(run.call.files, to, baseOf(from.path), archive, onlyContents(from.path)),
  }))
  if (failed !== null) return fail(String(failed))
  said(run, archive, run.call.files.resolve(to))
  return 0
}

function toContainer(run: Run, from: string, to: Place): number {
  const put = (body: object) =>
    run.ask({
      method: 'PUT',
      path: `/containers/${to.container}/archive`,
      query: { path: to.path },
      body: { ...body, owners: run.on('archive') } as unknown as Json,
    })
  if (from === '-') {
    const text = wholeInput(run)
    const entries = text === '' ? [] : archiveEntries(text)
    if (!entries) return fail(`Error response from daemon: Error processing tar file(exit status 1): ${noTar(text)}`)
    const files = entries
      .map(({ path, ...file }) => ({ path: path.slice(1), ...file }))
      .filter(({ path }) => path !== '')
    put({ archive: { folder: false, files }, name: '', contents: true, stream: true })
    return 0
  }
  const archive = run.loop<Json, Json>(null, () => ({
    done: localArchive(run.call.files, from.replace(/\/\.$/, '') || '/', run.on('follow-link')) as unknown as Json,
  })) as unknown as Archive | string
  if (typeof archive === 'string') return fail(archive)
  put({ archive, name: baseOf(run.call.files.resolve(from)), contents: onlyContents(from) })
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
    bool('archive', 'Keep owners', { short: 'a' }),
    bool('follow-link', 'Follow a link that is named', { short: 'L' }),
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
