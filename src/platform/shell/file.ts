import { defineKind, type Millis } from '../../engine'

/** A file, folder or link. scope: whose files (`laptop`, a container's id, a volume); name: the path inside, from its root. */
export interface File {
  /** `gone`: what lies below is removed, as a whiteout of an upper layer says. */
  readonly what: 'file' | 'folder' | 'link' | 'gone'
  /** The content; where a link leads. */
  readonly text: string
  readonly mode: number
  readonly modifiedAt: Millis
  /** Of the owner and the group; left out: 0, root. */
  readonly uid?: number
  readonly gid?: number
  /** A content that is not kept as text: its bytes, and what tells it from another. */
  readonly bytes?: number
  readonly content?: string
}
export const File = defineKind<File>('platform/File', { about: 'a file or a folder', quiet: true })

/** Files below those that are written: an image's. Paths are absolute and clean. */
export interface Below {
  get(path: string): File | undefined
  /** Names in a folder, in any order. */
  names(path: string): Iterable<string>
}

/** Folds `.`, `..` and doubled slashes. */
export function cleanPath(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

/** As Linux has it. */
const MOST_LINKS = 40

/**
 * Where a path leads, links followed; `last`: that of its last part too. In a circle of links it stays where it is. `get` tells what stands at a
 * path itself.
 */
export function followed(get: (path: string) => File | undefined, path: string, last: boolean): string {
  let left = path.split('/').filter((part) => part !== '')
  let at = '/'
  for (let links = 0; left.length > 0; ) {
    const next = at === '/' ? `/${left[0]}` : `${at}/${left[0]}`
    const file = left.length === 1 && !last ? undefined : get(next)
    left = left.slice(1)
    if (file?.what !== 'link') {
      at = next
      continue
    }
    if (++links > MOST_LINKS) return path
    const to = cleanPath(file.text.startsWith('/') ? file.text : `${at}/${file.text}`)
    left = [...to.split('/').filter((part) => part !== ''), ...left]
    at = '/'
  }
  return at
}

/** What a text begins with that stands for something packed: `tar` or `gzip`, and the bytes that the real one would take. */
export const PACKED = '\u001f'

/** The bytes of a text: of one that stands for something packed those of that. */
export function textBytes(text: string): number {
  if (!text.startsWith(PACKED)) return text.length
  const bytes = /^.(?:tar|gzip) (\d{1,15})\n/.exec(text.slice(0, 30))?.[1]
  return bytes === undefined ? text.length : Number(bytes)
}

export const bytesOf = (file: File): number => file.bytes ?? textBytes(file.text)
