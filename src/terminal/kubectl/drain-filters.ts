import { parseRfc3339 } from '../../engine/time'

/** What `kubectl drain` does with a pod: take it away, leave it with a warning or silently, or refuse altogether. */
export interface DrainVerdict {
  readonly goes: boolean
  readonly warning?: string
  readonly error?: string
}

export interface DrainOptions {
  readonly force: boolean
  readonly ignoreDaemonSets: boolean
  readonly deleteEmptyDirData: boolean
  /** Pods that have been ending for longer are not waited for; 0: all are. */
  readonly skipAfterSeconds: number
  /** Seconds since 1970. */
  readonly now: number
  readonly daemonSetExists: (namespace: string, name: string) => boolean
}

type Filter = (pod: any, options: DrainOptions) => DrainVerdict

const goes: DrainVerdict = { goes: true }
const stays: DrainVerdict = { goes: false }
const finished = ({ status }: any) => status.phase === 'Succeeded' || status.phase === 'Failed'
const controllerOf = ({ metadata }: any) => metadata.ownerReferences?.find((owner: any) => owner.controller)
const LONE = 'Pods that declare no controller'

const skipDeleted: Filter = ({ metadata }, { skipAfterSeconds, now }) =>
  skipAfterSeconds > 0 &&
  metadata.deletionTimestamp !== undefined &&
  now - secondsOf(metadata.deletionTimestamp) > skipAfterSeconds
    ? stays
    : goes

const daemonSets: Filter = (pod, { force, ignoreDaemonSets, daemonSetExists }) => {
  const owner = controllerOf(pod)
  if (owner?.kind !== 'DaemonSet' || finished(pod)) return goes
  if (!daemonSetExists(pod.metadata.namespace, owner.name)) {
    const error = `daemonsets.apps ${JSON.stringify(owner.name)} not found`
    return force ? { goes: true, warning: error } : { goes: false, error }
  }
  return ignoreDaemonSets
    ? { goes: false, warning: 'ignoring DaemonSet-managed Pods' }
    : { goes: false, error: 'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)' }
}

const mirrors: Filter = ({ metadata }) =>
  metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined ||
  metadata.annotations?.['kubernetes.io/config.source'] === 'file'
    ? stays
    : goes

const localData: Filter = (pod, { deleteEmptyDirData }) => {
  if (!pod.spec.volumes?.some(({ emptyDir }: any) => emptyDir !== undefined) || finished(pod)) return goes
  return deleteEmptyDirData
    ? { goes: true, warning: 'deleting Pods with local storage' }
    : { goes: false, error: 'Pods with local storage (use --delete-emptydir-data to override)' }
}

const alone: Filter = (pod, { force }) => {
  if (finished(pod) || controllerOf(pod)) return goes
  return force
    ? { goes: true, warning: `deleting ${LONE}` }
    : { goes: false, error: `cannot delete ${LONE} (use --force to override)` }
}

const filters: readonly Filter[] = [skipDeleted, daemonSets, mirrors, localData, alone]

/**
 * The filters in their order: the first that keeps the pod decides, else the last one does, so that a warning of an earlier one is
 * lost. After filterPods in kubectl/pkg/drain.
 */
export function drainVerdict(pod: any, options: DrainOptions): DrainVerdict {
  let verdict = goes
  for (const filter of filters) {
    verdict = filter(pod, options)
    if (!verdict.goes) break
  }
  return verdict
}

function secondsOf(time: string): number {
  return (parseRfc3339(time) ?? 0) / 1000
}
