import { attempt } from '../../../src/kubernetes/api/patch/json'
import {
  applyMergePatch,
  onlyNulls,
  patchesConflict,
  threeWayMergePatch,
  withoutNulls,
} from '../../../src/kubernetes/api/patch/merge-patch'
import {
  applyStrategicPatch,
  createStrategicPatch,
  threeWayStrategicPatch,
} from '../../../src/kubernetes/api/patch/strategic-merge'
import { anything, type Field, list, map, object } from '../../../src/kubernetes/kinds/schema'
import { type Adapter, type Case, differs } from '../adapter'

/** The test object of upstream: its fields in the ways that fields can merge. */
function mergeItem(depth: number): Field {
  const inner: Field = depth > 0 ? mergeItem(depth - 1) : anything('')
  return object('MergeItem', '', {
    name: anything(''),
    value: anything(''),
    other: anything(''),
    mergingList: list(inner, '', { mergeKey: 'name' }),
    nonMergingList: list(inner, ''),
    mergingIntList: list(anything(''), '', { strategy: 'merge' }),
    nonMergingIntList: list(anything(''), ''),
    mergeItemPtr: list(inner, '', { mergeKey: 'name' }),
    simpleMap: map(anything(''), ''),
    replacingItem: object('RawExtension', '', {}, { strategy: 'replace' }),
    retainKeysMap: object(
      'RetainKeysMergeItem',
      '',
      {
        name: anything(''),
        value: anything(''),
        other: anything(''),
        simpleMap: map(anything(''), ''),
        mergingIntList: list(anything(''), '', { strategy: 'merge' }),
        mergingList: list(inner, '', { mergeKey: 'name' }),
        nonMergingList: list(inner, ''),
      },
      { strategy: 'retainKeys' },
    ),
    retainKeysMergingList: list(inner, '', { mergeKey: 'name', strategy: 'merge,retainKeys' }),
  })
}
const schema = mergeItem(4)

function strategic(row: Case): string | undefined {
  const original = row['original'] ?? {}
  if (row['expectError'] !== undefined && row['modified'] === undefined) {
    const got = attempt(() => applyStrategicPatch(original, row['twoWay'], schema))
    if ('error' in got) return got.error.includes(row['expectError']) ? undefined : got.error
    return differs(got.value, 'error')
  }
  if (row['modified'] !== undefined && !row.ref?.startsWith('custom')) {
    const wrong = differs(createStrategicPatch(original, row['modified'], schema), row['twoWay'])
    if (wrong) return `two-way: ${wrong}`
  }
  const want = row['twoWayResult'] ?? row['modified']
  if (want !== undefined) {
    const got = attempt(() => applyStrategicPatch(original, row['twoWay'], schema))
    const wrong = 'error' in got ? got.error : differs(got.value, want)
    if (wrong) return `apply two-way: ${wrong}`
  }
  if (row['threeWay'] === undefined) return undefined
  const three = attempt(() => threeWayStrategicPatch(original, row['modified'], row['current'], schema))
  const wrong = 'error' in three ? three.error : differs(three.value, row['threeWay'])
  if (wrong) return `three-way: ${wrong}`
  const result = attempt(() => applyStrategicPatch(row['current'], row['threeWay'], schema))
  const bad = 'error' in result ? result.error : differs(result.value, row['result'])
  return bad && `apply three-way: ${bad}`
}

function merge(row: Case): string | undefined {
  switch (row.op) {
    case 'three-way': {
      const patch = threeWayMergePatch(row['original'], row['modified'], row['current'])
      return differs(patch, row['threeWay']) ?? differs(applyMergePatch(row['current'], patch), row['result'])
    }
    case 'split-nulls':
      return (
        differs(onlyNulls(row['object']), row['expectOnlyNulls']) ??
        differs(withoutNulls(row['object']), row['expectWithoutNulls'])
      )
    case 'has-conflict':
      return differs(patchesConflict(row['a'], row['b']), row['expect'])
  }
  return `unknown op ${row.op}`
}

export const patchTables: readonly Adapter[] = [
  { table: '32-strategic-merge-patch', judge: strategic },
  { table: '33-json-merge-patch', judge: merge },
]
