import type { UnmodelledResource } from './resource'

function row(
  group: string,
  version: string,
  kind: string,
  plural: string,
  short = '',
  cluster = false,
): UnmodelledResource {
  return { group, version, kind, plural, shortNames: short === '' ? [] : short.split(','), namespaced: !cluster }
}

/** What a Kubernetes 1.34 API server serves and Drydock does not have yet, in the order of `kubectl api-resources`. */
export const unmodelledResources: readonly UnmodelledResource[] = [
  row('', 'v1', 'Binding', 'bindings'),
  row('', 'v1', 'ComponentStatus', 'componentstatuses', 'cs', true),
  row('', 'v1', 'Endpoints', 'endpoints', 'ep'),
  row('', 'v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', 'pvc'),
  row('', 'v1', 'PersistentVolume', 'persistentvolumes', 'pv', true),
  row('', 'v1', 'PodTemplate', 'podtemplates'),
  row('admissionregistration.k8s.io', 'v1', 'MutatingWebhookConfiguration', 'mutatingwebhookconfigurations', '', true),
  row('admissionregistration.k8s.io', 'v1', 'ValidatingAdmissionPolicy', 'validatingadmissionpolicies', '', true),
  row(
    'admissionregistration.k8s.io',
    'v1',
    'ValidatingAdmissionPolicyBinding',
    'validatingadmissionpolicybindings',
    '',
    true,
  ),
  row(
    'admissionregistration.k8s.io',
    'v1',
    'ValidatingWebhookConfiguration',
    'validatingwebhookconfigurations',
    '',
    true,
  ),
  row('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition', 'customresourcedefinitions', 'crd,crds', true),
  row('apiregistration.k8s.io', 'v1', 'APIService', 'apiservices', '', true),
  row('apps', 'v1', 'StatefulSet', 'statefulsets', 'sts'),
  row('authentication.k8s.io', 'v1', 'SelfSubjectReview', 'selfsubjectreviews', '', true),
  row('authentication.k8s.io', 'v1', 'TokenReview', 'tokenreviews', '', true),
  row('authorization.k8s.io', 'v1', 'LocalSubjectAccessReview', 'localsubjectaccessreviews'),
  row('authorization.k8s.io', 'v1', 'SelfSubjectAccessReview', 'selfsubjectaccessreviews', '', true),
  row('authorization.k8s.io', 'v1', 'SelfSubjectRulesReview', 'selfsubjectrulesreviews', '', true),
  row('authorization.k8s.io', 'v1', 'SubjectAccessReview', 'subjectaccessreviews', '', true),
  row('autoscaling', 'v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', 'hpa'),
  row('certificates.k8s.io', 'v1', 'CertificateSigningRequest', 'certificatesigningrequests', 'csr', true),
  row('events.k8s.io', 'v1', 'Event', 'events', 'ev'),
  row('flowcontrol.apiserver.k8s.io', 'v1', 'FlowSchema', 'flowschemas', '', true),
  row('flowcontrol.apiserver.k8s.io', 'v1', 'PriorityLevelConfiguration', 'prioritylevelconfigurations', '', true),
  row('networking.k8s.io', 'v1', 'IngressClass', 'ingressclasses', '', true),
  row('networking.k8s.io', 'v1', 'Ingress', 'ingresses', 'ing'),
  row('networking.k8s.io', 'v1', 'IPAddress', 'ipaddresses', 'ip', true),
  row('networking.k8s.io', 'v1', 'NetworkPolicy', 'networkpolicies', 'netpol'),
  row('networking.k8s.io', 'v1', 'ServiceCIDR', 'servicecidrs', '', true),
  row('rbac.authorization.k8s.io', 'v1', 'ClusterRoleBinding', 'clusterrolebindings', '', true),
  row('rbac.authorization.k8s.io', 'v1', 'ClusterRole', 'clusterroles', '', true),
  row('rbac.authorization.k8s.io', 'v1', 'RoleBinding', 'rolebindings'),
  row('rbac.authorization.k8s.io', 'v1', 'Role', 'roles'),
  row('resource.k8s.io', 'v1', 'DeviceClass', 'deviceclasses', '', true),
  row('resource.k8s.io', 'v1', 'ResourceClaim', 'resourceclaims'),
  row('resource.k8s.io', 'v1', 'ResourceClaimTemplate', 'resourceclaimtemplates'),
  row('resource.k8s.io', 'v1', 'ResourceSlice', 'resourceslices', '', true),
  row('storage.k8s.io', 'v1', 'CSIDriver', 'csidrivers', '', true),
  row('storage.k8s.io', 'v1', 'CSINode', 'csinodes', '', true),
  row('storage.k8s.io', 'v1', 'CSIStorageCapacity', 'csistoragecapacities'),
  row('storage.k8s.io', 'v1', 'StorageClass', 'storageclasses', 'sc', true),
  row('storage.k8s.io', 'v1', 'VolumeAttachment', 'volumeattachments', '', true),
  row('storage.k8s.io', 'v1', 'VolumeAttributesClass', 'volumeattributesclasses', 'vac', true),
]

/** Other versions in which 1.34 also serves a kind: `autoscaling/v1`. */
export const olderVersions: readonly (readonly [apiVersion: string, kind: string])[] = [
  ['autoscaling/v1', 'HorizontalPodAutoscaler'],
]
