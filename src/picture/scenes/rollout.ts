import { type Change, partsOf, type World } from '../../engine'
import { scaledValue } from '../../kubernetes/api/int-or-percent'
import { Deployment } from '../../kubernetes/kinds/deployment'
import { Pod } from '../../kubernetes/kinds/pod'
import { ReplicaSet } from '../../kubernetes/kinds/replicaset'
import { Ledger } from '../../platform/network/ledger'
import type { Book } from '../place/book'
import type { TileMark } from './scene'
import { podTiles } from './tiles'
import type { RolloutChosen, RolloutColumn, RolloutScene } from './views'

const MOST_STEPS = 400
const MOST_COLUMNS = 3
/** So much of the time before a rollout is shown with it. */
const BEFORE_MILLIS = 4_000

/**
 * A rollout: each version of a Deployment's template as a column of pods, and how many existed and were ready over time, between
 * the two limits that maxSurge and maxUnavailable set. Chosen is the selected Deployment, or the one above the selected object,
 * or the one whose newest version is the youngest.
 */
export function rolloutScene(world: World, book: Book, selected: string | undefined): RolloutScene {
  const deployments = world.list(Deployment).filter(({ value }) => value.metadata.namespace !== 'kube-system')
  const choices = deployments.map(({ key }) => ({ key, name: partsOf(key).name }))
  const key = chosenKey(world, deployments, selected)
  const change = deployments.find((one) => one.key === key)
  return {
    view: 'rollout',
    at: world.now,
    revision: world.revision,
    choices,
    chosen: change && chosen(world, book, change),
  }
}

function chosenKey(
  world: World,
  deployments: readonly Change<Deployment>[],
  selected: string | undefined,
): string | undefined {
  const above = selected === undefined ? undefined : deploymentAbove(world, selected)
  if (above !== undefined && deployments.some((one) => one.key === above)) return above
  const youngest = world
    .list(ReplicaSet)
    .reduce<Change<ReplicaSet> | undefined>(
      (best, set) => (deploymentAbove(world, set.key) !== undefined && (!best || set.born > best.born) ? set : best),
      undefined,
    )
  return (youngest && deploymentAbove(world, youngest.key)) ?? deployments[0]?.key
}

/** The Deployment that an object is, or belongs to. */
function deploymentAbove(world: World, key: string): string | undefined {
  if (key.startsWith('kubernetes/Deployment/')) return key
  const { kind, scope } = partsOf(key)
  if (kind === 'kubernetes/Pod') {
    const owner = world
      .get<Pod>(key)
      ?.metadata.ownerReferences?.find((one) => one.controller && one.kind === 'ReplicaSet')
    return owner && deploymentAbove(world, ReplicaSet.key(scope, owner.name))
  }
  if (kind !== 'kubernetes/ReplicaSet') return undefined
  const owner = world
    .get<ReplicaSet>(key)
    ?.metadata.ownerReferences?.find((one) => one.controller && one.kind === 'Deployment')
  return owner && Deployment.key(scope, owner.name)
}

function chosen(world: World, book: Book, change: Change<Deployment>): RolloutChosen {
  const { metadata, spec } = change.value
  const sets = world
    .list(ReplicaSet, { controller: metadata.uid })
    .slice()
    .sort((a, b) => a.born - b.born)
  const all = podTiles(world, book)
  const columns = sets
    .map((set) => column(world, set, all, set === sets[sets.length - 1]))
    .filter((one, i) => one.tiles.length > 0 || one.wanted > 0 || i === sets.length - 1)
  const shown = columns.slice(-MOST_COLUMNS)
  const rolling = spec.strategy.rollingUpdate
  const recreate = spec.strategy.type === 'Recreate'
  const surge = recreate ? 0 : (scaledValue(rolling?.maxSurge ?? '25%', spec.replicas, 'up') ?? 0)
  const unavailable = recreate
    ? spec.replicas
    : (scaledValue(rolling?.maxUnavailable ?? '25%', spec.replicas, 'down') ?? 0)
  const newest = sets[sets.length - 1]
  const since = Math.max(0, (newest ? (world.change(newest.born)?.at ?? 0) : 0) - BEFORE_MILLIS)
  const images = shown.map((one) => one.image)
  const last = images[images.length - 1]
  const before = images[images.length - 2]
  return {
    key: change.key,
    name: metadata.name,
    hue: book.hueOf(change.uid),
    title:
      before === undefined || before === last
        ? `${metadata.name}, ${last ?? 'no image'}`
        : `${metadata.name}: ${before} → ${last}`,
    strategy: recreate
      ? 'all old ones go before the new ones come'
      : `surge ${rolling?.maxSurge ?? '25%'}, unavailable ${rolling?.maxUnavailable ?? '25%'}${spec.paused ? ', paused' : ''}`,
    wanted: spec.replicas,
    mayExist: spec.replicas + surge,
    mustBeReady: Math.max(0, spec.replicas - unavailable),
    columns: shown,
    history: historyOf(world, change, since),
    since,
    lost: lostSince(world, since),
  }
}

function column(world: World, set: Change<ReplicaSet>, all: readonly TileMark[], newest: boolean): RolloutColumn {
  const uids = new Set(world.list(Pod, { controller: set.value.metadata.uid }).map((pod) => pod.uid))
  const tiles = all.filter((tile) => uids.has(tile.id))
  const living = tiles.filter((tile) => tile.state !== 'terminating' && tile.state !== 'exited')
  const wanted = set.value.spec.replicas
  const ready = living.filter((tile) => tile.state === 'ready').length
  const note = newest
    ? `${ready} of ${wanted} ready`
    : wanted === 0
      ? `${tiles.length} left, going`
      : `${ready} ready, ${wanted} still wanted`
  return {
    id: set.uid,
    key: set.key,
    name: partsOf(set.key).name,
    image: set.value.spec.template.spec.containers[0]?.image ?? '',
    note,
    wanted,
    tiles,
    ghosts: Math.max(0, wanted - living.length),
  }
}

/** From the Deployment's own counts, as its controller wrote them. */
function historyOf(world: World, change: Change<Deployment>, since: number): RolloutChosen['history'] {
  const steps: { at: number; existing: number; ready: number }[] = []
  let version: Change<Deployment> | undefined = change
  while (version?.value !== undefined && steps.length < MOST_STEPS) {
    const { replicas = 0, readyReplicas = 0 } = version.value.status
    steps.push({ at: version.at, existing: replicas, ready: readyReplicas })
    if (version.at <= since) break
    version = version.previous
  }
  const oldestFirst = steps.reverse()
  return oldestFirst
    .filter((step, i) => {
      const next = oldestFirst[i + 1]
      return i === 0 || next === undefined || next.at !== step.at
    })
    .map((step) => ({ ...step, at: Math.max(step.at, since) }))
    .filter((step) => step.at <= world.now)
}

function lostSince(world: World, since: number): string | undefined {
  const ledgers = world.list(Ledger).filter(({ value }) => value.at >= since)
  if (ledgers.length === 0) return undefined
  const sent = ledgers.reduce((sum, { value }) => sum + value.sent, 0)
  const failed = ledgers.reduce((sum, { value }) => sum + value.failed, 0)
  return `requests lost so far: ${failed} of ${sent}`
}
