import { type Moment, momentOf } from '../../terminal/moment'

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
