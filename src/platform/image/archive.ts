import type { File } from '../shell/file'
import type { Entry } from './entry'

/** What the content of an archive begins with: entries as JSON follow. A tar file's own bytes are not made (simplified). */
const MAGIC = 'archive of entries\n'
const MOST_ENTRIES = 20_000

/** What a tar file of these takes: a header and whole blocks for each file, and two blocks at the end. */
export const tarBytes = (entries: readonly Pick<Entry, 'what' | 'text' | 'bytes'>[]): number =>
  entries.reduce((sum, { text, bytes, what }) => {
    const size = what === 'file' ? (bytes ?? text.length) : 0
    return sum + 512 + Math.ceil(size / 512) * 512
  }, 1024)

/** A file that is an archive. `packed`: compressed to about a third. */
export function archiveFile(entries: readonly Entry[], at: number, packed: boolean): File {
  const bytes = Math.ceil(tarBytes(entries) * (packed ? 0.34 : 1))
  const text = MAGIC + JSON.stringify(entries)
  return { what: 'file', text, mode: 0o644, modifiedAt: at, bytes }
}

/** What is in an archive; undefined: the file is none. */
export function archiveEntries(file: File | undefined): readonly Entry[] | undefined {
  if (file?.what !== 'file' || !file.text.startsWith(MAGIC)) return undefined
  const entries = JSON.parse(file.text.slice(MAGIC.length)) as readonly Entry[]
  return entries.slice(0, MOST_ENTRIES)
}
