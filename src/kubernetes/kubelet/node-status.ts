import {
  type Change,
  type Controller,
  type Plan,
  partsOf,
  type Reason,
  stamp,
  type Tools,
  type Wish,
  type World,
} from '../../engine'
import { Link, Machine } from '../../platform/machine/machine'
import { eventWish } from '../api/events'
import { controlPlane, servesApi } from '../control-plane'
import { withCondition } from '../controllers/pods'
import { Node } from '../kinds/node'
import { NodePressure, nodeConditions, pressureEvent, pressures } from './eviction/pressure'
import { agentMachine, connected, KUBELET_START_MILLIS, untilAgent } from './node-agent'

/** A kubelet that was cut off posts its status again within this. */
const RETRY_MILLIS = 7_000
/** Until a new condition is posted. */
const REPORT_MILLIS = 250

/** What a kubelet says of its own node when it starts or can speak again. After nodestatus/setters.go. */
export const nodeStatus: Controller = {
  name: 'kubelet-node-status',
  about: 'posts how its node is',
  watches: [
    { kind: Machine, wake: machineBack, after: KUBELET_START_MILLIS + 200 },
    {
      kind: Link,
      wake: (change: Change<Link>, world) =>
        change.value?.cut ? undefined : nodesOf(change.value ?? change.previous!.value, world),
      after: RETRY_MILLIS,
    },
    { kind: NodePressure, wake: (change: Change<NodePressure>) => partsOf(change.key).name, after: REPORT_MILLIS },
    { kind: Node, wake: (change: Change<Node>) => change.value?.metadata.name, after: 500 },
  ],
  reconcile(about, world, tools) {
    const machine = agentMachine(world, about)
    const head = world.head(Node.key('', about))
    if (!head) return undefined
    if (!machine) {
      const left = untilAgent(world, about)
      return left === undefined ? undefined : { again: left + 200 }
    }
    if (!connected(world, about)) return undefined
    return post(machine, head, world, tools)
  },
}

function machineBack(change: Change<Machine>, world: World): readonly string[] | undefined {
  const { value } = change
  if (value?.power !== 'on') return undefined
  if (value.role === 'control-plane' && servesApi(value) && !servesApi(change.previous?.value))
    return world.list(Machine).map((machine) => machine.value.name)
  return [value.name]
}

function nodesOf(link: Link, world: World): readonly string[] {
  return link.a === controlPlane(world)?.name ? world.list(Machine).map((machine) => machine.value.name) : [link.a]
}

function post(machine: Machine, head: Change<Node>, world: World, tools: Tools): Plan | undefined {
  const node = head.value
  let { conditions } = node.status
  const before = conditions
  for (const condition of nodeConditions(pressures(world, machine.name)))
    conditions = withCondition(conditions, condition, world.now)
  const bootID = bootId(machine)
  const rebooted = node.status.nodeInfo['bootID'] !== bootID
  const allocatable = withExtended(node)
  if (conditions === before && !rebooted && allocatable === node.status.allocatable) return undefined
  conditions = conditions.map((condition) => ({ ...condition, lastHeartbeatTime: stamp(world.now) }))
  const wasReady = node.status.conditions.find((condition) => condition.type === 'Ready')?.status === 'True'
  const machineHead = world.head(Machine.key('', machine.name))!
  const because: Reason = {
    id: 'kubernetes/node-reported',
    values: { node: machine.name, rebooted, ready: !wasReady },
    of: [machineHead.revision],
  }
  const changes: Wish[] = [
    {
      key: head.key,
      value: {
        ...node,
        status: { ...node.status, conditions, allocatable, nodeInfo: { ...node.status.nodeInfo, bootID } },
      },
      because,
      quiet: wasReady && !rebooted,
    },
  ]
  const tell = (type: 'Normal' | 'Warning', reason: string, message: string) =>
    changes.push(
      eventWish(world, tools, {
        about: node,
        type,
        reason,
        message,
        component: 'kubelet',
        host: machine.name,
        because,
      }),
    )
  if (rebooted && node.status.nodeInfo['bootID'] !== undefined) {
    tell('Normal', 'Starting', 'Starting kubelet.')
    tell('Warning', 'Rebooted', `Node ${machine.name} has been rebooted, boot id: ${bootID}`)
  }
  for (const { type, status } of conditions) {
    const event = pressureEvent(type, status === 'True')
    const changed = before.some((one) => one.type === type && one.status !== status)
    if (event !== undefined && changed) tell('Normal', event, `Node ${machine.name} status is now: ${event}`)
  }
  if (!wasReady) tell('Normal', 'NodeReady', `Node ${machine.name} status is now: NodeReady`)
  return { changes }
}

/** What somebody else has said that the node has (`example.com/dongle`) may all be used. After MachineInfo in nodestatus/setters.go. */
function withExtended({ status }: Node): Node['status']['allocatable'] {
  let { allocatable } = status
  for (const [name, amount] of Object.entries(status.capacity))
    if (name.includes('/') && allocatable[name] !== amount) allocatable = { ...allocatable, [name]: amount }
  for (const name of Object.keys(allocatable))
    if (name.includes('/') && status.capacity[name] === undefined) {
      const { [name]: _, ...rest } = allocatable
      allocatable = rest
    }
  return allocatable
}

/** A boot has its own id. */
export const bootId = (machine: Machine): string =>
  `b007${String(machine.boots).padStart(4, '0')}-0000-4000-8000-${machine.address
    .split('.')
    .map((part) => Number(part).toString(16).padStart(3, '0'))
    .join('')}`
