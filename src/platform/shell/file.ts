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

export const bytesOf = (file: File): number => file.bytes ?? file.text.length
