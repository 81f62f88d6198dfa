import type { Reason } from '../../engine/change'
import type { Millis } from '../../engine/json'
import { defineKind, type Key, type World } from '../../engine/kind'
import type { Wish } from '../../engine/plan'

/** What kept a task from computing as fast as it could: its group's quota, the CPUs it may use, or the others' weights. */
export type Hold = 'quota' | 'cpuset' | 'weight' | 'threads'

/**
 * Runnable threads of one process that compute. Whoever runs the process makes it; `cpu-scheduler` gives it processor time
 * and marks it `ended` when its work is done, which wakes its owner. What it has used up to now follows from `rate` and `at`.
 */
export interface Task {
  readonly machine: string
  /** The id of the container whose control group it is in; undefined: somebody's session on the machine (user.slice). */
  readonly container: string | undefined
  /** Container or Process that is woken at its end, and with which it goes. */
  readonly owner: Key
  /** For the reader: `md5sum /dev/zero`. */
  readonly what: string
  /** How many threads want to run at once: each is on one CPU at a time. */
  readonly threads: number
  /** The work that it was given, in microseconds of processor time; undefined: it never ends by itself. */
  readonly work: number | undefined
  readonly since: Millis
  /** Microseconds of processor time used until `at`. */
  readonly used: number
  readonly at: Millis
  /** Thousandths of a CPU that it has had since `at`: as many microseconds a millisecond. */
  readonly rate: number
  /** What slowed it down, if anything did. */
  readonly held?: Hold
  readonly ended: boolean
}
export const Task = defineKind<Task>('platform/Task', {
  about: 'threads that compute',
  quiet: true,
  indexes: { owner: (task) => task.owner, container: (task) => task.container },
})
/** scope: machine, name: unique on it */
export const taskKey = (machine: string, name: string): Key<Task> => Task.key(machine, name)

/** The name of what a container or process computes under a name of its own. */
export const taskName = (of: string, name: string): string => `${of}:${name}`

/** What somebody asks to compute; the rest of a Task is the scheduler's. */
export interface Work {
  readonly name: string
  readonly what: string
  readonly threads: number
  /** Milliseconds of processor time; left out: without end. */
  readonly cpuMillis?: number
}

/** More threads in one process count as so many. */
export const MOST_THREADS = 4_096

export const newTask = (
  given: Pick<Task, 'machine' | 'container' | 'owner'> & { readonly now: Millis },
  { what, threads, cpuMillis }: Work,
): Task => ({
  machine: given.machine,
  container: given.container,
  owner: given.owner,
  what: what.length > 80 ? `${what.slice(0, 79)}…` : what,
  threads: Math.min(MOST_THREADS, Math.max(1, threads)),
  work: cpuMillis === undefined ? undefined : Math.max(1, Math.round(cpuMillis * 1000)),
  since: given.now,
  used: 0,
  at: given.now,
  rate: 0,
  ended: false,
})

/** Microseconds of processor time that it has used by now. */
export const usedBy = (task: Task, now: Millis): number => task.used + (task.ended ? 0 : task.rate * (now - task.at))

/** What has to change so that an owner computes just these: new ones begin, those that have ended may be asked for anew, others go. */
export function taskWishes(
  world: World,
  given: Pick<Task, 'machine' | 'container' | 'owner'> & { readonly id: string },
  works: readonly Work[],
  because: Reason,
): Wish<Task>[] {
  const present = world.list(Task, { owner: given.owner })
  if (present.length === 0 && works.length === 0) return []
  const changes: Wish<Task>[] = []
  const wanted = new Set<Key<Task>>()
  for (const work of works) {
    const key = taskKey(given.machine, taskName(given.id, work.name))
    wanted.add(key)
    const before = world.get(key)
    const fresh = newTask({ ...given, now: world.now }, work)
    // what goes on in the same moment keeps its pace: nobody else's share changes by it
    if (before?.ended)
      changes.push({ key, value: { ...fresh, rate: before.rate, ...(before.held && { held: before.held }) }, because })
    else if (!before || before.threads !== fresh.threads) changes.push({ key, value: fresh, because })
  }
  for (const { key } of present) if (!wanted.has(key)) changes.push({ key, value: undefined, because })
  return changes
}
