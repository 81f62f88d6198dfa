import { type KeptSession, readKept } from './kept-session'
import type { Shelf, Slip } from './shelf'

/** More are kept only where their owner gave them names. */
const MOST_UNNAMED = 30

/**
 * The sessions kept on this device. Each has two places and is written to them by turns, so that a write that is torn
 * leaves the generation before it whole.
 */
export class Cabinet {
  readonly #shelf: Shelf

  constructor(shelf: Shelf) {
    this.#shelf = shelf
  }

  /** Every session that can be read, the one kept last first. */
  async list(): Promise<readonly KeptSession[]> {
    const newest = new Map<string, { serial: number; kept: KeptSession }>()
    for (const { serial, kept } of await this.#whole())
      if (serial > (newest.get(kept.id)?.serial ?? -1)) newest.set(kept.id, { serial, kept })
    return [...newest.values()].map(({ kept }) => kept).sort((a, b) => b.keptAt - a.keptAt)
  }

  /** The generations of one session that are whole, the newest first. */
  async generations(id: string): Promise<readonly KeptSession[]> {
    const whole = await this.#whole(id)
    return whole.sort((a, b) => b.serial - a.serial).map(({ kept }) => kept)
  }

  /** Writes over the older generation, or over the one that is torn. */
  async keep(kept: KeptSession): Promise<void> {
    const own = await this.#slips(kept.id)
    const newest = own.filter(isWhole).sort((a, b) => b.serial - a.serial)[0]
    const text = JSON.stringify(kept)
    await this.#shelf.put({
      place: `${kept.id}/${newest?.place.endsWith('/0') ? 1 : 0}`,
      serial: (newest?.serial ?? 0) + 1,
      sum: sumOf(text),
      text,
    })
  }

  async remove(id: string): Promise<void> {
    await this.#shelf.remove([`${id}/0`, `${id}/1`])
  }

  /** Lets go of the oldest sessions without a name. */
  async tidy(): Promise<void> {
    const unnamed = (await this.list()).filter(({ name }) => name === '')
    for (const { id } of unnamed.slice(MOST_UNNAMED)) await this.remove(id)
  }

  async #slips(id?: string): Promise<readonly Slip[]> {
    return (await this.#shelf.all(id)).filter((slip) => typeof slip.place === 'string' && typeof slip.text === 'string')
  }

  async #whole(id?: string): Promise<{ serial: number; kept: KeptSession }[]> {
    return (await this.#slips(id)).flatMap((slip) => {
      const kept = isWhole(slip) ? readKept(slip.text) : undefined
      return kept && slip.place.startsWith(`${kept.id}/`) ? [{ serial: slip.serial, kept }] : []
    })
  }
}

const isWhole = ({ sum, text }: Slip): boolean => sum === sumOf(text)

/** FNV-1a over the text's code units: it tells a torn text, not a forged one. */
export function sumOf(text: string): number {
  let sum = 0x811c9dc5
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193)
  return sum >>> 0
}
