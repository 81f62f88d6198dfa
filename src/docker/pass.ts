import {
  type Key,
  type Kind,
  kindIdOf,
  type Plan,
  partsOf,
  type Reason,
  type Tools,
  type Wish,
  type World,
} from '../engine'
import { type Container, containerKey } from '../platform/container/container'
import { hexOf } from '../platform/image/hex'
import { type Machine, machineKey } from '../platform/machine/machine'
import { type DockerContainer, dockerContainerKey } from './containers/container'
import { Event, MOST_EVENTS } from './events/event'

/** One turn of a machine's daemon: what it reads, with what it has already decided in this turn, and what it is going to write. */
export class Pass {
  readonly world: World
  readonly tools: Tools
  readonly machine: Machine
  readonly #changes = new Map<Key, Wish>()
  #events = 0
  #ids = 0

  constructor(world: World, tools: Tools, machine: string) {
    this.world = world
    this.tools = tools
    this.machine = world.get(machineKey(machine))!
  }

  get now(): number {
    return this.world.now
  }

  get<T>(key: Key<T>): T | undefined {
    const own = this.#changes.get(key)
    return own ? own.value : this.world.get(key)
  }

  set<T>(key: Key<T>, value: T | undefined, because: Reason, quiet = false): void {
    if (value === undefined && this.world.get(key) === undefined) this.#changes.delete(key)
    else this.#changes.set(key, { key, value, because, quiet })
  }

  /** All objects of a kind on this machine, with what this turn has changed. */
  all<T>(kind: Kind<T>): readonly T[] {
    const found: T[] = []
    for (const { key, value } of this.world.list(kind, { scope: this.machine.name })) {
      const own = this.#changes.get(key)
      if (!own) found.push(value)
      else if (own.value !== undefined) found.push(own.value)
    }
    for (const { key, value } of this.#changes.values())
      if (value !== undefined && kindIdOf(key) === kind.id && this.world.get(key) === undefined) found.push(value)
    return found
  }

  put(container: DockerContainer, because: Reason): void {
    this.set(dockerContainerKey(this.machine.name, container.id), container, because)
  }

  runs(id: string): Container | undefined {
    return this.get(containerKey(this.machine.name, id))
  }

  putRuns(container: Container, because: Reason): void {
    this.set(containerKey(this.machine.name, container.id), container, because)
  }

  event(type: Event['type'], action: string, actor: string, attributes: Readonly<Record<string, string>>): void {
    const scope = this.machine.name
    const present = this.world.list(Event, { scope })
    const last = present.at(-1)
    const n = (last ? Number(partsOf(last.key).name) : 0) + ++this.#events
    const because: Reason = { id: 'docker/told', values: { action, type } }
    this.set(
      Event.key(scope, String(n).padStart(9, '0')),
      { at: this.now, type, action, actor, attributes },
      because,
      true,
    )
    const old = present[present.length + this.#events - MOST_EVENTS - 1]
    if (old && present.length >= MOST_EVENTS) this.set(old.key, undefined, because, true)
  }

  /** An event about a container: its labels, image and name come along. */
  tell(
    { id, image, name, config }: DockerContainer,
    action: string,
    more: Readonly<Record<string, string>> = {},
  ): void {
    this.event('container', action, id, { ...config.Labels, image, name, ...more })
  }

  /** 64 hexadecimal digits that nothing else has. */
  id(what: string): string {
    return hexOf(`${this.tools.seed} ${this.machine.name} ${what} ${this.world.revision} ${++this.#ids}`)
  }

  /** A number below `most`, for what is drawn. */
  pick(what: string, most: number): number {
    return Math.floor(this.tools.draw(`${this.machine.name} ${what}`, 'dockerd', this.world.revision) * most)
  }

  plan(again?: number): Plan {
    return { changes: [...this.#changes.values()], ...(again !== undefined && { again: Math.max(1, again) }) }
  }
}
