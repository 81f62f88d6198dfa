import type { Reason } from '../../engine'
import { bytesOf, File } from '../../platform/shell/file'
import { filtersOf, isTrue } from '../engine/request'
import { apiTime, momentOf } from '../formats/time'
import { sweep } from '../images/keep'
import { imageLayers } from '../images/store'
import type { Pass } from '../pass'
import { Build, CacheMount, CacheRecord, cacheMountKey, cacheMountScope, cacheRecordKey } from './build'

/** One record of the build cache, as the API lists it. */
interface CacheUse {
  readonly ID: string
  readonly Type: 'regular' | 'exec.cachemount'
  readonly Description: string
  readonly InUse: boolean
  /** Its layer is an image's too. */
  readonly Shared: boolean
  readonly Size: number
  readonly CreatedAt: string
  readonly LastUsedAt: string
  readonly UsageCount: number
  /** In simulated time, for ages. */
  readonly createdAt: number
  readonly usedAt: number
  /** What it is kept under. */
  readonly key: string
}

/** All that builds have left for later ones, the last used first. */
export function cacheUses(pass: Pass): readonly CacheUse[] {
  const inImages = imageLayers(pass)
  const used = new Set<string>()
  for (const build of pass.all(Build))
    if (build.state === 'running') for (const { key } of Object.values(build.results)) used.add(key)
  const records = pass.all(CacheRecord).map((record): CacheUse => {
    const own = record.layers.at(-1)
    return {
      ID: record.id,
      Type: 'regular',
      Description:
        record.kind === 'FROM'
          ? `pulled from ${record.name.replace(/^.*FROM /, '')}`
          : `mount / from exec ${record.name}`,
      InUse: used.has(record.key),
      Shared: own === undefined || inImages.has(own.digest),
      Size: record.bytes,
      CreatedAt: apiTime(record.createdAt, record.id),
      LastUsedAt: apiTime(record.usedAt, record.id),
      UsageCount: record.uses,
      createdAt: record.createdAt,
      usedAt: record.usedAt,
      key: record.key,
    }
  })
  const mounts = pass.all(CacheMount).map(({ id, createdAt, usedAt, uses }): CacheUse => {
    const files = pass.world.list(File, { scope: cacheMountScope(pass.machine.name, id) })
    return {
      ID: BigInt(`0x${mountDigits(id)}`)
        .toString(36)
        .padEnd(25, '0')
        .slice(0, 25),
      Type: 'exec.cachemount',
      Description: `cached mount ${id} from exec`,
      InUse: false,
      Shared: false,
      Size: files.reduce((sum, { value }) => sum + bytesOf(value), 0),
      CreatedAt: apiTime(createdAt, id),
      LastUsedAt: apiTime(usedAt, id),
      UsageCount: uses,
      createdAt,
      usedAt,
      key: id,
    }
  })
  return [...records, ...mounts].sort((a, b) => b.usedAt - a.usedAt || (a.ID < b.ID ? -1 : 1))
}

const mountDigits = (id: string): string =>
  [...id]
    .map((letter) => letter.charCodeAt(0).toString(16).padStart(4, '0'))
    .join('')
    .padEnd(40, '7')
    .slice(-40)

/** Forgets what builds have left; without `all` only what no image has too. */
export function pruneCache(pass: Pass, query: Readonly<Record<string, string>> | undefined) {
  const all = isTrue(query?.['all'])
  const until = filtersOf(query)['until']?.[0]
  const before = until === undefined ? undefined : momentOf(until, pass.now)
  const because: Reason = { id: 'docker/pruned', values: { what: 'the build cache' } }
  const gone = cacheUses(pass).filter(
    ({ InUse, Shared, usedAt }) => !InUse && (all || !Shared) && (before === undefined || usedAt < before),
  )
  for (const { Type, key } of gone) {
    if (Type === 'regular') pass.set(cacheRecordKey(pass.machine.name, key), undefined, because, true)
    else {
      pass.set(cacheMountKey(pass.machine.name, key), undefined, because, true)
      for (const file of pass.world.list(File, { scope: cacheMountScope(pass.machine.name, key) }))
        pass.set(file.key, undefined, because, true)
    }
  }
  sweep(pass, because)
  return {
    CachesDeleted: gone.map(({ ID }) => ID),
    Deleted: gone,
    SpaceReclaimed: gone.reduce((sum, { Size }) => sum + Size, 0),
  }
}
