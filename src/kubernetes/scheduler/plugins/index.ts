import type { Plugin } from '../framework'
import { balancedAllocation } from './balanced-allocation'
import { imageLocality } from './image-locality'
import { interPodAffinity } from './inter-pod-affinity'
import { nodeAffinity } from './node-affinity'
import { nodeName } from './node-name'
import { nodePorts } from './node-ports'
import { nodeResourcesFit } from './node-resources-fit'
import { nodeUnschedulable } from './node-unschedulable'
import { podTopologySpread } from './pod-topology-spread'
import { taintToleration } from './taint-toleration'
import { volumePlugins } from './volumes'

/** The default profile, in the order in which filters are asked; a node gives the reasons of the first that refuses it. */
export const defaultPlugins: readonly Plugin[] = [
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
  ...volumePlugins,
  podTopologySpread,
  interPodAffinity,
  balancedAllocation,
  imageLocality,
]
