import { commandOf } from '../../platform/container/command'
import { treeOf } from '../../platform/image/tree'
import { bytesOf, File } from '../../platform/shell/file'
import type { Pass } from '../pass'
import type { DockerContainer } from './container'

const KINDS = { C: 0, A: 1, D: 2 } as const

/** What a container has changed of its image's files: kind 0 changed, 1 added, 2 deleted; by path. After ContainerChanges. */
export function changesOf(
  pass: Pass,
  { id }: DockerContainer,
): readonly { readonly Path: string; readonly Kind: number }[] {
  const runs = pass.runs(id)
  const image = runs && commandOf(runs.spec).image
  const own = image && treeOf(pass.world, runs.machine, image.layers)
  const found = new Map<string, number>()
  for (const { key, value } of pass.world.list(File, { scope: id })) {
    const path = key.slice(File.key(id, '').length)
    const was = path === '/' || own?.get(path) !== undefined
    found.set(path, value.what === 'gone' ? KINDS.D : was ? KINDS.C : KINDS.A)
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at)
      if (!found.has(folder)) found.set(folder, KINDS.C)
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([Path, Kind]) => ({ Path, Kind }))
}

/** Bytes of what it has written into its own layer. */
export const writtenBytes = (pass: Pass, { id }: DockerContainer): number =>
  pass.world.list(File, { scope: id }).reduce((sum, { value }) => sum + bytesOf(value), 0)
