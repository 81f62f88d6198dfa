import type { Image } from '../image/resolve'
import type { Files } from '../shell/tool'
import type { Container } from './container'

/** As whom a process runs. `name`: as its image's passwd file has it; undefined: it has no such user. */
export interface User {
  readonly uid: number
  readonly gid: number
  /** More groups. */
  readonly groups: readonly number[]
  readonly name: string | undefined
}

/** Numbers of the users that known images name. */
const NUMBERS: Readonly<Record<string, number>> = {
  root: 0,
  'www-data': 33,
  curl_user: 100,
  memcache: 11_211,
  app: 100,
  nonroot: 65_532,
  nobody: 65_534,
  daemon: 1,
  bin: 2,
  nginx: 101,
  redis: 999,
  postgres: 999,
  mysql: 999,
  node: 1000,
}

/** The number of a user that images know by name; undefined: there is none of that name. */
export const userNumber = (name: string): number | undefined => (/^\d+$/.test(name) ? Number(name) : NUMBERS[name])

/** undefined: root, like nearly everybody. */
export function userOf({ spec }: Container, image: Image | undefined): User | undefined {
  const [named = '', group] = (image?.config.user ?? '').split(':')
  if (!spec.user && (named === '' || named === 'root')) return undefined
  const own = /^\d+$/.test(named) ? Number(named) : (NUMBERS[named] ?? (named === '' ? 0 : 1000))
  const uid = spec.user?.uid ?? own
  const gid = spec.user ? spec.user.gid : group !== undefined && /^\d+$/.test(group) ? Number(group) : own
  const isOwn = uid === own && named !== '' && !/^\d+$/.test(named)
  return { uid, gid, groups: spec.user?.groups ?? [], name: uid === 0 ? 'root' : isOwn ? named : undefined }
}

/** A user as /etc/passwd has it, by name or number; undefined: it has none such. */
export function userIn(
  files: Files,
  name: string,
): { readonly uid: number; readonly gid: number; readonly home: string } | undefined {
  for (const line of linesOf(files, '/etc/passwd')) {
    const [own, , uid = '', gid = '', , home = '/'] = line.split(':')
    if (own === name || uid === name) return { uid: Number(uid), gid: Number(gid), home }
  }
  return /^\d+$/.test(name) ? { uid: Number(name), gid: 0, home: '/' } : undefined
}

/** The number of a group as /etc/group has it, by name or number. */
export function groupIn(files: Files, name: string): number | undefined {
  for (const line of linesOf(files, '/etc/group')) {
    const [own, , gid = ''] = line.split(':')
    if (own === name || gid === name) return Number(gid)
  }
  return /^\d+$/.test(name) ? Number(name) : undefined
}

function linesOf(files: Files, path: string): readonly string[] {
  const read = files.read(path)
  return 'text' in read ? read.text.split('\n') : []
}
