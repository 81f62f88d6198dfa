import { fail } from '../../cli/failure'
import { text } from '../../cli/flags'
import { type Command, done, type Run } from '../command'
import { createObject, creating, oneName } from '../create-object'
import { getOne, mustResource, targetsOf } from '../resource-args'

const commandOf = (run: Run): readonly string[] => (run.dash >= 0 ? run.args.slice(run.dash) : [])

export const createJob: Command = {
  name: 'job',
  about: 'Create a job with the specified name',
  usage: 'NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]',
  examples: ['kubectl create job once --image=busybox:1.36 -- date', 'kubectl create job now --from=cronjob/nightly'],
  flags: [
    ...creating,
    text('image', 'The image to run.'),
    text('from', 'A CronJob whose Job is wanted now: cronjob/nightly.'),
  ],
  run(run) {
    const name = oneName(run)
    const [image, from] = [run.value('image') ?? '', run.value('from') ?? '']
    const command = commandOf(run)
    if ((image === '') === (from === '')) fail('error: either --image or --from must be specified')
    if (command.length > 0 && from !== '') fail('error: cannot specify --from and command')
    createObject(run, mustResource('jobs'), from === '' ? jobOf(name, image, command) : jobFrom(run, name, from), 'job')
    return done
  },
}

const jobOf = (name: string, image: string, command: readonly string[]) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: {
    template: {
      metadata: {},
      spec: {
        containers: [{ name, image, resources: {}, ...(command.length > 0 && { command }) }],
        restartPolicy: 'Never',
      },
    },
  },
  status: {},
})

function jobFrom(run: Run, name: string, from: string): any {
  const [target] = targetsOf([from])
  if (target?.resource.kind !== 'CronJob' || target.names.length !== 1)
    return fail('error: from must be an existing cronjob')
  const cron = getOne(run, target.resource, target.names[0]!)
  const { metadata, spec } = cron.spec.jobTemplate
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...metadata?.annotations },
      ...(metadata?.labels && { labels: metadata.labels }),
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'CronJob', name: cron.metadata.name, uid: cron.metadata.uid, controller: true },
      ],
    },
    spec,
    status: {},
  }
}

export const createCronJob: Command = {
  name: 'cronjob',
  aliases: ['cj'],
  about: 'Create a cron job with the specified name',
  usage: "NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags]",
  examples: ["kubectl create cronjob hello --image=busybox:1.36 --schedule='*/1 * * * *' -- date"],
  flags: [
    ...creating,
    text('image', 'The image to run.'),
    text('schedule', 'When, in five fields.'),
    text('restart', 'The restart policy of its pods: OnFailure or Never.', { initial: 'OnFailure' }),
  ],
  run(run) {
    const name = oneName(run)
    const missing = ['image', 'schedule'].filter((flag) => (run.value(flag) ?? '') === '')
    if (missing.length > 0)
      fail(`error: required flag(s) ${missing.map((flag) => JSON.stringify(flag)).join(', ')} not set`)
    const command = commandOf(run)
    const container = { name, image: run.value('image'), resources: {}, ...(command.length > 0 && { command }) }
    createObject(
      run,
      mustResource('cronjobs'),
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name },
        spec: {
          jobTemplate: {
            metadata: { name },
            spec: {
              template: { metadata: {}, spec: { containers: [container], restartPolicy: run.value('restart') } },
            },
          },
          schedule: run.value('schedule'),
        },
        status: {},
      },
      'cronjob',
    )
    return done
  },
}
