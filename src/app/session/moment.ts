import type { Input, Millis } from '../../engine'

/** A run as far as a moment, to be played again: what came from outside, and what must come out. */
export interface Moment {
  /** The model's version: another one may give another course. */
  readonly version: string
  readonly at: Millis
  /** The digest at that moment, where it was the present. */
  readonly digest: string | undefined
  readonly inputs: readonly Omit<Input, 'n'>[]
}

export const MODEL_VERSION = '0.1'
/** A longer address some programs would cut. */
const LONGEST = 30_000

/** A moment as text for an address; undefined: it would be too long. */
export async function packMoment(moment: Moment): Promise<string | undefined> {
  const text = JSON.stringify(moment)
  const packed = await through(new Blob([text]), new CompressionStream('deflate-raw'))
  let bytes = ''
  for (const byte of packed) bytes += String.fromCharCode(byte)
  const address = btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  return address.length > LONGEST ? undefined : address
}

/** Reads it back; undefined where it is damaged. Nothing in it is run as code: lines go to the simulated shell. */
export async function unpackMoment(address: string): Promise<Moment | undefined> {
  try {
    const bytes = Uint8Array.from(atob(address.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
      character.charCodeAt(0),
    )
    const text = new TextDecoder().decode(await through(new Blob([bytes]), new DecompressionStream('deflate-raw')))
    return momentOf(JSON.parse(text))
  } catch {
    return undefined
  }
}

async function through(blob: Blob, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const buffer = await new Response(blob.stream().pipeThrough(stream)).arrayBuffer()
  return new Uint8Array(buffer)
}

const MOST_INPUTS = 2_000

/** It comes from an address, that is from anybody. */
function momentOf(value: any): Moment | undefined {
  if (typeof value !== 'object' || value === null || !Array.isArray(value.inputs) || value.inputs.length > MOST_INPUTS)
    return undefined
  const isTime = (time: unknown) => typeof time === 'number' && Number.isFinite(time) && time >= 0
  if (!isTime(value.at)) return undefined
  let last = 0
  const inputs: Omit<Input, 'n'>[] = []
  for (const one of value.inputs) {
    const fits =
      isTime(one?.at) &&
      one.at >= last &&
      typeof one.to === 'string' &&
      typeof one.about === 'string' &&
      typeof one.says === 'string'
    if (!fits) return undefined
    last = one.at
    inputs.push({ at: one.at, to: one.to, about: one.about, body: one.body, says: one.says })
  }
  return {
    version: String(value.version),
    at: value.at,
    digest: typeof value.digest === 'string' ? value.digest : undefined,
    inputs,
  }
}
