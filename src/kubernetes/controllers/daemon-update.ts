import { scaledValue } from '../api/int-or-percent'

/** A pod of a daemon on some node, as the rolling update sees it. */
export interface DaemonPod {
  readonly updated: boolean
  readonly available: boolean
  readonly deleting: boolean
}

export interface DaemonNode<P extends DaemonPod> {
  readonly name: string
  readonly pods: readonly P[]
}

export interface DaemonStep<P> {
  readonly remove: readonly P[]
  /** Nodes that get a new pod beside their old one. */
  readonly create: readonly string[]
}

/** On how many of `desired` nodes the pod may be missing or doubled; shares are rounded up. After updatedDesiredNodeCounts. */
export function daemonLimits(
  rolling: { readonly maxUnavailable?: number | string; readonly maxSurge?: number | string } | undefined,
  desired: number,
): { readonly surge: number; readonly unavailable: number } {
  const surge = scaledValue(rolling?.maxSurge ?? 0, desired, 'up') ?? 0
  const unavailable = scaledValue(rolling?.maxUnavailable ?? 1, desired, 'up') ?? 1
  return surge === 0 && unavailable === 0 && desired > 0 ? { surge, unavailable: 1 } : { surge, unavailable }
}

/**
 * What a rolling update does next: old pods that are not available go at once, others as long as not too many nodes are without;
 * with surge the new pod comes first, and the old one goes when the new one is available. After rollingUpdate in
 * pkg/controller/daemon/update.go.
 */
export function daemonStep<P extends DaemonPod>(
  nodes: readonly DaemonNode<P>[],
  { surge, unavailable }: { readonly surge: number; readonly unavailable: number },
): DaemonStep<P> {
  return surge > 0 ? surgeStep(nodes, surge) : replaceStep(nodes, unavailable)
}

/** The new and the old pod of a node; undefined: more than one of a sort, which is for others to clear up. */
function pairOf<P extends DaemonPod>(pods: readonly P[]): { readonly fresh?: P; readonly old?: P } | undefined {
  const living = pods.filter(({ deleting }) => !deleting)
  const fresh = living.filter(({ updated }) => updated)
  const old = living.filter(({ updated }) => !updated)
  if (fresh.length > 1 || old.length > 1) return undefined
  return { ...(fresh[0] && { fresh: fresh[0] }), ...(old[0] && { old: old[0] }) }
}

function replaceStep<P extends DaemonPod>(nodes: readonly DaemonNode<P>[], most: number): DaemonStep<P> {
  let missing = 0
  const broken: P[] = []
  const candidates: P[] = []
  for (const { pods } of nodes) {
    const pair = pairOf(pods)
    if (!pair || (pair.fresh === undefined) === (pair.old === undefined)) missing++
    else if (pair.fresh) {
      if (!pair.fresh.available) missing++
    } else if (!pair.old!.available) broken.push(pair.old!)
    else candidates.push(pair.old!)
  }
  return { remove: [...broken, ...candidates.slice(0, Math.max(0, most - missing))], create: [] }
}

function surgeStep<P extends DaemonPod>(nodes: readonly DaemonNode<P>[], most: number): DaemonStep<P> {
  let doubled = 0
  const remove: P[] = []
  const broken: string[] = []
  const candidates: string[] = []
  for (const { name, pods } of nodes) {
    const pair = pairOf(pods)
    if (!pair) doubled++
    else if (!pair.old) continue
    else if (pair.fresh) {
      if (pair.fresh.available) remove.push(pair.old)
      else doubled++
    } else if (!pair.old.available) broken.push(name)
    else candidates.push(name)
  }
  return { remove, create: [...broken, ...candidates.slice(0, Math.max(0, most - doubled))] }
}
