import { archiveEntries } from '../../platform/image/archive'
import { layerOf } from '../../platform/image/layer'
import { makeImage } from '../../platform/image/make-image'
import type { ImageConfig } from '../../platform/image/resolve'
import { treeOf } from '../../platform/image/tree'
import { refuse } from '../engine/request'
import type { Pass } from '../pass'
import { changed, nameOf } from './commit'
import { keepImage, keepLayer } from './keep'
import { noTar } from './load'

const NOTHING: ImageConfig = {
  entrypoint: undefined,
  cmd: undefined,
  exposed: [],
  env: {},
  workingDir: '',
  user: '',
  stopSignal: 'SIGTERM',
  volumes: [],
}

interface Import {
  readonly archive: string
  readonly repo: string
  readonly tag: string
  readonly message: string
  readonly changes: readonly string[]
}

/** `POST /images/create?fromSrc=-`: an image of one layer, the files of an archive. After ImportImage in moby's daemon. */
export function importImage(pass: Pass, asked: Import): { readonly id: string } {
  const name = nameOf(asked.repo, asked.tag)
  const config = changed(NOTHING, asked.changes)
  const entries = asked.archive === '' ? [] : archiveEntries(asked.archive)
  if (!entries) return refuse(500, noTar(asked.archive))
  const because = { id: 'docker/imported', values: { image: name ?? '', files: entries.length } }
  const layer = layerOf(entries.filter(({ what, path }) => what !== 'gone' && path !== '/'))
  keepLayer(pass, layer, because)
  const { digest, unpackedBytes, compressedBytes } = layer
  const comment = asked.message === '' ? 'Imported from -' : asked.message
  const stored = makeImage({
    base: undefined,
    layers: [{ digest, unpackedBytes, compressedBytes }],
    config,
    history: [{ at: pass.now, createdBy: '', empty: false, comment }],
    createdAt: pass.now,
    tree: treeOf({ get: () => undefined }, pass.machine.name, []).with(layer.entries),
  })
  keepImage(pass, stored, name === undefined ? [] : [name], because)
  pass.event('image', 'import', stored.id, { name: stored.id })
  return { id: stored.id }
}
