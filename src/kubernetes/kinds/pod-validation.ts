import { same } from '../../engine/edit'
import { duplicate, type FieldError, forbidden, invalid, required, unsupported } from '../api/field-error'
import { dnsLabel, labelValue, qualifiedName, subdomain } from '../api/name-rules'
import { validateContainers } from './container-validation'
import { volume as volumeField } from './fields/volume-fields'
import {
  atLeastZero,
  duplicates,
  oneOf,
  validateAnnotations,
  validateLabels,
  validateSelector,
} from './meta-validation'
import type { Affinity, NodeSelectorTerm, Pod, PodAffinity, PodSpec, PodTemplateSpec, Toleration } from './pod'

const SELECTOR_OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']
const TAINT_EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** The spec of a pod or of a template at `path`; checked with defaults filled in. */
export function validatePodSpec(spec: PodSpec | undefined, path: string): FieldError[] {
  if (!spec) return [required(`${path}.containers`)]
  const errors: FieldError[] = []
  const volumes = new Set((spec.volumes ?? []).map(({ name }) => name))
  errors.push(...validateVolumes(spec, `${path}.volumes`))
  errors.push(...validateContainers(spec, path, volumes))
  errors.push(...oneOf(spec.restartPolicy, ['Always', 'OnFailure', 'Never'], `${path}.restartPolicy`))
  errors.push(
    ...oneOf(spec.dnsPolicy, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'], `${path}.dnsPolicy`),
  )
  errors.push(...atLeastZero(spec.terminationGracePeriodSeconds, `${path}.terminationGracePeriodSeconds`))
  const deadline = spec.activeDeadlineSeconds
  if (deadline !== undefined && (deadline < 1 || deadline > 2147483647)) {
    errors.push(invalid(`${path}.activeDeadlineSeconds`, deadline, 'must be between 1 and 2147483647, inclusive'))
  }
  errors.push(...validateLabels(spec.nodeSelector, `${path}.nodeSelector`))
  if (spec.nodeName !== undefined && spec.nodeName !== '') {
    for (const text of subdomain(spec.nodeName)) errors.push(invalid(`${path}.nodeName`, spec.nodeName, text))
  }
  if (spec.serviceAccountName) {
    for (const text of subdomain(spec.serviceAccountName))
      errors.push(invalid(`${path}.serviceAccountName`, spec.serviceAccountName, text))
  }
  for (const field of ['hostname', 'subdomain'] as const) {
    const value = spec[field]
    if (value) for (const text of dnsLabel(value)) errors.push(invalid(`${path}.${field}`, value, text))
  }
  errors.push(...validateAffinity(spec.affinity, `${path}.affinity`))
  errors.push(...validateTolerations(spec.tolerations, `${path}.tolerations`))
  errors.push(...validateSpread(spec, `${path}.topologySpreadConstraints`))
  errors.push(...validateGates(spec, path))
  errors.push(...oneOf(spec.preemptionPolicy, ['PreemptLowerPriority', 'Never'], `${path}.preemptionPolicy`))
  return errors
}

function validateGates({ schedulingGates = [], nodeName }: PodSpec, path: string): FieldError[] {
  const errors: FieldError[] = []
  schedulingGates.forEach(({ name }, i) => {
    const here = `${path}.schedulingGates[${i}]`
    for (const text of qualifiedName(name)) errors.push(invalid(here, name, text))
    if (schedulingGates.findIndex((one) => one.name === name) < i) errors.push(duplicate(here, name))
  })
  if (schedulingGates.length > 0 && nodeName)
    errors.push(forbidden(`${path}.nodeName`, 'cannot be set until all schedulingGates have been cleared'))
  return errors
}

export function validatePodTemplate(template: PodTemplateSpec | undefined, path: string): FieldError[] {
  return [
    ...validateLabels(template?.metadata?.labels, `${path}.metadata.labels`),
    ...validateAnnotations(template?.metadata?.annotations, `${path}.metadata.annotations`),
    ...validatePodSpec(template?.spec, `${path}.spec`),
  ]
}

function validateVolumes(spec: PodSpec, path: string): FieldError[] {
  const errors = duplicates(
    spec.volumes,
    ({ name }) => name || undefined,
    (i) => `${path}[${i}].name`,
  )
  spec.volumes?.forEach((volume, i) => {
    const here = `${path}[${i}]`
    if (!volume.name) errors.push(required(`${here}.name`))
    else for (const text of dnsLabel(volume.name)) errors.push(invalid(`${here}.name`, volume.name, text))
    const sources = Object.keys(volume).filter((key) => key !== 'name')
    if (sources.length === 0) errors.push(required(here, 'must specify a volume type'))
    for (const extra of sources.slice(1))
      errors.push(forbidden(`${here}.${extra}`, 'may not specify more than 1 volume type'))
    for (const source of sources) errors.push(...missingFields(volume, source, here))
  })
  return errors
}

/** Fields that a volume's source must have. */
function missingFields(volume: Readonly<Record<string, unknown>>, source: string, path: string): FieldError[] {
  const field = volumeField.fields[source]
  const value = volume[source]
  if (field?.type !== 'object' || typeof value !== 'object' || value === null) return []
  const given = value as Record<string, unknown>
  return Object.entries(field.fields)
    .filter(([name, inner]) => inner.required && (given[name] === undefined || given[name] === ''))
    .map(([name]) => required(`${path}.${source}.${name}`))
}

export function validateTerm(term: NodeSelectorTerm, path: string): FieldError[] {
  const errors: FieldError[] = []
  term.matchExpressions?.forEach(({ key, operator, values = [] }, i) => {
    const here = `${path}.matchExpressions[${i}]`
    if (!SELECTOR_OPERATORS.includes(operator))
      errors.push(invalid(`${here}.operator`, operator, 'not a valid selector operator'))
    else if ((operator === 'In' || operator === 'NotIn') && values.length === 0) {
      errors.push(required(`${here}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
    } else if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0) {
      errors.push(forbidden(`${here}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
    } else if ((operator === 'Gt' || operator === 'Lt') && values.length !== 1) {
      errors.push(required(`${here}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"))
    }
    for (const text of qualifiedName(key ?? '')) errors.push(invalid(`${here}.key`, key ?? '', text))
  })
  term.matchFields?.forEach(({ key, operator, values = [] }, i) => {
    const here = `${path}.matchFields[${i}]`
    if (key !== 'metadata.name') errors.push(invalid(`${here}.key`, key, 'not a valid field selector key'))
    if ((operator === 'In' || operator === 'NotIn') && values.length !== 1) {
      errors.push(
        required(`${here}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"),
      )
    }
  })
  return errors
}

function validateAffinity(affinity: Affinity | undefined, path: string): FieldError[] {
  if (!affinity) return []
  const errors: FieldError[] = []
  const { nodeAffinity } = affinity
  const must = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  if (must) {
    const here = `${path}.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`
    if ((must.nodeSelectorTerms ?? []).length === 0)
      errors.push(required(here, 'must have at least one node selector term'))
    must.nodeSelectorTerms?.forEach((term, i) => {
      errors.push(...validateTerm(term, `${here}[${i}]`))
    })
  }
  nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution?.forEach(({ weight, preference }, i) => {
    const here = `${path}.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[${i}]`
    if (!(weight >= 1 && weight <= 100))
      errors.push(invalid(`${here}.weight`, weight ?? 0, 'must be in the range 1-100'))
    errors.push(...validateTerm(preference ?? {}, `${here}.preference`))
  })
  errors.push(...validatePodAffinity(affinity.podAffinity, `${path}.podAffinity`))
  errors.push(...validatePodAffinity(affinity.podAntiAffinity, `${path}.podAntiAffinity`))
  return errors
}

function validatePodAffinity(affinity: PodAffinity | undefined, path: string): FieldError[] {
  const errors: FieldError[] = []
  const check = (
    term: { readonly topologyKey?: string; readonly labelSelector?: object } | undefined,
    here: string,
  ) => {
    errors.push(...validateSelector(term?.labelSelector, `${here}.labelSelector`))
    if (!term?.topologyKey) errors.push(required(`${here}.topologyKey`, 'can not be empty'))
    else
      for (const text of qualifiedName(term.topologyKey))
        errors.push(invalid(`${here}.topologyKey`, term.topologyKey, text))
  }
  affinity?.requiredDuringSchedulingIgnoredDuringExecution?.forEach((term, i) => {
    check(term, `${path}.requiredDuringSchedulingIgnoredDuringExecution[${i}]`)
  })
  affinity?.preferredDuringSchedulingIgnoredDuringExecution?.forEach(({ weight, podAffinityTerm }, i) => {
    const here = `${path}.preferredDuringSchedulingIgnoredDuringExecution[${i}]`
    if (!(weight >= 1 && weight <= 100))
      errors.push(invalid(`${here}.weight`, weight ?? 0, 'must be in the range 1-100'))
    check(podAffinityTerm, `${here}.podAffinityTerm`)
  })
  return errors
}

function validateTolerations(tolerations: readonly Toleration[] | undefined, path: string): FieldError[] {
  const errors: FieldError[] = []
  tolerations?.forEach((toleration, i) => {
    const here = `${path}[${i}]`
    const { key, operator, value, effect } = toleration
    if (key) for (const text of qualifiedName(key)) errors.push(invalid(`${here}.key`, key, text))
    if (!key && operator !== 'Exists') {
      errors.push(
        invalid(
          `${here}.operator`,
          operator ?? '',
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      )
    }
    if (toleration.tolerationSeconds !== undefined && effect !== 'NoExecute') {
      errors.push(invalid(`${here}.effect`, effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set"))
    }
    if (operator === 'Exists' && value)
      errors.push(invalid(`${here}.operator`, toleration, "value must be empty when `operator` is 'Exists'"))
    if (operator !== undefined && operator !== 'Exists' && operator !== 'Equal')
      errors.push(unsupported(`${here}.operator`, operator, ['Equal', 'Exists']))
    if (value && operator !== 'Exists')
      for (const text of labelValue(value)) errors.push(invalid(`${here}.operator`, value, text))
    if (effect) errors.push(...oneOf(effect, TAINT_EFFECTS, `${here}.effect`))
  })
  return errors
}

function validateSpread(spec: PodSpec, path: string): FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  spec.topologySpreadConstraints?.forEach((one, i) => {
    const here = `${path}[${i}]`
    if (!(one.maxSkew > 0)) errors.push(invalid(`${here}.maxSkew`, one.maxSkew ?? 0, 'must be greater than zero'))
    if (!one.topologyKey) errors.push(required(`${here}.topologyKey`, 'can not be empty'))
    errors.push(...oneOf(one.whenUnsatisfiable ?? '', ['DoNotSchedule', 'ScheduleAnyway'], `${here}.whenUnsatisfiable`))
    const pair = `{${one.topologyKey}, ${one.whenUnsatisfiable}}`
    if (seen.has(pair)) errors.push(duplicate(`${here}.{topologyKey, whenUnsatisfiable}`, pair))
    seen.add(pair)
    if (one.minDomains !== undefined) {
      if (one.minDomains <= 0) errors.push(invalid(`${here}.minDomains`, one.minDomains, 'must be greater than zero'))
      if (one.whenUnsatisfiable !== 'DoNotSchedule') {
        errors.push(
          invalid(
            `${here}.minDomains`,
            one.minDomains,
            'can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway',
          ),
        )
      }
    }
    errors.push(...validateSelector(one.labelSelector, `${here}.labelSelector`))
    for (const field of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const)
      errors.push(...oneOf(one[field], ['Honor', 'Ignore'], `${here}.${field}`))
    if ((one.matchLabelKeys ?? []).length > 0 && one.labelSelector === undefined)
      errors.push(forbidden(`${here}.matchLabelKeys`, 'must not be specified when labelSelector is not set'))
  })
  return errors
}

const UPDATE_TEXT =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

/** Most of a pod never changes: only images, the deadline, and more tolerations. */
export function validatePodUpdate(pod: Pod, old: Pod): FieldError[] {
  const errors: FieldError[] = []
  const [was, is] = [old.spec, pod.spec]
  if (was.containers.length !== is.containers.length)
    errors.push(forbidden('spec.containers', 'pod updates may not add or remove containers'))
  if ((was.initContainers?.length ?? 0) !== (is.initContainers?.length ?? 0)) {
    errors.push(forbidden('spec.initContainers', 'pod updates may not add or remove containers'))
  }
  if (errors.length > 0) return errors
  for (const toleration of was.tolerations ?? []) {
    if (
      !is.tolerations?.some((one) => same({ ...one, tolerationSeconds: 0 }, { ...toleration, tolerationSeconds: 0 }))
    ) {
      errors.push(forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds'))
    }
  }
  const levelled: PodSpec = {
    ...is,
    containers: is.containers.map((container, i) => ({ ...container, image: was.containers[i]?.image })),
    ...(is.initContainers && {
      initContainers: is.initContainers.map((c, i) => ({ ...c, image: was.initContainers?.[i]?.image })),
    }),
    activeDeadlineSeconds: was.activeDeadlineSeconds,
    tolerations: was.tolerations,
    schedulingGates: was.schedulingGates,
    ...gatedFreedom(was, is),
  }
  for (const { name } of is.schedulingGates ?? [])
    if (!was.schedulingGates?.some((gate) => gate.name === name))
      errors.push(
        forbidden(`spec.schedulingGates[${name}]`, `only deletion is allowed, but found new scheduling gate '${name}'`),
      )
  if (!same(levelled, was)) errors.push(forbidden('spec', `${UPDATE_TEXT}\n${difference(was, levelled)}`))
  return errors
}

/** While a gate holds a pod, its node selector may be narrowed, and a node affinity given to it. Left out: narrowing an affinity that is there. */
function gatedFreedom(was: PodSpec, is: PodSpec): Partial<PodSpec> {
  if ((was.schedulingGates ?? []).length === 0) return {}
  const narrowed = Object.entries(was.nodeSelector ?? {}).every(([key, value]) => is.nodeSelector?.[key] === value)
  return {
    ...(narrowed && { nodeSelector: was.nodeSelector }),
    ...(was.affinity?.nodeAffinity === undefined &&
      same({ ...is.affinity, nodeAffinity: undefined }, { ...was.affinity, nodeAffinity: undefined }) && {
        affinity: was.affinity,
      }),
  }
}

/** The changed fields of a spec, `-` before and `+` after. */
function difference(was: object, is: object): string {
  const [a, b] = [was as Record<string, unknown>, is as Record<string, unknown>]
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort((x, y) => (x < y ? -1 : 1))
  const lines: string[] = []
  for (const key of keys) {
    if (same(a[key], b[key])) continue
    if (a[key] !== undefined) lines.push(`-   ${JSON.stringify(key)}: ${JSON.stringify(a[key])}`)
    if (b[key] !== undefined) lines.push(`+   ${JSON.stringify(key)}: ${JSON.stringify(b[key])}`)
  }
  return lines.join('\n')
}
