import type { PodSpec, PodTemplateSpec, Toleration } from '../kinds/pod'

const NOT_READY: Toleration = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }
const UNREACHABLE: Toleration = { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }

/** Admission's DefaultTolerationSeconds: a pod stays 300 s on a node that is not ready or unreachable, unless it says otherwise. */
export function withDefaultTolerations(tolerations: readonly Toleration[] | undefined): readonly Toleration[] {
  const own = tolerations ?? []
  const has = (key: string) => own.some((t) => (t.key === key || t.key === undefined) && (t.effect === 'NoExecute' || t.effect === undefined))
  return [...own, ...(has(NOT_READY.key!) ? [] : [NOT_READY]), ...(has(UNREACHABLE.key!) ? [] : [UNREACHABLE])]
}

/** What admission adds to a pod's spec, besides the defaults that its template already has. */
export function admitted(spec: PodSpec): PodSpec {
  return {
    ...spec,
    serviceAccountName: spec.serviceAccountName ?? 'default',
    tolerations: withDefaultTolerations(spec.tolerations),
    priority: spec.priority ?? 0,
    preemptionPolicy: spec.preemptionPolicy ?? 'PreemptLowerPriority',
    enableServiceLinks: spec.enableServiceLinks ?? true,
  }
}

const specs = new WeakMap<object, PodSpec>()

/** The spec of the pods of a template: one object for all of them, for as long as the template lives. */
export function podSpecOf(template: PodTemplateSpec): PodSpec {
  let spec = specs.get(template)
  if (!spec) {
    spec = admitted(template.spec)
    specs.set(template, spec)
  }
  return spec
}
