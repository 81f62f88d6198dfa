import { fromBase64 } from '../../platform/base64'
import { ConfigMap, Secret } from '../kinds/configmap'
import type { EnvVar, PodContainer } from '../kinds/pod'
import type { Pass } from './pass'
import { type Addresses, fieldValue, resourceValue } from './pod-fields'
import { serviceVariables } from './service-variables'

type Variables = Readonly<Record<string, string>>

/** Replaces `$(NAME)` by variables already set; `$$(NAME)` stands for itself. After third_party/forked/golang/expansion. */
export function expandVariables(text: string, env: Variables): string {
  return text.replace(/\$(\$|\([^)]*\))/g, (whole, inner: string) => {
    if (inner === '$') return '$'
    const name = inner.slice(1, -1)
    return Object.hasOwn(env, name) ? env[name]! : whole
  })
}

/** Why a container cannot be created yet: a reference leads nowhere. Never leaves this file. */
class Missing extends Error {}

/**
 * The variables of a container: envFrom, over it env, and services' where nothing else has the name. After
 * makeEnvironmentVariables in kubelet_pods.go. `error`: the reason for CreateContainerConfigError.
 */
export function environmentOf(
  pass: Pass,
  container: PodContainer,
  addresses: Addresses,
): { readonly env: Variables } | { readonly error: string } {
  const services = serviceVariables(pass)
  if (!container.env && !container.envFrom) return { env: services }
  const own: Record<string, string> = {}
  try {
    for (const source of container.envFrom ?? []) Object.assign(own, allOf(pass, source))
    for (const variable of container.env ?? []) {
      const known = variable.value?.includes('$') ? { ...services, ...own } : own
      const value = valueOf(pass, container, variable, known, addresses)
      if (value !== undefined) own[variable.name] = value
    }
  } catch (problem) {
    if (problem instanceof Missing) return { error: problem.message }
    throw problem
  }
  return { env: { ...services, ...own } }
}

type EnvFrom = NonNullable<PodContainer['envFrom']>[number]

function allOf(pass: Pass, { prefix = '', configMapRef, secretRef }: EnvFrom): Record<string, string> {
  const data = configMapRef
    ? (configMapNamed(pass, configMapRef.name, configMapRef.optional)?.data ?? {})
    : secretRef
      ? textsOf(secretNamed(pass, secretRef.name, secretRef.optional))
      : {}
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [prefix + key, value]))
}

const textsOf = (secret: Secret | undefined): Variables =>
  Object.fromEntries(Object.entries(secret?.data ?? {}).map(([key, value]) => [key, fromBase64(value) ?? '']))

/** undefined: it is optional, and what it names is not there: then the variable is not set at all. */
function valueOf(
  pass: Pass,
  container: PodContainer,
  { value, valueFrom }: EnvVar,
  known: Variables,
  addresses: Addresses,
): string | undefined {
  if (value || !valueFrom) return expandVariables(value ?? '', known)
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom
  const { pod } = pass
  if (fieldRef) return fieldValue(pod, fieldRef.fieldPath, addresses)
  if (resourceFieldRef) return resourceValue(pass.world, pod, container, resourceFieldRef)
  if (configMapKeyRef) {
    const { name, key, optional } = configMapKeyRef
    const found = configMapNamed(pass, name, optional)
    return keyOf(found?.data?.[key], { key, optional, where: `ConfigMap ${pod.metadata.namespace}/${name}` })
  }
  if (secretKeyRef) {
    const { name, key, optional } = secretKeyRef
    const found = secretNamed(pass, name, optional)?.data?.[key]
    const text = found === undefined ? undefined : fromBase64(found)
    return keyOf(text, { key, optional, where: `Secret ${pod.metadata.namespace}/${name}` })
  }
  return undefined
}

function keyOf(
  value: string | undefined,
  about: { readonly key: string; readonly optional: boolean | undefined; readonly where: string },
): string | undefined {
  if (value !== undefined || about.optional) return value
  throw new Missing(`couldn't find key ${about.key} in ${about.where}`)
}

function configMapNamed(pass: Pass, name: string, optional: boolean | undefined): ConfigMap | undefined {
  const found = pass.known(ConfigMap.key(pass.pod.metadata.namespace!, name))?.value
  if (!found && !optional) throw new Missing(`configmap ${JSON.stringify(name)} not found`)
  return found
}

function secretNamed(pass: Pass, name: string, optional: boolean | undefined): Secret | undefined {
  const found = pass.known(Secret.key(pass.pod.metadata.namespace!, name))?.value
  if (!found && !optional) throw new Missing(`secret ${JSON.stringify(name)} not found`)
  return found
}
