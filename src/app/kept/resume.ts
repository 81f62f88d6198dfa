import type { Opening } from '../session/protocol'
import type { Cabinet } from './cabinet'
import { claim } from './claim'
import type { KeptSession } from './kept-session'

/** What to open: a session as it was left (or, where that cannot be played, the generation before), or a new one. */
export interface Resumed {
  readonly id: string
  /** Best first; none for a new session. */
  readonly generations: readonly KeptSession[]
  /** Another tab has that session: this is a copy under another id. */
  readonly copy: boolean
}

/**
 * The session that an address means. A reload comes back to its own. An address that names a seed, files or a moment asks
 * for that very run from its beginning; any other is taken up where it was left last.
 */
export async function resume(cabinet: Cabinet | undefined, address: URL, own: unknown): Promise<Resumed> {
  const fresh: Resumed = { id: newId(), generations: [], copy: false }
  try {
    const id = cabinet && (await meant(cabinet, address, own))
    const generations = id === undefined ? [] : await cabinet!.generations(id)
    if (generations.length === 0) {
      await claim(fresh.id)
      return fresh
    }
    if (await claim(id!)) return { id: id!, generations, copy: false }
    await claim(fresh.id)
    return { id: fresh.id, generations: generations.map((kept) => ({ ...kept, id: fresh.id })), copy: true }
  } catch {
    return fresh
  }
}

async function meant(cabinet: Cabinet, address: URL, own: unknown): Promise<string | undefined> {
  const wishes = address.searchParams
  const named = typeof own === 'string' ? own : wishes.get('session')
  const kept = await cabinet.list()
  if (named !== null && kept.some(({ id }) => id === named)) return named
  if (address.hash.length > 1 || wishes.has('seed') || wishes.has('files')) return undefined
  const scenario = wishes.get('scenario')
  const lab = wishes.get('lab')
  return kept.find((one) =>
    scenario !== null ? one.scenario === scenario : lab !== null ? one.scenario === undefined && one.lab === lab : true,
  )?.id
}

export function openingOf(kept: KeptSession): Opening {
  const { lab, seed, scenario, folders, moment, branches } = kept
  return { lab, seed, moment, ...(branches && { branches }), ...(scenario === undefined ? { folders } : { scenario }) }
}

const newId = () => Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36)).join('')
