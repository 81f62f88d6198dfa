import type { PodSpec } from './pod'

const known = new WeakMap<object, 'Guaranteed' | 'Burstable' | 'BestEffort'>()

/** The quality of service class, after pkg/apis/core/v1/helper/qos: Guaranteed needs cpu and memory limits equal to the requests everywhere. */
export function qosClass(spec: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  let qos = known.get(spec)
  if (!qos) {
    qos = classify(spec)
    known.set(spec, qos)
  }
  return qos
}

function classify(spec: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  let any = false
  let guaranteed = true
  for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
    for (const resource of ['cpu', 'memory']) {
      const limit = container.resources?.limits?.[resource]
      const request = container.resources?.requests?.[resource] ?? limit
      if (limit !== undefined || request !== undefined) any = true
      if (limit === undefined || request !== limit) guaranteed = false
    }
  }
  return !any ? 'BestEffort' : guaranteed ? 'Guaranteed' : 'Burstable'
}
