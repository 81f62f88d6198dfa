import type { Reason } from '../../engine/change'
import { edit } from '../../engine/edit'
import { type Key, partsOf, type World } from '../../engine/kind'
import type { Controller, Plan, Wish } from '../../engine/plan'
import { Container, Sandbox } from '../container/container'
import { dataAtLoss } from '../container/program-data'
import { LocalImage, Pull } from '../image/image'
import { Process } from '../shell/process'
import { Link, Machine, machineKey } from './machine'

/** Exit code that a container bears when nobody saw its end (as dockerd and containerd record it after a reboot). */
export const LOST_EXIT_CODE = 255

/** Takes the power away: to be put into a plan. What ran on the machine ends in the same instant, by the controller below. */
export function powerOff(world: World, name: string, because: Reason): readonly Wish[] {
  const machine = world.get(machineKey(name))
  if (!machine || machine.power === 'off') return []
  const value = edit(machine, (m) => {
    m.power = 'off'
    m.powerSince = world.now
  })
  return [{ key: machineKey(name), value, because }]
}

/** Switches the power on: the machine boots, and is on after its `bootMillis`. */
export function powerOn(world: World, name: string, because: Reason): readonly Wish[] {
  const machine = world.get(machineKey(name))
  if (machine?.power !== 'off') return []
  const value = edit(machine, (m) => {
    m.power = 'booting'
    m.powerSince = world.now
    m.boots += 1
  })
  return [{ key: machineKey(name), value, because }]
}

/** Power and boot. A machine without power loses what is in its memory: containers end, sandboxes vanish, pulls stop. Its disk stays. */
export const machines: Controller = {
  name: 'machines',
  about: 'power, booting, and what a loss of power ends',
  watches: [{ kind: Machine }],
  reconcile(about, world): Plan | undefined {
    const key = about as Key<Machine>
    const head = world.head(key)
    if (!head) return removed(world, partsOf(key).name)
    const machine = head.value
    if (machine.power === 'on') return undefined
    const changes = ends(world, machine, head.revision)
    if (machine.power === 'off') return changes.length > 0 ? { changes } : undefined
    const left = machine.powerSince + machine.bootMillis - world.now
    if (left > 0) return { changes, again: left }
    const on = edit(machine, (m) => {
      m.power = 'on'
      m.powerSince = world.now
    })
    const because: Reason = {
      id: 'platform/machine-booted',
      values: { millis: machine.bootMillis },
      of: [head.revision],
    }
    return { changes: [...changes, { key, value: on, because }] }
  },
}

/** What was in the memory of a machine without power. */
function ends(world: World, machine: Machine, revision: number): Wish[] {
  const because: Reason = { id: 'platform/machine-lost-power', values: { machine: machine.name }, of: [revision] }
  const changes: Wish[] = []
  const scope = machine.name
  for (const { key, value: container } of world.list(Container, { scope })) {
    if (container.state === 'exited' || container.state === 'dead' || container.wanted === 'created') continue
    const ended = edit(container, (c) => {
      c.state = 'exited'
      c.exitCode = LOST_EXIT_CODE
      c.finishedAt = world.now
      c.listens = []
      c.course = undefined
      delete c.disturbed
    })
    changes.push({ key, value: ended, because }, ...dataAtLoss(world, container))
  }
  for (const { key, value: process } of world.list(Process, { scope })) {
    if (process.state === 'exited') continue
    const ended: Process = { ...process, state: 'exited', exitCode: LOST_EXIT_CODE, waitsFor: [], memory: null }
    changes.push({ key, value: ended, because })
  }
  for (const { key } of world.list(Sandbox, { scope })) changes.push({ key, value: undefined, because })
  for (const { key, value: pull } of world.list(Pull, { scope })) {
    if (pull.state !== 'failed') changes.push({ key, value: undefined, because })
  }
  return changes
}

/** A machine that is taken away takes all with it that was on it, its disk too. */
function removed(world: World, name: string): Plan | undefined {
  const because: Reason = { id: 'platform/machine-removed', values: { machine: name } }
  const where = { scope: name }
  const gone = [
    world.list(Container, where),
    world.list(Sandbox, where),
    world.list(Pull, where),
    world.list(LocalImage, where),
    world.list(Process, where),
  ]
  const links = world.list(Link).filter(({ value }) => value.a === name || value.b === name)
  const changes = [...gone.flat(), ...links].map(({ key }): Wish => ({ key, value: undefined, because }))
  return changes.length > 0 ? { changes } : undefined
}
