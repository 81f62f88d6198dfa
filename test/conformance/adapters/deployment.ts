import { LAB_EPOCH, rfc3339 } from '../../../src/engine/time'
import { scaledValue } from '../../../src/kubernetes/api/int-or-percent'
import {
  fenceposts,
  newSetSize,
  type SetSize,
  scaledDownOld,
  scaledSizes,
  trimmed,
  withoutSurplus,
  withoutUnhealthy,
} from '../../../src/kubernetes/controllers/deployment-rolling'
import { complete, progressed, timedOut } from '../../../src/kubernetes/controllers/deployment-status'
import { compareDeletionRanks, deletionRank } from '../../../src/kubernetes/controllers/pod-ranking'
import { type Adapter, type Case, type CaseFile, differs } from '../adapter'

const NOW = 20 * 365 * 86_400_000
const ago = (seconds: number) => rfc3339(LAB_EPOCH + NOW - seconds * 1000)
const AGES: Readonly<Record<string, number>> = { oldest: 1, older: 2, newest: 3 }

const setOf = (name: string, replicas: number, available: number, age = 'older'): SetSize => ({
  name,
  replicas,
  available,
  age: AGES[age] ?? 0,
})
const sum = (sizes: ReadonlyMap<string, number>) => [...sizes.values()].reduce((all, one) => all + one, 0)
const status = (given: Record<string, number> = {}) => ({
  replicas: given['current'],
  updatedReplicas: given['updated'],
  readyReplicas: given['ready'],
  availableReplicas: given['available'],
})

function deployment(row: Case): string | undefined {
  const { replicas, maxSurge, maxUnavailable, op } = row as any
  const posts = () => fenceposts(row['desired'] ?? replicas, maxSurge ?? undefined, maxUnavailable ?? undefined)
  const old = () => setOf('old', row['oldRS'], row['availableOld'] ?? row['oldRS'])
  const outcome = (before: number, after: number, wanted: unknown, asserted = true) =>
    differs(before !== after, row['expectScaled']) ??
    (wanted === undefined || !asserted ? undefined : differs(after, wanted))
  switch (op) {
    case 'resolveFenceposts': {
      const wrong = [maxSurge, maxUnavailable].some(
        (text) => text !== null && scaledValue(text, row['desired'], 'up') === undefined,
      )
      if (row['expectError']) return differs(wrong, true)
      return differs(
        { wrong, ...posts() },
        { wrong: false, surge: row['expectSurge'], unavailable: row['expectUnavailable'] },
      )
    }
    case 'maxUnavailable':
    case 'minAvailable': {
      const rolling = row['strategy'] !== 'Recreate'
      const unavailable = rolling ? posts().unavailable : 0
      return differs(op === 'maxUnavailable' ? unavailable : rolling ? replicas - unavailable : 0, row['expect'])
    }
    case 'reconcileNewReplicaSet': {
      const fresh = setOf('new', row['newRS'], row['newRS'], 'newest')
      return outcome(
        row['newRS'],
        newSetSize(replicas, posts().surge, row['newRS'], [old(), fresh]),
        row['expectNewRS'],
      )
    }
    case 'reconcileOldReplicaSets': {
      const fresh = setOf('new', row['newRS'], row['availableNew'] ?? row['newRS'], 'newest')
      const { sizes } = scaledDownOld(replicas, posts().unavailable, fresh, [old()])
      return outcome(row['oldRS'], sizes.get('old')!, row['expectOldRS'], row['expectOldRSNote'] === undefined)
    }
    case 'cleanupUnhealthyReplicas':
      return differs(withoutUnhealthy([old()], row['maxCleanupCount']).gone, row['expectCleaned'])
    case 'scaleDownOldReplicaSetsForRollingUpdate': {
      const sizes = withoutSurplus(
        [old()],
        new Map([['old', row['oldRS']]]),
        row['availablePods'] - (replicas - posts().unavailable),
      )
      return outcome(row['oldRS'], sum(sizes), row['expectOldRS'])
    }
    case 'scale': {
      const annotated = (one: any): SetSize => ({
        ...setOf(one.name, one.replicas, one.available ?? 0, one.age),
        maxReplicas: row['previousReplicas'] + row['previousMaxSurge'],
      })
      const current = row['newRS'] === null ? undefined : annotated(row['newRS'])
      const others = row['oldRS'].map(annotated) as SetSize[]
      const sizes = scaledSizes(replicas, posts().surge, current, others)
      const after = (set: SetSize) => sizes.get(set.name) ?? set.replicas
      return differs(
        { current: current ? after(current) : null, old: others.map(after) },
        { current: row['expectNew'], old: row['expectOld'] },
      )
    }
    case 'deploymentComplete':
      return differs(
        complete({ metadata: {}, spec: { replicas: row['desired'] }, status: status(row as any) } as any),
        row['expect'],
      )
    case 'deploymentProgressing':
      return differs(progressed(status(row['before']), status(row['after'])), row['expect'])
    case 'deploymentTimedOut': {
      const seconds = row['secondsSinceLastUpdate']
      const condition = {
        type: 'Progressing',
        status: 'True' as const,
        reason: row['progressingConditionReason'],
        ...(seconds === null ? {} : { lastUpdateTime: ago(seconds) }),
      }
      return differs(
        timedOut(
          { spec: { progressDeadlineSeconds: row['progressDeadlineSeconds'] ?? 2_147_483_647 } } as any,
          condition,
          NOW,
        ),
        row['expect'],
      )
    }
    case 'cleanupDeployment': {
      const sets = row['oldRS'].map((one: any, age: number) => ({
        wanted: one.specReplicas,
        present: one.statusReplicas,
        revision: 0,
        age,
        deleting: one.deletionTimestamp,
      }))
      return differs(trimmed(sets, row['revisionHistoryLimit']).length, row['expectDeletions'])
    }
  }
  return `unknown op ${op}`
}

/** `5h`, `1 month`, or none: zero time. */
function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const [, n, unit] = /^(\d+)\s*(h|month)/.exec(text)!
  return Number(n) * (unit === 'h' ? 3_600 : 30 * 86_400)
}

function podNamed(name: string, file: CaseFile, costless: boolean): any {
  const given = file['pods'][name]
  const created = secondsOf(given.created)
  const since = secondsOf(given.readySince)
  return {
    metadata: {
      uid: '',
      ...(created === undefined ? {} : { creationTimestamp: ago(created) }),
      ...(given.deletionCost === undefined || costless
        ? {}
        : { annotations: { 'controller.kubernetes.io/pod-deletion-cost': String(given.deletionCost) } }),
    },
    spec: { containers: [], ...(given.node === '' ? {} : { nodeName: given.node }) },
    status: {
      phase: given.phase,
      conditions: given.ready
        ? [{ type: 'Ready', status: 'True', ...(since === undefined ? {} : { lastTransitionTime: ago(since) }) }]
        : [],
      containerStatuses: [{ restartCount: given.restarts }],
    },
  }
}

/** Both pods of a row may stand on one node with ranks of their own: each gets a node that only it is on. */
function ranking(row: Case, file: CaseFile): string | undefined {
  const equal = row.op === 'equal'
  const costless = row['podDeletionCostDisabled'] === true
  const [first, other] = [
    podNamed(equal ? row['a'] : row['deletedFirst'], file, costless),
    podNamed(equal ? row['b'] : row['other'], file, costless),
  ]
  const ranks = new Map<string, number>()
  const place = (pod: any, node: string, rank: number) => {
    if (pod.spec.nodeName !== undefined) pod.spec.nodeName = node
    ranks.set(node, rank)
  }
  place(first, 'one', equal ? row['rankA'] : row['rank'])
  place(other, 'two', equal ? row['rankB'] : row['otherRank'])
  const [left, right] = [deletionRank(first, ranks), deletionRank(other, ranks)]
  const there = Math.sign(compareDeletionRanks(left, right, NOW))
  const back = Math.sign(compareDeletionRanks(right, left, NOW))
  return differs([there, back], equal ? [0, 0] : [-1, 1])
}

export const deploymentTables: readonly Adapter[] = [
  { table: '05-deployment', judge: deployment },
  { table: '13-active-pods-ranking', judge: ranking },
]
