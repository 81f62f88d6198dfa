import { type Change, partsOf, type World } from '../../engine'
import { Node } from '../../kubernetes/kinds/node'
import { Pod } from '../../kubernetes/kinds/pod'
import { EndpointSlice, Service } from '../../kubernetes/kinds/service'
import { usage } from '../../platform/limits/usage'
import { Fault, isBare, Link, Machine } from '../../platform/machine/machine'
import type { Book } from '../place/book'
import { amountOf, clockOf, shortBytes, shorten } from './amount'
import { type Traffic, trafficOf } from './requests'
import type {
  Bar,
  FaultMark,
  GhostMark,
  HubMark,
  MachineLook,
  MachineMark,
  RowMark,
  Scene,
  StackMark,
  TileMark,
} from './scene'
import { readiness } from './state'
import { type State, states, stateWords } from './state-words'
import { containerTiles, podTiles } from './tiles'
import { wantings } from './workload'

/** From so many pods on, a machine shows counts per workload in place of tiles. */
const COLLAPSE_FROM = 50
/** More tiles than this no page draws in time: then all machines show counts. */
const MOST_TILES = 700
/** Of those that wait for a machine the tray shows no more than this. */
const MOST_WAITING = 40

/**
 * The house view: machines, and what stands on them. Pure: the same world and book give the same scene. The pods' states are
 * what the cluster believes, the machines' what is: that they differ for a while after a failure is what is to be seen.
 * `windowMillis`: how far back requests are still on their way on the reader's screen.
 */
export function machinesScene(world: World, book: Book, windowMillis = 2000): Scene {
  const traffic = trafficOf(world, windowMillis)
  const tiles = podTiles(world, book)
  const machines = machineMarks(world, tiles)
  tiles.push(...containerTiles(world, book))
  const crowded = new Set(machines.filter((machine) => machine.collapsed).map((machine) => machine.name))
  const shown = tiles.filter((tile) =>
    tile.machine === undefined ? tile.slot < MOST_WAITING : tile.small || !crowded.has(tile.machine),
  )
  const rows = rowMarks(world, book)
  const ghosts = ghostMarks(rows, tiles)
  const hubs = hubMarks(world, tiles, traffic)
  const hubIds = new Map(hubs.map((hub) => [serviceLabel(hub.key), hub.id]))
  return {
    view: 'machines',
    at: world.now,
    revision: world.revision,
    machines: withSlots(machines, tiles),
    tiles: shown,
    waiting: tiles.filter((tile) => tile.machine === undefined).length,
    ghosts,
    stacks: stackMarks(tiles, crowded),
    hubs,
    rows,
    requests: traffic.requests.flatMap((request) =>
      hubIds.has(request.hub) ? [{ ...request, hub: hubIds.get(request.hub)! }] : [],
    ),
    ledger: traffic.ledger,
    faults: world.list(Fault).map(faultMark),
    legend: legendOf(tiles, ghosts),
    orchestrated: world.list(Node).length > 0,
  }
}

function machineMarks(world: World, tiles: readonly TileMark[]): MachineMark[] {
  const many = tiles.length > MOST_TILES
  return world
    .list(Machine)
    .filter((change) => !isBare(change.value))
    .map((change) => {
      const machine = change.value
      const node = world.get(Node.key('', machine.name))
      const pods = tiles.filter((tile) => tile.machine === machine.name)
      const look = machineLook(machine, node, world, pods)
      const use = useOf(world, machine)
      const words = machineWords(machine, node, look, world)
      return {
        id: change.uid,
        key: change.key,
        name: machine.name,
        title: `machine ${machine.name}, ${lookWords[look]}${words.note === '' ? '' : `, ${words.note}`}, ${pods.length} pods`,
        look,
        ...words,
        crown: machine.role === 'control-plane',
        cpu: use.cpu,
        memory: use.memory,
        slots: 0,
        collapsed: many || pods.filter((tile) => !tile.small).length >= COLLAPSE_FROM,
        pods: pods.length,
      }
    })
}

export const lookWords: Readonly<Record<MachineLook, string>> = {
  on: 'running',
  booting: 'booting',
  off: 'power off',
  'cut-off': 'cut off from the network',
  cordoned: 'cordoned',
  draining: 'draining',
}

function machineLook(machine: Machine, node: Node | undefined, world: World, pods: readonly TileMark[]): MachineLook {
  if (machine.power === 'off') return 'off'
  if (machine.power === 'booting') return 'booting'
  const cut = world.list(Link).some(({ value }) => value.cut && value.b === '*' && value.a === machine.name)
  if (cut || partOf(world, machine.name)) return 'cut-off'
  if (!node?.spec.unschedulable) return 'on'
  return pods.some((pod) => !pod.small && pod.state === 'terminating') ? 'draining' : 'cordoned'
}

/** The machines that a partition has left together with this one. */
const partOf = (world: World, name: string): readonly string[] | undefined =>
  world
    .list(Fault)
    .filter(({ value }) => value.name === 'partition')
    .map(({ value }) => value.target.split(','))
    .find((group) => group.includes(name))

function machineWords(machine: Machine, node: Node | undefined, look: MachineLook, world: World) {
  const ready = readiness(node)
  const notReady = node !== undefined && ready !== 'True'
  const taints = (node?.spec.taints ?? [])
    .filter((taint) => taint.effect === 'NoExecute')
    .map((taint) => taint.key.slice(taint.key.lastIndexOf('/') + 1))
  const tainted = taints.length > 0 ? ` · tainted ${taints.join(', ')}` : ''
  const since = clockOf(machine.powerSince)
  const doubtful = notReady || look === 'booting' || machine.slowness !== undefined
  const lamp = look === 'off' || look === 'cut-off' ? 'bad' : doubtful ? 'doubt' : 'good'
  const others = look === 'cut-off' ? partOf(world, machine.name)?.filter((name) => name !== machine.name) : undefined
  const state = look === 'cordoned' || look === 'draining' ? look : undefined
  return {
    lamp: lamp as MachineMark['lamp'],
    note: notReady
      ? 'NotReady'
      : (state ?? slowWords(machine) ?? (machine.zone === undefined ? '' : `zone ${machine.zone}`)),
    warns: notReady || state !== undefined || machine.slowness !== undefined,
    foot:
      look === 'off'
        ? `power off since ${since}${tainted}`
        : look === 'booting'
          ? `booting since ${since}`
          : look === 'cut-off'
            ? `${reachedBy(others)}${tainted}`
            : undefined,
  }
}

const slowWords = ({ slowness }: Machine) => (slowness === undefined ? undefined : `${slowness}× slower`)

const reachedBy = (others: readonly string[] | undefined) =>
  others === undefined || others.length === 0 ? 'nobody can reach it' : `only ${others.join(', ')} can reach it`

function useOf(world: World, machine: Machine): { cpu: Bar; memory: Bar } {
  const { cpuMillis: cpu, memoryBytes: memory } = usage(world, machine.name)
  const asked = { cpu: 0, memory: 0, cpuLimit: 0, memoryLimit: 0 }
  for (const { value: pod } of world.list(Pod, { node: machine.name })) {
    if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') continue
    for (const { resources } of pod.spec.containers) {
      asked.cpu += amountOf(resources?.requests?.['cpu']) * 1000
      asked.memory += amountOf(resources?.requests?.['memory'])
      asked.cpuLimit += amountOf(resources?.limits?.['cpu']) * 1000
      asked.memoryLimit += amountOf(resources?.limits?.['memory'])
    }
  }
  const share = (part: number, whole: number) => (whole > 0 ? Math.min(1, part / whole) : 0)
  const limit = (part: number, whole: number) => (part > 0 && part <= whole ? part / whole : undefined)
  const cores = machine.cpuMillis / 1000
  return {
    cpu: {
      label: 'CPU',
      used: share(cpu, machine.cpuMillis),
      requested: share(asked.cpu, machine.cpuMillis),
      limit: limit(asked.cpuLimit, machine.cpuMillis),
      text: `${(cpu / 1000).toFixed(1)} of ${cores}`,
    },
    memory: {
      label: 'Memory',
      used: share(memory, machine.memoryBytes),
      requested: share(asked.memory, machine.memoryBytes),
      limit: limit(asked.memoryLimit, machine.memoryBytes),
      text: `${shortBytes(memory)} of ${shortBytes(machine.memoryBytes)}`,
    },
  }
}

/** The slots that a machine needs: one more than the highest in use. */
function withSlots(machines: readonly MachineMark[], tiles: readonly TileMark[]): MachineMark[] {
  const slots = new Map<string, number>()
  for (const tile of tiles) {
    if (tile.machine === undefined || tile.small) continue
    slots.set(tile.machine, Math.max(slots.get(tile.machine) ?? 0, tile.slot + 1))
  }
  return machines.map((machine) => ({ ...machine, slots: slots.get(machine.name) ?? 0 }))
}

function stackMarks(tiles: readonly TileMark[], crowded: ReadonlySet<string>): StackMark[] {
  const stacks = new Map<string, TileMark[]>()
  for (const tile of tiles) {
    if (tile.small || tile.machine === undefined || !crowded.has(tile.machine)) continue
    const id = `${tile.machine} ${tile.workload}`
    const row = stacks.get(id)
    if (row) row.push(tile)
    else stacks.set(id, [tile])
  }
  return [...stacks].map(([id, row]) => {
    const first = row[0]!
    const counts = countStates(row)
    const words = counts.map(({ state, count }) => `${count} ${stateWords[state]}`).join(', ')
    return {
      id,
      key: first.key,
      name: first.workload ?? first.name,
      title: `${row.length} pods of ${first.workload} on ${first.machine}: ${words}`,
      machine: first.machine!,
      hue: first.hue,
      total: row.length,
      counts,
    }
  })
}

function countStates(tiles: readonly TileMark[]): { state: State; count: number }[] {
  return states
    .map((state) => ({ state, count: tiles.filter((tile) => tile.state === state).length }))
    .filter(({ count }) => count > 0)
}

/** What rules and hops call a service: `service/web`, `service/shop/web`. */
function serviceLabel(key: string): string {
  const { scope, name } = partsOf(key)
  return scope === 'default' ? `service/${name}` : `service/${scope}/${name}`
}

function hubMarks(world: World, tiles: readonly TileMark[], traffic: Traffic): HubMark[] {
  const byId = new Map(tiles.map((tile) => [tile.id, tile]))
  return world
    .list(Service)
    .filter(
      ({ key, value }) => value.metadata.namespace !== 'kube-system' && key !== Service.key('default', 'kubernetes'),
    )
    .map((change) => {
      const { metadata, spec } = change.value
      const where = { service: `${metadata.namespace}/${metadata.name}` }
      const all = world.list(EndpointSlice, where).flatMap((slice) => slice.value.endpoints)
      const live = all.filter((endpoint) => endpoint.conditions.ready !== false)
      const endpoints = live.map((endpoint) => endpoint.targetRef?.uid ?? '').filter((uid) => byId.has(uid))
      const behind = tiles.filter((tile) => all.some((endpoint) => endpoint.targetRef?.uid === tile.id))
      const port = spec.ports?.[0]
      const note = all.length === 0 ? 'no endpoints' : `${live.length} of ${all.length} endpoints`
      return {
        id: change.uid,
        key: change.key,
        name: metadata.name,
        title: `service ${metadata.name}, ${note}`,
        hue: behind[0]?.hue ?? 6,
        address: addressOf(spec.clusterIP, port?.port),
        note,
        endpoints,
        chosen: traffic.chosen.get(serviceLabel(change.key)) ?? endpoints[0],
        rate: traffic.rates.get(serviceLabel(change.key)) ?? 0,
      }
    })
}

function addressOf(ip: string | undefined, port: number | undefined): string {
  if (ip === undefined || ip === '') return ''
  return ip === 'None' ? 'headless' : `${ip}${port === undefined ? '' : `:${port}`}`
}

function rowMarks(world: World, book: Book): RowMark[] {
  return wantings(world).map(({ change, uid, wanted, ready }) => ({
    id: change.uid,
    key: change.key,
    name: partsOf(change.key).name,
    title: `${partsOf(change.key).name}: ${ready} of ${wanted} ready`,
    hue: book.hueOf(uid),
    wanted,
    ready,
  }))
}

/** A pod that is wanted and that nobody has made yet. One that is being deleted no longer counts. */
function ghostMarks(rows: readonly RowMark[], tiles: readonly TileMark[]): GhostMark[] {
  return rows.flatMap((row) => {
    const there = tiles.filter(
      (tile) => tile.workload === row.name && tile.state !== 'terminating' && tile.state !== 'exited',
    ).length
    const count = row.wanted - there
    return count > 0 ? [{ id: `ghost ${row.id}`, hue: row.hue, workload: row.name, count }] : []
  })
}

/** What is broken, as the strip says it. */
const faultWords: Readonly<Record<string, (target: string) => string>> = {
  'machine-crash': (target) => `${target} without power`,
  'link-cut': (target) => `${target} cut off`,
  'link-slow': (target) => `slow link to ${target}`,
  'link-lossy': (target) => `lossy link to ${target}`,
  'machine-slow': (target) => `${target} slow`,
  partition: (target) => `${target.replaceAll(',', ', ')} parted from the rest`,
  'app-hangs': (target) => `${target} hangs`,
  'app-errors': (target) => `${target} answers 500`,
  'slow-start': (target) => `${target} starts slowly`,
  'memory-leak': (target) => `${target} leaks memory`,
  'registry-down': (target) => `${target === '' ? 'registries' : target} down`,
  'image-gone': (target) => `${target} gone from its registry`,
  'scheduler-down': () => 'scheduler stopped',
  'controllers-down': () => 'controllers stopped',
  'api-server-down': () => 'API server stopped',
  'etcd-down': () => 'etcd stopped',
  'kubelet-stop': (target) => `kubelet of ${target} stopped`,
  'kube-proxy-stop': (target) => `kube-proxy of ${target} stopped`,
  'dns-down': () => 'DNS down',
}

function faultMark(change: Change<Fault>): FaultMark {
  const { name, target, since, memory } = change.value
  // an image is known by the last part of its name
  const short = memory?.containers ? target : target.slice(target.lastIndexOf('/') + 1)
  return {
    id: change.uid,
    key: change.key,
    name,
    target,
    since,
    says: faultWords[name]?.(shorten(short, 30)) ?? `${target}: ${name.replaceAll('-', ' ')}`,
  }
}

function legendOf(tiles: readonly TileMark[], ghosts: readonly GhostMark[]): Scene['legend'] {
  const counted: { state: State | 'ghost'; count: number }[] = countStates(tiles)
  const missing = ghosts.reduce((sum, ghost) => sum + ghost.count, 0)
  if (missing > 0) counted.push({ state: 'ghost', count: missing })
  return counted
}
