import { digestOf } from '../../platform/image/hex'
import { cleanPath, globMatcher, type PatternMatcher, patternMatcher } from './ignore'
import type { Copy } from './instruction'
import { MATCH_WORK_MOST } from './limits'
import { DockerfileError, quoted } from './problem'
import { joinedPath } from './scope'

/** A file, a directory or a symlink of the build context; paths have no slash in front. */
export interface ContextFile {
  readonly path: string
  /** With the bits of its kind, as stat gives it. */
  readonly mode: number
  /** Of its content, or of a symlink's target; empty for a directory. */
  readonly digest: string
}

/** The context as the builder sees it: without what the `.dockerignore` leaves out, in the order of the paths. */
export function sentFiles(files: readonly ContextFile[], ignored?: PatternMatcher): readonly ContextFile[] {
  const kept = ignored === undefined ? [...files] : files.filter(({ path }) => !ignored.matches(path))
  return kept.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}

/** The files that a COPY or ADD takes from the context. A plain source that is not there is an error, a wildcard that fits nothing is none [convert_copy.go]. */
export function selectedFiles(files: readonly ContextFile[], { sources, exclude }: Copy): readonly ContextFile[] {
  const excluded = exclude.length === 0 ? undefined : patternMatcher(exclude)
  if (sources.length * files.length > MATCH_WORK_MOST)
    throw new DockerfileError('the context and the list of sources are too long to be matched')
  const taken = new Set<ContextFile>()
  for (const source of sources) {
    const path = cleanPath(joinedPath('/', source).slice(1))
    const wild = /[*?[]/.test(path)
    const fits = wild ? globMatcher(path) : (one: string) => one === path
    const depth = path.split('/').length
    let found = path === '.'
    for (const file of files) {
      const top = path === '.' ? '' : file.path.split('/', depth).join('/')
      if (path !== '.' && !fits(top)) continue
      found = true
      const behind = file.path === top ? file.path.lastIndexOf('/') + 1 : top === '' ? 0 : top.length + 1
      const inside = file.path.slice(behind)
      if (!excluded?.matches(inside)) taken.add(file)
    }
    if (!found && !wild)
      throw new DockerfileError(
        `failed to compute cache key: failed to calculate checksum of ref ${refOf(files)}: ${quoted(`/${path}`)}: not found`,
      )
  }
  return files.filter((file) => taken.has(file))
}

/** What the content cache knows of files: names, modes and contents; no times and no owners. */
export const checksum = (files: readonly ContextFile[]): string =>
  digestOf(files.map(({ path, mode, digest }) => `${path}\n${mode.toString(8)}\n${digest}`).join('\n'))

const refOf = (files: readonly ContextFile[]): string => {
  const id = digestOf(checksum(files)).slice('sha256:'.length)
  return `${id.slice(0, 25)}::${id.slice(25, 50)}`
}
