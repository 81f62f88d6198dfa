import type { Reason } from '../../engine/change'
import { edit } from '../../engine/edit'
import type { Json } from '../../engine/json'
import type { Key, World } from '../../engine/kind'
import type { Wish } from '../../engine/plan'
import type { Container } from '../container/container'
import { printed } from '../container/logs'
import type { Line } from '../programs/program'
import { Affinity, type Forward } from './forward'
import type { Tunnel } from './tunnel'

const affinityKey = (machine: string, { service, port }: Forward, client: string): Key<Affinity> =>
  Affinity.key(machine, `${service}:${port} ${client}`)

/**
 * What requests change on their way: programs' memories and logs. A request and those that follow it in the same plan see
 * each other's effects; each object is written once.
 */
export class Effects {
  readonly #world: World
  // most requests change nothing: what holds changes is made when there are some
  #memories: Map<Key<Container>, { container: Container; memory: Json | undefined; because: Reason }> | undefined
  #lines: Map<Key<Container>, { container: Container; lines: Line[]; because: Reason }> | undefined
  #tunnels: Map<Key<Tunnel>, Tunnel> | undefined
  #affinities: Map<Key<Affinity>, Affinity> | undefined

  constructor(world: World) {
    this.#world = world
  }

  memoryOf(key: Key<Container>, container: Container): Json | undefined {
    const own = this.#memories?.get(key)
    return own ? own.memory : container.memory
  }

  remember(key: Key<Container>, container: Container, memory: Json, because: Reason): void {
    if (memory === this.memoryOf(key, container)) return
    this.#memories ??= new Map()
    this.#memories.set(key, { container, memory, because })
  }

  print(key: Key<Container>, container: Container, lines: readonly Line[], because: Reason): void {
    if (lines.length === 0) return
    this.#lines ??= new Map()
    const own = this.#lines.get(key)
    if (own) own.lines.push(...lines)
    else this.#lines.set(key, { container, lines: [...lines], because })
  }

  /** A connection came through a forwarded port, or did not get to its end. */
  carry(key: Key<Tunnel>, tunnel: Tunnel, problem?: Tunnel['problem']): void {
    this.#tunnels ??= new Map()
    const own = this.#tunnels.get(key) ?? tunnel
    this.#tunnels.set(key, { ...own, connections: own.connections + 1, problem: own.problem ?? problem })
  }

  /** Whom a machine would send a client to again; undefined: it is free to choose. */
  affinity(machine: string, rule: Forward, client: string): string | undefined {
    const key = affinityKey(machine, rule, client)
    const known = this.#affinities?.get(key) ?? this.#world.get(key)
    return known && known.until > this.#world.now ? known.address : undefined
  }

  /** Simplified: the time is counted anew at most once in a twentieth of it. */
  stay(machine: string, rule: Forward, client: string, address: string): void {
    const key = affinityKey(machine, rule, client)
    const { now } = this.#world
    const millis = rule.affinityMillis ?? 0
    const known = this.#affinities?.get(key) ?? this.#world.get(key)
    if (known?.address === address && known.until > now && now - known.since < millis / 20) return
    this.#affinities ??= new Map()
    this.#affinities.set(key, { address, since: now, until: now + millis })
  }

  /** As changes of a plan, quiet ones: requests come by the thousand. `except`: a container that the caller writes itself. */
  wishes(except?: Key<Container>, logged = true): Wish[] {
    const changes: Wish[] = []
    for (const [key, { container, memory, because }] of this.#memories ?? []) {
      if (key === except) continue
      const value = edit(this.#world.get(key) ?? container, (c) => {
        c.memory = memory as typeof c.memory
      })
      changes.push({ key, value, because, quiet: true })
    }
    for (const [key, value] of this.#affinities ?? [])
      changes.push({
        key,
        value,
        because: { id: 'platform/stays', values: { client: key.slice(key.lastIndexOf(' ') + 1) } },
      })
    if (logged)
      for (const { container, lines, because } of this.#lines?.values() ?? [])
        changes.push(...printed(this.#world, container.id, lines, because))
    for (const [key, value] of this.#tunnels ?? [])
      changes.push({ key, value, because: { id: 'platform/tunnel-used', values: { to: value.label } }, quiet: true })
    return changes
  }
}
