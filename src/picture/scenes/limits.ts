import type { Change, Key, World } from '../../engine'
import { Container, cgroupOf, containerTasks, isBare, Machine, memoryOf, usage } from '../../platform'
import type { Book } from '../place/book'
import { shortBytes } from './amount'
import type { TileMark } from './scene'
import { stateWords } from './state-words'
import { containerTiles, podTiles } from './tiles'
import type { LimitsGroup, LimitsMachine, LimitsScene } from './views'

/** More groups and machines than this are counted, not drawn: those that say least. */
const MOST_GROUPS = 16
const MOST_MACHINES = 12
/** The hue of what belongs to the system. */
const SYSTEM = 6

/**
 * What each machine has, and what its control groups may take of it: weight, quota and time standing still, memory against its limit,
 * swap, and whom the kernel has killed.
 */
export function limitsScene(world: World, book: Book): LimitsScene {
  const tiles = new Map([...podTiles(world, book), ...containerTiles(world, book)].map((tile) => [tile.id, tile]))
  const machines = world
    .list(Machine)
    .map((change) => ({ change, groups: groupsOf(world, change.value, tiles) }))
    .filter(({ groups, change }) => groups.length > 0 || !isBare(change.value))
  const byWorth = [...machines].sort((a, b) => worthOf(b.groups) - worthOf(a.groups))
  const shown = new Set(byWorth.slice(0, MOST_MACHINES))
  return {
    view: 'limits',
    at: world.now,
    revision: world.revision,
    machines: machines.filter((one) => shown.has(one)).map(({ change, groups }) => machineOf(world, change, groups)),
    more: machines.length - shown.size,
  }
}

/** How much there is to see: trouble before work, work before limits, limits before nothing. */
const worth = ({ cpu, memory }: LimitsGroup): number =>
  (memory.killed > 0 ? 1000 : 0) +
  (cpu.held === undefined ? 0 : 500) +
  (cpu.quota === undefined && memory.limit === undefined ? 0 : 100) +
  Math.min(99, cpu.used / 10)
/** The cluster's own pods are counted only, as long as nothing is wrong with them. */
const isQuiet = ({ hue, cpu, memory }: LimitsGroup): boolean =>
  hue === SYSTEM && cpu.held === undefined && memory.killed === 0
const worthOf = (groups: readonly LimitsGroup[]): number => Math.max(0, ...groups.map(worth))

function machineOf(world: World, change: Change<Machine>, groups: readonly LimitsGroup[]): LimitsMachine {
  const machine = change.value
  const { cpuMillis, memoryBytes } = usage(world, machine.name)
  const ranked = [...groups].sort((a, b) => worth(b) - worth(a))
  const drawn = new Set(ranked.filter((group) => !isQuiet(group)).slice(0, MOST_GROUPS))
  const swap = groups.reduce((sum, { memory }) => sum + memory.swap, 0)
  const cpuText = `${two(cpuMillis)} of ${machine.cpuMillis / 1000} CPUs`
  const memoryText = `${shortBytes(memoryBytes)} of ${shortBytes(machine.memoryBytes)}${machine.swapBytes ? `, swap ${shortBytes(swap)} of ${shortBytes(machine.swapBytes)}` : ''}`
  const top = Math.max(1000, ...groups.map(({ cpu }) => Math.max(cpu.wants, cpu.quota ?? 0)))
  return {
    id: change.uid,
    key: change.key,
    name: machine.name,
    title: `machine ${machine.name}: ${cpuText} in use, memory ${memoryText}`,
    on: machine.power === 'on',
    cpuMillis: machine.cpuMillis,
    memoryBytes: machine.memoryBytes,
    usedMillis: cpuMillis,
    usedBytes: memoryBytes,
    scaleMillis: Math.min(machine.cpuMillis, Math.ceil(top / 1000) * 1000),
    cpuText,
    memoryText,
    groups: groups.filter((group) => drawn.has(group)),
    more: groups.length - drawn.size,
  }
}

const two = (millis: number): string => (millis / 1000).toFixed(2)

/** The containers of a machine, each a group; those that the kernel has ended stay as long as nothing has taken their place. */
function groupsOf(world: World, machine: Machine, tiles: ReadonlyMap<string, TileMark>): LimitsGroup[] {
  const all = world.list(Container, { scope: machine.name })
  return all
    .filter(({ value, born }) => {
      if (value.state === 'running' || value.state === 'paused') return true
      const { owner, container } = value.spec.labels
      const isReplaced = all.some(
        (other) =>
          other.born > born &&
          other.value.spec.labels['owner'] === owner &&
          other.value.spec.labels['container'] === container,
      )
      return value.oomKilled && !isReplaced
    })
    .map((change) => groupOf(world, machine, change, tiles))
    .sort((a, b) => (a.slice < b.slice ? -1 : a.slice > b.slice ? 1 : a.name < b.name ? -1 : 1))
}

const CLASSES: readonly (readonly [string, string])[] = [
  ['kubepods-burstable', 'Burstable'],
  ['kubepods-besteffort', 'BestEffort'],
  ['kubepods', 'Guaranteed'],
]

function groupOf(
  world: World,
  machine: Machine,
  { key, uid, value }: Change<Container>,
  tiles: ReadonlyMap<string, TileMark>,
): LimitsGroup {
  const { spec } = value
  const { owner, container } = spec.labels
  const tile = tiles.get(owner ?? '') ?? tiles.get(uid)
  const isPod = tile !== undefined && tile.id === owner && container !== undefined
  const isOne =
    !isPod || world.list(Container, { owner }).every((other) => other.value.spec.labels['container'] === container)
  const name = isPod ? (isOne ? tile.name : `${tile.name} ${container}`) : value.name
  const cpu = cpuOf(world, machine, key, value)
  const memory = memoryIn(world, machine, value)
  const slice = CLASSES.find(([path]) => spec.cgroupParent?.includes(path))?.[1] ?? ''
  const processes = containerTasks(world, key)
  const counted = spec.pidsLimit === undefined ? String(processes) : `${processes} of ${spec.pidsLimit}`
  const about = [
    `weight ${cpu.weight}`,
    ...(spec.cpuset ? [`CPU ${spec.cpuset.join(',')}`] : []),
    ...(processes === 0 ? [] : [`${counted} ${counted === '1' ? 'process' : 'processes'}`]),
  ]
  const state = tile?.state ?? 'running'
  return {
    id: uid,
    key: isPod ? tile.key : key,
    name,
    title: `${name}${slice === '' ? '' : `, ${slice}`}, ${stateWords[state]}: ${cpu.text}; memory ${memory.text}; ${about.join(', ')}`,
    slice,
    hue: tile?.hue ?? 6,
    state,
    about: about.join(' · '),
    cpu,
    memory,
  }
}

const HELD = { weight: 'crowded', cpuset: 'its CPUs are full', threads: 'its threads are busy' }

function cpuOf(world: World, machine: Machine, key: Key<Container>, container: Container): LimitsGroup['cpu'] {
  const { cpuLimitMillis: quota, cpuWeight = 100 } = container.spec
  const { used, wants, held, standing, throttledMicros } = cgroupOf(world, key, container)
  // every CPU that it could use stands still for itself
  const cpus = Math.max(1, Math.ceil(Math.min(wants, machine.cpuMillis) / 1000))
  const stands = standing / 1000 / cpus
  const isUp = container.state === 'running' || container.state === 'paused'
  const why =
    held === undefined ? '' : held === 'quota' ? `, throttled ${Math.round(100 * stands)} %` : `, ${HELD[held]}`
  const before =
    throttledMicros >= 1000 && held !== 'quota' ? `, was throttled ${(throttledMicros / 1e6).toFixed(1)} s` : ''
  const amount = wants - used > 5 ? `${two(used)} of ${two(wants)} CPUs wanted` : `${two(used)} CPUs`
  const short = isUp ? `${amount}${why}${before}` : 'does not run'
  const text = quota === undefined ? short : `${short}; quota ${two(quota)} CPUs`
  return { weight: cpuWeight, quota, used, wants, held, stands, short, text }
}

const MEBIBYTE = 1024 * 1024
const bytesText = (bytes: number): string => (bytes > 0 && bytes < MEBIBYTE ? '<1 M' : shortBytes(bytes))

function memoryIn(world: World, machine: Machine, container: Container): LimitsGroup['memory'] {
  const { memoryLimitBytes: limit, memoryRequestBytes } = container.spec
  const { resident, cache, swap } = memoryOf(world, container)
  const killed = container.oomKills ?? (container.oomKilled ? 1 : 0)
  const amount =
    limit === undefined ? `${bytesText(resident)}, no limit` : `${bytesText(resident)} of ${bytesText(limit)}`
  const isUp = container.state === 'running' || container.state === 'paused'
  const kills = killed === 0 ? [] : [killed === 1 ? 'out of memory once' : `out of memory ${killed} times`]
  const parts = [
    ...(isUp
      ? [amount, ...kills]
      : [...kills, `had ${limit === undefined ? 'no limit' : `a limit of ${bytesText(limit)}`}`]),
    ...(swap > 0 ? [`swap ${bytesText(swap)}`] : []),
    ...(cache > 0 ? [`cache ${bytesText(cache)}`] : []),
    ...(memoryRequestBytes > 0 ? [`reserved ${bytesText(memoryRequestBytes)}`] : []),
  ]
  return {
    used: resident,
    cache,
    swap,
    limit,
    reserved: memoryRequestBytes,
    of: limit ?? machine.memoryBytes,
    killed,
    text: parts.join(', '),
  }
}
