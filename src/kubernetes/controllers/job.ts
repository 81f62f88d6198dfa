import type { Change, Controller, Key, Plan, Reason, Tools, World } from '../../engine'
import { labelsMatch } from '../api/label-selector'
import { Job, jobFinished } from '../kinds/job'
import { controllerOf } from '../kinds/meta'
import { Pod } from '../kinds/pod'
import { adopted, released } from './claim-pods'
import { TRACKING, tracked } from './job-count'
import { JobPass } from './job-pass'
import { releasePod } from './pod-control'

const NAME = 'job-controller'
const PASS_MILLIS = 5
/** News of pods are gathered for so long before a Job is looked at. */
const BATCH_MILLIS = 1_000

/**
 * Starts pods for a Job until so many have ended well, and counts each pod that ends once: it bears a finalizer until it has been
 * counted. After pkg/controller/job. Simplified: counting and the removal of the finalizer are one write, so that
 * status.uncountedTerminatedPods stays empty; failures in a row are counted over the pods that are still there.
 */
export const jobController: Controller = {
  name: NAME,
  about: 'starts pods for a Job until so many have ended well',
  watches: [
    { kind: Job, wake: own, after: PASS_MILLIS },
    { kind: Pod, wake: ownerOf, after: BATCH_MILLIS },
  ],
  reconcile(about, world, tools) {
    if (about.startsWith('orphan ')) return letGo(about.slice(7) as Key<Pod>, world)
    const head = world.head(about as Key<Job>)
    return head && sync(head, world, tools)
  },
}

/** A Job that is gone or over does not count its pods any more. */
function own(change: Change<Job>, world: World): readonly string[] | string {
  if (change.value !== undefined && !jobFinished(change.value)) return change.key
  return world.list(Pod, { controller: change.uid }).flatMap((pod) => (tracked(pod.value) ? `orphan ${pod.key}` : []))
}

function ownerOf(change: Change<Pod>, world: World): readonly string[] | string | undefined {
  const pod: Pod = change.value ?? change.previous?.value
  const { namespace, labels } = pod.metadata
  const owner = controllerOf(pod)
  if (owner && owner.kind !== 'Job') return undefined
  const jobs = owner ? [] : world.list(Job, { scope: namespace! })
  if (owner) {
    const job = world.get(Job.key(namespace!, owner.name))
    if (job?.metadata.uid === owner.uid && !jobFinished(job)) return Job.key(namespace!, owner.name)
  }
  const orphan = change.value !== undefined && tracked(pod) ? [`orphan ${change.key}`] : []
  return [
    ...orphan,
    ...jobs
      .filter(({ value }) => labels !== undefined && labelsMatch(value.spec.selector, labels))
      .map(({ key }) => key),
  ]
}

/** Takes the finalizer off a pod whose Job is gone or over. */
function letGo(key: Key<Pod>, world: World): Plan | undefined {
  const pod = world.head(key)
  if (!pod || !tracked(pod.value)) return undefined
  const owner = pod.value.metadata.ownerReferences?.find((one) => one.controller && one.kind === 'Job')
  const job = owner && world.get(Job.key(pod.value.metadata.namespace!, owner.name))
  if (job && job.metadata.uid === owner.uid && !jobFinished(job)) return undefined
  const because: Reason = { id: 'kubernetes/job-pod-let-go', values: { pod: pod.value.metadata.name } }
  return { changes: [releasePod(pod, TRACKING, because)] }
}

function sync(head: Change<Job>, world: World, tools: Tools): Plan | undefined {
  const job = head.value
  if (jobFinished(job) || (job.spec.managedBy ?? 'kubernetes.io/job-controller') !== 'kubernetes.io/job-controller')
    return undefined
  const selects = (labels: Readonly<Record<string, string>>) => labelsMatch(job.spec.selector, labels)
  const deleting = job.metadata.deletionTimestamp !== undefined
  const claims = deleting ? [] : [...released(head, selects, world), ...adopted(head, selects, world)]
  if (claims.length > 0) return { changes: claims, again: 1 }
  return new JobPass(head, NAME, world, tools).plan()
}
