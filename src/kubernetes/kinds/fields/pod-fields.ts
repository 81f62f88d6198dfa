import {
  bool,
  choice,
  int,
  list,
  long,
  map,
  needed,
  object,
  quantity,
  simplified,
  text,
  textMap,
  texts,
  time,
  unmodelled,
} from '../schema'
import { container, ephemeralContainer, resources, securityBits, whoRuns } from './container-fields'
import { conditions, labelSelector, localReference, objectMeta } from './meta-fields'
import { volume } from './volume-fields'

const selectorTerm = object('NodeSelectorTerm', 'Requirements on a node; all must hold.', {
  matchExpressions: list(
    object('NodeSelectorRequirement', 'One requirement on a label.', {
      key: needed(text('The label.')),
      operator: needed(choice(['DoesNotExist', 'Exists', 'Gt', 'In', 'Lt', 'NotIn'], 'How it is compared.')),
      values: texts('With what.'),
    }),
    'On labels of the node.',
  ),
  matchFields: list(
    object('NodeSelectorRequirement', 'One requirement on a field.', {
      key: needed(text('metadata.name.')),
      operator: needed(choice(['DoesNotExist', 'Exists', 'Gt', 'In', 'Lt', 'NotIn'], 'How it is compared.')),
      values: texts('With what.'),
    }),
    'On fields of the node.',
  ),
})

const podTerm = object('PodAffinityTerm', 'Which pods, and what counts as near.', {
  labelSelector: labelSelector('Which pods.'),
  topologyKey: needed(text('Nodes with the same value of this label are one place.')),
  namespaces: texts('In which namespaces; the pod’s own when left out.'),
  namespaceSelector: labelSelector('In namespaces with such labels.'),
  matchLabelKeys: texts('Labels of this pod that the others must share; merged into the selector when it is created.'),
  mismatchLabelKeys: texts('Labels of this pod that the others must not share; merged likewise.'),
})

const podAffinity = (name: string, about: string) =>
  object(name, about, {
    requiredDuringSchedulingIgnoredDuringExecution: list(podTerm, 'Must hold when the pod is placed.'),
    preferredDuringSchedulingIgnoredDuringExecution: list(
      object('WeightedPodAffinityTerm', 'A wish with a weight.', {
        weight: needed(int('1 to 100.')),
        podAffinityTerm: needed(podTerm),
      }),
      'Counts for the node’s score.',
    ),
  })

export const nodeSelectorField = object('NodeSelector', 'Any of these terms is enough.', {
  nodeSelectorTerms: needed(list(selectorTerm, 'The terms.')),
})

export const nodeAffinityField = object('NodeAffinity', 'Which nodes.', {
  requiredDuringSchedulingIgnoredDuringExecution: nodeSelectorField,
  preferredDuringSchedulingIgnoredDuringExecution: list(
    object('PreferredSchedulingTerm', 'A wish with a weight.', {
      weight: needed(int('1 to 100.')),
      preference: needed(selectorTerm),
    }),
    'Counts for the node’s score.',
  ),
})

const affinity = object('Affinity', 'Which nodes, and near or far from which pods.', {
  nodeAffinity: nodeAffinityField,
  podAffinity: podAffinity('PodAffinity', 'Near these pods.'),
  podAntiAffinity: podAffinity('PodAntiAffinity', 'Not near these pods.'),
})

export const toleration = object('Toleration', 'A taint that does not matter to this pod.', {
  key: text('The taint’s key; all when left out.'),
  operator: choice(['Equal', 'Exists'], 'Equal (the value too) or Exists.'),
  value: text('The taint’s value.'),
  effect: choice(['NoExecute', 'NoSchedule', 'PreferNoSchedule'], 'Which effect; all when left out.'),
  tolerationSeconds: long('For NoExecute: for how long; for ever when left out.'),
})

export const spread = object('TopologySpreadConstraint', 'How evenly pods are spread.', {
  maxSkew: needed(int('At most this difference between two places.')),
  topologyKey: needed(text('Nodes with the same value of this label are one place.')),
  whenUnsatisfiable: needed(choice(['DoNotSchedule', 'ScheduleAnyway'], 'A must or a wish.')),
  labelSelector: labelSelector('Which pods are counted.'),
  minDomains: int('There should be at least so many places.'),
  nodeAffinityPolicy: text('Honor or Ignore the pod’s node affinity when counting.'),
  nodeTaintsPolicy: text('Honor or Ignore taints when counting.'),
  matchLabelKeys: texts(
    'Labels of this pod that counted pods must share; merged into the selector when it is created.',
  ),
})

const podSecurity = object('PodSecurityContext', 'As whom the pod runs.', {
  ...whoRuns,
  fsGroup: simplified(long('The group that owns the volumes.'), 'programs see the group; files have no owners'),
  fsGroupChangePolicy: unmodelled(text('When ownership is changed.')),
  supplementalGroups: simplified(list(long(''), 'More groups.'), 'programs see them; they forbid nothing'),
  supplementalGroupsPolicy: unmodelled(text('Where more groups come from.')),
  sysctls: unmodelled(
    list(
      object('Sysctl', 'One kernel setting.', { name: needed(text('Name.')), value: needed(text('Value.')) }),
      'Kernel settings.',
    ),
  ),
  seLinuxChangePolicy: unmodelled(text('How labels are changed.')),
  ...securityBits,
})

export const podSpec = object('PodSpec', 'What the pod should be.', {
  containers: needed(list(container, 'The containers; at least one.', { mergeKey: 'name' })),
  initContainers: list(container, 'Containers that run before, one after the other; each must end well.', {
    mergeKey: 'name',
  }),
  ephemeralContainers: unmodelled(list(ephemeralContainer, 'Containers added for debugging.', { mergeKey: 'name' })),
  volumes: list(volume, 'Volumes that its containers can mount.', { mergeKey: 'name', strategy: 'merge,retainKeys' }),
  restartPolicy: choice(['Always', 'Never', 'OnFailure'], 'When a container that ended is started again.'),
  terminationGracePeriodSeconds: long('How long the pod may take to end.'),
  activeDeadlineSeconds: long('How long the pod may be active at all.'),
  dnsPolicy: choice(['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'], 'Whom it asks for names.'),
  dnsConfig: simplified(
    object('PodDNSConfig', 'More about names.', {
      nameservers: texts('Servers.'),
      searches: texts('Search list.'),
      options: list(
        object('PodDNSConfigOption', 'One option.', { name: text('Name.'), value: text('Value.') }),
        'Options.',
      ),
    }),
    'only the first server is asked, and none but the cluster’s own answers',
  ),
  nodeName: text('The node it is on; set by the scheduler, or by you to go past it.'),
  nodeSelector: textMap('The node must have these labels.'),
  affinity,
  tolerations: list(toleration, 'Taints that do not matter to it.'),
  topologySpreadConstraints: list(spread, 'How evenly pods like it are spread.', { mergeKey: 'topologyKey' }),
  schedulingGates: list(
    object('PodSchedulingGate', 'One gate.', { name: needed(text('Its name.')) }),
    'While any is left, it is not scheduled.',
    { mergeKey: 'name' },
  ),
  schedulerName: simplified(
    text('Which scheduler places it.'),
    'only the profiles of kube-scheduler exist: with another name it stays Pending',
    { except: ['default-scheduler'] },
  ),
  serviceAccountName: text('Who it is for the API.'),
  serviceAccount: text('Old name of serviceAccountName.'),
  automountServiceAccountToken: simplified(bool('Whether it gets a token.'), 'tokens are shown, not checked'),
  hostNetwork: simplified(bool('It uses the node’s own network.'), 'ports of the node are not shared'),
  hostPID: unmodelled(bool('It sees the node’s processes.')),
  hostIPC: unmodelled(bool('It shares the node’s IPC.')),
  hostUsers: unmodelled(bool('It shares the node’s users.')),
  shareProcessNamespace: unmodelled(bool('Its containers see each other’s processes.')),
  hostname: text('Its host name.'),
  hostnameOverride: unmodelled(text('Its host name, whatever the rest says.')),
  subdomain: text('The headless service under which it has a name.'),
  setHostnameAsFQDN: unmodelled(bool('The host name is the full one.')),
  hostAliases: list(
    object('HostAlias', 'Lines of /etc/hosts.', { ip: needed(text('Address.')), hostnames: texts('Names.') }),
    'Lines of /etc/hosts.',
    { mergeKey: 'ip' },
  ),
  priority: int('How important it is.'),
  priorityClassName: text('How important it is, by the name of a PriorityClass.'),
  preemptionPolicy: choice(['Never', 'PreemptLowerPriority'], 'Whether it may push others off.'),
  enableServiceLinks: bool('Environment variables for each service.'),
  readinessGates: list(
    object('PodReadinessGate', 'One more condition.', { conditionType: needed(text('Which.')) }),
    'Conditions that must be True before it is ready.',
  ),
  overhead: map(quantity(''), 'What running it costs besides its containers.'),
  resources: simplified(resources, 'the scheduler counts them; no limit is enforced'),
  runtimeClassName: simplified(
    text('Which container runtime, by the name of a RuntimeClass.'),
    'its overhead and its nodes count; its containers run as always',
  ),
  securityContext: podSecurity,
  imagePullSecrets: simplified(
    list(localReference('A Secret.'), 'Credentials for registries.', { mergeKey: 'name' }),
    'those of the pod count; public registries ask for none',
  ),
  os: unmodelled(object('PodOS', 'Its operating system.', { name: needed(text('linux or windows.')) })),
  resourceClaims: unmodelled(
    list(
      object('PodResourceClaim', 'Devices it uses.', {
        name: needed(text('Name.')),
        resourceClaimName: text('Claim.'),
        resourceClaimTemplateName: text('Template.'),
      }),
      'Devices it uses.',
      { mergeKey: 'name', strategy: 'merge,retainKeys' },
    ),
  ),
})

const state = (about: string) =>
  object('ContainerState', about, {
    waiting: object('ContainerStateWaiting', 'Not running yet, or again.', {
      reason: text('Why.'),
      message: text('Why, in a sentence.'),
    }),
    running: object('ContainerStateRunning', 'Running.', { startedAt: time('Since when.') }),
    terminated: object('ContainerStateTerminated', 'Ended.', {
      exitCode: needed(int('Exit status.')),
      signal: int('Signal that ended it.'),
      reason: text('Why.'),
      message: text('Last words.'),
      startedAt: time('From.'),
      finishedAt: time('Until.'),
      containerID: text('Which container it was.'),
    }),
  })

const containerStatus = object('ContainerStatus', 'How one container is.', {
  name: needed(text('Its name.')),
  state: state('Now.'),
  lastState: state('Before.'),
  ready: needed(bool('Whether it counts as ready.')),
  restartCount: needed(int('How often it was started again.')),
  image: needed(text('What it runs.')),
  imageID: needed(text('Exactly what it runs.')),
  containerID: text('Which container.'),
  started: bool('Whether it has started.'),
  allocatedResources: map(quantity(''), 'What the node has set aside.'),
  resources,
})

const ip = (name: string) => object(name, 'One address.', { ip: needed(text('The address.')) })

export const podStatus = object('PodStatus', 'What the pod is, as last reported.', {
  phase: choice(['Failed', 'Pending', 'Running', 'Succeeded', 'Unknown'], 'The one-word summary.'),
  conditions: conditions('PodCondition'),
  message: text('Why it is so, in a sentence.'),
  reason: text('Why it is so, in a word.'),
  hostIP: text('Address of its node.'),
  hostIPs: list(ip('HostIP'), 'Addresses of its node.', { mergeKey: 'ip' }),
  podIP: text('Its address.'),
  podIPs: list(ip('PodIP'), 'Its addresses.', { mergeKey: 'ip' }),
  startTime: time('When the kubelet took it.'),
  initContainerStatuses: list(containerStatus, 'Its init containers.'),
  containerStatuses: list(containerStatus, 'Its containers.'),
  ephemeralContainerStatuses: list(containerStatus, 'Its debugging containers.'),
  qosClass: choice(['BestEffort', 'Burstable', 'Guaranteed'], 'Who is killed first when memory runs out.'),
  nominatedNodeName: text('A node that is being cleared for it.'),
  observedGeneration: long('For which generation this holds.'),
  resize: text('State of a resize.'),
})

export const podTemplate = object('PodTemplateSpec', 'What each pod made from it looks like.', {
  metadata: objectMeta,
  spec: podSpec,
})
