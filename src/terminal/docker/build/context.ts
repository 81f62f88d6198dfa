import type { Entry } from '../../../platform/image/entry'
import type { Files } from '../../../platform/shell/tool'

const MOST_FILES = 20_001

/** The files of a folder, with paths from its root: what a build may copy. Links stay links. */
export function contextOf(files: Files, folder: string): readonly Entry[] {
  const found: Entry[] = []
  const root = files.resolve(folder)
  const walk = (inside: string) => {
    for (const name of files.list(`${root}${inside}`) ?? []) {
      if (found.length >= MOST_FILES) return
      const path = `${inside}/${name}`
      const file = files.entry(`${root}${path}`)
      if (!file) continue
      found.push({ path, ...file })
      if (file.what === 'folder') walk(path)
    }
  }
  walk('')
  return found
}

/** The text of a file; undefined: there is none. */
export function textAt(files: Files, path: string): string | undefined {
  const read = files.read(path)
  return 'text' in read ? read.text : undefined
}
