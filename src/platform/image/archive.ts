import { cleanPath, PACKED, textBytes } from '../shell/file'
import { type BaseName, bases } from './bases'
import { catalogueEntries } from './content'
import type { Entry } from './entry'
import type { CatalogueLayer } from './resolve'

/**
 * Archives are texts that say what they hold: a first line with the bytes that the real one takes, then the entries as JSON, or the layer of the
 * catalogue that they are. So they go through files, pipes and networks like any text. A tar file's own bytes are not made (simplified).
 */
const TAR = `${PACKED}tar `
const GZIP = `${PACKED}gzip `
const MOST_ENTRIES = 20_000
const MOST_CHARACTERS = 16_000_000
/** What gzip leaves of the usual mixture of text and programs. */
export const GZIP_SHARE = 0.36

type Content = readonly Entry[] | { readonly catalogue: CatalogueLayer }

/** What a tar file of these takes: a header and whole blocks for each file, and two blocks at the end. */
export const tarBytes = (entries: readonly Pick<Entry, 'what' | 'text' | 'bytes'>[]): number =>
  entries.reduce((sum, { text, bytes, what }) => {
    const size = what === 'file' ? (bytes ?? textBytes(text)) : 0
    return sum + 512 + Math.ceil(size / 512) * 512
  }, 1024)

/** A tar archive of these, or of a layer of the catalogue, of so many bytes. */
export function tarText(content: Content, bytes = tarBytes(entriesOf(content))): string {
  return `${TAR}${bytes}\n${JSON.stringify(content)}`
}

/** A text as gzip leaves it. */
export const gzipped = (text: string): string => `${GZIP}${Math.ceil(textBytes(text) * GZIP_SHARE) + 20}\n${text}`

/** What was compressed; undefined: the text is not in gzip format. */
export const gunzipped = (text: string): string | undefined =>
  text.startsWith(GZIP) ? text.slice(text.indexOf('\n') + 1) : undefined

/** What an archive is of: a layer of the catalogue. */
export function catalogueIn(text: string): CatalogueLayer | undefined {
  const read = contentIn(text)
  return read === undefined || Array.isArray(read) ? undefined : (read as { catalogue: CatalogueLayer }).catalogue
}

/** What is in an archive, compressed or not; undefined: the text is none. */
export function archiveEntries(text: string | undefined): readonly Entry[] | undefined {
  const content = text === undefined ? undefined : contentIn(text)
  return content && entriesOf(content)
}

const entriesOf = (content: Content): readonly Entry[] =>
  'catalogue' in content ? catalogueEntries(content.catalogue) : content

function contentIn(given: string): Content | undefined {
  const text = gunzipped(given) ?? given
  if (!text.startsWith(TAR) || text.length > MOST_CHARACTERS) return undefined
  try {
    const read: unknown = JSON.parse(text.slice(text.indexOf('\n') + 1))
    if (Array.isArray(read)) return read.slice(0, MOST_ENTRIES).flatMap((one) => entryIn(one) ?? [])
    const catalogue = layerIn((read as { catalogue?: unknown } | null)?.catalogue)
    return catalogue && { catalogue }
  } catch {
    return undefined
  }
}

const KINDS: readonly unknown[] = ['file', 'folder', 'link', 'gone']
const isCount = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value < 1e15

/** An entry as it may be; a text that somebody wrote by hand may say anything. */
function entryIn(value: unknown): Entry | undefined {
  const { path, what, text, mode, modifiedAt, uid, gid, bytes, content } = (value ?? {}) as Partial<Entry>
  if (typeof path !== 'string' || path.length > 4_096 || !KINDS.includes(what)) return undefined
  return {
    path: cleanPath(path),
    what: what as Entry['what'],
    text: typeof text === 'string' ? text : '',
    mode: isCount(mode) ? mode & 0o7777 : 0o644,
    modifiedAt: typeof modifiedAt === 'number' && Number.isFinite(modifiedAt) ? modifiedAt : 0,
    ...(isCount(uid) && { uid }),
    ...(isCount(gid) && { gid }),
    ...(isCount(bytes) && { bytes }),
    ...(typeof content === 'string' && { content }),
  }
}

function layerIn(value: unknown): CatalogueLayer | undefined {
  const { base, release, image, index } = (value ?? {}) as Record<string, unknown>
  if (typeof base === 'string' && Object.hasOwn(bases, base))
    return { base: base as BaseName, ...(typeof release === 'string' && { release }) }
  return typeof image === 'string' && isCount(index) ? { image, index } : undefined
}
