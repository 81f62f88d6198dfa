import type { CachedStep } from '../dockerfile/cache'
import type { Pass } from '../pass'
import { CacheRecord, cacheRecordKey, type StepResult } from './build'

const MOST_RECORDS = 1_000

/** Writes down what a step has made, for later builds; the one that was used longest ago goes when there are too many. */
export function keepRecord(pass: Pass, vertex: CachedStep, result: StepResult, bytes: number): void {
  const machine = pass.machine.name
  const { key, parts, stage, kind, name } = vertex
  const record: CacheRecord = {
    id: BigInt(`0x${pass.id(`record ${key}`)}`)
      .toString(36)
      .slice(0, 25),
    key,
    parts,
    stage,
    kind,
    name,
    layers: result.layers,
    bytes,
    createdAt: kind === 'FROM' ? pass.now : result.at,
    usedAt: pass.now,
    uses: 1,
  }
  pass.set(cacheRecordKey(machine, key), record, { id: 'docker/build-kept', values: { step: vertex.name } }, true)
  const all = pass.all(CacheRecord)
  if (all.length <= MOST_RECORDS) return
  const [oldest] = [...all].sort((a, b) => a.usedAt - b.usedAt)
  pass.set(cacheRecordKey(machine, oldest!.key), undefined, { id: 'docker/build-cache-full' }, true)
}

/** A build takes what is in the cache. */
export function useRecord(pass: Pass, record: CacheRecord, step: string): void {
  const key = cacheRecordKey(pass.machine.name, record.key)
  const used = { ...record, usedAt: pass.now, uses: record.uses + 1 }
  pass.set(key, used, { id: 'docker/build-cached', values: { step } }, true)
}
