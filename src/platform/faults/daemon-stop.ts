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

/** A daemon of a machine stands still, as after `systemctl stop`. What it had started goes on running. */
const daemonStop = (name: string, daemon: string, about: string): FaultKind => ({
  name,
  about,
  targets: (world) =>
    world
      .list(Machine)
      .filter(({ value }) => value.daemons[daemon] === 'running')
      .map(({ key, value }) => ({ key, name: value.name })),
  begin(world, how) {
    if (!world.get(machineKey(how.target))) return noTarget(name, 'machine', how.target)
    const changes = set(world, how.target, daemon, 'stopped', began(name, how.target))
    if (changes.length === 0) return { text: `no ${daemon} runs on ${how.target}`, exit: 1 }
    return [faultObject(world, name, how), ...changes]
  },
  heal: (world, fault) => set(world, fault.target, daemon, 'running', healed(world, fault)),
})

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
