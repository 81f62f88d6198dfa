import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type Library, libraryOf } from '../lesson'

/** The project's own scenarios and files, read from `scenarios/`. */
export function projectLibrary(): Library {
  const root = join(process.env['DRYDOCK_ROOT'] ?? '.', 'scenarios')
  const texts: Record<string, string> = {}
  const walk = (at: string) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name)
      if (entry.isDirectory()) walk(path)
      else texts[relative(root, path).replaceAll('\\', '/')] = readFileSync(path, 'utf8')
    }
  }
  walk(root)
  return libraryOf(texts)
}
