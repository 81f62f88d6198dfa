import { INTERNET, reaches } from '../../platform/network/reach'
import { fieldNotices } from '../dockerfile/labels'
import type { Pass } from '../pass'
import type { BuildInputs, StepStatus } from './build'
import { isThere, remoteBytes, remoteProblem } from './remote'
import { statusAt } from './status'

/** How long the client and the builder need to greet each other, and to send the Dockerfile. */
export const DEFINITION_MILLIS = [12, 45] as const
/** A clone, besides the bytes that travel. */
const CLONE_MILLIS = 900

/** The first step: the Dockerfile is sent, or the context is fetched from its address. */
export function definitionOf(
  pass: Pass,
  { source, file, remote }: BuildInputs,
  millis: number,
): { readonly millis: number; readonly statuses: readonly StepStatus[] } {
  if (remote !== undefined)
    return { millis: CLONE_MILLIS + (remoteBytes(remote) * 1000) / pass.machine.downloadBytesPerSecond, statuses: [] }
  const bytes = source === undefined ? 2 : source.length + file.length + 28
  return { millis, statuses: [statusAt(pass.now, 'transferring dockerfile:', 6, 0, bytes)] }
}

/** Why a context at an address could not be fetched; undefined: it was, or there is none. */
export function remoteFailure(pass: Pass, { remote }: BuildInputs): string | undefined {
  if (remote === undefined) return undefined
  return isThere(remote) && reaches(pass.world, pass.machine.name, INTERNET).ok ? undefined : remoteProblem(remote)
}

/** What of a Dockerfile is accepted and not modelled. */
export const noticesOf = (file: Parameters<typeof fieldNotices>[0]): readonly string[] =>
  fieldNotices(file).map(({ line, path, text }) => `line ${line}: ${path}: ${text}`)
