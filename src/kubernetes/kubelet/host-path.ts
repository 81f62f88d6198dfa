import type { Wish, World } from '../../engine'
import { cleanPath, File } from '../../platform/shell/file'

/** Folders that every machine has; everything else on its disk is what pods have put there. */
const FOLDERS =
  /^\/($|(bin|boot|dev|etc|home|lib|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)(\/(lib|log|run|cache|tmp|local|share|modules|containerd|kubelet|pods|containers|kubernetes|manifests|pki|cni|net\.d))*$)/
const SOCKETS = ['/run/containerd/containerd.sock', '/var/run/containerd/containerd.sock']
const FILES = [
  '/etc/hostname',
  '/etc/hosts',
  '/etc/resolv.conf',
  '/etc/os-release',
  '/etc/localtime',
  '/etc/machine-id',
]

/** The name of the volume that stands for a machine's disk. */
export const hostVolume = (machine: string): string => `host:${machine}`

/**
 * What the type of a hostPath asks for: a file or folder to make, or why it does not fit. After pkg/volume/hostpath.
 */
export function hostPathCheck(
  world: World,
  machine: string,
  { path, type = '' }: { readonly path: string; readonly type?: string },
): { readonly wishes: readonly Wish<File>[] } | { readonly error: string } {
  const place = cleanPath(path)
  const scope = `volume:${hostVolume(machine)}`
  const there = world.get(File.key(scope, place))?.what
  const inside = world.list(File, { scope }).some(({ key }) => key.startsWith(`${File.key(scope, place)}/`))
  const folder = there === 'folder' || inside || (there === undefined && FOLDERS.test(place))
  const file = there === 'file' || (there === undefined && FILES.includes(place))
  const exists = folder || file || SOCKETS.includes(place)
  const make = (what: 'file' | 'folder') => ({
    wishes: [
      {
        key: File.key(scope, place),
        value: { what, text: '', mode: what === 'folder' ? 0o755 : 0o644, modifiedAt: world.now } as File,
        because: { id: 'kubernetes/volume-written', values: { volume: place } },
        quiet: true,
      },
    ],
  })
  const wrong = (what: string) => ({ error: `hostPath type check failed: ${path} is not a ${what}` })
  if (!exists && type === 'DirectoryOrCreate') return make('folder')
  if (!exists && type === 'FileOrCreate') return make('file')
  if (type.startsWith('Directory') && !folder) return wrong('directory')
  if (type.startsWith('File') && !file) return wrong('file')
  if (type === 'Socket' && !SOCKETS.includes(place)) return wrong('socket file')
  if (type === 'CharDevice') return wrong('character device')
  if (type === 'BlockDevice') return wrong('block device')
  return { wishes: [] }
}
