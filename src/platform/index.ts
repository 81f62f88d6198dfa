/**
 * What every orchestrator stands on: machines with power and links, images and pulls, the one container runtime and the
 * programs in it, memory and its killer, the network that requests go through hop by hop, faults, and the shell.
 *
 * Orchestrators write what they want (a Container, a Pull, a Forward) and read what became of it. Nothing here knows of pods,
 * services or daemons. Not modelled: disks filling up, IPv6, network policies inside of the machine, real file systems of images.
 */
import type { Room } from '../engine/plan'
import { containerExec } from './container/exec'
import { containerRuntime } from './container/runtime'
import { cpuScheduler } from './cpu/scheduler'
import { faults } from './faults'
import { imagePuller } from './image/puller'
import { machines } from './machine/power'
import { load } from './network/load'
import { imagePusher } from './registry/push'
import { sentences } from './sentences'

export const platform: Room = {
  name: 'platform',
  controllers: [machines, imagePuller, imagePusher, containerRuntime, cpuScheduler, load, faults],
  doors: [containerExec],
  sentences,
}

export { balancerNamed, balancers } from './balancer'
export { commandOf } from './container/command'
export {
  Container,
  type ContainerSpec,
  containerKey,
  type Mount,
  Output,
  Sandbox,
  sandboxKey,
} from './container/container'
export { containerExec, type ExecReply, type ExecRequest } from './container/exec'
export { containerMachine } from './container/life-cycle'
export { type LogLine, linesOf, printed, readLogs } from './container/logs'
export { mainProcessKey, processKey } from './container/processes'
export { signalExit, signalName, signalNumbers } from './container/signals'
export { cgroupKey } from './cpu/cgroup'
export { beginFault, containersNamed, type FaultKind, faultKinds, faultNamed, healFault } from './faults'
export { hexOf } from './image/hex'
export { LocalImage, localImageKey, Pull, pullKey } from './image/image'
export { localImage } from './image/puller'
export { familiarForm, familiarName, fullForm, localName, parseReference, withDefaultTag } from './image/reference'
export { type Image, imageHas, type Resolution, resolveImage } from './image/resolve'
export { type Label, platformLabels } from './labels'
export { machineMemoryBytes, memoryOf, oomScore, SYSTEM_MEMORY_BYTES } from './limits/memory'
export { containerTasks } from './limits/processes'
export { cgroupOf, containerUsage, type Usage, usage } from './limits/usage'
export { Fault, faultKey, isBare, Link, linkKey, Machine, machineKey } from './machine/machine'
export { powerOff, powerOn } from './machine/power'
export { Effects } from './network/effects'
export { Affinity, DnsRecord, DnsServer, Forward, type ForwardTarget } from './network/forward'
export { Ledger, Load, ledgerKey, loadKey, type Sample } from './network/ledger'
export { reasonOf } from './network/load'
export { INTERNET, lossBetween, type Reach, reaches, roundTripMillis } from './network/reach'
export type { Caller, Chance, End, Hop, Outcome, Request } from './network/request'
export { get } from './network/request'
export { staleSince } from './network/rules'
export { allocateAddress, inRange, sandboxAt } from './network/sandboxes'
export { send } from './network/send'
export { Tunnel, tunnelKey } from './network/tunnel'
export { programNamed, programs } from './programs'
export type { Program } from './programs/program'
export { Process } from './shell/process'
export type { Files, Tool, ToolCall, ToolStep, Wait } from './shell/tool'
