import { nodeAffinityField, spread } from '../kinds/fields/pod-fields'
import { anything, bool, type Fields, int, list, object, text, texts } from '../kinds/schema'

const pluginSet = object('PluginSet', 'Plugins at one point.', {
  enabled: list(object('Plugin', 'One.', { name: text('Which.'), weight: int('What it counts.') }), 'On.'),
  disabled: list(object('Plugin', 'One.', { name: text('Which.'), weight: int('Nothing.') }), 'Off.'),
})
const POINTS = [
  'preEnqueue',
  'queueSort',
  'preFilter',
  'filter',
  'postFilter',
  'preScore',
  'score',
  'reserve',
  'permit',
  'preBind',
  'bind',
  'postBind',
  'multiPoint',
]

/** kubescheduler.config.k8s.io/v1: what kube-scheduler decodes strictly when it starts. */
export const configurationFields: Fields = {
  apiVersion: text('Group and version.'),
  kind: text('KubeSchedulerConfiguration.'),
  parallelism: int('How many nodes are asked at a time.'),
  leaderElection: anything('Who of several schedulers works.'),
  clientConnection: anything('How it reaches the API.'),
  healthzBindAddress: text('Old.'),
  metricsBindAddress: text('Old.'),
  enableProfiling: bool('Whether it can be profiled.'),
  enableContentionProfiling: bool('Likewise.'),
  delayCacheUntilActive: bool('Whether a follower keeps a cache.'),
  extenders: list(anything(''), 'Services that are asked too.'),
  percentageOfNodesToScore: int('How many feasible nodes are enough.'),
  podInitialBackoffSeconds: int('After the first failure.'),
  podMaxBackoffSeconds: int('At most.'),
  profiles: list(
    object('KubeSchedulerProfile', 'One scheduler.', {
      schedulerName: text('What pods call it.'),
      percentageOfNodesToScore: int('How many feasible nodes are enough.'),
      plugins: object('Plugins', 'By point.', Object.fromEntries(POINTS.map((point) => [point, pluginSet]))),
      pluginConfig: list(
        object('PluginConfig', 'Of one plugin.', { name: text('Which.'), args: anything('Its arguments.') }),
        'Arguments.',
      ),
    }),
    'The schedulers.',
  ),
}

const HEAD: Fields = { apiVersion: text(''), kind: text('') }
const resource = object('ResourceSpec', 'One resource.', { name: text('Which.'), weight: int('What it counts.') })

/** The arguments of the plugins that have some. */
export const argumentFields: Readonly<Record<string, Fields>> = {
  NodeResourcesFit: {
    ...HEAD,
    ignoredResources: texts('Not looked at.'),
    ignoredResourceGroups: texts('Likewise.'),
    scoringStrategy: object('ScoringStrategy', 'How use counts.', {
      type: text('Which.'),
      resources: list(resource, 'Which resources.'),
      requestedToCapacityRatio: object('RequestedToCapacityRatioParam', 'Points by use.', {
        shape: list(
          object('UtilizationShapePoint', 'A corner.', { utilization: int('Per cent.'), score: int('0 to 10.') }),
          'Its corners.',
        ),
      }),
    }),
  },
  NodeResourcesBalancedAllocation: { ...HEAD, resources: list(resource, 'Which resources.') },
  NodeAffinity: { ...HEAD, addedAffinity: nodeAffinityField },
  PodTopologySpread: {
    ...HEAD,
    defaultConstraints: list(spread, 'For pods without any.'),
    defaultingType: text('System or List.'),
  },
  InterPodAffinity: {
    ...HEAD,
    hardPodAffinityWeight: int('0 to 100.'),
    ignorePreferredTermsOfExistingPods: bool('Whether wishes of pods that are there count.'),
  },
  DefaultPreemption: {
    ...HEAD,
    minCandidateNodesPercentage: int('0 to 100.'),
    minCandidateNodesAbsolute: int('At least.'),
  },
  VolumeBinding: { ...HEAD, bindTimeoutSeconds: int(''), shape: anything('') },
  DynamicResources: { ...HEAD, filterTimeout: anything('') },
}
