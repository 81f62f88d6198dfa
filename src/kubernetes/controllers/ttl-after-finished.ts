import { type Controller, type Key, millisOf, type Reason } from '../../engine'
import { Job, jobFinished } from '../kinds/job'
import { deletion } from './garbage-collector'

const NAME = 'ttl-after-finished-controller'

/** Deletes Jobs so long after their end as they say; their pods follow. After pkg/controller/ttlafterfinished. */
export const ttlAfterFinished: Controller = {
  name: NAME,
  about: 'deletes Jobs some time after their end',
  watches: [
    {
      kind: Job,
      wake: ({ value, key }) =>
        value?.spec.ttlSecondsAfterFinished !== undefined && jobFinished(value) ? key : undefined,
    },
  ],
  reconcile(about, world) {
    const head = world.head(about as Key<Job>)
    const finished = head && jobFinished(head.value)
    const seconds = head?.value.spec.ttlSecondsAfterFinished
    if (!finished || seconds === undefined || head.value.metadata.deletionTimestamp !== undefined) return undefined
    const left = (millisOf(finished.lastTransitionTime) ?? world.now) + seconds * 1000 - world.now
    if (left > 0) return { again: left }
    const because: Reason = {
      id: 'kubernetes/job-outlived',
      values: { name: head.value.metadata.name, seconds },
      of: [head.revision],
    }
    const wish = deletion(head, world, because, 'Foreground')
    return wish && { changes: [wish] }
  },
}
