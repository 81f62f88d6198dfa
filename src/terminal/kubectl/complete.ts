import { allResources, resourceNamed } from '../../kubernetes'
import type { Tool } from '../../platform/shell/tool'
import type { Command } from './command'
import { commands } from './commands'
import { namespaceOf, readConfig } from './config'
import { globalFlags } from './help'
import { resourceCalled } from './resource-args'

type Complete = NonNullable<Tool['complete']>

/** Words that may stand at the end of a command line: commands, flags, kinds, and names of objects that are there. */
export const complete: Complete = (words, call) => {
  const begun = words[words.length - 1] ?? ''
  const before = words.slice(1, -1)
  let level: readonly Command[] = commands
  let command: Command | undefined
  const rest: string[] = []
  for (const word of before) {
    const next =
      rest.length === 0 && !word.startsWith('-')
        ? level.find((one) => one.name === word || one.aliases?.includes(word))
        : undefined
    if (next) {
      command = next
      level = next.children ?? []
    } else rest.push(word)
  }
  if (begun.startsWith('-')) return [...(command?.flags ?? []), ...globalFlags].map(({ name }) => `--${name}`)
  if (level.length > 0) return level.map(({ name }) => name)
  const last = before[before.length - 1]
  const namespaces = () => namesOf('', 'v1', 'namespaces', undefined, call)
  if (last === '-n' || last === '--namespace') return namespaces()
  if (last === '-f' || last === '--filename' || !command) return []
  if (last === '-o' || last === '--output') return ['wide', 'yaml', 'json', 'name', 'jsonpath=', 'custom-columns=']
  return wordsFor(command, begun, rest, call)
}

function wordsFor(
  command: Command,
  begun: string,
  rest: readonly string[],
  call: Parameters<Complete>[1],
): readonly string[] {
  const namespace = namespaceIn(rest, call)
  const args = rest.filter(
    (word, i) => !word.startsWith('-') && !['-n', '--namespace', '-l', '-o'].includes(rest[i - 1] ?? ''),
  )
  switch (command.completes) {
    case 'pods':
      return namesOf('', 'v1', 'pods', namespace, call)
    case 'nodes':
      return namesOf('', 'v1', 'nodes', undefined, call)
    case 'deployments':
      return namesOf('apps', 'v1', 'deployments', namespace, call).map((name) => `deployment/${name}`)
    case 'resources': {
      const slash = begun.indexOf('/')
      const type = slash > 0 ? begun.slice(0, slash) : args[0]
      if (type === undefined) return allResources().map(({ plural }) => plural)
      const resource = resourceCalled(type)
      if (!resource) return []
      const names = namesOf(
        resource.group,
        resource.version,
        resource.plural,
        resource.namespaced ? namespace : undefined,
        call,
      )
      return slash > 0 ? names.map((name) => `${type}/${name}`) : names
    }
    default:
      return []
  }
}

function namespaceIn(words: readonly string[], call: Parameters<Complete>[1]): string {
  const at = words.findIndex((word) => word === '-n' || word === '--namespace')
  return (at >= 0 ? words[at + 1] : undefined) ?? namespaceOf(readConfig(call.files, call.env))
}

function namesOf(
  group: string,
  version: string,
  plural: string,
  namespace: string | undefined,
  { world }: Parameters<Complete>[1],
): string[] {
  const resource = resourceNamed(group, version, plural)
  if (!resource) return []
  const heads = namespace === undefined ? world.list(resource.store) : world.list(resource.store, { scope: namespace })
  return heads.map(({ value }) => value.metadata.name)
}
