import {
  type Change,
  type Controller,
  type Key,
  LAB_EPOCH,
  millisOf,
  type Plan,
  type Reason,
  rfc3339,
  same,
  type Tools,
  type Wish,
  type World,
} from '../../engine'
import { eventWish, referenceTo } from '../api/events'
import { controllerReference, newMeta } from '../api/meta'
import { CronJob, SCHEDULED_AT } from '../kinds/cronjob'
import { Job, jobFinished } from '../kinds/job'
import { complete } from '../kinds/job-resource'
import { lastSpecChange } from './causes'
import { type CronDecision, cronDecision } from './cron-times'
import { deletion } from './garbage-collector'
import { mayCreate } from './pod-control'

const NAME = 'cronjob-controller'
const PASS_MILLIS = 5

/** Starts a Job when a CronJob's time has come, and deletes those of long ago. After pkg/controller/cronjob. */
export const cronJobController: Controller = {
  name: NAME,
  about: 'starts a Job when a CronJob’s time has come',
  watches: [
    { kind: CronJob, after: PASS_MILLIS },
    { kind: Job, wake: ownerOf, after: PASS_MILLIS },
  ],
  reconcile(about, world, tools) {
    const head = world.head(about as Key<CronJob>)
    return head && new Pass(head, world, tools).plan()
  },
}

function ownerOf(change: Change<Job>): string | undefined {
  const job: Job = change.value ?? change.previous?.value
  const owner = job.metadata.ownerReferences?.find((one) => one.controller && one.kind === 'CronJob')
  return owner && CronJob.key(job.metadata.namespace!, owner.name)
}

type Active = NonNullable<CronJob['status']['active']>

/** One pass over one CronJob. */
class Pass {
  readonly #head: Change<CronJob>
  readonly #cron: CronJob
  readonly #world: World
  readonly #tools: Tools
  readonly #jobs: readonly Change<Job>[]
  readonly #changes: Wish[] = []
  #active: Active

  constructor(head: Change<CronJob>, world: World, tools: Tools) {
    this.#head = head
    this.#cron = head.value
    this.#world = world
    this.#tools = tools
    this.#jobs = world.list(Job, { controller: head.value.metadata.uid })
    this.#active = head.value.status.active ?? []
  }

  plan(): Plan {
    let lastScheduleTime = this.#cron.status.lastScheduleTime
    const lastSuccessfulTime = this.#look()
    let again: number | undefined
    if (this.#cron.metadata.deletionTimestamp === undefined) {
      this.#tidy()
      const decision = this.#decision()
      again = decision.again
      for (const [type, reason, message] of decision.events) this.#event(type, reason, message)
      if (decision.start !== undefined && mayCreate(this.#cron, this.#world)) {
        if (decision.replace) this.#replace()
        this.#start(decision.start)
        lastScheduleTime = rfc3339(decision.start)
      }
    }
    const status: CronJob['status'] = {
      ...(this.#active.length > 0 ? { active: this.#active } : {}),
      ...(lastScheduleTime === undefined ? {} : { lastScheduleTime }),
      ...(lastSuccessfulTime === undefined ? {} : { lastSuccessfulTime }),
    }
    if (!same(status, this.#cron.status))
      this.#changes.push({
        key: this.#head.key,
        value: { ...this.#cron, status },
        because: this.#because('noted', { active: this.#active.length }),
        quiet: true,
      })
    return { changes: this.#changes, ...(again === undefined ? {} : { again }) }
  }

  #because(id: string, values: object = {}): Reason {
    return {
      id: `kubernetes/cron-${id}`,
      values: { name: this.#cron.metadata.name, ...values } as Reason['values'],
      of: [lastSpecChange(this.#head)],
    }
  }

  #event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    const because = this.#because('event', { message })
    this.#changes.push(
      eventWish(this.#world, this.#tools, { about: this.#cron, type, reason, message, component: NAME, because }),
    )
  }

  /** What has become of its Jobs. The time when one last ended well. */
  #look(): string | undefined {
    let newest = this.#cron.status.lastSuccessfulTime
    for (const { value: job } of this.#jobs) {
      const listed = this.#active.some(({ uid }) => uid === job.metadata.uid)
      const finished = jobFinished(job)
      if (!listed && !finished)
        this.#event(
          'Warning',
          'UnexpectedJob',
          `Saw a job that the controller did not create or forgot: ${job.metadata.name}`,
        )
      if (listed && finished) {
        this.#active = this.#active.filter(({ uid }) => uid !== job.metadata.uid)
        this.#event('Normal', 'SawCompletedJob', `Saw completed job: ${job.metadata.name}, condition: ${finished.type}`)
      }
      const done = finished?.type === 'Complete' ? job.status.completionTime : undefined
      if (done !== undefined && (newest === undefined || newest < done)) newest = done
    }
    for (const { name = '', uid } of this.#active) {
      const job = this.#world.get(Job.key(this.#cron.metadata.namespace!, name))
      if (job?.metadata.uid === uid) continue
      this.#active = this.#active.filter((one) => one.uid !== uid)
      this.#event('Normal', 'MissingJob', `Active job went missing: ${name}`)
    }
    return newest
  }

  /** Jobs that are over, beyond the limits: the oldest first. After cleanupFinishedJobs. */
  #tidy(): void {
    const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = this.#cron.spec
    for (const [type, limit] of [
      ['Complete', successfulJobsHistoryLimit],
      ['Failed', failedJobsHistoryLimit],
    ] as const) {
      const over = this.#jobs.filter(({ value }) => jobFinished(value)?.type === type)
      const byStart = over.slice().sort((a, b) => startOf(a.value) - startOf(b.value) || a.born - b.born)
      for (const job of byStart.slice(0, Math.max(0, over.length - limit)))
        this.#delete(job, this.#because('history', { limit, type }))
    }
  }

  #delete(job: Change<Job>, because: Reason): void {
    const wish = deletion(job, this.#world, because)
    if (!wish) return
    this.#changes.push(wish)
    this.#event('Normal', 'SuccessfulDelete', `Deleted job ${job.value.metadata.name}`)
  }

  #nameOf = (time: number) => `${this.#cron.metadata.name}-${Math.floor(time / 60_000)}`

  #decision(): CronDecision {
    const { spec, metadata, status } = this.#cron
    const of = (time: string | undefined) => {
      const millis = millisOf(time)
      return millis === undefined ? undefined : millis + LAB_EPOCH
    }
    return cronDecision(
      spec,
      {
        created: of(metadata.creationTimestamp)!,
        last: of(status.lastScheduleTime),
        now: this.#world.now + LAB_EPOCH,
        active: this.#active.length,
        deadlineSeconds: spec.startingDeadlineSeconds,
      },
      (time) => this.#active.some(({ name }) => name === this.#nameOf(time)),
    )
  }

  #replace(): void {
    for (const job of this.#jobs)
      if (this.#active.some(({ uid }) => uid === job.value.metadata.uid)) this.#delete(job, this.#because('replaced'))
    this.#active = []
  }

  #start(time: number): void {
    const { jobTemplate } = this.#cron.spec
    const name = this.#nameOf(time)
    const key = Job.key(this.#cron.metadata.namespace!, name)
    if (this.#world.get(key)) return
    const { labels, annotations } = jobTemplate.metadata ?? {}
    const because = this.#because('due', { schedule: this.#cron.spec.schedule, time: rfc3339(time) })
    const job = complete({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: newMeta(this.#tools, key, this.#world.now, {
        generation: 1,
        ...(labels ? { labels } : {}),
        annotations: { ...annotations, [SCHEDULED_AT]: rfc3339(time) },
        ownerReferences: [controllerReference(this.#cron)],
      }),
      spec: jobTemplate.spec,
      status: {},
    })
    this.#changes.push({ key, value: job, because })
    this.#active = [...this.#active, referenceTo(job)]
    this.#event('Normal', 'SuccessfulCreate', `Created job ${name}`)
  }
}

const startOf = ({ status, metadata }: Job): number => millisOf(status.startTime ?? metadata.creationTimestamp) ?? 0
