import { sha256 } from '../../engine/sha256'
import type { File } from '../shell/file'

/** One path of a layer: what the layer puts there, or takes away (`gone`). */
export interface Entry extends File {
  /** Absolute and clean. */
  readonly path: string
}

/** Texts are kept by many layers, and looked at again in every build. */
const known = new Map<string, string>()
const MOST_KNOWN = 2_000

/** SHA-256 of a text, as hexadecimal digits; remembered. */
export function textDigest(text: string): string {
  let digest = known.get(text)
  if (digest === undefined) {
    digest = sha256(text)
    if (known.size >= MOST_KNOWN) known.clear()
    known.set(text, digest)
  }
  return digest
}

/** What tells the content of a file from another's. */
export const contentDigest = (file: File): string =>
  file.what === 'folder' || file.what === 'gone' ? '' : (file.content ?? textDigest(file.text))
