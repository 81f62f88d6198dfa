import {
  type Change,
  millisOf,
  type Plan,
  type Reason,
  same,
  stamp,
  type Tools,
  type Wish,
  type World,
} from '../../engine'
import { eventWish } from '../api/events'
import { printIndexes } from '../api/index-ranges'
import { podSpecOf } from '../api/pod-defaults'
import { COMPLETION_INDEX, type Job } from '../kinds/job'
import type { Condition } from '../kinds/meta'
import { Pod, type PodContainer, type PodSpec } from '../kinds/pod'
import { lastSpecChange, telling } from './causes'
import { positive } from './counts'
import { finishedAt, remainingBackoff } from './job-backoff'
import {
  type Count,
  countPods,
  INDEX_FAILURES,
  INDEX_IGNORED,
  indexFailures,
  indexOf,
  isFailed,
  isIndexed,
  restartedTooOften,
  TRACKING,
  tracked,
} from './job-count'
import { wellDone } from './job-policy'
import { deletePods, type Maker, makePods, mayCreate, releasePod, type Variation } from './pod-control'
import { inDeletionOrder } from './pod-ranking'
import { active } from './pods'

/** At most so many pods are made or deleted in one pass. */
const BURST = 500
const RETRY_MILLIS = 1_000
const INDEX_VARIABLE = 'JOB_COMPLETION_INDEX'

/** How a Job ends: the condition that comes first, with its reason. */
interface End {
  readonly type: 'FailureTarget' | 'SuccessCriteriaMet'
  readonly reason: string
  readonly message: string
}

/** One pass over one Job. After syncJob in pkg/controller/job/job_controller.go. */
export class JobPass {
  readonly #head: Change<Job>
  readonly #job: Job
  readonly #name: string
  readonly #world: World
  readonly #tools: Tools
  readonly #pods: readonly Change<Pod>[]
  readonly #count: Count
  readonly #changes: Wish[] = []
  #conditions: readonly Condition[]
  #startTime: string | undefined
  #again: number | undefined
  /** Pods after this pass. */
  #active: number
  #terminating: number
  #failed: number

  constructor(head: Change<Job>, name: string, world: World, tools: Tools) {
    this.#head = head
    this.#job = head.value
    this.#name = name
    this.#world = world
    this.#tools = tools
    this.#pods = world.list(Pod, { controller: head.value.metadata.uid })
    this.#count = countPods(head.value, this.#pods)
    this.#conditions = head.value.status.conditions ?? []
    this.#active = this.#count.active.length
    this.#terminating = this.#count.terminating
    this.#failed = this.#count.failed
    this.#startTime = head.value.status.startTime ?? (head.value.spec.suspend ? undefined : stamp(world.now))
  }

  plan(): Plan {
    const deleting = this.#job.metadata.deletionTimestamp !== undefined
    let end = this.#end()
    if (end) this.#stopAll()
    else {
      if (!deleting) this.#manage()
      end = this.#completed()
      if (!end && !deleting) this.#suspension()
    }
    this.#settle(end)
    return { changes: this.#changes, ...(this.#again === undefined ? {} : { again: this.#again }) }
  }

  #wait(millis: number): void {
    this.#again = Math.min(this.#again ?? millis, millis)
  }

  #because(id: string, values: Reason['values'] = {}, of: readonly number[] = []): Reason {
    return {
      id: `kubernetes/job-${id}`,
      values: { name: this.#job.metadata.name, ...(values as object) },
      of: [...of, lastSpecChange(this.#head)],
    }
  }

  #maker(because: Reason): Maker {
    return { owner: this.#job, component: this.#name, because, world: this.#world, tools: this.#tools }
  }

  #event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    const because = this.#because('event', { message })
    this.#changes.push(
      eventWish(this.#world, this.#tools, { about: this.#job, type, reason, message, component: this.#name, because }),
    )
  }

  /** Why the Job is to end, if it is; what was decided before stays decided. */
  #end(): End | undefined {
    const decided = this.#conditions.find(
      ({ type, status }) => (type === 'FailureTarget' || type === 'SuccessCriteriaMet') && status === 'True',
    )
    if (decided)
      return { type: decided.type as End['type'], reason: decided.reason ?? '', message: decided.message ?? '' }
    const { spec } = this.#job
    const { failure, failed, done, givenUp } = this.#count
    const fail = (reason: string, message: string): End => ({ type: 'FailureTarget', reason, message })
    if (failure !== undefined) return fail('PodFailurePolicy', failure)
    if (failed > spec.backoffLimit || restartedTooOften(this.#job, this.#pods))
      return fail('BackoffLimitExceeded', 'Job has reached the specified backoff limit')
    const left = this.#untilDeadline()
    if (left !== undefined && left <= 0)
      return fail('DeadlineExceeded', 'Job was active longer than specified deadline')
    if (left !== undefined) this.#wait(left)
    if (!isIndexed(this.#job)) return undefined
    if (spec.backoffLimitPerIndex !== undefined) {
      if (spec.maxFailedIndexes !== undefined && givenUp.size > spec.maxFailedIndexes)
        return fail('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes')
      if (givenUp.size > 0 && givenUp.size + done.size >= (spec.completions ?? 0))
        return fail('FailedIndexes', 'Job has failed indexes')
    }
    const message = wellDone(spec, done)
    return message === undefined ? undefined : { type: 'SuccessCriteriaMet', reason: 'SuccessPolicy', message }
  }

  #untilDeadline(): number | undefined {
    const { activeDeadlineSeconds, suspend } = this.#job.spec
    const start = millisOf(this.#startTime)
    if (activeDeadlineSeconds === undefined || suspend || start === undefined) return undefined
    return start + activeDeadlineSeconds * 1000 - this.#world.now
  }

  #completed(): End | undefined {
    const { completions } = this.#job.spec
    const { succeeded } = this.#count
    const complete = this.#active === 0 && (completions === undefined ? succeeded > 0 : succeeded >= completions)
    return complete
      ? {
          type: 'SuccessCriteriaMet',
          reason: 'CompletionsReached',
          message: 'Reached expected number of succeeded pods',
        }
      : undefined
  }

  /** The Job ends: what still runs is deleted, and counts as failed. */
  #stopAll(): void {
    const because = this.#because('ends')
    const living = this.#count.active
    this.#changes.push(...deletePods(this.#maker(because), living))
    const gone = living.filter(({ value }) => tracked(value))
    this.#failed += gone.length
    this.#active -= living.length
    this.#terminating += living.filter(({ value }) => value.spec.nodeName !== undefined).length
    for (const pod of gone) this.#untrack(pod)
  }

  /** Takes the finalizer off a pod that this pass deletes as well: both in one write. */
  #untrack(pod: Change<Pod>): void {
    const at = this.#changes.findIndex(({ key }) => key === pod.key)
    const value = at < 0 ? pod.value : (this.#changes[at]!.value as Pod)
    const because = at < 0 ? this.#because('counted-pod', { pod: pod.value.metadata.name }) : this.#changes[at]!.because
    const wish = releasePod({ ...pod, value }, TRACKING, because)
    if (at < 0) this.#changes.push(wish)
    else this.#changes[at] = { ...wish, quiet: false }
  }

  /** Starts and deletes pods. After manageJob. */
  #manage(): void {
    const { spec } = this.#job
    const { succeeded, terminating } = this.#count
    if (spec.suspend) {
      this.#drop(this.#count.active, 'suspended')
      return
    }
    const active = this.#count.active.length
    const wanted =
      spec.completions === undefined
        ? succeeded > 0
          ? active
          : spec.parallelism
        : Math.min(Math.max(0, spec.completions - succeeded), spec.parallelism)
    if (active > wanted) {
      const ranked = inDeletionOrder(this.#count.active, new Map(), this.#world.now)
      this.#drop(ranked.slice(0, Math.min(active - wanted, BURST)), 'surplus')
      return
    }
    const missing = wanted - active - (spec.podReplacementPolicy === 'Failed' ? terminating : 0)
    if (missing > 0 && mayCreate(this.#job, this.#world)) this.#create(Math.min(missing, BURST))
  }

  /** Pods that are not wanted now: they are let go uncounted. */
  #drop(pods: readonly Change<Pod>[], why: string): void {
    this.#changes.push(...deletePods(this.#maker(this.#because(why)), pods))
    for (const pod of pods) if (tracked(pod.value)) this.#untrack(pod)
    this.#active -= pods.length
    this.#terminating += pods.filter(({ value }) => value.spec.nodeName !== undefined).length
  }

  #create(count: number): void {
    const { spec, metadata } = this.#job
    const perIndex = spec.backoffLimitPerIndex !== undefined
    const wait = perIndex ? 0 : remainingBackoff(this.#count.row, this.#world.now)
    if (wait > 0) {
      this.#wait(wait)
      return
    }
    const indexes = isIndexed(this.#job) ? this.#freeIndexes(count) : undefined
    const number = indexes ? indexes.length : count
    if (number === 0) return
    const lost = telling(
      this.#tools,
      this.#world,
      ({ key, value }) =>
        key.startsWith('kubernetes/Pod/') && (value === undefined || isFailed(this.#job, value as Pod)),
    )
    const values = {
      failures: this.#count.row.failures,
      succeeded: this.#count.succeeded,
      wanted: spec.completions ?? 1,
    }
    const because = this.#because(lost === undefined ? 'wanted' : 'retried', values, lost === undefined ? [] : [lost])
    const base = podSpecOf(spec.template)
    const made = makePods(this.#maker(because), spec.template, number, (i): Variation => {
      if (!indexes) return { finalizers: [TRACKING] }
      const index = indexes[i]!
      const text = { [COMPLETION_INDEX]: String(index) }
      return {
        stem: `${metadata.name}-${index}`,
        labels: text,
        annotations: { ...text, ...this.#failuresOf(index) },
        finalizers: [TRACKING],
        spec: withIndex(base, `${metadata.name}-${index}`),
      }
    })
    this.#changes.push(...made.changes)
    this.#active += made.made
    if (made.refusal !== undefined) this.#wait(RETRY_MILLIS)
  }

  /** The lowest indexes that are not done, given up or at work; with limits of their own they wait by themselves. After firstPendingIndexes. */
  #freeIndexes(count: number): readonly number[] {
    const { completions = 0, backoffLimitPerIndex, podReplacementPolicy } = this.#job.spec
    const { done, givenUp } = this.#count
    const busy = new Set<number | undefined>()
    for (const { value } of this.#pods) {
      const ending = value.metadata.deletionTimestamp !== undefined && podReplacementPolicy === 'Failed'
      const over = value.status.phase === 'Succeeded' || value.status.phase === 'Failed'
      if (active(value) || (ending && !over)) busy.add(indexOf(value))
    }
    const free: number[] = []
    for (let index = 0; index < completions && free.length < count; index++) {
      if (done.has(index) || givenUp.has(index) || busy.has(index)) continue
      const last = backoffLimitPerIndex === undefined ? undefined : this.#lastFailed(index)
      const { counted } = last ? indexFailures(this.#job, last) : { counted: 0 }
      const wait =
        last && counted > 0 ? remainingBackoff({ failures: counted, last: finishedAt(last) }, this.#world.now) : 0
      if (wait > 0) this.#wait(wait)
      else free.push(index)
    }
    return free
  }

  #lastFailed(index: number): Pod | undefined {
    let last: Pod | undefined
    for (const { value } of this.#pods) if (indexOf(value) === index && isFailed(this.#job, value)) last = value
    return last
  }

  /** A new pod of an index bears how often it has failed before. */
  #failuresOf(index: number): Readonly<Record<string, string>> {
    if (this.#job.spec.backoffLimitPerIndex === undefined) return {}
    const last = this.#lastFailed(index)
    const { counted, ignored } = last ? indexFailures(this.#job, last) : { counted: 0, ignored: 0 }
    return { [INDEX_FAILURES]: String(counted), ...(ignored > 0 ? { [INDEX_IGNORED]: String(ignored) } : {}) }
  }

  #suspension(): void {
    const present = this.#conditions.find(({ type }) => type === 'Suspended')
    if (this.#job.spec.suspend) {
      if (present?.status === 'True') return
      this.#condition('Suspended', 'True', 'JobSuspended', 'Job suspended')
      this.#event('Normal', 'Suspended', 'Job suspended')
    } else if (present?.status === 'True') {
      this.#condition('Suspended', 'False', 'JobResumed', 'Job resumed')
      this.#event('Normal', 'Resumed', 'Job resumed')
      this.#startTime = stamp(this.#world.now)
    }
  }

  #condition(type: string, status: 'True' | 'False', reason: string, message: string): void {
    const time = stamp(this.#world.now)
    const next: Condition = { type, status, reason, message, lastProbeTime: time, lastTransitionTime: time }
    const present = this.#conditions.find((one) => one.type === type)
    this.#conditions = present
      ? this.#conditions.map((one) => (one === present ? next : one))
      : [...this.#conditions, next]
  }

  /** Counts what has ended, writes the status, and ends the Job once no pod is left. */
  #settle(end: End | undefined): void {
    for (const pod of this.#count.fresh) this.#untrack(pod)
    let completionTime: string | undefined
    if (end) {
      if (!this.#conditions.some(({ type }) => type === end.type))
        this.#condition(end.type, 'True', end.reason, end.message)
      if (this.#terminating === 0) completionTime = this.#finish(end)
    }
    const { spec, status } = this.#job
    const next: Job['status'] = {
      ...(isIndexed(this.#job) && this.#count.done.size > 0
        ? { completedIndexes: printIndexes(this.#count.done) }
        : {}),
      ...(completionTime === undefined ? {} : { completionTime }),
      ...(this.#conditions.length > 0 ? { conditions: this.#conditions } : {}),
      ...positive({ active: this.#active, failed: this.#failed }),
      ...(spec.backoffLimitPerIndex === undefined ? {} : { failedIndexes: printIndexes(this.#count.givenUp) }),
      ready: this.#active === 0 ? 0 : this.#count.ready,
      ...(this.#startTime === undefined ? {} : { startTime: this.#startTime }),
      ...positive({ succeeded: this.#count.succeeded }),
      terminating: this.#terminating,
      uncountedTerminatedPods: {},
    }
    if (same(next, status)) return
    const told = telling(this.#tools, this.#world, ({ key }) => key.startsWith('kubernetes/Pod/'))
    const values = {
      active: this.#active,
      succeeded: this.#count.succeeded,
      failed: this.#failed,
      message: end?.message ?? '',
    }
    const step = completionTime !== undefined ? 'complete' : end ? 'ending' : 'counted'
    const because = this.#because(step, values, told === undefined ? [] : [told])
    this.#changes.push({
      key: this.#head.key,
      value: { ...this.#job, status: next },
      because,
      quiet: end === undefined && this.#failed === (status.failed ?? 0),
    })
  }

  #finish({ type, reason, message }: End): string | undefined {
    if (type === 'FailureTarget') {
      this.#condition('Failed', 'True', reason, message)
      this.#event('Warning', reason, message)
      return undefined
    }
    const { completions } = this.#job.spec
    if (completions !== undefined && this.#count.succeeded > completions)
      this.#event('Warning', 'TooManySucceededPods', 'Too many succeeded pods running after completion count reached')
    this.#condition('Complete', 'True', reason, message)
    this.#event('Normal', 'Completed', 'Job completed')
    return stamp(this.#world.now)
  }
}

/** The spec of an indexed Job's pod: it knows its index, and its host is called after it. */
function withIndex(spec: PodSpec, hostname: string): PodSpec {
  const variable = {
    name: INDEX_VARIABLE,
    valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${COMPLETION_INDEX}']` } },
  }
  const known = (container: PodContainer): PodContainer =>
    container.env?.some(({ name }) => name === INDEX_VARIABLE)
      ? container
      : { ...container, env: [...(container.env ?? []), variable] }
  return {
    ...spec,
    hostname,
    containers: spec.containers.map(known),
    ...(spec.initContainers ? { initContainers: spec.initContainers.map(known) } : {}),
  }
}
