import type { Reason } from '../../engine/change'
import { edit } from '../../engine/edit'
import type { World } from '../../engine/kind'
import type { Wish } from '../../engine/plan'
import { Machine, machineKey } from '../machine/machine'
import { type FaultKind, noTarget } from './fault'
import { began, faultObject, healed } from './object'

function set(world: World, name: string, daemon: string, state: 'running' | 'stopped', because: Reason): Wish[] {
  const machine = world.get(machineKey(name))
  if (machine?.daemons[daemon] === undefined || machine.daemons[daemon] === state) return []
  const value = edit(machine, (m) => {
    m.daemons[daemon] = state
  })
  return [{ key: machineKey(name), value, because }]
}

/**
 * A daemon of a machine stands still, as after `systemctl stop`. What it had started goes on running. Where only one machine has the
 * daemon, none needs to be named.
 */
function daemonStop(name: string, daemon: string, about: string): FaultKind {
  const targets = (world: World) =>
    world
      .list(Machine)
      .filter(({ value }) => value.daemons[daemon] === 'running')
      .map(({ key, value }) => ({ key, name: value.name }))
  return {
    name,
    about,
    targets,
    begin(world, how) {
      const all = targets(world)
      const target = how.target === '' && all.length === 1 ? all[0]!.name : how.target
      if (!world.get(machineKey(target))) return noTarget(name, 'machine', target)
      const changes = set(world, target, daemon, 'stopped', began(name, target))
      if (changes.length === 0) return { text: `no ${daemon} runs on ${target}`, exit: 1 }
      return [faultObject(world, name, { ...how, target }), ...changes]
    },
    heal: (world, fault) => set(world, fault.target, daemon, 'running', healed(world, fault)),
  }
}

export const kubeletStop = daemonStop(
  'kubelet-stop',
  'kubelet',
  'the kubelet of a machine stands still; its containers go on',
)
export const kubeProxyStop = daemonStop(
  'kube-proxy-stop',
  'kube-proxy',
  'the rules of a machine stay as they are, however its services change',
)
export const apiServerDown = daemonStop(
  'api-server-down',
  'kube-apiserver',
  'nobody can read or change the cluster; what runs goes on running',
)
export const etcdDown = daemonStop(
  'etcd-down',
  'etcd',
  'the API server cannot read or write its objects: requests end in a time-out',
)
export const schedulerDown = daemonStop(
  'scheduler-down',
  'kube-scheduler',
  'the scheduler stands still: pods without a node stay Pending until it is back',
)
export const controllersDown = daemonStop(
  'controllers-down',
  'kube-controller-manager',
  'nobody makes, counts or evicts pods any more: wishes stay wishes',
)
export const dockerdStop = daemonStop(
  'dockerd-stop',
  'dockerd',
  'the Docker daemon of a machine is stopped in order: it stops its containers first, unless live-restore is set',
)
