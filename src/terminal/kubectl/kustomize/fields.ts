/** Walks over the places of an object that kustomize's transformers know. Objects here are copies: they are changed in place. */

const isMap = (value: unknown): value is Record<string, any> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const WITH_SELECTOR = ['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet']

/** The pod template of a workload, or the pod itself. */
export function podOf(object: any): any {
  if (object.kind === 'Pod') return object
  if (object.kind === 'CronJob') return object.spec?.jobTemplate?.spec?.template
  return object.spec?.template
}

const into = (holder: any, field: string, pairs: Readonly<Record<string, string>>) => {
  holder[field] = { ...holder[field], ...pairs }
}

/** Labels on the object, and as asked in selectors and templates. */
export function addLabels(
  object: any,
  pairs: Readonly<Record<string, string>>,
  { selectors, templates }: { readonly selectors: boolean; readonly templates: boolean },
): void {
  object.metadata ??= {}
  into(object.metadata, 'labels', pairs)
  const { kind, spec } = object
  if (!isMap(spec)) return
  if ((selectors || templates) && kind !== 'Pod' && isMap(podOf(object))) {
    const pod = podOf(object)
    pod.metadata ??= {}
    into(pod.metadata, 'labels', pairs)
  }
  if (!selectors) return
  if (kind === 'Service' || kind === 'ReplicationController') into(spec, 'selector', pairs)
  else if (WITH_SELECTOR.includes(kind)) {
    spec['selector'] ??= {}
    into(spec['selector'], 'matchLabels', pairs)
  } else if (kind === 'NetworkPolicy' && spec['podSelector']?.matchLabels)
    into(spec['podSelector'], 'matchLabels', pairs)
  else if (kind === 'PodDisruptionBudget' && spec['selector']?.matchLabels) into(spec['selector'], 'matchLabels', pairs)
}

export function addAnnotations(object: any, pairs: Readonly<Record<string, string>>): void {
  object.metadata ??= {}
  into(object.metadata, 'annotations', pairs)
  const pod = object.kind === 'Pod' ? undefined : podOf(object)
  if (!isMap(pod)) return
  pod['metadata'] ??= {}
  into(pod['metadata'], 'annotations', pairs)
}

/** Every container of the object. */
export function containersOf(object: any): readonly any[] {
  const spec = podOf(object)?.spec
  return [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].filter(isMap)
}

/** Calls `change` for every name by which the object refers to another one; what it gives back is put in its place. */
export function eachReference(object: any, change: (kind: string, name: string) => string): void {
  const at = (holder: any, field: string, kind: string) => {
    if (isMap(holder) && typeof holder[field] === 'string') holder[field] = change(kind, holder[field])
  }
  const pod = podOf(object)?.spec
  if (isMap(pod)) {
    at(pod, 'serviceAccountName', 'ServiceAccount')
    for (const secret of pod['imagePullSecrets'] ?? []) at(secret, 'name', 'Secret')
    for (const volume of pod['volumes'] ?? []) {
      at(volume?.configMap, 'name', 'ConfigMap')
      at(volume?.secret, 'secretName', 'Secret')
      at(volume?.persistentVolumeClaim, 'claimName', 'PersistentVolumeClaim')
      for (const source of volume?.projected?.sources ?? []) {
        at(source?.configMap, 'name', 'ConfigMap')
        at(source?.secret, 'name', 'Secret')
      }
    }
    for (const container of containersOf(object)) {
      for (const from of container.envFrom ?? []) {
        at(from?.configMapRef, 'name', 'ConfigMap')
        at(from?.secretRef, 'name', 'Secret')
      }
      for (const variable of container.env ?? []) {
        at(variable?.valueFrom?.configMapKeyRef, 'name', 'ConfigMap')
        at(variable?.valueFrom?.secretKeyRef, 'name', 'Secret')
      }
    }
  }
  const { kind, spec } = object
  if (kind === 'StatefulSet') at(spec, 'serviceName', 'Service')
  if (kind === 'HorizontalPodAutoscaler') at(spec?.scaleTargetRef, 'name', spec?.scaleTargetRef?.kind ?? '')
  if (kind === 'RoleBinding' || kind === 'ClusterRoleBinding') {
    at(object.roleRef, 'name', object.roleRef?.kind ?? '')
    for (const subject of object.subjects ?? [])
      if (subject?.kind === 'ServiceAccount') at(subject, 'name', 'ServiceAccount')
  }
  if (kind === 'Ingress') {
    at(spec?.defaultBackend?.service, 'name', 'Service')
    for (const rule of spec?.rules ?? [])
      for (const path of rule?.http?.paths ?? []) at(path?.backend?.service, 'name', 'Service')
    for (const tls of spec?.tls ?? []) at(tls, 'secretName', 'Secret')
  }
  if (kind === 'PersistentVolumeClaim') at(spec, 'volumeName', 'PersistentVolume')
}
