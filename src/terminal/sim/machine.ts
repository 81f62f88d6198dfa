import { LAB_EPOCH, type Reason, rfc3339, type World } from '../../engine'
import { nodeOf } from '../../kubernetes/genesis'
import { Lease, Node } from '../../kubernetes/kinds/node'
import { usage } from '../../platform/limits/usage'
import { Machine, machineKey } from '../../platform/machine/machine'
import type { ToolCall, ToolStep } from '../../platform/shell/tool'
import { misuse, refuse, type SimCommand } from './command'
import { table } from './heal'
import { optionsOf } from './options'

const GIBIBYTE = 1024 ** 3
const REGISTER_MILLIS = 3000

export const machine: SimCommand = {
  name: 'machine',
  usage: 'machine add [NAME] [--cpus 4] [--memory 8] [--zone Z] | remove NAME | list',
  about: 'adds a machine to the lab, takes one away, lists them',
  run(call, argv, memory): ToolStep {
    if (memory !== undefined) return booted(call, (memory as { name: string }).name)
    const { words, options, problem } = optionsOf(argv, ['cpus', 'memory', 'zone'])
    if (problem !== undefined) return misuse(call, machine, problem)
    const [what, name, ...more] = words
    if (more.length > 0) return misuse(call, machine, `${more[0]} is too much`)
    if (what === undefined || what === 'list' || what === 'ls') return list(call)
    if (what === 'add') return add(call, name, options)
    if (what === 'remove' || what === 'rm')
      return name === undefined ? misuse(call, machine, 'which machine?') : remove(call, name)
    return misuse(call, machine, `${what}: add, remove or list`)
  },
  complete: (words, { world }) => {
    const begun = words[words.length - 1] ?? ''
    return (words.length <= 1 ? ['add', 'remove', 'list'] : world.list(Machine).map(({ value }) => value.name)).filter(
      (word) => word.startsWith(begun),
    )
  },
}

function list(call: ToolCall): ToolStep {
  const rows = call.world.list(Machine).map(({ value }) => {
    const used = usage(call.world, value.name)
    const memory = `${(used.memoryBytes / GIBIBYTE).toFixed(1)}/${(value.memoryBytes / GIBIBYTE).toFixed(0)} GiB`
    return [
      value.name,
      value.power,
      value.role,
      `${(used.cpuMillis / 1000).toFixed(2)}/${value.cpuMillis / 1000}`,
      memory,
      value.zone ?? '-',
      value.address,
    ]
  })
  call.print(table([['NAME', 'POWER', 'ROLE', 'CPUS', 'MEMORY', 'ZONE', 'ADDRESS'], ...rows]))
  return { exit: 0 }
}

/** `worker-3` → `worker-4`, in the series of the newest machine inside. */
function nextName(world: World): string {
  const inside = world.list(Machine).filter(({ value }) => value.role === 'worker')
  const stem = inside[inside.length - 1]?.value.name.replace(/-?\d+$/, '') ?? 'worker'
  for (let n = inside.length + 1; ; n++) if (!world.get(machineKey(`${stem}-${n}`))) return `${stem}-${n}`
}

function add(call: ToolCall, given: string | undefined, options: Readonly<Record<string, string>>): ToolStep {
  const { world } = call
  const name = given ?? nextName(world)
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) return refuse(call, `${name} is no host name`, 2)
  if (world.get(machineKey(name))) return refuse(call, `there is a machine ${name} already`)
  const cpus = Number(options['cpus'] ?? '4')
  const memory = Number((options['memory'] ?? '8').replace(/Gi?B?$/i, ''))
  if (!(cpus > 0 && cpus <= 1024 && memory > 0 && memory <= 65_536))
    return misuse(call, machine, 'cpus and memory (in GiB) are positive numbers')
  const value = newMachine(world, call.now, name, { cpus, memory, zone: options['zone'] })
  const because: Reason = { id: 'platform/machine-added', values: { machine: name } }
  call.apply({ changes: [{ key: machineKey(name), value, because }] })
  return { wait: { kinds: [Machine.id] }, memory: { name } }
}

/** Like the other workers of the lab; its address and its pods' range are the next free ones. */
function newMachine(
  world: World,
  now: number,
  name: string,
  given: { cpus: number; memory: number; zone: string | undefined },
): Machine {
  const all = world.list(Machine)
  const model = (all.find(({ value }) => value.role === 'worker') ?? all[0])?.value
  const addresses = new Set(all.map(({ value }) => value.address))
  const ranges = new Set(all.map(({ value }) => value.podCidr))
  let n = 2
  while (addresses.has(addressOf(n))) n++
  let range = 0
  while (ranges.has(rangeOf(range))) range++
  return {
    name,
    power: 'booting',
    powerSince: now,
    boots: 1,
    bootMillis: model?.bootMillis ?? 25_000,
    cpuMillis: Math.round(given.cpus * 1000),
    memoryBytes: Math.round(given.memory * GIBIBYTE),
    diskBytes: model?.diskBytes ?? 80 * GIBIBYTE,
    downloadBytesPerSecond: model?.downloadBytesPerSecond ?? 25_000_000,
    address: addressOf(n),
    podCidr: model?.podCidr === undefined ? undefined : rangeOf(range),
    zone: given.zone ?? model?.zone,
    labels: {},
    role: 'worker',
    // a fault of the model's daemons is not handed on
    daemons: Object.fromEntries(Object.keys(model?.daemons ?? {}).map((daemon) => [daemon, 'running'])),
  }
}

const addressOf = (n: number): string => `172.18.${n >> 8}.${n & 255}`
const rangeOf = (n: number): string => `10.${244 + (n >> 8)}.${n & 255}.0/24`

/** It has booted: where there is a cluster, its kubelet registers it. */
function booted(call: ToolCall, name: string): ToolStep {
  const { world, now } = call
  const value = world.get(machineKey(name))
  if (!value) return refuse(call, `${name} was taken away`)
  const ready = value.powerSince + REGISTER_MILLIS
  if (value.power !== 'on') return { wait: { kinds: [Machine.id] }, memory: { name } }
  if (now < ready) return { wait: { millis: ready - now }, memory: { name } }
  const isCluster = world.list(Node).length > 0
  if (isCluster && !world.get(Node.key('', name))) register(call, value)
  call.print(`${name} is on${isCluster ? ' and registered' : ''}\n`)
  return { exit: 0 }
}

function register(call: ToolCall, value: Machine): void {
  const because: Reason = { id: 'kubernetes/installed', values: { what: `node ${value.name}` } }
  const time = rfc3339(LAB_EPOCH + call.now)
  const uid = `${call.draw('uid', 0).toString(16).slice(2, 10).padEnd(8, '0')}-0000-4000-8000-${call.draw('uid', 1).toString(16).slice(2, 14).padEnd(12, '0')}`
  const labels = {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': value.name,
    'kubernetes.io/os': 'linux',
    ...(value.zone === undefined ? {} : { 'topology.kubernetes.io/zone': value.zone }),
  }
  const node = nodeOf(value, { name: value.name, uid, creationTimestamp: time, labels }, call.now)
  const lease: Lease = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: value.name, namespace: 'kube-node-lease', uid, creationTimestamp: time },
    spec: { holderIdentity: value.name, leaseDurationSeconds: 40 },
  }
  call.apply({
    changes: [
      { key: Node.key('', value.name), value: node, because },
      { key: Lease.key('kube-node-lease', value.name), value: lease, because, quiet: true },
    ],
  })
}

/** Taken out of the rack: the cluster's record of it stays until somebody deletes it, as in real life. */
function remove(call: ToolCall, name: string): ToolStep {
  const found = call.world.get(machineKey(name))
  if (!found) return refuse(call, `there is no machine ${name}`)
  if (found.role === 'outside') return refuse(call, `${name} is your own computer`)
  call.apply({
    changes: [
      {
        key: machineKey(name),
        value: undefined,
        because: { id: 'platform/machine-removed', values: { machine: name } },
      },
    ],
  })
  return { exit: 0 }
}
