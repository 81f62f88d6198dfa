import type { World } from '../../engine'
import { type Below, type File, followed } from '../shell/file'
import type { Entry } from './entry'
import { layerEntries } from './layer'
import type { Layer } from './resolve'

const parentOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')))
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

interface Found {
  readonly files: Map<string, { readonly file: File; readonly layer: number }>
  readonly names: Map<string, Set<string>>
}

/**
 * The files of an image, layer over layer as overlayfs shows them. Made when somebody looks, and kept for as long as its uppermost layer is:
 * an image on top of another one shares what is below.
 */
export class Tree implements Below {
  readonly #below: Tree | undefined
  readonly #entries: readonly Entry[]
  readonly #depth: number
  readonly #above = new WeakMap<readonly Entry[], Tree>()
  #made: Found | undefined

  constructor(below: Tree | undefined, entries: readonly Entry[]) {
    this.#below = below
    this.#entries = entries
    this.#depth = below ? below.#depth + 1 : 0
  }

  /** The tree with one more layer. */
  with(entries: readonly Entry[]): Tree {
    let tree = this.#above.get(entries)
    if (!tree) {
      tree = new Tree(this, entries)
      this.#above.set(entries, tree)
    }
    return tree
  }

  get(path: string): File | undefined {
    return this.#found().files.get(path)?.file
  }

  /** Which layer a file comes from, counted from 0, the lowest. */
  layerOf(path: string): number | undefined {
    return this.#found().files.get(path)?.layer
  }

  /** Where a path leads, links followed. */
  real(path: string): string {
    return followed((one) => this.get(one), path, true)
  }

  names(path: string): Iterable<string> {
    return this.#found().names.get(path) ?? []
  }

  /** Every path, without an order. */
  paths(): Iterable<string> {
    return this.#found().files.keys()
  }

  #found(): Found {
    if (this.#made) return this.#made
    const layers: Tree[] = []
    let at: Tree | undefined = this
    while (at && !at.#made) {
      layers.unshift(at)
      at = at.#below
    }
    const from = at ? at.#made : undefined
    const made: Found = {
      files: new Map(from?.files),
      names: new Map([...(from?.names ?? [])].map(([path, names]) => [path, new Set(names)])),
    }
    for (const layer of layers) for (const entry of layer.#entries) put(made, entry, layer.#depth - 1)
    this.#made = made
    return made
  }
}

function put(found: Found, entry: Entry, layer: number): void {
  const { path, ...file } = entry
  if (path === '/') return
  if (entry.what !== 'folder') drop(found, path)
  if (entry.what === 'gone') return
  found.files.set(path, { file, layer })
  let names = found.names.get(parentOf(path))
  if (!names) {
    names = new Set()
    found.names.set(parentOf(path), names)
  }
  names.add(nameOf(path))
}

/** Takes away what stands at a path, and all below it. */
function drop(found: Found, path: string): void {
  for (const name of found.names.get(path) ?? []) drop(found, `${path}/${name}`)
  found.names.delete(path)
  found.files.delete(path)
  found.names.get(parentOf(path))?.delete(nameOf(path))
}

const EMPTY = new Tree(undefined, [])

/** The files that these layers show on a machine. */
export function treeOf(world: Pick<World, 'get'>, machine: string, layers: readonly Layer[]): Tree {
  let tree = EMPTY
  for (const layer of layers) tree = tree.with(layerEntries(world, machine, layer))
  return tree
}
