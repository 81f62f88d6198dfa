/**
 * The second control plane: kinds and the API server in front of them, the scheduler, the controllers, the kubelets, kube-proxy and the
 * cluster's DNS. Everything meets in the store; each part only watches and writes objects, under the real component's name.
 *
 * Not modelled yet: everything that a kind's fields label so (`kinds/`), DaemonSets, StatefulSets, Jobs, volumes beyond emptyDir, preemption,
 * admission beyond defaults, authorisation.
 */
import type { Room } from '../engine'
import { onControlPlane } from './control-plane'
import { deploymentController } from './controllers/deployment'
import { endpointSliceController } from './controllers/endpointslice'
import { garbageCollector } from './controllers/garbage-collector'
import { namespaceController, serviceAccountController } from './controllers/namespace'
import { nodeLifecycle } from './controllers/node-lifecycle'
import { podGarbageCollector } from './controllers/pod-garbage-collector'
import { replicaSetController } from './controllers/replicaset'
import { taintEviction } from './controllers/taint-eviction'
import { kubelet } from './kubelet/kubelet'
import { nodeStatus } from './kubelet/node-status'
import { clusterDns } from './network/cluster-dns'
import { kubeProxy } from './network/kube-proxy'
import { scheduler } from './scheduler/scheduler'
import { sentences } from './sentences'

const controlPlaneParts = [
  deploymentController,
  replicaSetController,
  endpointSliceController,
  nodeLifecycle,
  taintEviction,
  podGarbageCollector,
  namespaceController,
  serviceAccountController,
  garbageCollector,
  scheduler,
]

export const kubernetes: Room = {
  name: 'kubernetes',
  controllers: [...controlPlaneParts.map(onControlPlane), kubelet, nodeStatus, kubeProxy, clusterDns],
  doors: [],
  sentences,
}

export { kubernetesGenesis, KUBERNETES_VERSION } from './genesis'
