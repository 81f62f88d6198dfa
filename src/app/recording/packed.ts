import type { Desk } from '../desk/desk'
import { openClient } from '../session/client'
import { packText, unpackText } from '../session/moment'
import { type Recording, recordingOf } from './recording'
import { takeRecording } from './take'

/** By this an address that holds a recording differs from one that holds only what was done. */
const SIGN = 'r.'

export const isRecording = (address: string): boolean => address.startsWith(SIGN)

/** The last minute before the moment shown as an address holds it, taken by an engine of its own; undefined: too much for one. */
export async function packRecording(desk: Desk): Promise<string | undefined> {
  const { opening, view } = desk.state
  const moment = await desk.moment()
  const client = await openClient()
  try {
    const packed = await packText(JSON.stringify(await takeRecording(client, opening, moment, view)))
    return packed && SIGN + packed
  } finally {
    client.end()
  }
}

/** Undefined where it is damaged. What is in it is drawn, and its lines go to the simulated shell; nothing of it runs. */
export async function unpackRecording(address: string): Promise<Recording | undefined> {
  try {
    return recordingOf(await unpackText(address.slice(SIGN.length)))
  } catch {
    return undefined
  }
}
