import { type FieldError, invalid, required, unsupported } from '../api/field-error'
import { labelsMatch } from '../api/label-selector'
import { labelSelector, objectMeta, objectReference, root } from './fields/meta-fields'
import { podTemplate } from './fields/pod-fields'
import { claimSpec } from './fields/volume-fields'
import { validateSelectorAndTemplate } from './meta-validation'
import { defaultPodSpec } from './pod-defaults'
import { validatePodTemplate } from './pod-validation'
import {
  anything,
  bool,
  type Fields,
  int,
  intOrText,
  list,
  map,
  type ObjectField,
  object,
  quantity,
  text,
  textMap,
  texts,
} from './schema'

/**
 * What kinds without a model look like, so that a manifest with a wrong field or a missing one is refused as the API would.
 * Nothing else follows from them: their words are not for `explain`.
 */
export interface UnmodelledSchema {
  readonly field: ObjectField
  readonly validate: (object: any) => readonly FieldError[]
}

const nothing = (): readonly FieldError[] => []
const t = text('')
const n = int('')
const status = anything('')

function kind(name: string, fields: Fields, validate: UnmodelledSchema['validate'] = nothing): UnmodelledSchema {
  return { field: root(name, '', fields), validate }
}

/** `a.b` must be there. */
function needs(path: string): (object: any) => FieldError[] {
  return (given) => {
    const value = path.split('.').reduce((at: any, key) => at?.[key], given)
    return value === undefined || value === '' || (Array.isArray(value) && value.length === 0) ? [required(path)] : []
  }
}

const all =
  (...checks: readonly UnmodelledSchema['validate'][]): UnmodelledSchema['validate'] =>
  (given) =>
    checks.flatMap((check) => check(given))

/** The template of a workload at `path`, with the restart policies that its kind allows. */
const template =
  (path: string, policies: readonly string[]): UnmodelledSchema['validate'] =>
  (given) => {
    const found: any = path.split('.').reduce((at: any, key) => at?.[key], given)
    if (!found) return [required(`${path}.spec.containers`)]
    const whole = { ...found, spec: defaultPodSpec(found.spec ?? { containers: [] }) }
    const errors = validatePodTemplate(whole, path)
    const policy = found.spec?.restartPolicy
    if (policies.includes('Always')) {
      if (policy !== undefined && policy !== 'Always')
        errors.push(unsupported(`${path}.spec.restartPolicy`, policy, ['Always']))
    } else if (policy === undefined || policy === 'Always') {
      errors.push(
        policy === undefined
          ? required(`${path}.spec.restartPolicy`, 'valid values: "OnFailure", "Never"')
          : unsupported(`${path}.spec.restartPolicy`, policy, ['OnFailure', 'Never']),
      )
    }
    return errors
  }

const selects: UnmodelledSchema['validate'] = ({ spec }) => [
  ...validateSelectorAndTemplate(spec ?? {}, labelsMatch(spec?.selector, spec?.template?.metadata?.labels)),
]

const workloadSpec = (name: string, more: Fields) =>
  object(name, '', {
    selector: labelSelector(''),
    template: podTemplate,
    minReadySeconds: n,
    revisionHistoryLimit: n,
    ...more,
  })

const claim = object('PersistentVolumeClaim', '', {
  apiVersion: t,
  kind: t,
  metadata: objectMeta,
  spec: claimSpec,
  status,
})

const statefulSet = kind(
  'StatefulSet',
  {
    spec: workloadSpec('StatefulSetSpec', {
      replicas: n,
      serviceName: t,
      podManagementPolicy: t,
      updateStrategy: object('StatefulSetUpdateStrategy', '', {
        type: t,
        rollingUpdate: object('RollingUpdateStatefulSetStrategy', '', { partition: n, maxUnavailable: intOrText('') }),
      }),
      volumeClaimTemplates: list(claim, ''),
      persistentVolumeClaimRetentionPolicy: object('StatefulSetPersistentVolumeClaimRetentionPolicy', '', {
        whenDeleted: t,
        whenScaled: t,
      }),
      ordinals: object('StatefulSetOrdinals', '', { start: n }),
    }),
    status,
  },
  all(selects, (given) => {
    // volumes of the claims can be mounted too
    const claims: readonly any[] = given.spec?.volumeClaimTemplates ?? []
    const volumes = claims.map(({ metadata }) => ({ name: metadata?.name, persistentVolumeClaim: { claimName: 'x' } }))
    const spec = given.spec?.template?.spec
    if (!spec) return [required('spec.template.spec.containers')]
    const own = (spec.volumes ?? []).filter((one: any) => !volumes.some(({ name }) => name === one.name))
    return template('spec.template', ['Always'])({
      spec: { template: { ...given.spec.template, spec: { ...spec, volumes: [...own, ...volumes] } } },
    })
  }),
)

const backend = object('IngressBackend', '', {
  service: object('IngressServiceBackend', '', {
    name: t,
    port: object('ServiceBackendPort', '', { name: t, number: n }),
  }),
  resource: object('TypedLocalObjectReference', '', { apiGroup: t, kind: t, name: t }),
})

const ingress = kind(
  'Ingress',
  {
    spec: object('IngressSpec', '', {
      ingressClassName: t,
      defaultBackend: backend,
      tls: list(object('IngressTLS', '', { hosts: texts(''), secretName: t }), ''),
      rules: list(
        object('IngressRule', '', {
          host: t,
          http: object('HTTPIngressRuleValue', '', {
            paths: list(object('HTTPIngressPath', '', { path: t, pathType: t, backend }), ''),
          }),
        }),
        '',
      ),
    }),
    status,
  },
  ({ spec }) => {
    const errors: FieldError[] = []
    if ((spec?.rules ?? []).length === 0 && !spec?.defaultBackend)
      errors.push(invalid('spec', null, 'either `defaultBackend` or `rules` must be specified'))
    for (const [r, rule] of (spec?.rules ?? []).entries()) {
      for (const [p, path] of (rule.http?.paths ?? []).entries()) {
        const here = `spec.rules[${r}].http.paths[${p}]`
        if (path.pathType === undefined) errors.push(required(`${here}.pathType`, 'pathType must be specified'))
        else if (!['Exact', 'Prefix', 'ImplementationSpecific'].includes(path.pathType))
          errors.push(unsupported(`${here}.pathType`, path.pathType, ['Exact', 'ImplementationSpecific', 'Prefix']))
        if (path.pathType !== 'ImplementationSpecific' && !String(path.path ?? '').startsWith('/'))
          errors.push(invalid(`${here}.path`, path.path ?? '', 'must be an absolute path'))
        if (!path.backend?.service && !path.backend?.resource) errors.push(required(`${here}.backend`))
        else if (path.backend.service && !path.backend.service.name)
          errors.push(required(`${here}.backend.service.name`))
        else if (
          path.backend.service &&
          path.backend.service.port?.number === undefined &&
          !path.backend.service.port?.name
        )
          errors.push(required(`${here}.backend.service.port`, 'port name or number is required'))
      }
    }
    return errors
  },
)

const peer = object('NetworkPolicyPeer', '', {
  podSelector: labelSelector(''),
  namespaceSelector: labelSelector(''),
  ipBlock: object('IPBlock', '', { cidr: t, except: texts('') }),
})
const policyPort = object('NetworkPolicyPort', '', { protocol: t, port: intOrText(''), endPort: n })

const scaleTarget = object('CrossVersionObjectReference', '', { apiVersion: t, kind: t, name: t })
const metricTarget = object('MetricTarget', '', {
  type: t,
  value: quantity(''),
  averageValue: quantity(''),
  averageUtilization: n,
})
const metricName = object('MetricIdentifier', '', { name: t, selector: labelSelector('') })
const scalingRules = object('HPAScalingRules', '', {
  stabilizationWindowSeconds: n,
  selectPolicy: t,
  tolerance: quantity(''),
  policies: list(object('HPAScalingPolicy', '', { type: t, value: n, periodSeconds: n }), ''),
})
const metric = object('MetricSpec', '', {
  type: t,
  resource: object('ResourceMetricSource', '', { name: t, target: metricTarget }),
  containerResource: object('ContainerResourceMetricSource', '', { name: t, container: t, target: metricTarget }),
  pods: object('PodsMetricSource', '', { metric: metricName, target: metricTarget }),
  object: object('ObjectMetricSource', '', { describedObject: scaleTarget, metric: metricName, target: metricTarget }),
  external: object('ExternalMetricSource', '', { metric: metricName, target: metricTarget }),
})
const scaling: UnmodelledSchema['validate'] = ({ spec }) => [
  ...needs('spec.scaleTargetRef.kind')({ spec }),
  ...needs('spec.scaleTargetRef.name')({ spec }),
  ...(!(spec?.maxReplicas >= 1) ? [invalid('spec.maxReplicas', spec?.maxReplicas ?? 0, 'must be greater than 0')] : []),
  ...(spec?.minReplicas !== undefined && spec.maxReplicas < spec.minReplicas
    ? [invalid('spec.maxReplicas', spec.maxReplicas, 'must be greater than or equal to `minReplicas`')]
    : []),
]

const rules = list(
  object('PolicyRule', '', {
    verbs: texts(''),
    apiGroups: texts(''),
    resources: texts(''),
    resourceNames: texts(''),
    nonResourceURLs: texts(''),
  }),
  '',
)
const bindingFields: Fields = {
  subjects: list(object('Subject', '', { kind: t, apiGroup: t, name: t, namespace: t }), ''),
  roleRef: object('RoleRef', '', { apiGroup: t, kind: t, name: t }),
}
const bindingChecks =
  (kinds: readonly string[]): UnmodelledSchema['validate'] =>
  ({ roleRef, subjects = [] }) => [
    ...(roleRef?.name ? [] : [required('roleRef.name')]),
    ...(kinds.includes(roleRef?.kind) ? [] : [unsupported('roleRef.kind', roleRef?.kind ?? '', kinds)]),
    ...subjects.flatMap((subject: any, i: number) => [
      ...(subject.name ? [] : [required(`subjects[${i}].name`)]),
      ...(subject.kind === 'ServiceAccount' && !subject.namespace ? [required(`subjects[${i}].namespace`)] : []),
    ]),
  ]

const volumeSources: Fields = Object.fromEntries(
  [
    'hostPath',
    'nfs',
    'csi',
    'local',
    'awsElasticBlockStore',
    'gcePersistentDisk',
    'azureDisk',
    'azureFile',
    'iscsi',
    'fc',
    'rbd',
    'cephfs',
    'cinder',
    'flexVolume',
    'vsphereVolume',
    'portworxVolume',
    'glusterfs',
    'scaleIO',
    'storageos',
    'quobyte',
    'flocker',
    'photonPersistentDisk',
  ].map((source) => [source, anything('')]),
)

const limits = map(quantity(''), '')

const schemas: Readonly<Record<string, UnmodelledSchema>> = {
  'apps/v1/StatefulSet': statefulSet,
  'v1/PersistentVolumeClaim': kind('PersistentVolumeClaim', { spec: claimSpec, status }, ({ spec }) => [
    ...((spec?.accessModes ?? []).length === 0
      ? [required('spec.accessModes', 'at least 1 access mode is required')]
      : []),
    ...(spec?.resources?.requests?.storage === undefined ? [required('spec.resources[storage]')] : []),
  ]),
  'v1/PersistentVolume': kind(
    'PersistentVolume',
    {
      spec: object('PersistentVolumeSpec', '', {
        capacity: limits,
        accessModes: texts(''),
        claimRef: objectReference(''),
        persistentVolumeReclaimPolicy: t,
        storageClassName: t,
        mountOptions: texts(''),
        volumeMode: t,
        nodeAffinity: anything(''),
        volumeAttributesClassName: t,
        ...volumeSources,
      }),
      status,
    },
    ({ spec }) => [
      ...((spec?.accessModes ?? []).length === 0 ? [required('spec.accessModes')] : []),
      ...(spec?.capacity?.storage === undefined ? [required('spec.capacity')] : []),
      ...(Object.keys(volumeSources).some((source) => spec?.[source] !== undefined)
        ? []
        : [required('spec', 'must specify a volume type')]),
    ],
  ),
  'v1/Endpoints': kind('Endpoints', {
    subsets: list(
      object('EndpointSubset', '', {
        addresses: list(
          object('EndpointAddress', '', { ip: t, hostname: t, nodeName: t, targetRef: objectReference('') }),
          '',
        ),
        notReadyAddresses: list(
          object('EndpointAddress', '', { ip: t, hostname: t, nodeName: t, targetRef: objectReference('') }),
          '',
        ),
        ports: list(object('EndpointPort', '', { name: t, port: n, protocol: t, appProtocol: t }), ''),
      }),
      '',
    ),
  }),
  'v1/PodTemplate': kind('PodTemplate', { template: podTemplate }),
  'networking.k8s.io/v1/Ingress': ingress,
  'networking.k8s.io/v1/IngressClass': kind('IngressClass', {
    spec: object('IngressClassSpec', '', {
      controller: t,
      parameters: object('IngressClassParametersReference', '', {
        apiGroup: t,
        kind: t,
        name: t,
        scope: t,
        namespace: t,
      }),
    }),
  }),
  'networking.k8s.io/v1/NetworkPolicy': kind(
    'NetworkPolicy',
    {
      spec: object('NetworkPolicySpec', '', {
        podSelector: labelSelector(''),
        policyTypes: texts(''),
        ingress: list(
          object('NetworkPolicyIngressRule', '', { from: list(peer, ''), ports: list(policyPort, '') }),
          '',
        ),
        egress: list(object('NetworkPolicyEgressRule', '', { to: list(peer, ''), ports: list(policyPort, '') }), ''),
      }),
    },
    ({ spec }) =>
      (spec?.policyTypes ?? []).flatMap((type: string, i: number) =>
        ['Ingress', 'Egress'].includes(type)
          ? []
          : [unsupported(`spec.policyTypes[${i}]`, type, ['Egress', 'Ingress'])],
      ),
  ),
  'autoscaling/v1/HorizontalPodAutoscaler': kind(
    'HorizontalPodAutoscaler',
    {
      spec: object('HorizontalPodAutoscalerSpec', '', {
        scaleTargetRef: scaleTarget,
        minReplicas: n,
        maxReplicas: n,
        targetCPUUtilizationPercentage: n,
      }),
      status,
    },
    scaling,
  ),
  'autoscaling/v2/HorizontalPodAutoscaler': kind(
    'HorizontalPodAutoscaler',
    {
      spec: object('HorizontalPodAutoscalerSpec', '', {
        scaleTargetRef: scaleTarget,
        minReplicas: n,
        maxReplicas: n,
        metrics: list(metric, ''),
        behavior: object('HorizontalPodAutoscalerBehavior', '', { scaleUp: scalingRules, scaleDown: scalingRules }),
      }),
      status,
    },
    scaling,
  ),
  'rbac.authorization.k8s.io/v1/Role': kind('Role', { rules }),
  'rbac.authorization.k8s.io/v1/ClusterRole': kind('ClusterRole', {
    rules,
    aggregationRule: object('AggregationRule', '', { clusterRoleSelectors: list(labelSelector(''), '') }),
  }),
  'rbac.authorization.k8s.io/v1/RoleBinding': kind(
    'RoleBinding',
    bindingFields,
    bindingChecks(['Role', 'ClusterRole']),
  ),
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': kind(
    'ClusterRoleBinding',
    bindingFields,
    bindingChecks(['ClusterRole']),
  ),
  'storage.k8s.io/v1/StorageClass': kind(
    'StorageClass',
    {
      provisioner: t,
      parameters: textMap(''),
      reclaimPolicy: t,
      mountOptions: texts(''),
      allowVolumeExpansion: bool(''),
      volumeBindingMode: t,
      allowedTopologies: anything(''),
    },
    needs('provisioner'),
  ),
}

export const schemaOfUnmodelled = (apiVersion: string, name: string): UnmodelledSchema | undefined =>
  schemas[`${apiVersion}/${name}`]
