import type { World } from '../engine'
import { BUILTINS } from '../platform/shell/builtins'
import { FileView } from '../platform/shell/files'
import { DESK, HOME } from './lab/start'
import { tools } from './tools'

/** Words that the last word of the line may become, as bash's completion offers them: commands, a command's own words, files. */
export function completionsOf(line: string, world: World, cwd: string): readonly string[] {
  const command = line
    .slice(Math.max(line.lastIndexOf('|'), line.lastIndexOf(';'), line.lastIndexOf('&')) + 1)
    .trimStart()
  const words = command.split(/\s+/)
  const begun = words[words.length - 1] ?? ''
  if (words.length === 1)
    return sorted(
      [...tools.keys(), ...Object.keys(BUILTINS).filter((name) => /^[a-z]/.test(name))].filter((name) =>
        name.startsWith(begun),
      ),
    )
  const files = new FileView(world, [{ path: '/', scope: DESK }], {}).from(cwd)
  const tool = tools.get(words[0] ?? '')
  const own = tool?.complete?.(words, { world, files, cwd, env: { HOME } })
  if (own && own.length > 0) return sorted(own.filter((word) => word.startsWith(begun)))
  const slash = begun.lastIndexOf('/') + 1
  const folder = begun.slice(0, slash) || '.'
  return sorted(
    (files.list(folder) ?? [])
      .filter((name) => name.startsWith(begun.slice(slash)) && (begun.slice(slash) !== '' || !name.startsWith('.')))
      .map((name) => `${begun.slice(0, slash)}${name}${files.stat(`${folder}/${name}`)?.folder ? '/' : ''}`),
  )
}

const sorted = (words: readonly string[]) => [...new Set(words)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
