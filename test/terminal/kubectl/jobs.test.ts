import { describe, expect, test } from 'vitest'
import { seat } from './lab'

const job = (command: string, spec = '', restart = 'Never') => `apiVersion: batch/v1
kind: Job
metadata: {name: task}
spec:
  ${spec}
  template:
    spec:
      restartPolicy: ${restart}
      terminationGracePeriodSeconds: 1
      containers: [{name: c, image: "busybox:1.36", command: [sh, -c, "${command}"]}]
`

function done(command: string, spec: string, seconds: number, more = '', restart = 'Never') {
  const here = seat({ 'job.yaml': job(command, spec, restart) }, 3)
  here.run(`kubectl apply -f job.yaml; sleep ${seconds}; ${more}`)
  const status = () => JSON.parse(here.run('kubectl get job task -o json')).status
  return {
    ...here,
    get status() {
      return status()
    },
    get end(): string | undefined {
      const last = status().conditions?.at(-1)
      return last && `${last.type} ${last.reason}: ${last.message}`
    },
  }
}

describe('Jobs', () => {
  test('as many as are wanted end well, no more than may run at the same time', () => {
    const here = done('sleep 5', 'completions: 3\n  parallelism: 2', 3)
    expect(here.status).toMatchObject({ active: 2, ready: 2 })
    here.run('sleep 20')
    expect(here.status).toMatchObject({ succeeded: 3, ready: 0, terminating: 0 })
    expect(here.status.conditions.map(({ type }: any) => type)).toEqual(['SuccessCriteriaMet', 'Complete'])
    expect(here.run("kubectl get pods -o jsonpath='{.items[*].metadata.finalizers}'")).toBe('')
    expect(here.run('kubectl get job task --no-headers')).toMatch(/^task +Complete +3\/3 +\d+s +23s\n/)
  })

  test('after failures the waits double; beyond the limit it has failed', () => {
    const here = done('exit 3', 'backoffLimit: 2', 60)
    expect(here.end).toBe('Failed BackoffLimitExceeded: Job has reached the specified backoff limit')
    expect(here.status.failed).toBe(3)
    const made = here.run("kubectl get pods -o jsonpath='{range .items[*]}{.metadata.creationTimestamp} {end}'")
    const times = made
      .trim()
      .split(' ')
      .map((time) => Date.parse(time) / 1000)
      .sort((a, b) => a - b)
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(10)
    expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(20)
  })

  test('each index knows its number and is tried by itself', () => {
    const here = done(
      'echo $JOB_COMPLETION_INDEX at $(hostname); test $JOB_COMPLETION_INDEX != 1',
      'completionMode: Indexed\n  completions: 4\n  parallelism: 4\n  backoffLimitPerIndex: 1',
      40,
    )
    expect(here.end).toBe('Failed FailedIndexes: Job has failed indexes')
    expect(here.status).toMatchObject({ completedIndexes: '0,2,3', failedIndexes: '1', failed: 2, succeeded: 3 })
    expect(here.run('kubectl logs -l batch.kubernetes.io/job-completion-index=2')).toBe('2 at task-2\n')
    const counts = here.run(
      "kubectl get pods -l batch.kubernetes.io/job-completion-index=1 -o jsonpath='{.items[*].metadata.annotations.batch\\.kubernetes\\.io/job-index-failure-count}'",
    )
    expect(counts.split(' ').sort()).toEqual(['0', '1'])
  })

  test('a rule of the failure policy ends it at once', () => {
    const policy =
      'podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [42]}}, {action: Ignore, onPodConditions: [{type: DisruptionTarget}]}]}'
    const here = done('sleep 2; exit 42', policy, 10)
    expect(here.end).toMatch(
      /^Failed PodFailurePolicy: Container c for pod default\/task-[a-z0-9]{5} failed with exit code 42 matching FailJob rule at index 0$/,
    )
  })

  test('an evicted pod that the policy ignores does not count', () => {
    const policy =
      'backoffLimit: 0\n  podFailurePolicy: {rules: [{action: Ignore, onPodConditions: [{type: DisruptionTarget}]}]}'
    const here = done(
      'sleep 20',
      policy,
      5,
      "kubectl drain $(kubectl get pods -o jsonpath='{.items[0].spec.nodeName}') --ignore-daemonsets; sleep 60",
    )
    expect(here.end).toBe('Complete CompletionsReached: Reached expected number of succeeded pods')
    expect(here.status.failed).toBeUndefined()
  })

  test('successPolicy ends it before all indexes are done', () => {
    const here = done(
      'test $JOB_COMPLETION_INDEX = 0 || sleep 500',
      "completionMode: Indexed\n  completions: 3\n  parallelism: 3\n  successPolicy: {rules: [{succeededIndexes: '0'}]}",
      15,
    )
    expect(here.end).toBe('Complete SuccessPolicy: Matched rules at index 0')
    expect(here.run('kubectl get pods --field-selector status.phase=Running --no-headers 2>&1')).toMatch(/No resources/)
  })

  test('a deadline ends it', () => {
    const here = done('sleep 500', 'activeDeadlineSeconds: 10', 30)
    expect(here.end).toBe('Failed DeadlineExceeded: Job was active longer than specified deadline')
    expect(here.status.failed).toBe(1)
  })

  test('suspended, nothing of it runs; resumed, it begins anew', () => {
    const here = done('sleep 20', '', 5, `kubectl patch job task -p '{"spec":{"suspend":true}}'; sleep 10`)
    expect(here.end).toBe('Suspended JobSuspended: Job suspended')
    expect(here.run('kubectl get pods')).toBe('No resources found in default namespace.\n')
    here.run(`kubectl patch job task -p '{"spec":{"suspend":false}}'; sleep 40`)
    expect(here.status).toMatchObject({ succeeded: 1 })
    expect(here.status.failed).toBeUndefined()
    expect(here.run('kubectl events --for job/task')).toContain('Resumed')
  })

  test('finished, it outlives its end only so long; deleted, its pods go with it or stay', () => {
    const here = done('true', 'ttlSecondsAfterFinished: 30', 20)
    expect(here.end).toMatch(/^Complete/)
    here.run('sleep 40')
    expect(here.run('kubectl get jobs,pods')).toBe('No resources found in default namespace.\n')
    here.run(
      'kubectl create job once --image=busybox:1.36 -- sleep 500; sleep 5; kubectl delete job once --cascade=orphan; sleep 5',
    )
    expect(
      here.run("kubectl get pods -o jsonpath='{.items[0].status.phase} {.items[0].metadata.ownerReferences}'"),
    ).toBe('Running ')
  })

  test('what the API refuses', () => {
    const here = seat({
      'always.yaml': job('true', '', 'Always'),
      'indexed.yaml': job('true', 'completionMode: Indexed\n  parallelism: 2'),
      'ok.yaml': job('true'),
    })
    expect(here.run('kubectl apply -f always.yaml')).toBe(
      'The Job "task" is invalid: spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"\n',
    )
    expect(here.run('kubectl apply -f indexed.yaml')).toBe(
      'The Job "task" is invalid: spec.completions: Required value: when completion mode is Indexed\n',
    )
    expect(here.run(`kubectl apply -f ok.yaml; kubectl patch job task -p '{"spec":{"completions":5}}'`)).toBe(
      'job.batch/task created\nThe Job "task" is invalid: spec.completions: Invalid value: 5: field is immutable\n',
    )
  })
})

const cron = (more: string) => `apiVersion: batch/v1
kind: CronJob
metadata: {name: tick}
spec:
  schedule: '* * * * *'
  ${more}
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          terminationGracePeriodSeconds: 1
          containers: [{name: c, image: "busybox:1.36", command: [sh, -c, "sleep 90"]}]
`

describe('CronJobs', () => {
  const jobsAfter = (more: string, seconds: number) => {
    const here = seat({ 'cron.yaml': cron(more) })
    here.run(`kubectl apply -f cron.yaml; sleep ${seconds}`)
    return { ...here, jobs: here.run('kubectl get jobs --no-headers 2>&1').trim().split('\n') }
  }

  test('a Job at each full minute, called after it', () => {
    const { jobs, run } = jobsAfter('', 130)
    expect(jobs.map((line) => line.split(/ +/).slice(0, 2))).toEqual([
      ['tick-28948861', 'Running'],
      ['tick-28948862', 'Running'],
    ])
    expect(run('kubectl get cronjob tick --no-headers')).toMatch(
      /^tick +\* \* \* \* \* +<none> +False +2 +10s +2m10s\n/,
    )
  })

  test('Forbid leaves a start out while the one before runs, Replace puts the new one in its place', () => {
    const forbidden = jobsAfter('concurrencyPolicy: Forbid', 130)
    expect(forbidden.jobs.map((line) => line.split(/ +/)[0])).toEqual(['tick-28948861'])
    expect(forbidden.run('kubectl events --for cronjob/tick')).toContain(
      'Not starting job because prior execution is running and concurrency policy is Forbid',
    )
    const replaced = jobsAfter('concurrencyPolicy: Replace', 130)
    expect(replaced.jobs.map((line) => line.split(/ +/)[0])).toEqual(['tick-28948862'])
  })

  test('only so many Jobs are kept, and none is started while it is suspended', () => {
    const { run } = jobsAfter('successfulJobsHistoryLimit: 1', 290)
    const complete = () => run('kubectl get jobs --no-headers 2>&1').match(/Complete/g)?.length
    expect(complete()).toBe(1)
    run(`kubectl patch cronjob tick -p '{"spec":{"suspend":true}}'; sleep 200`)
    expect(complete()).toBe(1)
    expect(run('kubectl get jobs --no-headers 2>&1')).not.toContain('Running')
  })

  test('a time zone moves the schedule', () => {
    const here = seat()
    here.run(
      "kubectl create cronjob noon --image=busybox:1.36 --schedule='2 10 * * *' -- true; kubectl create cronjob utc --image=busybox:1.36 --schedule='2 10 * * *' -- true",
    )
    here.run(`kubectl patch cronjob noon -p '{"spec":{"timeZone":"Europe/Berlin"}}'; sleep 180`)
    // the lab begins at 09:00 UTC, which is 10:00 in Berlin
    expect(here.run('kubectl get cronjobs --no-headers')).toMatch(
      /^noon +2 10 \* \* \* +Europe\/Berlin +False +0 +\d+s .*\nutc +2 10 \* \* \* +<none> +False +0 +<none> /,
    )
  })

  test('a Job by hand from a CronJob', () => {
    const here = seat({ 'cron.yaml': cron('suspend: true') })
    expect(here.run('kubectl apply -f cron.yaml; kubectl create job now --from=cronjob/tick')).toBe(
      'cronjob.batch/tick created\njob.batch/now created\n',
    )
    expect(here.run('kubectl create job x --from=cronjob/tick -- date')).toBe(
      'error: cannot specify --from and command\n',
    )
    expect(here.run('kubectl create job x')).toBe('error: either --image or --from must be specified\n')
  })
})
