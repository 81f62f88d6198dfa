import { duplicate, type FieldError, forbidden, invalid, required, unsupported } from '../api/field-error'
import { parseIntOrPercent } from '../api/int-or-percent'
import { dnsLabel, labelValue, type NameRule, qualifiedName } from '../api/name-rules'
import type { LabelSelector, ObjectMeta } from './meta'

const MOST_ANNOTATION_BYTES = 262_144

/** metadata of a new object. Cluster-wide kinds have no namespace. */
export function validateMeta(
  meta: ObjectMeta,
  nameRule: NameRule,
  namespaced: boolean,
  path = 'metadata',
): FieldError[] {
  const errors: FieldError[] = []
  if (meta.generateName !== undefined && meta.generateName !== '') {
    for (const text of nameRule(meta.generateName.replace(/[-.]+$/, 'a')))
      errors.push(invalid(`${path}.generateName`, meta.generateName, text))
  }
  if (meta.name === undefined || meta.name === '')
    errors.push(required(`${path}.name`, 'name or generateName is required'))
  else for (const text of nameRule(meta.name)) errors.push(invalid(`${path}.name`, meta.name, text))
  if (namespaced) {
    if (meta.namespace === undefined) errors.push(required(`${path}.namespace`))
    else for (const text of dnsLabel(meta.namespace)) errors.push(invalid(`${path}.namespace`, meta.namespace, text))
  }
  errors.push(
    ...validateLabels(meta.labels, `${path}.labels`),
    ...validateAnnotations(meta.annotations, `${path}.annotations`),
  )
  const managers = (meta.ownerReferences ?? []).filter((owner) => owner.controller)
  if (managers.length > 1) {
    errors.push(
      invalid(
        `${path}.ownerReferences`,
        meta.ownerReferences,
        `Only one reference can have Controller set to true. Found "true" in references for ${managers[0]!.name} and ${managers[1]!.name}`,
      ),
    )
  }
  return errors
}

export function validateLabels(labels: Readonly<Record<string, string>> | undefined, path: string): FieldError[] {
  const errors: FieldError[] = []
  for (const [key, value] of Object.entries(labels ?? {})) {
    for (const text of qualifiedName(key)) errors.push(invalid(path, key, text))
    for (const text of labelValue(value)) errors.push(invalid(path, value, text))
  }
  return errors
}

export function validateAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
  path: string,
): FieldError[] {
  const errors: FieldError[] = []
  let size = 0
  for (const [key, value] of Object.entries(annotations ?? {})) {
    for (const text of qualifiedName(key.toLowerCase())) errors.push(invalid(path, key, text))
    size += key.length + value.length
  }
  if (size > MOST_ANNOTATION_BYTES) {
    errors.push({
      field: path,
      type: 'FieldValueTooLong',
      text: `Too long: may not be more than ${MOST_ANNOTATION_BYTES} bytes`,
    })
  }
  return errors
}

/** What may never change, and what is refused once deletion has begun. */
export function validateMetaUpdate(meta: ObjectMeta, old: ObjectMeta): FieldError[] {
  const errors: FieldError[] = []
  if (old.deletionTimestamp !== undefined) {
    const fresh = (meta.finalizers ?? []).filter((one) => !old.finalizers?.includes(one))
    if (fresh.length > 0) {
      errors.push(
        forbidden(
          'metadata.finalizers',
          `no new finalizers can be added if the object is being deleted, found new finalizers []string{${fresh.map((f) => JSON.stringify(f)).join(', ')}}`,
        ),
      )
    }
  }
  for (const name of ['name', 'namespace', 'uid'] as const) {
    if (meta[name] !== old[name]) errors.push(invalid(`metadata.${name}`, meta[name], 'field is immutable'))
  }
  errors.push(
    ...validateLabels(meta.labels, 'metadata.labels'),
    ...validateAnnotations(meta.annotations, 'metadata.annotations'),
  )
  return errors
}

export function validateSelector(selector: LabelSelector | undefined, path: string): FieldError[] {
  const errors = validateLabels(selector?.matchLabels, `${path}.matchLabels`)
  selector?.matchExpressions?.forEach(({ key, operator, values = [] }, i) => {
    const here = `${path}.matchExpressions[${i}]`
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0)
        errors.push(required(`${here}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0)
        errors.push(forbidden(`${here}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
    } else errors.push(invalid(`${here}.operator`, operator, 'not a valid selector operator'))
    for (const text of qualifiedName(key ?? '')) errors.push(invalid(`${here}.key`, key ?? '', text))
    values.forEach((value, v) => {
      for (const text of labelValue(value)) errors.push(invalid(`${here}.values[${v}]`, value, text))
    })
  })
  return errors
}

/** selector and template of Deployments and ReplicaSets. */
export function validateSelectorAndTemplate(
  spec: {
    readonly selector?: LabelSelector
    readonly template?: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } }
  },
  matched: boolean,
  noun = 'deployment',
): FieldError[] {
  const errors: FieldError[] = []
  const { selector } = spec
  let empty = false
  if (selector === undefined) errors.push(required('spec.selector'))
  else {
    errors.push(...validateSelector(selector, 'spec.selector'))
    empty = Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions?.length ?? 0) === 0
    if (empty) errors.push(invalid('spec.selector', selector, `empty selector is invalid for ${noun}`))
  }
  if (!matched && !empty && spec.template !== undefined) {
    errors.push(
      invalid(
        'spec.template.metadata.labels',
        spec.template?.metadata?.labels ?? null,
        '`selector` does not match template `labels`',
      ),
    )
  }
  return errors
}

export function atLeastZero(value: number | undefined, path: string): FieldError[] {
  return value !== undefined && value < 0 ? [invalid(path, value, 'must be greater than or equal to 0')] : []
}

/** A count or a share, not below zero. `whole`: a share of more than all makes no sense. */
export function intOrPercent(value: number | string | undefined, path: string, whole: boolean): FieldError[] {
  if (value === undefined) return []
  const parsed = parseIntOrPercent(value)
  if (!parsed)
    return [
      invalid(
        path,
        value,
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
      ),
    ]
  if (parsed.value < 0) return [invalid(path, value, 'must be greater than or equal to 0')]
  return whole && parsed.percent && parsed.value > 100 ? [invalid(path, value, 'must not be greater than 100%')] : []
}

export function oneOf(value: unknown, values: readonly string[], path: string): FieldError[] {
  return value === undefined || (typeof value === 'string' && values.includes(value))
    ? []
    : [unsupported(path, value, values)]
}

/** The paths of items whose key has been seen before. */
export function duplicates<T>(
  items: readonly T[] | undefined,
  keyOf: (item: T) => string | undefined,
  path: (i: number) => string,
): FieldError[] {
  const seen = new Set<string>()
  const errors: FieldError[] = []
  items?.forEach((item, i) => {
    const key = keyOf(item)
    if (key === undefined) return
    if (seen.has(key)) errors.push(duplicate(path(i), key))
    seen.add(key)
  })
  return errors
}
