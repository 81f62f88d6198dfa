/**
 * The second control plane: kinds and the API server in front of them, the scheduler, the controllers, the kubelets, kube-proxy and the
 * cluster's DNS. Everything meets in the store; each part only watches and writes objects, under the real component's name.
 *
 * Not modelled yet: everything that a kind's fields label so (`kinds/`), StatefulSets, volumes that outlive pods, authorisation.
 */
import type { Room } from '../engine'
import { apiSentences } from './api/sentences'
import { apiServer } from './api/server'
import { onControlPlane } from './control-plane'
import { cronJobController } from './controllers/cronjob'
import { daemonSetController } from './controllers/daemonset'
import { deploymentController } from './controllers/deployment'
import { disruptionController } from './controllers/disruption'
import { endpointSliceController } from './controllers/endpointslice'
import { endpointSliceMirroring } from './controllers/endpointslice-mirroring'
import { garbageCollector } from './controllers/garbage-collector'
import { jobController } from './controllers/job'
import { namespaceController, serviceAccountController } from './controllers/namespace'
import { nodeLifecycle } from './controllers/node-lifecycle'
import { podGarbageCollector } from './controllers/pod-garbage-collector'
import { replicaSetController } from './controllers/replicaset'
import { replicationController } from './controllers/replicationcontroller'
import { resourceQuotaController } from './controllers/resourcequota'
import { rootCertificatePublisher } from './controllers/root-certificate'
import { taintEviction } from './controllers/taint-eviction'
import { ttlAfterFinished } from './controllers/ttl-after-finished'
import { evictionManager } from './kubelet/eviction/manager'
import { kubelet } from './kubelet/kubelet'
import { nodeStatus } from './kubelet/node-status'
import { clusterDns } from './network/cluster-dns'
import { kubeProxy } from './network/kube-proxy'
import { loadBalancer } from './network/load-balancer'
import { scheduler } from './scheduler/scheduler'
import { sentences } from './sentences'

const controllersOfManager = [
  deploymentController,
  replicaSetController,
  replicationController,
  daemonSetController,
  jobController,
  ttlAfterFinished,
  cronJobController,
  disruptionController,
  endpointSliceController,
  endpointSliceMirroring,
  nodeLifecycle,
  taintEviction,
  podGarbageCollector,
  namespaceController,
  serviceAccountController,
  rootCertificatePublisher,
  garbageCollector,
  resourceQuotaController,
]

export const kubernetes: Room = {
  name: 'kubernetes',
  controllers: [
    ...controllersOfManager.map((controller) => onControlPlane(controller, 'kube-controller-manager')),
    onControlPlane(scheduler, 'kube-scheduler'),
    kubelet,
    evictionManager,
    nodeStatus,
    kubeProxy,
    clusterDns,
    loadBalancer,
  ],
  doors: [apiServer],
  sentences: { ...sentences, ...apiSentences },
}

export { humanDuration, parseDuration, printDuration } from './api/duration'
export { intOrString } from './api/int-or-percent'
export type { ExecQuery, LogBody, LogQuery } from './api/kubelet-proxy'
export {
  labelsMatch,
  matches,
  parseSelector,
  printLabelSelector,
  printSelector,
  selectorOf,
} from './api/label-selector'
export { labelValue, qualifiedName } from './api/name-rules'
export { randomSuffix, sortedText } from './api/names'
export { attempt } from './api/patch/json'
export { applyJsonPatch } from './api/patch/json-patch'
export { applyMergePatch, createMergePatch, threeWayMergePatch } from './api/patch/merge-patch'
export { applyStrategicPatch, createStrategicPatch, threeWayStrategicPatch } from './api/patch/strategic-merge'
export {
  compareQuantities,
  parseQuantity,
  printQuantity,
  quantityMillis,
  quantityValue,
  sumQuantities,
} from './api/quantity'
export type { WatchEvent } from './api/reading'
export type { ApiReply, ApiRequest, PatchType, Status } from './api/request'
export { apiServer } from './api/server'
export { type Checked, type CheckNotice, type CheckOptions, checkManifest, customKindsIn, type Verdict } from './check'
export { editorSchema } from './editor-schema'
export { kubernetesGenesis } from './genesis'
export { KUBERNETES_VERSION } from './genesis-addons'
export { decode, type FieldNotice, fieldNotices } from './kinds/decode'
export { type KubeObject, type LabelSelector, withoutManagedFields } from './kinds/meta'
export { nodeRoles } from './kinds/node-resource'
export { ageOf, orNone, podSummary } from './kinds/pod-cells'
export { podLimits, podRequests } from './kinds/pod-resources'
export { apiVersionOf, type Resource, type UnmodelledResource } from './kinds/resource'
export {
  allResources,
  isModelled,
  resourceNamed,
  resourceOfKind,
  resources,
  unmodelledOfKind,
  unmodelledResources,
} from './kinds/resources'
export { explainedType, type Field, type ObjectField } from './kinds/schema'
export { MOST_MANIFEST_CHARACTERS, parseManifestText, parseYamlText } from './manifest-text'
