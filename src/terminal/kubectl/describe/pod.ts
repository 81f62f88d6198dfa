import { ageOf } from '../../../kubernetes'
import type { Run } from '../command'
import { describeContainers } from './containers'
import { eventsAbout, writeEvents } from './events'
import { writeSpread } from './template'
import { describeVolumes } from './volumes'
import { controllerOf, rfc1123, Writer, writeAnnotations, writeLabels, writeTolerations } from './writer'

export function describePod(run: Run, pod: any): string {
  const w = new Writer()
  const { metadata, spec, status } = pod
  const now = run.call.now
  w.write(0, `Name:\t${metadata.name}`)
  w.write(0, `Namespace:\t${metadata.namespace}`)
  if (spec.priority !== undefined) w.write(0, `Priority:\t${spec.priority}`)
  if (spec.priorityClassName) w.write(0, `Priority Class Name:\t${spec.priorityClassName}`)
  if (spec.runtimeClassName) w.write(0, `Runtime Class Name:\t${spec.runtimeClassName}`)
  if (spec.serviceAccountName) w.write(0, `Service Account:\t${spec.serviceAccountName}`)
  w.write(0, spec.nodeName ? `Node:\t${spec.nodeName}/${status.hostIP ?? ''}` : 'Node:\t<none>')
  if (status.startTime) w.write(0, `Start Time:\t${rfc1123(status.startTime)}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  if (metadata.deletionTimestamp !== undefined && status.phase !== 'Failed' && status.phase !== 'Succeeded') {
    w.write(0, `Status:\tTerminating (lasts ${ageOf(metadata.deletionTimestamp, now)})`)
    w.write(0, `Termination Grace Period:\t${metadata.deletionGracePeriodSeconds ?? 0}s`)
  } else w.write(0, `Status:\t${status.phase}`)
  if (status.reason) w.write(0, `Reason:\t${status.reason}`)
  if (status.message) w.write(0, `Message:\t${status.message}`)
  w.write(0, `IP:\t${status.podIP ?? ''}`)
  addresses(w, status.podIPs)
  const controller = controllerOf(metadata)
  if (controller) w.write(0, `Controlled By:\t${controller}`)
  if (status.nominatedNodeName) w.write(0, `NominatedNodeName:\t${status.nominatedNodeName}`)
  const resolve = (fieldPath: string) => fieldOf(pod, fieldPath)
  if (spec.initContainers?.length)
    describeContainers(w, 'Init Containers', spec.initContainers, status.initContainerStatuses, resolve, '')
  describeContainers(w, 'Containers', spec.containers, status.containerStatuses, resolve, '')
  gates(w, pod)
  conditions(w, status.conditions)
  describeVolumes(w, spec.volumes, '')
  w.write(0, `QoS Class:\t${status.qosClass ?? 'BestEffort'}`)
  writeLabels(w, 'Node-Selectors', spec.nodeSelector)
  writeTolerations(w, 'Tolerations', spec.tolerations)
  writeSpread(w, spec.topologySpreadConstraints, '')
  writeEvents(w, eventsAbout(run, pod), now)
  return w.aligned
}

function addresses(w: Writer, list: readonly { readonly ip: string }[] | undefined): void {
  if (!list?.length) {
    w.write(0, 'IPs:\t<none>')
    return
  }
  w.write(0, 'IPs:')
  for (const { ip } of list) w.write(1, `IP:\t${ip}`)
}

/** Only what metadata holds can be told beforehand. */
function fieldOf(pod: any, path: string): string {
  const keyed = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path)
  if (keyed) return pod.metadata[keyed[1]!]?.[keyed[2]!] ?? ''
  const name = /^metadata\.(name|namespace|uid)$/.exec(path)?.[1]
  return name === undefined ? '' : (pod.metadata[name] ?? '')
}

function gates(w: Writer, { spec, status }: any): void {
  if (!spec.readinessGates?.length) return
  w.write(0, 'Readiness Gates:')
  w.write(1, 'Type\tStatus')
  for (const { conditionType } of spec.readinessGates) {
    const found = status.conditions?.find((one: any) => one.type === conditionType)
    w.write(1, `${conditionType} \t${found?.status ?? '<none>'} `)
  }
}

function conditions(w: Writer, list: readonly any[] | undefined): void {
  if (!list?.length) return
  w.write(0, 'Conditions:')
  w.write(1, 'Type\tStatus')
  for (const { type, status } of list) w.write(1, `${type} \t${status} `)
}
