import type { PodSpec } from './pod'
import { newPodStatus } from './pod-defaults'

/** The quality of service class of a spec, computed once for each. */
export const qosClass = (spec: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' => newPodStatus(spec).qosClass!
