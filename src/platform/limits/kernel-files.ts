import type { World } from '../../engine/kind'
import { Container, containerKey } from '../container/container'
import { type Cgroup, cgroupKey, countedUntil, PERIOD_MICROS } from '../cpu/cgroup'
import { DEFAULT_WEIGHT } from '../cpu/weight'
import { type Machine, machineKey } from '../machine/machine'
import type { KernelFiles } from '../shell/files'
import type { Process } from '../shell/process'
import { machineMemoryBytes, machineSwapBytes, memoryOf } from './memory'
import { containerTasks } from './processes'
import { NOFILE, ulimitOf } from './ulimits'

type Makers = Readonly<Record<string, () => string>>

const CGROUP = '/sys/fs/cgroup'
const PAGE = 4096
const max = (value: number | undefined): string => (value === undefined ? 'max' : String(value))
const pages = (bytes: number): number => Math.floor(bytes / PAGE) * PAGE

/** What a process sees of the kernel: its own group's files, and the whole machine in /proc, limits or not. */
export function kernelFiles(world: World, process: Pick<Process, 'machine' | 'container' | 'user'>): KernelFiles {
  const machine = world.get(machineKey(process.machine))
  const container =
    process.container === undefined ? undefined : world.get(containerKey(process.machine, process.container))
  let makers: Makers | undefined
  const all = (): Makers => {
    makers ??= machine ? { ...machineFiles(world, machine), ...groupsOf(world, machine, container) } : {}
    return makers
  }
  const isHere = (path: string) => path.startsWith('/proc/') || path.startsWith('/sys/')
  return {
    read: (path) => (isHere(path) ? all()[path]?.() : undefined),
    list(folder) {
      const prefix = `${folder}/`
      if (!isHere(prefix)) return undefined
      const names = new Set<string>()
      for (const path in all()) if (path.startsWith(prefix)) names.add(path.slice(prefix.length).split('/')[0]!)
      return names.size === 0 ? undefined : [...names].sort()
    },
  }
}

/** In a container its own group is the root; on the machine each is in its slice. */
function groupsOf(world: World, machine: Machine, container: Container | undefined): Makers {
  if (container) return { ...groupFiles(world, machine, container, CGROUP), ...limitFiles(container) }
  const found: Record<string, () => string> = {}
  for (const { value } of world.list(Container, { scope: machine.name })) {
    if (value.state !== 'running' && value.state !== 'paused') continue
    const { cgroupParent } = value.spec
    const scope = cgroupParent === undefined ? `docker-${value.id}.scope` : `cri-containerd-${value.id}.scope`
    Object.assign(found, groupFiles(world, machine, value, `${CGROUP}/${cgroupParent ?? 'system.slice'}/${scope}`))
  }
  found['/proc/self/cgroup'] = () => '0::/user.slice/user-1000.slice/session-1.scope\n'
  return found
}

/** What stands under a group's folder. */
function groupFiles(world: World, machine: Machine, container: Container, at: string): Makers {
  const { spec } = container
  const key = containerKey(machine.name, container.id)
  const { cpuPeriodMicros: period = PERIOD_MICROS } = spec
  const lines = (rows: readonly (readonly [string, number])[]) => rows.map(([name, n]) => `${name} ${n}\n`).join('')
  const use = () => memoryOf(world, container)
  const cpus = cpuList(machine)
  const own = (name: string) => `${at}/${name}`
  return {
    [own('cgroup.controllers')]: () => 'cpuset cpu io memory hugetlb pids rdma misc\n',
    [own('cpu.max')]: () =>
      `${spec.cpuLimitMillis === undefined ? 'max' : Math.round((spec.cpuLimitMillis * period) / 1000)} ${period}\n`,
    [own('cpu.weight')]: () => `${spec.cpuWeight ?? DEFAULT_WEIGHT}\n`,
    [own('cpu.stat')]: () => cpuStat(world, container),
    [own('cpuset.cpus')]: () => `${spec.cpuset ? ranges(spec.cpuset) : ''}\n`,
    [own('cpuset.cpus.effective')]: () => `${spec.cpuset ? ranges(spec.cpuset) : cpus}\n`,
    [own('memory.max')]: () =>
      `${max(spec.memoryLimitBytes === undefined ? undefined : pages(spec.memoryLimitBytes))}\n`,
    [own('memory.low')]: () => `${spec.cgroupParent === undefined ? pages(spec.memoryRequestBytes) : 0}\n`,
    [own('memory.current')]: () => `${pages(use().current)}\n`,
    [own('memory.swap.max')]: () => `${max(spec.swapBytes)}\n`,
    [own('memory.swap.current')]: () => `${pages(use().swap)}\n`,
    [own('memory.oom.group')]: () => `${spec.oomGroup ? 1 : 0}\n`,
    [own('memory.stat')]: () => {
      const { resident, shared, cache } = use()
      const anon = pages(resident - shared)
      return lines([
        ['anon', anon],
        ['file', pages(cache + shared)],
        ['shmem', pages(shared)],
        ['inactive_anon', pages(shared)],
        ['active_anon', anon],
        ['inactive_file', pages(cache)],
        ['active_file', 0],
      ])
    },
    [own('memory.events')]: () => {
      const kills = container.oomKills ?? 0
      return lines([
        ['low', 0],
        ['high', 0],
        ['max', kills],
        ['oom', kills],
        ['oom_kill', kills],
        ['oom_group_kill', spec.oomGroup ? kills : 0],
      ])
    },
    [own('pids.max')]: () => `${max(spec.pidsLimit)}\n`,
    [own('pids.current')]: () => `${containerTasks(world, key)}\n`,
  }
}

/** All time counts as the user's (simplified). */
function cpuStat(world: World, container: Container): string {
  const record = world.get(cgroupKey(container.machine, container.id))
  const resting = container.cpuMillis * (world.now - (container.startedAt ?? world.now))
  const group: Partial<Cgroup> = record ? countedUntil(record, world.now) : {}
  const rows: [string, number][] = [
    ['usage_usec', group.used ?? resting],
    ['user_usec', group.used ?? resting],
    ['system_usec', 0],
    ['nr_periods', group.periods ?? 0],
    ['nr_throttled', group.throttled ?? 0],
    ['throttled_usec', group.throttledMicros ?? 0],
    ['nr_bursts', 0],
    ['burst_usec', 0],
  ]
  return rows.map(([name, value]) => `${name} ${Math.floor(value + 1e-6)}\n`).join('')
}

function limitFiles(container: Container): Makers {
  const [soft, hard] = ulimitOf(container.spec, 'nofile') ?? NOFILE
  const [processes, most] = ulimitOf(container.spec, 'nproc') ?? ['unlimited', 'unlimited']
  const row = (name: string, first: number | string, second: number | string, unit: string) =>
    `${name.padEnd(26)}${String(first).padEnd(21)}${String(second).padEnd(21)}${unit}\n`
  return {
    '/proc/self/cgroup': () => '0::/\n',
    '/proc/1/cgroup': () => '0::/\n',
    '/proc/1/oom_score_adj': () => `${container.spec.oomScoreAdj}\n`,
    '/proc/self/oom_score_adj': () => `${container.spec.oomScoreAdj}\n`,
    '/proc/self/limits': () =>
      row('Limit', 'Soft Limit', 'Hard Limit', 'Units') +
      row('Max processes', processes, most, 'processes') +
      row('Max open files', soft, hard, 'files'),
  }
}

/** `0-2,5`. */
function ranges(cpus: readonly number[]): string {
  const found: [number, number][] = []
  for (const cpu of cpus) {
    const last = found.at(-1)
    if (last && cpu === last[1] + 1) last[1] = cpu
    else found.push([cpu, cpu])
  }
  return found.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(',')
}

const cpuCount = (machine: Machine): number => Math.max(1, Math.floor(machine.cpuMillis / 1000))
const cpuList = (machine: Machine): string => (cpuCount(machine) === 1 ? '0' : `0-${cpuCount(machine) - 1}`)

/** The machine's memory as /proc/meminfo tells it: cgroups change nothing about it. */
export function machineMemory(world: World, machine: Machine) {
  const used = machineMemoryBytes(world, machine)
  let cache = 0
  for (const { value } of world.list(Container, { scope: machine.name })) cache += memoryOf(world, value).cache
  const free = Math.max(0, machine.memoryBytes - used - cache)
  const swap = machine.swapBytes ?? 0
  return {
    total: machine.memoryBytes,
    used,
    cache,
    free,
    available: free + cache,
    swap,
    swapUsed: machineSwapBytes(world, machine),
  }
}

function machineFiles(world: World, machine: Machine): Makers {
  const count = cpuCount(machine)
  return {
    '/proc/meminfo': () => {
      const { total, free, available, cache, swap, swapUsed } = machineMemory(world, machine)
      const row = (name: string, bytes: number) =>
        `${`${name}:`.padEnd(16)}${String(Math.floor(bytes / 1024)).padStart(8)} kB\n`
      return [
        row('MemTotal', total),
        row('MemFree', free),
        row('MemAvailable', available),
        row('Buffers', 0),
        row('Cached', cache),
        row('SwapCached', 0),
        row('SwapTotal', swap),
        row('SwapFree', swap - swapUsed),
      ].join('')
    },
    '/proc/cpuinfo': () =>
      Array.from(
        { length: Math.min(count, 256) },
        (_, i) => `processor\t: ${i}\nmodel name\t: Drydock virtual CPU\ncpu cores\t: ${count}\n\n`,
      ).join(''),
    '/proc/swaps': () =>
      `Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n${machine.swapBytes ? `/swapfile                               file\t\t${Math.floor(machine.swapBytes / 1024)}\t\t${Math.floor(machineSwapBytes(world, machine) / 1024)}\t\t-2\n` : ''}`,
    '/sys/devices/system/cpu/online': () => `${cpuList(machine)}\n`,
    '/sys/fs/cgroup/cgroup.controllers': () => 'cpuset cpu io memory hugetlb pids rdma misc\n',
  }
}
