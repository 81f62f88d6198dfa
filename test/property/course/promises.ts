import { expect } from 'vitest'
import { parseQuantity } from '../../../src/kubernetes/api/quantity'
import { fenceposts } from '../../../src/kubernetes/controllers/deployment-rolling'
import { active, podReady } from '../../../src/kubernetes/controllers/pods'
import { DaemonSet } from '../../../src/kubernetes/kinds/daemonset'
import { Deployment } from '../../../src/kubernetes/kinds/deployment'
import { Job } from '../../../src/kubernetes/kinds/job'
import { controllerOf } from '../../../src/kubernetes/kinds/meta'
import { Node } from '../../../src/kubernetes/kinds/node'
import { Pod } from '../../../src/kubernetes/kinds/pod'
import { podRequests } from '../../../src/kubernetes/kinds/pod-resources'
import { PodDisruptionBudget } from '../../../src/kubernetes/kinds/poddisruptionbudget'
import { ReplicaSet } from '../../../src/kubernetes/kinds/replicaset'
import { Container, Sandbox } from '../../../src/platform/container/container'
import { Machine } from '../../../src/platform/machine/machine'
import type { Session } from '../../../src/terminal/session'

/** What must hold whatever has been done. */
export function holds(session: Session): void {
  nodesHoldTheirPods(session)
  addressesAreOnesOwn(session)
  podsRunInOnePlace(session)
  jobsKeepTheirParallelism(session)
  daemonsAreAlone(session)
}

function nodesHoldTheirPods({ simulation: { store } }: Session): void {
  const nodes = new Map(store.list(Node).map((node) => [node.value.metadata.name, node.value]))
  const asked = new Map<string, { cpu: bigint; pods: number }>()
  for (const { value: pod } of store.list(Pod)) {
    const { nodeName } = pod.spec
    if (nodeName === undefined || pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') continue
    if (!nodes.has(nodeName)) throw new Error(`${pod.metadata.name} is on ${nodeName}, which there is not`)
    const sum = asked.get(nodeName) ?? { cpu: 0n, pods: 0 }
    const cpu = podRequests(pod.spec)['cpu']
    asked.set(nodeName, { cpu: sum.cpu + (cpu === undefined ? 0n : parseQuantity(cpu)!.nanos), pods: sum.pods + 1 })
  }
  for (const [name, { cpu, pods }] of asked) {
    const { allocatable } = nodes.get(name)!.status
    if (cpu > parseQuantity(allocatable['cpu']!)!.nanos) throw new Error(`${name} is asked for more CPU than it has`)
    if (pods > Number(allocatable['pods'])) throw new Error(`${name} has too many pods`)
  }
}

/** Network namespaces of a machine that has been up since they were made have an address each. */
function addressesAreOnesOwn({ simulation: { store } }: Session): void {
  const boots = new Map(store.list(Machine).map(({ value }) => [value.name, value.boots]))
  const owners = new Map<string, string>()
  for (const { value } of store.list(Sandbox)) {
    if (value.boot !== boots.get(value.machine)) continue
    const other = owners.get(value.address)
    if (other !== undefined) throw new Error(`${value.address} belongs to ${other} and ${value.name}`)
    owners.set(value.address, value.name)
  }
}

/** A pod's containers run on one machine only, and one of each name. */
function podsRunInOnePlace({ simulation: { store } }: Session): void {
  const places = new Map<string, string>()
  const running = new Map<string, string>()
  for (const { value } of store.list(Container)) {
    const { owner } = value.spec.labels
    if (value.state !== 'running' || owner === undefined) continue
    const place = places.get(owner) ?? value.machine
    if (place !== value.machine) throw new Error(`the pod ${owner} runs on ${place} and ${value.machine}`)
    places.set(owner, place)
    const what = `${owner} ${value.spec.labels['container']}`
    const other = running.get(what)
    if (other !== undefined) throw new Error(`${what} runs twice: ${other}, ${value.id}`)
    running.set(what, value.id)
  }
}

function jobsKeepTheirParallelism({ simulation: { store } }: Session): void {
  for (const { value: job } of store.list(Job)) {
    const pods = store.list(Pod, { controller: job.metadata.uid }).map(({ value }) => value)
    const { parallelism, completions, podReplacementPolicy } = job.spec
    const counted = podReplacementPolicy === 'Failed' ? pods.filter(unfinished) : pods.filter(active)
    if (counted.length > parallelism)
      throw new Error(`${job.metadata.name} has ${counted.length} pods at once, of at most ${parallelism}`)
    if (completions !== undefined && (job.status.succeeded ?? 0) > completions)
      throw new Error(`${job.metadata.name} succeeded ${job.status.succeeded} times, wanted ${completions}`)
  }
}
const unfinished = ({ status }: Pod) => status.phase !== 'Succeeded' && status.phase !== 'Failed'

function daemonsAreAlone({ simulation: { store } }: Session): void {
  for (const { value: ds } of store.list(DaemonSet)) {
    const on = new Map<string, number>()
    const most = (ds.spec.updateStrategy.rollingUpdate?.maxSurge ?? 0) === 0 ? 1 : 2
    for (const { value: pod } of store.list(Pod, { controller: ds.metadata.uid })) {
      const node = pod.spec.nodeName
      if (node === undefined || !active(pod)) continue
      const count = (on.get(node) ?? 0) + 1
      if (count > most) throw new Error(`${ds.metadata.name} has ${count} pods on ${node}`)
      on.set(node, count)
    }
  }
}

const podsOf = ({ simulation: { store } }: Session, deployment: Deployment): Pod[] =>
  store
    .list(ReplicaSet, { controller: deployment.metadata.uid })
    .flatMap((set) => store.list(Pod, { controller: set.value.metadata.uid }))
    .map((pod) => pod.value)

/** During a rollout that nothing disturbs: never too many pods, never too few that are available. */
export function rollsGently(session: Session): void {
  for (const { value: deployment } of session.simulation.store.list(Deployment, { scope: 'default' })) {
    if (deployment.spec.strategy.type !== 'RollingUpdate') continue
    const { surge, unavailable } = fenceposts(
      deployment.spec.replicas,
      deployment.spec.strategy.rollingUpdate?.maxSurge,
      deployment.spec.strategy.rollingUpdate?.maxUnavailable,
    )
    const pods = podsOf(session, deployment).filter(active)
    const { name } = deployment.metadata
    expect(pods.length, `${name} has too many pods`).toBeLessThanOrEqual(deployment.spec.replicas + surge)
    expect(pods.filter(podReady).length, `${name} has too few available pods`).toBeGreaterThanOrEqual(
      deployment.spec.replicas - unavailable,
    )
  }
}

/** Where nothing but evictions takes pods away, budgets are kept. */
export function budgetsAreKept({ simulation: { store } }: Session): void {
  for (const { value: budget } of store.list(PodDisruptionBudget)) {
    const app = budget.spec.selector?.matchLabels?.['app']
    const healthy = store
      .list(Pod, { scope: budget.metadata.namespace! })
      .filter(({ value }) => value.metadata.labels?.['app'] === app && active(value) && podReady(value)).length
    if (healthy < budget.status.desiredHealthy)
      throw new Error(`${budget.metadata.name} wants ${budget.status.desiredHealthy} healthy pods and has ${healthy}`)
  }
}

/** What still keeps a cluster from rest; undefined: it is whole. */
export function unrest(session: Session): string | undefined {
  const { store } = session.simulation
  for (const { value: deployment } of store.list(Deployment)) {
    const { name } = deployment.metadata
    const { replicas } = deployment.spec
    const { status } = deployment
    if (status.observedGeneration !== deployment.metadata.generation) return `${name} is not observed`
    if (
      (status.replicas ?? 0) !== replicas ||
      (status.updatedReplicas ?? 0) !== replicas ||
      (status.availableReplicas ?? 0) !== replicas
    )
      return `${name}: ${JSON.stringify(status)}`
    const living = podsOf(session, deployment).filter(active).length
    if (living !== replicas) return `${name} wants ${replicas} and has ${living} pods`
  }
  for (const { value: ds } of store.list(DaemonSet)) {
    const { status } = ds
    if (status.observedGeneration !== ds.metadata.generation) return `${ds.metadata.name} is not observed`
    const good = status.numberAvailable ?? 0
    if (good !== status.desiredNumberScheduled || (status.updatedNumberScheduled ?? 0) !== good)
      return `${ds.metadata.name}: ${JSON.stringify(status)}`
  }
  for (const { value: job } of store.list(Job)) {
    if (!job.status.conditions?.some(({ type, status }) => /^(Complete|Failed)$/.test(type) && status === 'True'))
      return `${job.metadata.name}: ${JSON.stringify(job.status)}`
  }
  for (const { value: pod } of store.list(Pod)) {
    if (pod.metadata.deletionTimestamp !== undefined) return `${pod.metadata.name} still ends`
    if (unfinished(pod) && controllerOf(pod) === undefined && pod.metadata.namespace === 'default')
      return `${pod.metadata.name} has no owner`
    if (unfinished(pod) && !podReady(pod)) return `${pod.metadata.name} is not ready: ${JSON.stringify(pod.status)}`
  }
  const lost = store
    .list(Node)
    .find((node) => node.value.status.conditions.find((one) => one.type === 'Ready')?.status !== 'True')
  if (lost) return `${lost.value.metadata.name} is not Ready`
  return runtimesAgree(session)
}

/** What the pods say of their containers is what the machines run, and they run nothing else. */
function runtimesAgree({ simulation: { store } }: Session): string | undefined {
  const told = new Set<string>()
  for (const { value: pod } of store.list(Pod)) {
    for (const one of pod.status.containerStatuses ?? []) {
      if (one.state?.running === undefined) continue
      const id = one.containerID?.replace('containerd://', '') ?? ''
      const container = store.get(Container.key(pod.spec.nodeName!, id))
      if (container?.state !== 'running')
        return `${pod.metadata.name} says that ${one.name} runs, and the runtime ${container?.state ?? 'knows none'}`
      told.add(id)
    }
    const { podIP } = pod.status
    if (podIP === undefined || !unfinished(pod) || pod.spec.hostNetwork) continue
    const own = store.list(Sandbox, { owner: pod.metadata.uid })
    if (!own.some(({ value }) => value.address === podIP)) return `${pod.metadata.name} has not its address ${podIP}`
  }
  const unknown = store
    .list(Container)
    .find(({ value }) => value.state === 'running' && value.spec.labels['owner'] && !told.has(value.id))
  return unknown && `${unknown.value.name} runs on ${unknown.value.machine}, and no pod says so`
}
