import type { Millis } from '../../engine'
import { groupIn, userIn } from '../../platform/container/user'
import { archiveEntries } from '../../platform/image/archive'
import type { Entry } from '../../platform/image/entry'
import { Tree } from '../../platform/image/tree'
import type { File } from '../../platform/shell/file'
import { FileView } from '../../platform/shell/files'
import { changed } from '../../platform/shell/tools/files'
import { cleanPath, globMatcher, patternMatcher } from '../dockerfile/ignore'
import type { Copy } from '../dockerfile/instruction'
import { isGit, isUrl } from '../dockerfile/ports'
import { DockerfileError } from '../dockerfile/problem'
import { joinedPath } from '../dockerfile/scope'
import type { Pass } from '../pass'
import { fetched } from './remote'

/** So many entries make a layer at most. */
const MOST_ENTRIES = 50_000

export interface CopyPlace {
  /** What the step stands on. */
  readonly below: Tree
  /** Where the files come from. */
  readonly source: Tree
  readonly workdir: string
  readonly now: Millis
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const parentOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')))
const joined = (folder: string, name: string): string => (folder === '/' ? `/${name}` : `${folder}/${name}`)

/** Paths that a source means: one, or those that a pattern fits; links in it are followed. */
export function matchesOf(source: Tree, pattern: string): readonly string[] {
  const path = joinedPath('/', pattern)
  if (!/[*?[]/.test(path)) {
    const real = source.real(path)
    return path === '/' || source.get(real) ? [path] : []
  }
  let found = ['/']
  for (const part of path.slice(1).split('/')) {
    const fits = /[*?[]/.test(part) ? globMatcher(part) : (name: string) => name === part
    found = found.flatMap((folder) =>
      [...source.names(source.real(folder))]
        .filter(fits)
        .sort()
        .map((name) => joined(folder, name)),
    )
  }
  return found
}

/** The entries of a layer that a COPY or ADD makes. Models the copy action of buildkit's solver/llbsolver/file. */
export function copiedEntries(pass: Pick<Pass, 'world' | 'machine'>, one: Copy, place: CopyPlace): readonly Entry[] {
  return new Copier(pass, one, place).all()
}

class Copier {
  readonly #pass: Pick<Pass, 'world' | 'machine'>
  readonly #one: Copy
  readonly #place: CopyPlace
  readonly #entries = new Map<string, Entry>()
  readonly #owner: { readonly uid?: number; readonly gid?: number }
  readonly #excluded: ((path: string) => boolean) | undefined

  constructor(pass: Pick<Pass, 'world' | 'machine'>, one: Copy, place: CopyPlace) {
    this.#pass = pass
    this.#one = one
    this.#place = place
    this.#owner = one.chown === undefined ? {} : this.#ownerOf(one.chown)
    const matcher = one.exclude.length === 0 ? undefined : patternMatcher(one.exclude)
    this.#excluded = matcher && ((path) => matcher.matches(path))
  }

  all(): readonly Entry[] {
    const { sources, heredocs, destination, kind, parents } = this.#one
    const { source, below, now } = this.#place
    const to = below.real(joinedPath(this.#place.workdir, destination))
    const intoFolder = /(^|\/)\.?$/.test(destination) || below.get(to)?.what === 'folder' || to === '/'
    for (const text of sources) {
      if (kind === 'ADD' && (isUrl(text) || isGit(text))) {
        this.#fetch(text, to, intoFolder)
        continue
      }
      const found = matchesOf(source, parents ? text.replace('/./', '/') : text)
      for (const path of found) this.#take(path, to, intoFolder || found.length > 1 || sources.length > 1, text)
    }
    for (const { name, content } of heredocs) {
      const at = intoFolder || heredocs.length > 1 ? joined(to, nameOf(name)) : to
      this.#put(at, { what: 'file', text: content, mode: 0o644, modifiedAt: now })
    }
    return [...this.#entries.values()]
  }

  #ownerOf(text: string): { readonly uid?: number; readonly gid?: number } {
    const files = new FileView(this.#pass.world, [], {}, this.#place.below).from('/')
    const [user = '', group] = text.split(':')
    const own = userIn(files, user)
    if (!own) throw new DockerfileError(`unable to find user ${user}: no matching entries in passwd file`)
    const gid = group === undefined || group === '' ? own.gid : groupIn(files, group)
    if (gid === undefined) throw new DockerfileError(`unable to find group ${group}: no matching entries in group file`)
    // a number alone is the group's too
    return { uid: own.uid, gid: group === undefined && /^\d+$/.test(user) ? own.uid : gid }
  }

  #take(path: string, to: string, intoFolder: boolean, written: string): void {
    const { source } = this.#place
    const real = source.real(path)
    const file = source.get(real)
    if (this.#one.parents) {
      const pivot = written.indexOf('/./')
      const kept = pivot < 0 ? path : path.slice(joinedPath('/', written.slice(0, pivot)).length)
      if (file?.what === 'folder') this.#folder(real, joinedPath(to, `.${kept}`), '')
      else if (file) this.#put(joinedPath(to, `.${kept}`), file)
      return
    }
    if (!file || file.what === 'folder') {
      this.#put(to, { what: 'folder', text: '', mode: file?.mode ?? 0o755, modifiedAt: this.#place.now }, true)
      this.#folder(real, to, '')
      return
    }
    if (this.#excluded?.(nameOf(path))) return
    const archive = this.#one.kind === 'ADD' && this.#one.unpack !== false ? archiveEntries(file.text) : undefined
    if (archive) for (const { path: inside, ...one } of archive) this.#put(joinedPath(to, `.${inside}`), one)
    else this.#put(intoFolder ? joined(to, nameOf(path)) : to, file)
  }

  /** What is in a folder; folders in it too. */
  #folder(from: string, to: string, inside: string): void {
    for (const name of [...this.#place.source.names(from)].sort()) {
      const path = inside === '' ? name : `${inside}/${name}`
      const file = this.#place.source.get(joined(from, name))
      if (!file) continue
      const left = this.#excluded?.(path) === true
      if (!left) this.#put(joined(to, name), file, file.what === 'folder')
      if (file.what === 'folder') this.#folder(joined(from, name), joined(to, name), path)
    }
  }

  #fetch(address: string, to: string, intoFolder: boolean): void {
    for (const { path, ...file } of fetched(address, this.#place.now)) {
      if (isGit(address)) this.#put(joinedPath(to, `.${path}`), file)
      else this.#put(intoFolder ? joined(to, nameOf(path)) : to, file)
    }
  }

  /** `keeps`: a folder that is there stays as it is. */
  #put(path: string, file: File, keeps = false): void {
    if (this.#entries.size >= MOST_ENTRIES)
      throw new DockerfileError(`a step of this lab copies ${MOST_ENTRIES} files at most`)
    const clean = cleanPath(path)
    this.#parents(clean)
    const present = this.#place.below.get(clean)
    if (keeps && present?.what === 'folder' && this.#one.chown === undefined && this.#one.chmod === undefined) return
    if (clean === '/') return
    if (file.what === 'folder' && present && present.what !== 'folder' && present.what !== 'link')
      throw new DockerfileError(`cannot copy to non-directory: ${clean}`)
    const { uid: _, gid: __, ...rest } = file
    const chmod = this.#one.chmod
    const mode =
      chmod === undefined || file.what === 'link' ? file.mode : changed(file.mode, chmod, file.what === 'folder')
    this.#entries.set(clean, { path: clean, ...rest, mode, ...this.#owner })
  }

  #parents(path: string): void {
    const { below, now } = this.#place
    for (let at = parentOf(path); at !== '/'; at = parentOf(at)) {
      if (this.#entries.has(at)) return
      const present = below.get(at)
      if (present?.what === 'folder' || present?.what === 'link') return
      if (present) throw new DockerfileError(`cannot copy to non-directory: ${at}`)
      this.#entries.set(at, { path: at, what: 'folder', text: '', mode: 0o755, modifiedAt: now, ...this.#owner })
    }
  }
}

/** The folders that WORKDIR makes, where they are missing. */
export function workdirEntries(
  below: Tree,
  path: string,
  owner: { uid: number; gid: number },
  now: Millis,
): readonly Entry[] {
  const entries: Entry[] = []
  for (let at = below.real(path); at !== '/'; at = parentOf(at)) {
    if (below.get(at)) break
    entries.unshift({
      path: at,
      what: 'folder',
      text: '',
      mode: 0o755,
      modifiedAt: now,
      ...(owner.uid !== 0 && { uid: owner.uid }),
      ...(owner.gid !== 0 && { gid: owner.gid }),
    })
  }
  return entries
}

/** The files of a build context as a tree. */
export const contextTree = (entries: readonly Entry[]): Tree => new Tree(undefined, entries)
