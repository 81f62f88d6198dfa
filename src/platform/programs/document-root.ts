import { mountsOf } from '../container/processes'
import { treeOf } from '../image/tree'
import { File } from '../shell/file'
import { FileView } from '../shell/files'
import type { Call } from './program'

/**
 * What a web server finds at a path below its folder, where somebody has put something there: by a volume, or by writing into the
 * container. undefined: nobody has, and the image's own pages stand there. `missing`: there is nothing; `folder`: one without an index.
 */
export function documentAt(
  call: Call,
  root: string,
  path: string,
): { readonly text: string } | 'missing' | 'folder' | undefined {
  const { container, world } = call
  const { mounts } = container.spec
  const covers = mounts.some(
    (mount) => mount.path === root || mount.path.startsWith(`${root}/`) || root.startsWith(`${mount.path}/`),
  )
  const image = call.command.image?.built === true ? call.command.image : undefined
  if (!covers && !image && world.list(File, { scope: container.id }).length === 0) return undefined
  const below = image && treeOf(world, container.machine, image.layers)
  const files = new FileView(world, mountsOf(container), {}, below).from(root)
  const place = `${root}${path}`.replace(/\/+$/, '')
  const stat = files.stat(place)
  const file = stat?.folder ? files.read(`${place}/index.html`) : files.read(place)
  if ('text' in file) return file
  const isOwn = !mounts.some(
    (mount) => place === mount.path || place.startsWith(`${mount.path}/`) || `${place}/`.startsWith(`${mount.path}/`),
  )
  // what nobody has touched is still the image's
  if (!image && isOwn && (path === '/' || path === '/index.html')) return undefined
  return stat?.folder ? 'folder' : 'missing'
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  htm: 'text/html',
  css: 'text/css',
  js: 'application/javascript',
  json: 'application/json',
  txt: 'text/plain',
  xml: 'text/xml',
  svg: 'image/svg+xml',
}

/** By the ending of the name; a folder is shown by its index.html. */
export const contentType = (path: string): string =>
  path.endsWith('/') ? 'text/html' : (TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream')
