import type { Entry } from '../../platform/image/entry'
import { contentDigest } from '../../platform/image/entry'
import { bytesOf } from '../../platform/shell/file'
import type { ContextFile } from '../dockerfile/context'
import { sentFiles } from '../dockerfile/context'
import { cleanPath, ignorePatterns, type PatternMatcher, patternMatcher } from '../dockerfile/ignore'
import type { BuildInputs } from './build'

/** About what the message of a file's attributes takes besides its name. */
const ATTRIBUTES = 28
const KINDS: Readonly<Record<Entry['what'], number>> = { file: 0o100000, folder: 0o040000, link: 0o120000, gone: 0 }

const known = new WeakMap<readonly Entry[], readonly ContextFile[]>()

/** The context as the key functions take it. */
export function contextFiles(context: readonly Entry[]): readonly ContextFile[] {
  let files = known.get(context)
  if (!files) {
    files = context.map((entry) => ({
      path: entry.path.slice(1),
      mode: KINDS[entry.what] | entry.mode,
      digest: contentDigest(entry),
    }))
    known.set(context, files)
  }
  return files
}

/** What the `.dockerignore` leaves out; undefined: nothing. Throws a DockerfileError for a pattern that is none. */
export function ignoredBy({ ignore }: BuildInputs): PatternMatcher | undefined {
  if (!ignore) return undefined
  const patterns = ignorePatterns(ignore.text)
  return patterns.length === 0 ? undefined : patternMatcher(patterns)
}

/** Without what is ignored. */
export function sentEntries(inputs: BuildInputs, ignored: PatternMatcher | undefined): readonly Entry[] {
  const sent = new Set(sentFiles(contextFiles(inputs.context), ignored).map(({ path }) => path))
  return inputs.context.filter(({ path }) => sent.has(path.slice(1)))
}

/** Bytes on the wire: the attributes of every file, and the content of those that were not there last time [tonistiigi/fsutil]. */
export function sentBytes(sent: readonly Entry[], before: readonly Entry[]): number {
  const had = new Map(before.map((entry) => [entry.path, `${entry.mode} ${contentDigest(entry)}`]))
  return sent.reduce((sum, entry) => {
    const attributes = ATTRIBUTES + entry.path.length - 1
    const isNew = entry.what === 'file' && had.get(entry.path) !== `${entry.mode} ${contentDigest(entry)}`
    return sum + attributes + (isNew ? bytesOf(entry) + 10 : 0)
  }, 2)
}

/** The path of a Dockerfile's own `.dockerignore`, which goes before that of the context. */
export const ownIgnore = (file: string): string => `${cleanPath(file)}.dockerignore`
