import type { Millis, World } from '../engine'

/** A world whose clock stands at the moment shown, which may lie some time after its last change. */
export function asOf(world: World, at: Millis): World {
  return {
    now: at,
    revision: world.revision,
    get: (key) => world.get(key),
    head: (key) => world.head(key),
    getAt: (key, revision) => world.getAt(key, revision),
    list: (kind, where) => world.list(kind, where),
    at: (revision) => world.at(revision),
    change: (revision) => world.change(revision),
  }
}
