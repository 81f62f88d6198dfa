import { type Moment, momentOf } from '../../terminal/moment'

/** A longer address some programs would cut. */
const LONGEST = 30_000

/** A moment as text for an address; undefined: it would be too long. */
export const packMoment = (moment: Moment): Promise<string | undefined> => packText(JSON.stringify(moment))

/** A text in few letters, such as an address may have. */
export async function packText(text: string): Promise<string | undefined> {
  const packed = await through(new Blob([text]), new CompressionStream('deflate-raw'))
  let bytes = ''
  for (const byte of packed) bytes += String.fromCharCode(byte)
  const address = btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  return address.length > LONGEST ? undefined : address
}

/** Reads it back; undefined where it is damaged. Nothing in it is run as code: lines go to the simulated shell. */
export async function unpackMoment(address: string): Promise<Moment | undefined> {
  try {
    return momentOf(JSON.parse(await unpackText(address)))
  } catch {
    return undefined
  }
}

/** The text again; throws where it is damaged or too large. */
export async function unpackText(address: string): Promise<string> {
  const bytes = Uint8Array.from(atob(address.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
    character.charCodeAt(0),
  )
  return new TextDecoder().decode(await through(new Blob([bytes]), new DecompressionStream('deflate-raw')))
}

/** A small address can hold a text without end: what is unpacked is bounded. */
const LARGEST = 16_000_000

async function through(blob: Blob, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const parts: BlobPart[] = []
  let size = 0
  const reader = blob.stream().pipeThrough(stream).getReader()
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    size += read.value.length
    if (size > LARGEST) {
      await reader.cancel()
      throw new Error('too large')
    }
    parts.push(read.value)
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}
