import type { Json } from '../../../engine/json'
import { type Container, containerKey } from '../../container/container'
import type { RegistryContent } from '../../registry/content'
import type { Tool } from '../tool'

const USAGE =
  '`registry`\n\nUsage:\n  registry [flags]\n  registry [command]\n\nAvailable Commands:\n  garbage-collect `garbage-collect` deletes layers not referenced by any manifests\n  serve           `serve` stores and distributes Docker images\n'

/** What nobody names any more, and what the collection tells on its way. Models MarkAndSweep in registry/storage/garbagecollect.go. */
export function collected({ repositories }: RegistryContent, deleteUntagged: boolean) {
  const says: string[] = []
  const marked = new Set<string>()
  const blobs = new Set<string>()
  const untagged = new Set<string>()
  for (const [name, { tags, manifests, blobs: own }] of Object.entries(repositories).sort(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    says.push(name)
    const meant = new Set(Object.values(tags))
    for (const digest of Object.keys(own)) blobs.add(digest)
    for (const [digest, { id, layers }] of Object.entries(manifests)) {
      blobs.add(digest).add(id)
      if (deleteUntagged && !meant.has(digest)) {
        says.push(`manifest eligible for deletion: ${digest}`)
        untagged.add(`${name} ${digest}`)
        continue
      }
      says.push(`${name}: marking manifest ${digest} `)
      marked.add(digest)
      for (const blob of [id, ...layers]) {
        says.push(`${name}: marking blob ${blob}`)
        marked.add(blob)
      }
    }
  }
  const swept = [...blobs].filter((digest) => !marked.has(digest)).sort()
  says.push(
    '',
    `${marked.size} blobs marked, ${swept.length} blobs and ${untagged.size} manifests eligible for deletion`,
    ...swept.map((digest) => `blob eligible for deletion: ${digest}`),
  )
  const gone = new Set(swept)
  const left: RegistryContent = {
    repositories: Object.fromEntries(
      Object.entries(repositories).map(([name, { tags, manifests, blobs: own }]) => [
        name,
        {
          tags,
          manifests: Object.fromEntries(
            Object.entries(manifests).filter(([digest]) => !untagged.has(`${name} ${digest}`)),
          ),
          blobs: Object.fromEntries(Object.entries(own).filter(([digest]) => !gone.has(digest))),
        },
      ]),
    ),
  }
  return { says, left }
}

/** The program of `registry:2` as an administrator calls it: `garbage-collect [-d] [-m] CONFIG`. Simplified: it takes no time, and no log of the deletions is written. */
export const registryTool: Tool = {
  name: 'registry',
  about: 'collects what no manifest of a registry names any more',
  run(call) {
    if (call.container === undefined) {
      call.printError('bash: registry: command not found\n')
      return { exit: 127 }
    }
    const [command, ...rest] = call.argv.slice(1)
    if (command === '--version' || command === '-v') {
      call.print('registry github.com/docker/distribution 2.8.3\n')
      return { exit: 0 }
    }
    if (command !== 'garbage-collect') {
      call.print(USAGE)
      return { exit: command === undefined ? 0 : 1 }
    }
    const flags = rest.filter((word) => word.startsWith('-'))
    const unknown = flags.find((flag) => !/^(-[dm]+|--dry-run(=true)?|--delete-untagged(=true)?)$/.test(flag))
    if (unknown !== undefined) {
      call.printError(`Error: unknown flag: ${unknown}\n`)
      return { exit: 1 }
    }
    if (rest.length === flags.length) {
      call.printError('configuration error: configuration path unspecified\n')
      return { exit: 1 }
    }
    const key = containerKey(call.from.machine, call.container)
    const container = call.world.get(key) as Container | undefined
    const memory = container?.memory as { readonly content?: RegistryContent } | undefined
    const has = (letter: string, long: string) =>
      flags.some((flag) => flag.startsWith(long) || (/^-[dm]+$/.test(flag) && flag.includes(letter)))
    const { says, left } = collected(memory?.content ?? { repositories: {} }, has('m', '--delete-untagged'))
    for (const line of says) call.print(`${line}\n`)
    if (container && memory?.content && !has('d', '--dry-run')) {
      const next = { ...memory, content: left, dirtySince: call.now } as unknown as Json
      const because = { id: 'platform/registry-collected', values: { name: container.name } }
      call.apply({ changes: [{ key, value: { ...container, memory: next }, because }] })
    }
    return { exit: 0 }
  },
}
