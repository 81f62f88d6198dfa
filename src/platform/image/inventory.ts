import type { World } from '../../engine'
import { type Family, packagesIn } from './base-packages'
import { contentDigest, type Entry } from './entry'
import { layerEntries } from './layer'
import { type Image, resolveImage } from './resolve'
import { type Tree, treeOf } from './tree'

export type PackageType = 'apk' | 'deb' | 'npm' | 'pypi' | 'golang' | 'maven' | 'generic'

/** A package that an image holds, as a scanner finds it in the files. */
export interface Installed {
  readonly type: PackageType
  /** What advisories are written for: the source package of a distribution's. */
  readonly name: string
  readonly version: string
  /** Where it is noted. */
  readonly path: string
  /** Which layer brought it in this version, counted from 0, the lowest. */
  readonly layer: number
}

export interface Inventory {
  readonly packages: readonly Installed[]
  /** The distribution, by its own word; undefined: none. */
  readonly distribution: { readonly family: Family; readonly version: string; readonly codename: string } | undefined
}

/** Beyond that many files nobody looks. */
const MOST_PATHS = 400_000
/** Images of these repositories are a distribution, no program of their own. */
const BARE: ReadonlySet<string> = new Set('alpine busybox debian ubuntu buildpack-deps scratch'.split(' '))

const kept = new WeakMap<Image, Inventory>()

/**
 * What an image holds, as far as scanners can know it: databases of apk and dpkg, metadata of Python, package.json of Node, the modules that Go
 * and Maven note in what they build, and the programs that images of the catalogue are made for.
 */
export function inventoryOf(world: Pick<World, 'get'>, machine: string, image: Image): Inventory {
  let found = kept.get(image)
  if (!found) {
    const tree = treeOf(world, machine, image.layers)
    const layers = image.layers.map((layer) => layerEntries(world, machine, layer))
    found = {
      packages: [
        ...ofDatabase(layers, tree, '/lib/apk/db/installed', 'apk'),
        ...ofDatabase(layers, tree, '/var/lib/dpkg/status', 'deb'),
        ...ofFiles(tree),
        ...ofCatalogue(image),
      ],
      distribution: distributionOf(tree),
    }
    kept.set(image, found)
  }
  return found
}

function distributionOf(tree: Tree): Inventory['distribution'] {
  const text = tree.get('/etc/os-release')?.text ?? ''
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)`, 'm').exec(text)?.[1] ?? ''
  const family = field('ID')
  if (family !== 'alpine' && family !== 'debian' && family !== 'ubuntu') return undefined
  const version = family === 'alpine' ? field('VERSION_ID').split('.').slice(0, 2).join('.') : field('VERSION_ID')
  return { family, version, codename: /\((\w+)\)/.exec(field('PRETTY_NAME'))?.[1] ?? '' }
}

/** Packages that the uppermost database has, each with the layer whose database first had it so. */
function ofDatabase(
  layers: readonly (readonly Entry[])[],
  tree: Tree,
  path: string,
  type: PackageType,
): readonly Installed[] {
  if (!tree.get(path)) return []
  let known = new Map<string, Installed>()
  layers.forEach((entries, layer) => {
    const entry = entries.find((one) => one.path === path)
    if (entry?.what !== 'file') return
    const next = new Map<string, Installed>()
    for (const { origin: name, version } of packagesIn(entry.text)) {
      const key = `${name} ${version}`
      next.set(key, known.get(key) ?? { type, name, version, path, layer })
    }
    known = next
  })
  return [...known.values()]
}

const METADATA = /\.dist-info\/METADATA$/
const MANIFEST = /\/node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/

function ofFiles(tree: Tree): readonly Installed[] {
  const found: Installed[] = []
  const add = (type: PackageType, path: string, name: unknown, version: unknown) => {
    if (typeof name === 'string' && typeof version === 'string' && name !== '' && version !== '')
      found.push({ type, name, version, path, layer: tree.layerOf(path) ?? 0 })
  }
  let seen = 0
  for (const path of tree.paths()) {
    if (++seen > MOST_PATHS) break
    const file = tree.get(path)!
    if (file.what !== 'file') continue
    if (METADATA.test(path))
      add('pypi', path, /^Name: (\S+)/m.exec(file.text)?.[1], /^Version: (\S+)/m.exec(file.text)?.[1])
    else if (MANIFEST.test(path)) {
      const { name, version } = manifestIn(file.text)
      add('npm', path, name, version)
    } else if (file.bytes !== undefined) {
      const built = /^(built go|jar) .* mod (.+)$/.exec(contentDigest(file))
      for (const one of built?.[2]?.split(',') ?? []) {
        const at = one.lastIndexOf('@')
        add(built![1] === 'jar' ? 'maven' : 'golang', path, one.slice(0, at), one.slice(at + 1))
      }
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.name < b.name ? -1 : 1))
}

function manifestIn(text: string): { readonly name?: unknown; readonly version?: unknown } {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null ? read : {}
  } catch {
    return {}
  }
}

/** The program of an image of the catalogue is in the lowest of its own layers. */
function ofCatalogue(image: Image): readonly Installed[] {
  const found = new Map<string, Installed>()
  image.layers.forEach(({ catalogue }, layer) => {
    if (!catalogue || !('image' in catalogue) || found.has(catalogue.image)) return
    const answer = resolveImage(catalogue.image)
    if (answer.found !== 'known' || BARE.has(answer.image.repository)) return
    const { repository, version, commands } = answer.image
    const name = repository.slice(repository.lastIndexOf('/') + 1)
    found.set(catalogue.image, { type: 'generic', name, version, path: `/usr/bin/${commands[0] ?? name}`, layer })
  })
  return [...found.values()]
}
