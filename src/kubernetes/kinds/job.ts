import { defineKind } from '../../engine/kind'
import { type Condition, controllerUid, type KubeObject, type LabelSelector, ownerUids } from './meta'
import type { PodTemplateSpec } from './pod'

export interface PodFailurePolicyRule {
  readonly action: 'FailJob' | 'FailIndex' | 'Ignore' | 'Count'
  readonly onExitCodes?: {
    readonly containerName?: string
    readonly operator: 'In' | 'NotIn'
    readonly values: readonly number[]
  }
  readonly onPodConditions?: readonly { readonly type: string; readonly status?: string }[]
}

export interface JobSpec {
  readonly parallelism: number
  readonly completions?: number
  readonly completionMode: 'NonIndexed' | 'Indexed'
  readonly backoffLimit: number
  readonly backoffLimitPerIndex?: number
  readonly maxFailedIndexes?: number
  readonly activeDeadlineSeconds?: number
  readonly ttlSecondsAfterFinished?: number
  readonly suspend: boolean
  readonly podReplacementPolicy: 'TerminatingOrFailed' | 'Failed'
  readonly podFailurePolicy?: { readonly rules: readonly PodFailurePolicyRule[] }
  readonly successPolicy?: {
    readonly rules: readonly { readonly succeededIndexes?: string; readonly succeededCount?: number }[]
  }
  readonly manualSelector?: boolean
  readonly managedBy?: string
  readonly selector: LabelSelector
  readonly template: PodTemplateSpec
}

export interface Job extends KubeObject {
  readonly spec: JobSpec
  readonly status: {
    readonly startTime?: string
    readonly completionTime?: string
    readonly active?: number
    readonly ready?: number
    readonly terminating?: number
    readonly succeeded?: number
    readonly failed?: number
    readonly completedIndexes?: string
    readonly failedIndexes?: string
    readonly uncountedTerminatedPods?: {
      readonly succeeded?: readonly string[]
      readonly failed?: readonly string[]
    }
    readonly conditions?: readonly Condition[]
  }
}
export const Job = defineKind<Job>('kubernetes/Job', {
  about: 'runs pods until so many of them have ended well',
  indexes: { controller: controllerUid, owner: ownerUids, uid: (job) => job.metadata.uid },
})

export const COMPLETION_INDEX = 'batch.kubernetes.io/job-completion-index'

const ended = (job: Job, type: string): Condition | undefined =>
  job.status.conditions?.find((one) => one.type === type && one.status === 'True')

/** The condition that says that a Job is over: Complete or Failed. */
export const jobFinished = (job: Job): Condition | undefined => ended(job, 'Complete') ?? ended(job, 'Failed')
