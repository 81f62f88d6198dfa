import type { Change } from './change'
import type { Millis, Revision } from './json'
import type { Key, World } from './kind'
import type { Sentence, Sentences } from './plan'

/** The trunk of the why-chain is told in at most so many links. */
const MOST_LINKS = 6
/** Causes are followed no further than this. */
const DEEPEST = 2_000

export interface Link {
  readonly revision: Revision
  readonly at: Millis
  readonly by: string
  readonly says: string
  readonly detail: string | undefined
  readonly key: Key
  /** How many links between this one and the one before are left out. */
  readonly folded: number
  /** It came from outside: the end of the chain. */
  readonly input: boolean
}

/** Renders a change's reason by the tables of all rooms. */
export function sentenceOf(change: Change, tables: readonly Sentences[]): Sentence {
  const { id, values } = change.because
  if (id === 'engine/input') return { says: String(values?.['says']) }
  for (const table of tables) {
    const render = table[id]
    if (!render) continue
    const told = render(values ?? {})
    return typeof told === 'string' ? { says: told } : { says: told[0], detail: told[1] }
  }
  return { says: id }
}

/** The change that a change follows from: the most telling of those that decided, else the one that woke its writer. */
function before(change: Change, world: World): Change | undefined {
  const revision = change.because.of?.[0] ?? change.cause
  return revision > 0 && revision < change.revision ? world.change(revision) : undefined
}

/** From a change to the nearest Input, newest first; versions of one object by one writer count once, as the newest. */
export function trunk(from: Change, world: World): Change[] {
  const chain: Change[] = [from]
  for (let next = before(from, world); next && chain.length < DEEPEST; next = before(next, world)) {
    const last = chain[chain.length - 1]!
    if (next.key === last.key && next.by === last.by) continue
    chain.push(next)
    if (next.by === 'you') break
  }
  return chain
}

/**
 * Why an object is as it is at a revision: its last change that was not quiet, and what that followed from, in at most six links. The
 * deed that an Input did at once (a fault's switch, a command's request) is told by the Input itself.
 */
export function why(key: Key, world: World, tables: readonly Sentences[]): Link[] {
  let from: Change | undefined = world.head(key) ?? lastOf(key, world)
  while (from?.quiet && from.previous && from.previous.value !== undefined) from = from.previous
  if (!from) return []
  return whyChange(from, world, tables)
}

function lastOf(key: Key, world: World): Change | undefined {
  return (world as { latest?: (key: Key) => Change | undefined }).latest?.(key)
}

export function whyChange(from: Change, world: World, tables: readonly Sentences[]): Link[] {
  const chain = trunk(from, world)
  const root = chain[chain.length - 1]!
  const told =
    root.by === 'you' && chain.length > 2 ? chain.filter((c, i) => i !== chain.length - 2 || c.at !== root.at) : chain
  const shown = told.length <= MOST_LINKS ? told : [...told.slice(0, MOST_LINKS - 1), root]
  return shown.map((change, i) => ({
    revision: change.revision,
    at: change.at,
    by: change.by,
    ...withDetail(sentenceOf(change, tables)),
    key: change.key,
    folded: i === shown.length - 1 ? told.length - shown.length : 0,
    input: change.by === 'you',
  }))
}

const withDetail = (sentence: Sentence) => ({ says: sentence.says, detail: sentence.detail })
