import { hash32 } from '../../engine/hash'
import { randomSuffix } from '../api/names'
import type { Pod, PodContainer, PodSpec, PodStatus, Probe, Toleration, Volume } from './pod'
import { qosClass } from './pod-resources'

export const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount'

const defaulted = new WeakMap<PodSpec, PodSpec>()
const admitted = new WeakMap<PodSpec, PodSpec>()

/** A pod's spec with the API's defaults, as it stands in templates too. Computed once per spec; pods of one template share it. */
export function defaultPodSpec(spec: PodSpec): PodSpec {
  let full = defaulted.get(spec)
  if (!full) {
    full = withDefaults(spec)
    defaulted.set(spec, full)
    defaulted.set(full, full)
  }
  return full
}

/**
 * The spec of a pod that is being created: the API's defaults, and what admission adds to every pod whatever else there is (service
 * account, 300 s of patience with lost nodes). Computed once per spec. The volume with the API token is not stored: it
 * differs from pod to pod and is filled in by `withToken` when the pod is read.
 */
export function defaultPod(spec: PodSpec): PodSpec {
  let full = admitted.get(spec)
  if (!full) {
    full = admit(defaultPodSpec(spec))
    admitted.set(spec, full)
    admitted.set(full, full)
    defaulted.set(full, full)
  }
  return full
}

const pendingStatus: Readonly<Record<string, PodStatus>> = {
  Guaranteed: { phase: 'Pending', qosClass: 'Guaranteed' },
  Burstable: { phase: 'Pending', qosClass: 'Burstable' },
  BestEffort: { phase: 'Pending', qosClass: 'BestEffort' },
}
const qosOf = new WeakMap<PodSpec, PodStatus>()

/** What a new pod's status is; shared. */
export function newPodStatus(spec: PodSpec): PodStatus {
  let status = qosOf.get(spec)
  if (!status) {
    status = pendingStatus[qosClass({ spec })]!
    qosOf.set(spec, status)
  }
  return status
}

function withDefaults(spec: PodSpec): PodSpec {
  const full: Record<string, unknown> = {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
    ...spec,
  }
  const host = spec.hostNetwork === true
  const containers = spec.containers ?? []
  full['containers'] = containers.map((container) => defaultContainer(container, host))
  if (spec.initContainers)
    full['initContainers'] = spec.initContainers.map((container) => defaultContainer(container, host))
  if (spec.volumes) full['volumes'] = spec.volumes.map(defaultVolume)
  const account = spec.serviceAccountName ?? (spec['serviceAccount'] as string | undefined)
  if (account !== undefined) {
    full['serviceAccountName'] = account
    full['serviceAccount'] = account
  }
  return full as unknown as PodSpec
}

function defaultContainer(container: PodContainer, hostNetwork: boolean): PodContainer {
  const full: Record<string, unknown> = {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    ...container,
    imagePullPolicy: container.imagePullPolicy ?? pullPolicyOf(container.image ?? ''),
    resources: container.resources ?? {},
  }
  if (container.ports) {
    full['ports'] = container.ports.map((port) => ({
      ...(hostNetwork && { hostPort: port.containerPort }),
      ...port,
      protocol: port.protocol ?? 'TCP',
    }))
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    if (container[name]) full[name] = defaultProbe(container[name])
  }
  if (container.env?.some((variable) => variable.valueFrom?.fieldRef)) {
    full['env'] = container.env.map((variable) => {
      const { fieldRef } = variable.valueFrom ?? {}
      return fieldRef
        ? { ...variable, valueFrom: { ...variable.valueFrom, fieldRef: { apiVersion: 'v1', ...fieldRef } } }
        : variable
    })
  }
  return full as unknown as PodContainer
}

/** Always for `latest` and for no tag at all, unless there is a digest. */
export function pullPolicyOf(image: string): 'Always' | 'IfNotPresent' {
  if (image.includes('@')) return 'IfNotPresent'
  const name = image.slice(image.lastIndexOf('/') + 1)
  const colon = name.indexOf(':')
  return colon < 0 || name.slice(colon + 1) === 'latest' ? 'Always' : 'IfNotPresent'
}

/** A limit without a request is the request too. In pods, not yet in templates. */
function requestsFromLimits(resources: NonNullable<PodContainer['resources']>): PodContainer['resources'] {
  const requests = { ...resources.requests }
  for (const name in resources.limits) requests[name] ??= resources.limits[name]!
  return { ...resources, requests }
}

function defaultProbe(probe: Probe): Probe {
  const full: Record<string, unknown> = {
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
    ...probe,
  }
  if (probe.httpGet) full['httpGet'] = { path: '/', scheme: 'HTTP', ...probe.httpGet }
  if (probe.grpc) full['grpc'] = { service: '', ...probe.grpc }
  return full as Probe
}

function defaultVolume(volume: Volume): Volume {
  const sources = Object.keys(volume).filter((key) => key !== 'name')
  if (sources.length === 0) return { ...volume, emptyDir: {} }
  const full: Record<string, unknown> = { ...volume }
  for (const source of ['configMap', 'secret', 'downwardAPI', 'projected']) {
    if (typeof volume[source] === 'object') full[source] = { defaultMode: 420, ...(volume[source] as object) }
  }
  if (typeof volume['hostPath'] === 'object') full['hostPath'] = { type: '', ...volume['hostPath'] }
  return full as Volume
}

const PATIENCE: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
]

function admit(spec: PodSpec): PodSpec {
  const account = spec.serviceAccountName ?? 'default'
  const tolerations = spec.tolerations ?? []
  const added = PATIENCE.filter(
    ({ key }) =>
      !tolerations.some(
        (t) => (t.key === key || t.key === undefined) && (t.effect === 'NoExecute' || t.effect === undefined),
      ),
  )
  const asking = (container: PodContainer): PodContainer =>
    container.resources?.limits ? { ...container, resources: requestsFromLimits(container.resources) } : container
  return {
    enableServiceLinks: true,
    ...spec,
    containers: spec.containers.map(asking),
    ...(spec.initContainers && { initContainers: spec.initContainers.map(asking) }),
    serviceAccountName: account,
    serviceAccount: account,
    ...((added.length > 0 || spec.tolerations) && {
      tolerations: added.length > 0 ? [...tolerations, ...added] : tolerations,
    }),
  }
}

const tokenName = (uid: string) => `kube-api-access-${randomSuffix(hash32(uid) / 4_294_967_296)}`

/** The pod as the API shows it: with the volume that holds its token. */
export function withToken(pod: Pod): Pod {
  const { spec } = pod
  // static pods have no service account
  if (spec['automountServiceAccountToken'] === false || spec.serviceAccountName === undefined) return pod
  const name = tokenName(pod.metadata.uid)
  const mount = { name, readOnly: true, mountPath: TOKEN_PATH }
  const mounted = (container: PodContainer): PodContainer =>
    container.volumeMounts?.some(({ mountPath }) => mountPath === TOKEN_PATH)
      ? container
      : { ...container, volumeMounts: [...(container.volumeMounts ?? []), mount] }
  const volume = {
    name,
    projected: {
      defaultMode: 420,
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
    },
  }
  return {
    ...pod,
    spec: {
      ...spec,
      containers: spec.containers.map(mounted),
      ...(spec.initContainers && { initContainers: spec.initContainers.map(mounted) }),
      volumes: [...(spec.volumes ?? []), volume],
    },
  }
}

const isToken = ({ name }: { readonly name: string }) => /^kube-api-access-[a-z0-9]{5}$/.test(name)

/** The reverse of `withToken`, for pods that a client read and sends back. */
export function withoutToken(pod: Pod): Pod {
  if (!pod.spec?.volumes?.some(isToken)) return pod
  const { volumes, ...spec } = pod.spec
  const kept = volumes.filter((volume) => !isToken(volume))
  const bare = (container: PodContainer): PodContainer => {
    const { volumeMounts = [], ...rest } = container
    const mounts = volumeMounts.filter((mount) => !isToken(mount))
    return mounts.length > 0 ? { ...rest, volumeMounts: mounts } : rest
  }
  return {
    ...pod,
    spec: {
      ...(spec as PodSpec),
      containers: spec.containers.map(bare),
      ...(spec.initContainers && { initContainers: spec.initContainers.map(bare) }),
      ...(kept.length > 0 && { volumes: kept }),
    },
  }
}
