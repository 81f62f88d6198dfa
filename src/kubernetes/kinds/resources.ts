import { clusterImagePolicyResource } from './clusterimagepolicy-resource'
import { configMapResource } from './configmap-resource'
import { controllerRevisionResource } from './controllerrevision-resource'
import { cronJobResource } from './cronjob-resource'
import { daemonSetResource } from './daemonset-resource'
import { deploymentResource } from './deployment-resource'
import { endpointsResource } from './endpoints-resource'
import { endpointSliceResource } from './endpointslice-resource'
import { eventResource } from './event-resource'
import { jobResource } from './job-resource'
import { limitRangeResource } from './limitrange-resource'
import { namespaceResource, serviceAccountResource } from './namespace-resource'
import { leaseResource, nodeResource } from './node-resource'
import { podResource } from './pod-resource'
import { podDisruptionBudgetResource } from './poddisruptionbudget-resource'
import { priorityClassResource } from './priorityclass-resource'
import { replicaSetResource } from './replicaset-resource'
import { replicationControllerResource } from './replicationcontroller-resource'
import { apiVersionOf, type Resource, type UnmodelledResource } from './resource'
import { resourceQuotaResource } from './resourcequota-resource'
import { runtimeClassResource } from './runtimeclass-resource'
import { secretResource } from './secret-resource'
import { serviceResource } from './service-resource'
import { olderVersions, unmodelledResources as served } from './unmodelled'

/** Every resource that Drydock has: one line each. Within a group in the order of `kubectl api-resources`. */
const modelled: readonly Resource[] = [
  configMapResource,
  endpointsResource,
  eventResource,
  limitRangeResource,
  namespaceResource,
  nodeResource,
  podResource,
  replicationControllerResource,
  resourceQuotaResource,
  secretResource,
  serviceAccountResource,
  serviceResource,
  controllerRevisionResource,
  daemonSetResource,
  deploymentResource,
  replicaSetResource,
  cronJobResource,
  jobResource,
  leaseResource,
  endpointSliceResource,
  runtimeClassResource,
  podDisruptionBudgetResource,
  clusterImagePolicyResource,
  priorityClassResource,
]

export const resources = modelled
const has = new Set(modelled.map((one) => `${one.group}/${one.kind}`))
/** What 1.34 serves and Drydock does not have. */
export const unmodelledResources = served.filter((one) => !has.has(`${one.group}/${one.kind}`))

const byKind = new Map<string, Resource>(modelled.map((one) => [`${apiVersionOf(one)}/${one.kind}`, one]))
const byPlural = new Map<string, Resource>(modelled.map((one) => [`${apiVersionOf(one)}/${one.plural}`, one]))
const _byStore = new Map<string, Resource>(modelled.map((one) => [one.store.id, one]))

/** The resource of an object with this apiVersion and kind, or undefined. */
export const resourceOfKind = (apiVersion: string, kind: string): Resource | undefined =>
  byKind.get(`${apiVersion}/${kind}`)

export const resourceNamed = (group: string, version: string, plural: string): Resource | undefined =>
  byPlural.get(`${apiVersionOf({ group, version })}/${plural}`)

/** A kind that 1.34 serves and Drydock does not have; `undefined`: 1.34 does not serve it either. */
export function unmodelledOfKind(apiVersion: string, kind: string): UnmodelledResource | undefined {
  const older = olderVersions.some(([version, name]) => version === apiVersion && name === kind)
  return unmodelledResources.find((one) => one.kind === kind && (older || apiVersionOf(one) === apiVersion))
}

/** Everything 1.34 serves, modelled or not, by group (the core group first), then as each list has it. */
export function allResources(): readonly (Resource | UnmodelledResource)[] {
  const all = [...modelled, ...unmodelledResources]
  const order = (one: Resource | UnmodelledResource) => (one.group === '' ? '' : one.group)
  return all
    .map((one) => ({ one, by: `${order(one)} ${one.plural}` }))
    .sort((a, b) => (a.by < b.by ? -1 : 1))
    .map(({ one }) => one)
}

export const isModelled = (one: Resource | UnmodelledResource): one is Resource => 'store' in one
