import type { Change, World } from '../engine'
import { podReady } from '../kubernetes/controllers/pods'
import { Deployment } from '../kubernetes/kinds/deployment'
import { Node } from '../kubernetes/kinds/node'
import { Pod } from '../kubernetes/kinds/pod'
import { EndpointSlice } from '../kubernetes/kinds/service'
import { Ledger } from '../platform/network/ledger'
import { containerIs, dockerAbsent, fileThere } from './docker-state'
import { buildEnded, imageGone, imageThere, pushed } from './image-state'
import { reaches } from './reach'
import type { Check } from './scenario'
import { absent, eventTold, field, losses, podsThere, type Verdict } from './state'

/** Judges a check by the state of the world in namespace default. */
export function judge(check: Check, world: World): Verdict {
  if (check.after === 'evicted' && !wasEvicted(world)) return { ok: false, detail: 'no pod has been evicted yet' }
  if (check.available) return available(check.available, world)
  if (check.answered !== undefined) return answered(check.answered, world)
  if (check.node) return node(check.node, world)
  if (check.endpoints) return endpoints(check.endpoints, world)
  if (check.placed) return placed(check.placed, world)
  if (check.field) return field(check.field, world)
  if (check.pods) return podsThere(check.pods, world)
  if (check.event) return eventTold(check.event, world)
  if (check.lost) return losses(check.lost, world)
  if (check.container) return containerIs(check.container, world)
  if (check.image) return imageThere(check.image, world)
  if (check.pushed) return pushed(check.pushed, world)
  if (check.build) return buildEnded(check.build, world)
  if (check.reach) return reaches(check.reach, world)
  if (check.file) return fileThere(check.file, world)
  if (check.gone !== undefined) return imageGone(check.gone, world)
  if (check.absent !== undefined) return dockerAbsent(check.absent, world) ?? absent(check.absent, world)
  return terminating(check.terminating ?? 0, world)
}

const pods = (world: World): readonly Change<Pod>[] => world.list(Pod, { scope: 'default' })
const going = (pod: Pod) => pod.metadata.deletionTimestamp !== undefined

/** Pods that taint eviction has marked, while they are still listed. */
const wasEvicted = (world: World) =>
  pods(world).some((pod) =>
    pod.value.status.conditions?.some((condition) => condition.reason === 'DeletionByTaintManager'),
  )

function available(names: readonly string[], world: World): Verdict {
  const missing: string[] = []
  for (const name of names) {
    const deployment = world.get(Deployment.key('default', name))
    if (!deployment) missing.push(`${name} does not exist`)
    else {
      const { replicas } = deployment.spec
      const has = deployment.status.availableReplicas ?? 0
      if (
        has < replicas ||
        (deployment.status.updatedReplicas ?? 0) < replicas ||
        deployment.status.observedGeneration !== deployment.metadata.generation
      )
        missing.push(`${name}: ${has} of ${replicas} available`)
    }
  }
  return {
    ok: missing.length === 0,
    detail: missing.length === 0 ? `${names.length} of ${names.length}` : missing.join('; '),
  }
}

function answered(wanted: number, world: World): Verdict {
  let ok = 0
  let sent = 0
  for (const ledger of world.list(Ledger)) {
    ok += ledger.value.ok
    sent += ledger.value.sent
  }
  return { ok: ok >= wanted, detail: `${ok} of ${sent} answered` }
}

function node(wanted: { readonly name: string; readonly ready: boolean }, world: World): Verdict {
  const found = world.get(Node.key('', wanted.name))
  if (!found) return { ok: false, detail: `there is no node ${wanted.name}` }
  const ready = found.status.conditions.find((condition) => condition.type === 'Ready')?.status === 'True'
  return { ok: ready === wanted.ready, detail: `${wanted.name} is ${ready ? 'Ready' : 'NotReady'}` }
}

function endpoints(wanted: { readonly service: string; readonly noneOn: string }, world: World): Verdict {
  const all = world
    .list(EndpointSlice, { service: `default/${wanted.service}` })
    .flatMap((slice) => slice.value.endpoints)
  const there = all.filter((endpoint) => endpoint.conditions.ready && endpoint.nodeName === wanted.noneOn).length
  const elsewhere = all.filter((endpoint) => endpoint.conditions.ready && endpoint.nodeName !== wanted.noneOn).length
  return { ok: there === 0 && elsewhere > 0, detail: `${there} ready on ${wanted.noneOn}, ${elsewhere} elsewhere` }
}

function placed(
  wanted: { readonly away: string; readonly deployments: readonly string[]; readonly deleted?: boolean },
  world: World,
): Verdict {
  const own = pods(world).filter((pod) => wanted.deployments.includes(pod.value.metadata.labels?.['app'] ?? ''))
  const living = own.filter((pod) => !going(pod.value))
  const there = living.filter((pod) => pod.value.spec.nodeName === wanted.away)
  const unready = living.filter((pod) => !podReady(pod.value))
  if (there.length > 0)
    return {
      ok: false,
      detail: `still expected on ${wanted.away}: ${there.map((pod) => pod.value.metadata.name).join(', ')}`,
    }
  if (unready.length > 0)
    return { ok: false, detail: `not ready yet: ${unready.map((pod) => pod.value.metadata.name).join(', ')}` }
  if (wanted.deleted && !own.some((pod) => going(pod.value) && pod.value.spec.nodeName === wanted.away))
    return { ok: false, detail: `none has been given up on ${wanted.away}` }
  return { ok: living.length > 0, detail: `${living.length} pods on living machines` }
}

function terminating(wanted: number, world: World): Verdict {
  const found = pods(world).filter((pod) => going(pod.value))
  return {
    ok: found.length === wanted,
    detail:
      found.length === 0
        ? 'none is Terminating'
        : `Terminating: ${found.map((pod) => pod.value.metadata.name).join(', ')}`,
  }
}
