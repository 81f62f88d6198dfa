import { parseIndexes } from '../api/index-ranges'
import type { Job, JobSpec, PodFailurePolicyRule } from '../kinds/job'
import type { Pod } from '../kinds/pod'

export interface Judgement {
  readonly action: PodFailurePolicyRule['action']
  /** For FailJob: why. */
  readonly message: string
}

/** What a Job's podFailurePolicy says of a failed pod: the first rule that matches, else count it. After pod_failure_policy.go. */
export function judgeFailure(job: Job, pod: Pod): Judgement {
  const called = `${pod.metadata.namespace}/${pod.metadata.name}`
  for (const [i, rule] of (job.spec.podFailurePolicy?.rules ?? []).entries()) {
    const by = (what: string) => ({
      action: rule.action,
      message: `${what} matching ${rule.action} rule at index ${i}`,
    })
    if (rule.onExitCodes) {
      const ended = codes(pod).find(
        ({ name, code }) =>
          (rule.onExitCodes!.containerName === undefined || rule.onExitCodes!.containerName === name) &&
          code !== 0 &&
          rule.onExitCodes!.values.includes(code) === (rule.onExitCodes!.operator === 'In'),
      )
      if (ended) return by(`Container ${ended.name} for pod ${called} failed with exit code ${ended.code}`)
    }
    for (const { type, status = 'True' } of rule.onPodConditions ?? [])
      if (pod.status.conditions?.some((one) => one.type === type && one.status === status))
        return by(`Pod ${called} has condition ${type}`)
  }
  return { action: 'Count', message: '' }
}

function codes({ status }: Pod): { readonly name: string; readonly code: number }[] {
  return [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].flatMap(({ name, state }) =>
    state.terminated ? [{ name, code: state.terminated.exitCode }] : [],
  )
}

/** Why an indexed Job is well done by its successPolicy; undefined: it is not. After success_policy.go. */
export function wellDone(
  { successPolicy, completions = 0 }: JobSpec,
  succeeded: ReadonlySet<number>,
): string | undefined {
  for (const [i, { succeededIndexes, succeededCount }] of (successPolicy?.rules ?? []).entries()) {
    const named = succeededIndexes === undefined ? undefined : parseIndexes(succeededIndexes, completions)
    const done = named ? [...named].filter((index) => succeeded.has(index)).length : succeeded.size
    const needed = succeededCount ?? named?.size ?? Number.POSITIVE_INFINITY
    if (done >= needed) return `Matched rules at index ${i}`
  }
  return undefined
}
