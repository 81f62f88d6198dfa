import { defineKind } from '../../engine/kind'
import type { ObjectReference } from './event'
import type { JobSpec } from './job'
import { type KubeObject, ownerUids } from './meta'

export interface CronJob extends KubeObject {
  readonly spec: {
    readonly schedule: string
    readonly timeZone?: string
    readonly startingDeadlineSeconds?: number
    readonly concurrencyPolicy: 'Allow' | 'Forbid' | 'Replace'
    readonly suspend: boolean
    readonly successfulJobsHistoryLimit: number
    readonly failedJobsHistoryLimit: number
    readonly jobTemplate: {
      readonly metadata?: {
        readonly labels?: Readonly<Record<string, string>>
        readonly annotations?: Readonly<Record<string, string>>
      }
      readonly spec: JobSpec
    }
  }
  readonly status: {
    readonly active?: readonly Partial<ObjectReference>[]
    readonly lastScheduleTime?: string
    readonly lastSuccessfulTime?: string
  }
}
export const CronJob = defineKind<CronJob>('kubernetes/CronJob', {
  about: 'starts a Job at certain times',
  indexes: { owner: ownerUids, uid: (one) => one.metadata.uid },
})
export const SCHEDULED_AT = 'batch.kubernetes.io/cronjob-scheduled-timestamp'
