import { printLabelSelector } from '../../../kubernetes'
import type { Run } from '../command'
import { revisionsOf } from '../revisions'
import { eventsAbout, writeEvents } from './events'
import { writeTemplate } from './template'
import { controllerOf, labelsLine, rfc1123, Writer, writeAnnotations, writeLabels } from './writer'

export function describeDeployment(run: Run, deployment: any): string {
  const w = new Writer()
  const { metadata, spec, status = {} } = deployment
  w.write(0, `Name:\t${metadata.name}`)
  w.write(0, `Namespace:\t${metadata.namespace}`)
  w.write(0, `CreationTimestamp:\t${rfc1123(metadata.creationTimestamp)}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.write(0, `Selector:\t${printLabelSelector(spec.selector)}`)
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, unavailableReplicas = 0 } = status
  w.write(
    0,
    `Replicas:\t${spec.replicas} desired | ${updatedReplicas} updated | ${replicas} total | ${availableReplicas} available | ${unavailableReplicas} unavailable`,
  )
  w.write(0, `StrategyType:\t${spec.strategy?.type}`)
  w.write(0, `MinReadySeconds:\t${spec.minReadySeconds ?? 0}`)
  const rolling = spec.strategy?.rollingUpdate
  if (rolling)
    w.write(0, `RollingUpdateStrategy:\t${rolling.maxUnavailable} max unavailable, ${rolling.maxSurge} max surge`)
  writeTemplate(w, spec.template)
  conditions(w, status.conditions)
  replicaSets(w, run, deployment)
  writeEvents(w, eventsAbout(run, deployment), run.call.now)
  return w.aligned
}

function conditions(w: Writer, list: readonly any[] | undefined): void {
  if (!list?.length) return
  w.write(0, 'Conditions:')
  w.write(1, 'Type\tStatus\tReason')
  w.write(1, '----\t------\t------')
  for (const { type, status, reason = '' } of list) w.write(1, `${type} \t${status}\t${reason}`)
}

function replicaSets(w: Writer, run: Run, deployment: any): void {
  const all = revisionsOf(run, deployment)
  const own = Number(deployment.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? -1)
  const newest = all.find(({ revision }) => revision === own)
  const old = all.filter((one) => one !== newest)
  const told = ({ object: set }: (typeof all)[number]) =>
    `${set.metadata.name} (${set.status?.replicas ?? 0}/${set.spec.replicas} replicas created)`
  w.write(0, `OldReplicaSets:\t${old.length === 0 ? '<none>' : old.map(told).join(', ')}`)
  w.write(0, `NewReplicaSet:\t${newest ? told(newest) : '<none>'}`)
}

export const describeReplicaSet = (run: Run, set: any): string =>
  describeReplicas(run, set, printLabelSelector(set.spec.selector), true)

export const describeReplicationController = (run: Run, rc: any): string =>
  describeReplicas(run, rc, labelsLine(rc.spec.selector), false)

function describeReplicas(run: Run, set: any, selector: string, owned: boolean): string {
  const w = new Writer()
  const { metadata, spec, status = {} } = set
  w.write(0, `Name:\t${metadata.name}`)
  w.write(0, `Namespace:\t${metadata.namespace}`)
  w.write(0, `Selector:\t${selector}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  const controller = owned ? controllerOf(metadata) : undefined
  if (controller) w.write(0, `Controlled By:\t${controller}`)
  w.write(0, `Replicas:\t${status.replicas ?? 0} current / ${spec.replicas} desired`)
  w.write(0, `Pods Status:\t${podsStatus(run, set)}`)
  writeTemplate(w, spec.template)
  conditions(w, status.conditions)
  writeEvents(w, eventsAbout(run, set), run.call.now)
  return w.aligned
}

/** How many pods of an owner are in each phase. */
export function podsStatus(run: Run, owner: any): string {
  const list = run.client.ask({
    verb: 'list',
    resource: { group: '', version: 'v1', resource: 'pods' },
    namespace: owner.metadata.namespace,
  })
  const own = (list.items as any[]).filter(({ metadata }) =>
    metadata.ownerReferences?.some((one: any) => one.controller && one.uid === owner.metadata.uid),
  )
  const in_ = (phase: string) => own.filter(({ status }) => status.phase === phase).length
  return `${in_('Running')} Running / ${in_('Pending')} Waiting / ${in_('Succeeded')} Succeeded / ${in_('Failed')} Failed`
}
