import { parseSchedule, zoneExists } from '../api/cron'
import { type FieldError, invalid, required, unsupported } from '../api/field-error'
import { subdomain } from '../api/name-rules'
import { CronJob } from './cronjob'
import { jobSpec } from './fields/job-fields'
import { objectMeta, objectReference, root } from './fields/meta-fields'
import { validateJobSpec } from './job-validation'
import { atLeastZero, oneOf } from './meta-validation'
import { ageOf } from './pod-cells'
import { defaultPodSpec } from './pod-defaults'
import { ALL_VERBS, type Resource } from './resource'
import { bool, choice, int, list, long, needed, object, simplified, text, time } from './schema'
import { containerCells } from './workload-cells'

const POLICIES = ['Allow', 'Forbid', 'Replace']
/** A Job's name has eleven characters more, and at most 63. */
const LONGEST_NAME = 52

export const cronJobResource: Resource<CronJob> = {
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  plural: 'cronjobs',
  singular: 'cronjob',
  shortNames: ['cj'],
  categories: ['all'],
  namespaced: true,
  verbs: ALL_VERBS,
  subresources: ['status'],
  store: CronJob,
  schema: root('CronJob', 'Starts a Job at certain times, again and again.', {
    spec: object('CronJobSpec', 'What is wanted.', {
      schedule: needed(
        text('When: minute, hour, day of the month, month, day of the week; or @hourly, @every 5m and the like.'),
      ),
      timeZone: simplified(
        text('In which time zone the schedule is meant: `Europe/Berlin`; UTC when left out.'),
        'a time that the change to summer time leaves out is an hour later',
      ),
      startingDeadlineSeconds: long('A start that is later than this is left out.'),
      concurrencyPolicy: choice(
        POLICIES,
        'When the Job before still runs: start another (Allow), leave this one out (Forbid), or delete the old one (Replace).',
      ),
      suspend: bool('While it is true nothing is started.'),
      jobTemplate: needed(
        object('JobTemplateSpec', 'What each Job looks like.', { metadata: objectMeta, spec: jobSpec }),
      ),
      successfulJobsHistoryLimit: int('How many Jobs that ended well are kept; 3 when left out.'),
      failedJobsHistoryLimit: int('How many failed Jobs are kept; 1 when left out.'),
    }),
    status: object('CronJobStatus', 'What is.', {
      active: list(objectReference('A Job.'), 'Jobs that run now.'),
      lastScheduleTime: time('When a Job was last due and started.'),
      lastSuccessfulTime: time('When a Job last ended well.'),
    }),
  }),
  nameRule: subdomain,
  counted: true,
  complete: (cron) => {
    const template = cron.spec?.jobTemplate?.spec?.template
    return {
      ...cron,
      spec: {
        concurrencyPolicy: 'Allow',
        suspend: false,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
        ...(cron.spec as Partial<CronJob['spec']>),
        ...(template && {
          jobTemplate: {
            ...cron.spec.jobTemplate,
            spec: {
              ...cron.spec.jobTemplate.spec,
              template: { ...template, spec: defaultPodSpec(template.spec ?? { containers: [] }) },
            },
          },
        }),
      } as CronJob['spec'],
    }
  },
  freshStatus: () => ({}),
  validate,
  columns: [
    { name: 'Name' },
    { name: 'Schedule' },
    { name: 'Timezone' },
    { name: 'Suspend' },
    { name: 'Active' },
    { name: 'Last Schedule' },
    { name: 'Age' },
    { name: 'Containers', wide: true },
    { name: 'Images', wide: true },
    { name: 'Selector', wide: true },
  ],
  cells: ({ metadata, spec, status }, { now }) => [
    metadata.name,
    spec.schedule,
    spec.timeZone ?? '<none>',
    spec.suspend ? 'True' : 'False',
    (status.active ?? []).length,
    status.lastScheduleTime === undefined ? '<none>' : ageOf(status.lastScheduleTime, now),
    ageOf(metadata.creationTimestamp, now),
    ...containerCells(spec.jobTemplate?.spec?.template),
    '<none>',
  ],
}

function validate({ metadata, spec }: CronJob, old: CronJob | undefined): FieldError[] {
  const errors: FieldError[] = []
  if (!old && metadata.name.length > LONGEST_NAME)
    errors.push(invalid('metadata.name', metadata.name, `must be no more than ${LONGEST_NAME} characters`))
  if (!spec.schedule) errors.push(required('spec.schedule'))
  else errors.push(...validateSchedule(spec, old))
  errors.push(...atLeastZero(spec.startingDeadlineSeconds, 'spec.startingDeadlineSeconds'))
  errors.push(...oneOf(spec.concurrencyPolicy, POLICIES, 'spec.concurrencyPolicy'))
  const job = spec.jobTemplate?.spec
  if (!job) errors.push(required('spec.jobTemplate.spec.template.spec.containers'))
  else {
    errors.push(...validateJobSpec(job, 'spec.jobTemplate.spec'))
    if (job.selector)
      errors.push(invalid('spec.jobTemplate.spec.selector', job.selector, '`selector` will be auto-generated'))
    if (job.manualSelector)
      errors.push(unsupported('spec.jobTemplate.spec.manualSelector', job.manualSelector, ['nil', 'false']))
  }
  errors.push(...atLeastZero(spec.successfulJobsHistoryLimit, 'spec.successfulJobsHistoryLimit'))
  errors.push(...atLeastZero(spec.failedJobsHistoryLimit, 'spec.failedJobsHistoryLimit'))
  return errors
}

function validateSchedule({ schedule, timeZone }: CronJob['spec'], old: CronJob | undefined): FieldError[] {
  const zone: FieldError[] = []
  if (timeZone === '') zone.push(invalid('spec.timeZone', timeZone, 'timeZone must be nil or non-empty string'))
  else if (timeZone !== undefined && timeZone.toLowerCase() === 'local')
    zone.push(
      invalid(
        'spec.timeZone',
        timeZone,
        'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
      ),
    )
  else if (timeZone !== undefined && !zoneExists(timeZone))
    zone.push(invalid('spec.timeZone', timeZone, `unknown time zone ${timeZone}`))
  if (schedule.includes('TZ') && old?.spec.schedule !== schedule) {
    const text =
      timeZone === undefined
        ? 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'
        : 'cannot use both timeZone field and TZ or CRON_TZ in schedule'
    return [invalid('spec.schedule', schedule, text), ...zone]
  }
  const parsed = parseSchedule(schedule, undefined)
  return 'error' in parsed ? [invalid('spec.schedule', schedule, parsed.error), ...zone] : zone
}
