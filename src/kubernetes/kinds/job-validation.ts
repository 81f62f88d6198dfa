import { same } from '../../engine/edit'
import { type FieldError, invalid, required, unsupported } from '../api/field-error'
import { parseIndexes } from '../api/index-ranges'
import { labelsMatch } from '../api/label-selector'
import type { Job, JobSpec, PodFailurePolicyRule } from './job'
import { atLeastZero, oneOf, validateSelector } from './meta-validation'
import { validatePodTemplate } from './pod-validation'

const MOST_PARALLEL = 100_000
const MOST_RULES = 20
const COUNTS = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
] as const
const IMMUTABLE = [
  'selector',
  'template',
  'completionMode',
  'podFailurePolicy',
  'backoffLimitPerIndex',
  'managedBy',
  'successPolicy',
] as const

/** After pkg/apis/batch/validation. Left out: which fields of a suspended Job's template may change, names of indexed pods' hosts. */
export function validateJob({ spec }: Job, old: Job | undefined): FieldError[] {
  const errors = validateJobSpec(spec, 'spec')
  errors.push(...validateSelector(spec.selector, 'spec.selector'))
  const labels = spec.template?.metadata?.labels
  if (!labelsMatch(spec.selector, labels))
    errors.push(invalid('spec.template.metadata.labels', labels ?? null, '`selector` does not match template `labels`'))
  if (!old) return errors
  const elastic =
    spec.completionMode === 'Indexed' &&
    spec.completions === spec.parallelism &&
    old.spec.completions === old.spec.parallelism
  if (spec.completions !== old.spec.completions && !elastic)
    errors.push(invalid('spec.completions', spec.completions ?? null, 'field is immutable'))
  for (const field of IMMUTABLE)
    if (!same(spec[field], old.spec[field]))
      errors.push(invalid(`spec.${field}`, spec[field] ?? null, 'field is immutable'))
  return errors
}

/** A Job's spec, or that of a CronJob's template, at `path`. */
export function validateJobSpec(spec: JobSpec, path: string): FieldError[] {
  const errors: FieldError[] = COUNTS.flatMap((field) => atLeastZero(spec[field], `${path}.${field}`))
  const indexed = spec.completionMode === 'Indexed'
  const indexedOnly = 'requires indexed completion mode'
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined)
    errors.push(required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'))
  errors.push(...oneOf(spec.completionMode, ['Indexed', 'NonIndexed'], `${path}.completionMode`))
  if (indexed && spec.completions === undefined)
    errors.push(required(`${path}.completions`, 'when completion mode is Indexed'))
  if (indexed && spec.parallelism > MOST_PARALLEL)
    errors.push(
      invalid(
        `${path}.parallelism`,
        spec.parallelism,
        `must be less than or equal to ${MOST_PARALLEL} when completion mode is Indexed`,
      ),
    )
  if (indexed && (spec.completions ?? 0) > MOST_PARALLEL && spec.backoffLimitPerIndex !== undefined)
    errors.push(...validateManyIndexes(spec, path))
  if (!indexed) {
    for (const field of ['backoffLimitPerIndex', 'maxFailedIndexes'] as const)
      if (spec[field] !== undefined) errors.push(invalid(`${path}.${field}`, spec[field], indexedOnly))
    if (spec.successPolicy) errors.push(invalid(`${path}.successPolicy`, spec.successPolicy, indexedOnly))
  }
  errors.push(...validateSuccess(spec, `${path}.successPolicy`))
  errors.push(...validateFailure(spec, `${path}.podFailurePolicy`))
  errors.push(
    ...oneOf(spec.podReplacementPolicy, ['Failed', 'TerminatingOrFailed'], `${path}.podReplacementPolicy`),
    ...validatePodTemplate(spec.template, `${path}.template`),
  )
  if (spec.podFailurePolicy && spec.podReplacementPolicy === 'TerminatingOrFailed')
    errors.push(unsupported(`${path}.podReplacementPolicy`, spec.podReplacementPolicy, ['Failed']))
  const policy = spec.template?.spec?.restartPolicy
  const here = `${path}.template.spec.restartPolicy`
  if (policy === 'Always') errors.push(required(here, 'valid values: "OnFailure", "Never"'))
  else if (policy !== 'OnFailure' && policy !== 'Never') errors.push(unsupported(here, policy, ['OnFailure', 'Never']))
  else if (spec.podFailurePolicy && policy !== 'Never')
    errors.push(invalid(here, policy, 'only "Never" is supported when podFailurePolicy is specified'))
  return errors
}

/** With limits for each index a Job of very many indexes needs tighter ones. */
function validateManyIndexes({ completions = 0, maxFailedIndexes, parallelism }: JobSpec, path: string): FieldError[] {
  const when = `when completions are above ${MOST_PARALLEL} and used with backoff limit per index`
  if (maxFailedIndexes === undefined)
    return [required(`${path}.maxFailedIndexes`, `must be specified when completions is above ${MOST_PARALLEL}`)]
  const errors: FieldError[] = []
  if (parallelism > 10_000)
    errors.push(invalid(`${path}.parallelism`, parallelism, `must be less than or equal to 10000 ${when}`))
  if (maxFailedIndexes > 10_000)
    errors.push(invalid(`${path}.maxFailedIndexes`, maxFailedIndexes, `must be less than or equal to 10000 ${when}`))
  return completions > MOST_PARALLEL ? errors : []
}

function validateFailure({ podFailurePolicy, backoffLimitPerIndex, template }: JobSpec, path: string): FieldError[] {
  if (!podFailurePolicy) return []
  const { rules = [] } = podFailurePolicy
  if (rules.length > MOST_RULES)
    return [
      {
        field: `${path}.rules`,
        type: 'FieldValueTooMany',
        text: `Too many: ${rules.length}: must have at most ${MOST_RULES} items`,
      },
    ]
  const pod = template?.spec
  const names = [...(pod?.containers ?? []), ...(pod?.initContainers ?? [])].map(({ name }) => name)
  return rules.flatMap((rule, i) =>
    validateRule(rule, `${path}.rules[${i}]`, names, backoffLimitPerIndex !== undefined),
  )
}

function validateRule(
  rule: PodFailurePolicyRule,
  path: string,
  names: readonly string[],
  perIndex: boolean,
): FieldError[] {
  const errors: FieldError[] = []
  const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore']
  if (rule.action === undefined) errors.push(required(`${path}.action`, `valid values: ${JSON.stringify(actions)}`))
  else errors.push(...oneOf(rule.action, actions, `${path}.action`))
  if (rule.action === 'FailIndex' && !perIndex)
    errors.push(invalid(`${path}.action`, rule.action, 'requires the backoffLimitPerIndex to be set'))
  const conditions = rule.onPodConditions ?? []
  if (rule.onExitCodes && conditions.length > 0)
    errors.push(invalid(path, rule, 'specifying both OnExitCodes and OnPodConditions is not supported'))
  if (!rule.onExitCodes && conditions.length === 0)
    errors.push(invalid(path, rule, 'specifying one of OnExitCodes and OnPodConditions is required'))
  if (rule.onExitCodes) {
    const { containerName, operator, values = [] } = rule.onExitCodes
    const here = `${path}.onExitCodes`
    if (operator === undefined) errors.push(required(`${here}.operator`, 'valid values: ["In" "NotIn"]'))
    else errors.push(...oneOf(operator, ['In', 'NotIn'], `${here}.operator`))
    if (containerName !== undefined && !names.includes(containerName))
      errors.push(
        invalid(
          `${here}.containerName`,
          containerName,
          'must be one of the container or initContainer names in the pod template',
        ),
      )
    if (values.length === 0) errors.push(invalid(`${here}.values`, values, 'at least one value is required'))
    values.forEach((value, i) => {
      if (operator === 'In' && value === 0)
        errors.push(invalid(`${here}.values[${i}]`, value, 'must not be 0 for the In operator'))
    })
  }
  return errors
}

function validateSuccess({ successPolicy, completions = 0 }: JobSpec, path: string): FieldError[] {
  if (!successPolicy) return []
  const { rules = [] } = successPolicy
  if (rules.length === 0)
    return [required(`${path}.rules`, 'at least one rules must be specified when the successPolicy is specified')]
  return rules.flatMap(({ succeededCount, succeededIndexes }, i) => {
    const here = `${path}.rules[${i}]`
    if (succeededCount === undefined && succeededIndexes === undefined)
      return [required(here, 'at least one of succeededCount or succeededIndexes must be specified')]
    const errors: FieldError[] = []
    const indexes = succeededIndexes === undefined ? undefined : parseIndexes(succeededIndexes, completions)
    if (succeededIndexes !== undefined && indexes === undefined)
      errors.push(
        invalid(
          `${here}.succeededIndexes`,
          succeededIndexes,
          'error parsing succeededIndexes: cannot convert string to integer for index',
        ),
      )
    if (succeededCount !== undefined) {
      errors.push(...atLeastZero(succeededCount, `${here}.succeededCount`))
      if (succeededCount > completions)
        errors.push(
          invalid(
            `${here}.succeededCount`,
            succeededCount,
            `must be less than or equal to ${completions} (the number of specified completions)`,
          ),
        )
      if (indexes && succeededCount > indexes.size)
        errors.push(
          invalid(
            `${here}.succeededCount`,
            succeededCount,
            `must be less than or equal to ${indexes.size} (the number of indexes in the specified succeededIndexes field)`,
          ),
        )
    }
    return errors
  })
}
