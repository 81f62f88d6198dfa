import { DockerContainer } from '../../docker/containers/container'
import type { World } from '../../engine'
import { Node } from '../../kubernetes/kinds/node'
import { Pod, type PodContainer } from '../../kubernetes/kinds/pod'
import { Container } from '../../platform/container/container'
import { Pull } from '../../platform/image/image'
import { Fault } from '../../platform/machine/machine'
import { type Book, isMachineDaemon } from '../place/book'
import { shorten } from './amount'
import { dockerState, hueOf } from './docker-marks'
import type { TileMark } from './scene'
import { podLook } from './state'
import { type PodLook, type State, stateWords } from './state-words'
import { workloadOf } from './workload'

/** Pods as tiles, in order of birth: those on machines in their slots, those on none in the order in which they wait. */
export function podTiles(world: World, book: Book): TileMark[] {
  const pulls = new Set(
    world
      .list(Pull)
      .filter((pull) => pull.value.state === 'pulling')
      .map((pull) => `${pull.value.machine} ${pull.value.reference}`),
  )
  const broken = brokenPods(world)
  let waiting = 0
  return world.list(Pod).map((change) => {
    const pod = change.value
    const machine = pod.spec.nodeName
    const node = machine === undefined ? undefined : world.get(Node.key('', machine))
    const pulling = pod.spec.containers.some((container) => isPulled(container, machine, pulls))
    const look = podLook(pod, { node, pulling, now: world.now })
    const workload = workloadOf(pod, change.uid, world)
    return {
      id: change.uid,
      key: change.key,
      name: pod.metadata.name,
      title: podTitle(pod, look, broken.get(change.uid)),
      label: labelOf(pod),
      shortLabel: shortLabels[labelOf(pod)],
      hue: book.hueOf(workload.uid),
      version: workload.version,
      state: look.state,
      word: look.word,
      restarts: look.restarts,
      workload: workload.name,
      machine,
      slot: machine === undefined ? waiting++ : (book.slotOf(change.uid) ?? 0),
      broken: broken.get(change.uid),
      small: isMachineDaemon(pod),
      note: machine === undefined ? waitsFor(pod) : undefined,
    }
  })
}

/** What is wrong with a container on purpose. */
function brokenWords({ disturbed }: Container): string | undefined {
  if (disturbed?.answers !== undefined) return disturbed.answers === 'never' ? 'never answers' : 'answers 500'
  return disturbed?.leak ? 'leaks memory' : undefined
}

/** By the pods' uids. */
function brokenPods(world: World): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  if (world.list(Fault).length === 0) return found
  for (const { value } of world.list(Container)) {
    const { owner } = value.spec.labels
    const words = brokenWords(value)
    if (words !== undefined && owner !== undefined) found.set(owner, words)
  }
  return found
}

function isPulled(container: PodContainer, machine: string | undefined, pulls: ReadonlySet<string>): boolean {
  const image = container.image ?? ''
  return pulls.has(`${machine} ${image}`) || pulls.has(`${machine} ${image}:latest`)
}

function podTitle(pod: Pod, look: PodLook, broken: string | undefined): string {
  const parts = [`pod ${pod.metadata.name}`, look.word ?? stateWords[look.state]]
  parts.push(pod.spec.nodeName === undefined ? 'on no machine yet' : `on ${pod.spec.nodeName}`)
  if (look.restarts > 0) parts.push(look.restarts === 1 ? '1 restart' : `${look.restarts} restarts`)
  if (broken !== undefined) parts.push(`broken on purpose: ${broken}`)
  return parts.join(', ')
}

/** What tells a pod from its neighbours: the letters at the end of a generated name, or all of a given one. */
function labelOf(pod: Pod): string {
  const { name, namespace } = pod.metadata
  const owner = pod.metadata.ownerReferences?.find((one) => one.controller)
  if (namespace === 'kube-system') return systemLabel(name, pod.spec.nodeName)
  if (owner && owner.kind !== 'StatefulSet' && owner.kind !== 'Node') return name.slice(name.lastIndexOf('-') + 1)
  return shorten(name, 11)
}

/** Where there is no room for the whole word. */
const shortLabels: Readonly<Record<string, string>> = {
  apiserver: 'api',
  scheduler: 'sched',
  controllers: 'ctrl',
  coredns: 'dns',
}

function systemLabel(name: string, node: string | undefined): string {
  const short = node === undefined ? name : name.replace(`-${node}`, '')
  const plain = short
    .replace(/^kube-/, '')
    .replace(/-[a-z0-9]{8,10}-[a-z0-9]{5}$/, '')
    .replace(/-[a-z0-9]{5}$/, '')
  return plain === 'controller-manager' ? 'controllers' : shorten(plain, 11)
}

/** `0/4 nodes fit`, from the scheduler's own message. */
function waitsFor(pod: Pod): string {
  const message = pod.status.conditions?.find((c) => c.type === 'PodScheduled' && c.status === 'False')?.message
  const fit = message === undefined ? null : /^(\d+\/\d+) nodes are available/.exec(message)
  if (fit) return `${fit[1]} nodes fit`
  if ((pod.spec.schedulingGates ?? []).length > 0) return 'held by a gate'
  return message ?? 'waits for a node'
}

/** Containers on machines that no kubelet looks after. */
export function containerTiles(world: World, book: Book): TileMark[] {
  return world
    .list(Container)
    .filter((change) => !world.get(Node.key('', change.value.machine)))
    .map((change) => {
      const container = change.value
      const kept = world.get(DockerContainer.key(container.machine, container.id))
      const state = kept ? dockerState(kept) : containerState(container)
      return {
        id: change.uid,
        key: kept ? DockerContainer.key(container.machine, container.id) : change.key,
        name: container.name,
        title: `container ${container.name}, ${stateWords[state]}, on ${container.machine}`,
        label: shorten(container.name, 11),
        shortLabel: undefined,
        hue: kept ? hueOf(kept.image) : book.hueOf(change.uid),
        version: 0,
        state,
        word: container.state === 'exited' ? `Exited (${container.exitCode ?? 0})` : undefined,
        restarts: kept?.restartCount ?? 0,
        workload: kept?.image ?? container.name,
        machine: container.machine,
        slot: book.slotOf(change.uid) ?? 0,
        broken: brokenWords(container),
        small: false,
        note: undefined,
      }
    })
}

function containerState(container: Container): State {
  if (container.state === 'running') return container.stop ? 'terminating' : 'running'
  if (container.state === 'paused') return 'pending'
  if (container.oomKilled) return 'oom'
  if (container.state === 'created') return container.error === undefined ? 'starting' : 'unhealthy'
  return container.exitCode === 0 || container.exitCode === undefined ? 'exited' : 'crash'
}
