import type { Key, Wish, World } from '../../engine'
import { type Below, bytesOf, cleanPath, File, followed } from './file'
import type { FileMount } from './process'
import type { Files } from './tool'

/** Files that the kernel makes up when they are read. */
export interface KernelFiles {
  /** undefined: there is none of that name. */
  read(path: string): string | undefined
  list(folder: string): readonly string[] | undefined
}

/** A single file and all files of one scope are bounded; beyond that the disk is full. */
const LARGEST_FILE = 16_000_000
const LARGEST_DISK = 128_000_000

/** Numbers of a user and of a group. */
interface Owner {
  readonly uid: number
  readonly gid: number
}

const MISSING = 'No such file or directory'

const joined = (folder: string, name: string): string => (folder === '/' ? `/${name}` : `${folder}/${name}`)

/**
 * The files of a process: File objects of its mounts over the files of its image. What is written is kept until `wishes` is asked for;
 * what is read sees it at once. Owners are noted and rights forbid nothing; not modelled: special files other than /dev/null and /dev/zero.
 */
export class FileView {
  readonly #world: World
  readonly #mounts: readonly FileMount[]
  readonly #base: Readonly<Record<string, string>>
  readonly #below: Below | undefined
  readonly #kernel: KernelFiles | undefined
  readonly #diskFull: boolean
  readonly #owner: Owner | undefined
  readonly #written = new Map<Key<File>, File | undefined>()

  constructor(
    world: World,
    mounts: readonly FileMount[],
    base: Readonly<Record<string, string>>,
    below?: Below,
    kernel?: KernelFiles,
    /** Of a machine whose disk has not a byte left. */
    diskFull = false,
    /** Whose the files are that are made, where not root's or the learner's. */
    owner?: Owner,
  ) {
    this.#owner = owner
    this.#world = world
    this.#mounts = mounts
    this.#base = base
    this.#below = below
    this.#kernel = kernel
    this.#diskFull = diskFull
  }

  from(cwd: string): Files {
    const resolve = (path: string) => cleanPath(path.startsWith('/') ? path : `${cwd}/${path}`)
    return {
      resolve,
      read: (path) => this.#read(this.#real(resolve(path))),
      write: (path, text, options) => this.#write(this.#real(resolve(path)), text, options),
      remove: (path) => this.#remove(this.#real(resolve(path), false)),
      makeFolder: (path) => this.#makeFolder(this.#real(resolve(path))),
      stat: (path) => this.#stat(this.#real(resolve(path))),
      list: (path) => this.#list(this.#real(resolve(path))),
      entry: (path) => this.#get(this.#real(resolve(path), false)),
      put: (path, file) => this.#put(this.#real(resolve(path), file.what !== 'link'), file),
    }
  }

  wishes(): Wish<File>[] {
    return [...this.#written].map(([key, value]) => ({ key, value, because: { id: 'shell/wrote' }, quiet: true }))
  }

  #mount(path: string): FileMount {
    let best: FileMount | undefined
    for (const mount of this.#mounts) {
      const inside = mount.path === '/' || path === mount.path || path.startsWith(`${mount.path}/`)
      if (inside && (!best || mount.path.length > best.path.length)) best = mount
    }
    return best ?? { path: '/', scope: 'nowhere' }
  }

  #key(path: string): Key<File> {
    const mount = this.#mount(path)
    return File.key(
      mount.scope,
      (mount.root ?? '') + (mount.path === '/' ? path : path.slice(mount.path.length)) || '/',
    )
  }

  /** What stands at a path itself: a link is not followed. */
  #get(path: string): File | undefined {
    const made = this.#kernel?.read(path)
    if (made !== undefined) return { what: 'file', text: made, mode: 0o444, modifiedAt: this.#world.now }
    if (this.#kernel?.list(path)) return FOLDER
    const key = this.#key(path)
    const file = this.#written.has(key) ? this.#written.get(key) : this.#world.get(key)
    if (file) return file.what === 'gone' ? undefined : file
    if (this.#mount(path).path !== '/') return path === this.#mount(path).path ? FOLDER : undefined
    return this.#underneath(path)
  }

  /** What is there where nothing has been written: of the runtime, or of the image. */
  #underneath(path: string): File | undefined {
    const text = this.#base[path]
    if (text !== undefined) return { what: 'file', text, mode: 0o644, modifiedAt: 0 }
    const own = this.#below?.get(path)
    if (own) return own
    if (path === '/' || this.#mounts.some((m) => m.path === path || m.path.startsWith(`${path}/`))) return FOLDER
    const prefix = `${path}/`
    for (const other in this.#base) if (other.startsWith(prefix)) return FOLDER
    return path === '/tmp' && !this.#below ? FOLDER : undefined
  }

  /** Where a path leads, links followed; `last`: that of its last part too. In a circle of links it stays where it is. */
  #real(path: string, last = true): string {
    const own = this.#get(path)
    if (own && (own.what !== 'link' || !last)) return path
    return followed((one) => this.#get(one), path, last)
  }

  #stat(path: string): ReturnType<Files['stat']> {
    const file = this.#get(path)
    if (!file || file.what === 'link') return undefined
    const { what, mode, modifiedAt, uid = 0, gid = 0 } = file
    return { folder: what === 'folder', size: bytesOf(file), mode, modifiedAt, uid, gid }
  }

  #read(path: string): { text: string } | { error: string } {
    if (path === '/dev/null') return { text: '' }
    if (path === '/dev/zero') return { text: '\0'.repeat(65_536) }
    const file = this.#get(path)
    if (!file) return { error: MISSING }
    if (file.what === 'link') return { error: 'Too many levels of symbolic links' }
    return file.what === 'folder' ? { error: 'Is a directory' } : { text: file.text }
  }

  #parentProblem(path: string): { error: string } | undefined {
    const parent = this.#get(cleanPath(`${path}/..`))
    if (!parent) return { error: MISSING }
    if (parent.what !== 'folder') return { error: 'Not a directory' }
    return this.#mount(path).readOnly ? { error: 'Read-only file system' } : undefined
  }

  #write(path: string, text: string, options: { append?: boolean; mode?: number } = {}): { error: string } | undefined {
    if (path === '/dev/null') return undefined
    if (this.#kernel?.read(path) !== undefined) return { error: 'Read-only file system' }
    const problem = this.#parentProblem(path)
    if (problem) return problem
    const present = this.#get(path)
    if (present?.what === 'folder') return { error: 'Is a directory' }
    const whole = options.append && present ? present.text + text : text
    if (text !== '' && this.#isFull(path)) return { error: 'No space left on device' }
    if (whole.length > LARGEST_FILE || this.#used(this.#mount(path).scope) + text.length > LARGEST_DISK)
      return { error: 'No space left on device' }
    const mode = options.mode ?? present?.mode ?? 0o644
    const isSame = present && present.text === whole && present.mode === mode && present.bytes === undefined
    if (isSame && this.#world.get(this.#key(path))) return undefined
    const { uid, gid } = present ?? this.#owner ?? {}
    const owner = { ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) }
    this.#written.set(this.#key(path), { what: 'file', text: whole, mode, modifiedAt: this.#world.now, ...owner })
    return undefined
  }

  #put(path: string, file: File): { error: string } | undefined {
    const problem = path === '/' ? undefined : this.#parentProblem(path)
    if (problem) return problem
    if (file.text.length > LARGEST_FILE || (bytesOf(file) > 0 && this.#isFull(path)))
      return { error: 'No space left on device' }
    const whose = file.uid === undefined && this.#owner
    this.#written.set(this.#key(path), whose ? { ...file, ...whose } : file)
    return undefined
  }

  /** What is in memory has room. */
  #isFull(path: string): boolean {
    return this.#diskFull && !this.#mount(path).scope.startsWith('tmpfs:')
  }

  #used(scope: string): number {
    let used = 0
    for (const head of this.#world.list(File, { scope })) used += head.value.text.length
    return used
  }

  #makeFolder(path: string): { error: string } | undefined {
    if (this.#get(path)) return { error: 'File exists' }
    const problem = this.#parentProblem(path)
    if (problem) return problem
    this.#written.set(this.#key(path), { ...FOLDER, modifiedAt: this.#world.now, ...this.#owner })
    return undefined
  }

  #remove(path: string): { error: string } | undefined {
    const present = this.#get(path)
    if (!present) return { error: MISSING }
    if (present.what === 'folder' && (this.#list(path) ?? []).length > 0) return { error: 'Directory not empty' }
    const problem = this.#parentProblem(path)
    if (problem) return problem
    const below = this.#mount(path).path === '/' && this.#underneath(path) !== undefined
    this.#written.set(
      this.#key(path),
      below ? { what: 'gone', text: '', mode: 0, modifiedAt: this.#world.now } : undefined,
    )
    return undefined
  }

  #list(path: string): string[] | undefined {
    if (this.#get(path)?.what !== 'folder') return undefined
    const names = new Set<string>()
    const add = (full: string) => {
      if (!full.startsWith(path === '/' ? '/' : `${path}/`)) return
      const rest = full.slice(path === '/' ? 1 : path.length + 1)
      if (rest !== '') names.add(rest.split('/')[0]!)
    }
    for (const mount of this.#mounts) {
      const prefix = mount.path === '/' ? '' : mount.path
      if (mount.path !== '/') add(mount.path)
      const own = File.key(mount.scope, mount.root ?? '')
      const addKey = (key: string) => {
        if (key.startsWith(own)) add(prefix + key.slice(own.length))
      }
      for (const head of this.#world.list(File, { scope: mount.scope })) addKey(head.key)
      for (const key of this.#written.keys()) addKey(key)
    }
    for (const full in this.#base) add(full)
    if (this.#mount(path).path === '/') for (const name of this.#below?.names(path) ?? []) names.add(name)
    for (const name of this.#kernel?.list(path) ?? []) names.add(name)
    if (path === '/' && !this.#below) names.add('tmp')
    return [...names].filter((name) => this.#get(joined(path, name)) !== undefined).sort((a, b) => (a < b ? -1 : 1))
  }
}

const FOLDER: File = { what: 'folder', text: '', mode: 0o755, modifiedAt: 0 }
