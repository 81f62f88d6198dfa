import { userIn } from '../../platform/container/user'
import type { Entry } from '../../platform/image/entry'
import { type Tree, treeOf } from '../../platform/image/tree'
import { FileView } from '../../platform/shell/files'
import { isGit, isUrl } from '../dockerfile/ports'
import { attempt } from '../dockerfile/problem'
import type { Vertex } from '../dockerfile/vertices'
import type { Pass } from '../pass'
import { Build } from './build'
import { type CopyPlace, contextTree, copiedEntries, workdirEntries } from './copy'
import { hostOf, isThere, remoteBytes } from './remote'
import { layersOf } from './status'
import { ignoredBy, sentBytes, sentEntries } from './transfer'

/** Bytes a millisecond: files copied. */
const COPIED = 250_000

/** The context as the builder sees it. */
export const sentTree = ({ inputs }: Build): Tree => contextTree(sentEntries(inputs, ignoredBy(inputs)))

/** What the client has to send: only what it has not sent for the last build. */
export function contextSize(pass: Pass, build: Build): { readonly bytes: number; readonly files: number } {
  const last = pass
    .all(Build)
    .filter(({ id, endedAt }) => id !== build.id && endedAt !== undefined)
    .at(-1)
  const sent = sentEntries(build.inputs, ignoredBy(build.inputs))
  return { bytes: sentBytes(sent, last?.inputs.context ?? []), files: sent.length }
}

function placeOf(pass: Pass, build: Build, { sources, step, before }: Vertex): CopyPlace {
  const [from] = sources
  const source =
    from !== undefined
      ? treeOf(pass, build.machine, layersOf(build, from))
      : step!.source === undefined
        ? sentTree(build)
        : contextTree([])
  const below = treeOf(pass, build.machine, layersOf(build, before))
  return { below, source, workdir: step!.scope.workdir, now: pass.now }
}

/** Simulated time of moving the bytes of a step that is not a process. */
export function workMillis(pass: Pass, build: Build, vertex: Vertex): number {
  const one = vertex.step!.instruction
  if (one.kind !== 'COPY' && one.kind !== 'ADD') return 0
  const addresses = one.kind === 'ADD' ? one.sources.filter((source) => isUrl(source) || isGit(source)) : []
  const speed = pass.machine.downloadBytesPerSecond / 1000
  const fetching = addresses.reduce((sum, address) => sum + 150 + remoteBytes(address) / speed, 0)
  const bytes = attempt(() =>
    copiedEntries(pass, { ...one, chown: undefined }, placeOf(pass, build, vertex)).reduce(
      (sum, entry) => sum + (entry.bytes ?? entry.text.length),
      0,
    ),
  )
  return ('value' in bytes ? bytes.value : 0) / COPIED + fetching
}

/** What a COPY, ADD or WORKDIR leaves in its layer. Throws a DockerfileError. */
export function workEntries(pass: Pass, build: Build, vertex: Vertex): readonly Entry[] {
  const step = vertex.step!
  const one = step.instruction
  const place = placeOf(pass, build, vertex)
  if (one.kind === 'COPY' || one.kind === 'ADD') return copiedEntries(pass, one, place)
  const files = new FileView(pass.world, [], {}, place.below).from('/')
  const [user = '', group] = step.scope.user.split(':')
  const own = (user === '' ? undefined : userIn(files, user)) ?? { uid: 0, gid: 0 }
  const gid = group !== undefined && /^\d+$/.test(group) ? Number(group) : own.gid
  return workdirEntries(place.below, step.results[0] ?? '/', { uid: own.uid, gid }, pass.now)
}

/** When an address of ADD does not answer, in the words of Go's HTTP client. */
export const addressProblem = (address: string): string | undefined =>
  (!isUrl(address) && !isGit(address)) || isThere(address)
    ? undefined
    : `failed to do request: Get "${address}": dial tcp: lookup ${hostOf(address)} on 127.0.0.53:53: no such host`
