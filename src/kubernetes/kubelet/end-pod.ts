import { type Reason, stamp } from '../../engine'
import { Sandbox } from '../../platform/container/container'
import type { PodContainer } from '../kinds/pod'
import { closeHostPorts } from './host-ports'
import type { Pass } from './pass'
import { endedStatus } from './pod-status'
import { endContainer } from './stop-container'
import { sweepVolumes } from './volumes'

/** From the end of the last container to the pod's removal: volumes, cgroups, the last status. */
const SWEEP_MILLIS = [120, 500] as const

/**
 * Moves all containers of the pod towards their end: first the others at once, then the sidecars in reverse order, each when
 * those after it are gone. They share one grace period, which began `since`. True: none is left. After killContainersWithSyncResult.
 */
export function endContainers(
  pass: Pass,
  given: { readonly since: number; readonly graceMillis: number; readonly because: Reason },
): boolean {
  const { since, because } = given
  const { containers, initContainers = [] } = pass.pod.spec
  const graceMillis = Math.max(0, since + given.graceMillis - pass.world.now)
  const isSidecar = (spec: PodContainer) => spec.restartPolicy === 'Always'
  let ended = true
  for (const spec of [...containers, ...initContainers.filter((one) => !isSidecar(one))])
    if (!endContainer(pass, spec, { graceMillis, because })) ended = false
  for (let i = initContainers.length - 1; i >= 0; i--) {
    const spec = initContainers[i]!
    if (!isSidecar(spec)) continue
    // whoever waits longer than the grace period waits no more
    if (!ended && graceMillis > 0) {
      pass.wait(graceMillis)
      return false
    }
    if (!endContainer(pass, spec, { graceMillis, because })) ended = false
  }
  return ended
}

/** The pod has been deleted: its containers are ended, and what is left of it is swept away. */
export function endPod(pass: Pass): void {
  const { pod, world, machine } = pass
  const graceSeconds = pod.metadata.deletionGracePeriodSeconds ?? 30
  const because: Reason = {
    id: 'kubernetes/pod-ending',
    values: { pod: pod.metadata.name, grace: graceSeconds },
    of: [deletion(pass)],
  }
  if (pass.work.ending === undefined) pass.work = { ...pass.work, ending: { since: world.now, sweepAt: undefined } }
  const { since } = pass.work.ending!
  if (!endContainers(pass, { since, graceMillis: graceSeconds * 1000, because })) return
  noteEnds(pass)
  const [least, most] = SWEEP_MILLIS
  const sweepAt = pass.work.ending!.sweepAt ?? world.now + Math.round(least + (most - least) * pass.draw('sweep', 0))
  if (world.now < sweepAt) {
    pass.work = { ...pass.work, ending: { ...pass.work.ending!, sweepAt } }
    pass.wait(sweepAt - world.now)
    return
  }
  if (!pass.online) return
  const gone: Reason = {
    id: 'kubernetes/pod-gone',
    values: { pod: pod.metadata.name, node: machine.name },
    of: [deletion(pass)],
  }
  pass.changes.length = 0
  const finalizers = pod.metadata.finalizers ?? []
  const confirmed = pod.metadata.deletionGracePeriodSeconds === 0
  if (finalizers.length === 0) pass.changes.push({ key: pass.head.key, value: undefined, because: gone })
  else if (!confirmed || (pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed')) {
    // what holds it lets it go later; one that was deleted by force still has to be told of as over
    const deleted = { deletionTimestamp: stamp(world.now), deletionGracePeriodSeconds: 0 }
    const metadata = confirmed ? pod.metadata : { ...pod.metadata, ...deleted }
    pass.changes.push({ key: pass.head.key, value: { ...pod, metadata, status: endedStatus(pod) }, because: gone })
  }
  sweep(pass, gone)
}

/** Takes note of containers that have ended and are not started again. */
export function noteEnds(pass: Pass): void {
  for (const spec of [...pass.pod.spec.containers, ...(pass.pod.spec.initContainers ?? [])]) {
    const { id, noted } = pass.of(spec.name)
    if (pass.container(id) && !noted) pass.set(spec.name, { noted: true, startedSeen: true, waiting: undefined })
  }
}

/** The change that set the deletionTimestamp. */
export function deletion(pass: Pass): number {
  let change = pass.head
  while (
    change.previous &&
    change.previous.uid === change.uid &&
    change.previous.value?.metadata.deletionTimestamp !== undefined
  )
    change = change.previous
  return change.revision
}

/** Takes the pod's containers, sandbox, volumes and record off the machine. */
export function sweep(pass: Pass, because: Reason): void {
  for (const { id, lastId } of Object.values(pass.work.containers)) {
    for (const one of [id, lastId]) if (one !== undefined) pass.dropContainer(one, because)
  }
  for (const sandbox of pass.world.list(Sandbox, { owner: pass.work.uid })) {
    if (sandbox.value.machine !== pass.machine.name) continue
    pass.changes.push({ key: sandbox.key, value: undefined, because, quiet: true })
    pass.changes.push(...closeHostPorts(pass, sandbox.value.name, because))
  }
  sweepVolumes(pass, because)
  if (pass.world.get(pass.key)) pass.changes.push({ key: pass.key, value: undefined, because, quiet: true })
}
