import { DockerContainer } from '../../docker'
import { Volume } from '../../docker/volumes/volume'
import { LocalImage } from '../../platform/image/image'
import { Network } from '../../platform/network/network'
import type { Tool } from '../../platform/shell/tool'
import type { Command } from './command'
import { commands } from './commands'
import { globalFlags } from './help'

/** Words that may stand at the end of a command line: commands, flags, and names of what is there. */
export const complete: NonNullable<Tool['complete']> = (words, { world }) => {
  const begun = words.at(-1) ?? ''
  let level: readonly Command[] = commands
  let command: Command | undefined
  for (const word of words.slice(1, -1)) {
    const next = level.find((one) => one.name === word || one.aliases?.includes(word))
    if (!next) continue
    command = next
    level = next.children ?? []
  }
  if (begun.startsWith('-')) return (command?.flags ?? globalFlags).map(({ name }) => `--${name}`)
  if (!command || command.children) return level.map(({ name }) => name)
  switch (command.completes) {
    case 'containers':
      return world.list(DockerContainer).map(({ value }) => value.name)
    case 'images':
      return world.list(LocalImage).map(({ value }) => value.reference)
    case 'networks':
      return world.list(Network).map(({ value }) => value.name)
    case 'volumes':
      return world.list(Volume).map(({ value }) => value.name)
    default:
      return []
  }
}
