import type { Millis, Room, Wish } from '../engine'
import type { Machine } from '../platform/machine/machine'
import type { Tool } from '../platform/shell/tool'

/**
 * The large command lines, and Docker's room: the page fetches them after the first picture of a cluster, before the first
 * command is run. Whoever runs a session brings them first.
 */
export interface Late {
  readonly tools: readonly Tool[]
  readonly docker: {
    readonly room: Room
    readonly genesis: (machines: readonly Machine[], seed: number, at: Millis) => Wish[]
  }
}

let brought: Late | undefined

/** For `bring`, which also makes the commands known. */
export function keep(late: Late): void {
  brought = late
}

/** Docker's room; fails where nobody has brought it. */
export function dockerRoom(): Late['docker'] {
  if (!brought) throw new Error('the room of Docker has not been brought')
  return brought.docker
}

/** The sentences of the rooms that were brought. */
export const broughtSentences = () => (brought ? [brought.docker.room.sentences] : [])
