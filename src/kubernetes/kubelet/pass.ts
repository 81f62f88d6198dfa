import type { Change, Key, Reason, Revision, Tools, Wish, World } from '../../engine'
import { type Container, containerKey, Sandbox } from '../../platform/container/container'
import { LocalImage } from '../../platform/image/image'
import { localName } from '../../platform/image/reference'
import type { Machine } from '../../platform/machine/machine'
import { eventWish } from '../api/events'
import type { Pod, PodContainer } from '../kinds/pod'
import { lastHeard } from './node-agent'
import type { Seen } from './pod-status'
import { type ContainerWork, freshContainerWork, PodWork } from './pod-work'

const WORKER_BACKOFF_MILLIS = 10_000

/** One look of a kubelet at one pod: gathers what is to be changed. */
export class Pass {
  readonly head: Change<Pod>
  readonly pod: Pod
  readonly machine: Machine
  readonly online: boolean
  readonly world: World
  readonly tools: Tools
  readonly changes: Wish[] = []
  readonly key: Key<PodWork>
  /** The record as it is; undefined: this kubelet sees the pod for the first time. */
  readonly before: PodWork | undefined
  /** The record as it will be written. */
  work: PodWork
  /** Look again after so long. */
  again: number | undefined
  /** Containers that this pass changes; most change none or one. */
  #containers: Map<Key<Container>, Container | undefined> | undefined

  constructor(head: Change<Pod>, machine: Machine, online: boolean, world: World, tools: Tools) {
    this.head = head
    this.pod = head.value
    this.machine = machine
    this.online = online
    this.world = world
    this.tools = tools
    const { uid, namespace, name } = this.pod.metadata
    this.key = PodWork.key(machine.name, uid)
    this.before = world.get(this.key)
    this.work = this.before ?? {
      uid,
      namespace: namespace!,
      name,
      sandbox: undefined,
      sandboxes: 0,
      seenAt: world.now,
      containers: {},
      ending: undefined,
    }
  }

  /** An object of the API as this kubelet knows it: one that is cut off, as it last heard of it. */
  known<T>(key: Key<T>): Change<T> | undefined {
    let head = this.world.head(key)
    if (this.online || !head) return head
    const heard = lastHeard(this.world, this.machine.name)
    while (head && head.revision > heard) head = head.previous
    return head?.value === undefined ? undefined : head
  }

  wait(millis: number): void {
    this.again = Math.min(this.again ?? Number.POSITIVE_INFINITY, Math.max(1, millis))
  }

  of(name: string): ContainerWork {
    return this.work.containers[name] ?? freshContainerWork
  }

  set(name: string, part: Partial<ContainerWork>): void {
    this.work = { ...this.work, containers: { ...this.work.containers, [name]: { ...this.of(name), ...part } } }
  }

  /** An attempt to make a container has failed: the worker comes again after 10 s and up to half of that more. */
  retry(name: string): void {
    const attempt = this.of(name).retryAt ?? 0
    const delay = Math.round(WORKER_BACKOFF_MILLIS * (1 + this.draw(`retry ${name}`, attempt) / 2))
    this.set(name, { retryAt: this.world.now + delay })
    this.wait(delay)
  }

  /** The runtime's container of an attempt, as this pass leaves it. */
  container(id: string | undefined): Container | undefined {
    if (id === undefined) return undefined
    const key = containerKey(this.machine.name, id)
    return this.#containers?.has(key) ? this.#containers.get(key) : this.world.get(key)
  }

  putContainer(container: Container, because: Reason): void {
    const key = containerKey(container.machine, container.id)
    this.#containers ??= new Map()
    this.#containers.set(key, container)
    this.changes.push({ key, value: container, because })
  }

  dropContainer(id: string, because: Reason): void {
    const key = containerKey(this.machine.name, id)
    if (!this.world.get(key)) return
    this.#containers ??= new Map()
    this.#containers.set(key, undefined)
    this.changes.push({ key, value: undefined, because, quiet: true })
  }

  sandbox(): Sandbox | undefined {
    const found =
      this.work.sandbox === undefined ? undefined : this.world.get(Sandbox.key(this.machine.name, this.work.sandbox))
    return found?.boot === this.machine.boots ? found : undefined
  }

  seen({ name, image: wanted }: PodContainer): Seen {
    const work = this.of(name)
    const image = this.world.get(LocalImage.key(this.machine.name, localName(wanted ?? '')))
    return { work, container: this.container(work.id), imageId: image ? imageIdOf(image) : '' }
  }

  /** A kubelet's event; one that is cut off keeps it to itself (simplified: it is lost, not sent later). */
  event(type: 'Normal' | 'Warning', reason: string, message: string, because: Reason, container?: string): void {
    if (!this.online) return
    const isInit = this.pod.spec.initContainers?.some((c) => c.name === container)
    this.changes.push(
      eventWish(this.world, this.tools, {
        about: this.pod,
        type,
        reason,
        message,
        component: 'kubelet',
        host: this.machine.name,
        ...(container === undefined
          ? {}
          : { fieldPath: `spec.${isInit ? 'initContainers' : 'containers'}{${container}}` }),
        because,
      }),
    )
  }

  draw(purpose: string, n: number): number {
    return this.tools.draw(this.pod.metadata.uid, purpose, n)
  }

  /** The change that gave the pod to this node: what the kubelet's deeds follow from. */
  bound(): Revision {
    let change = this.head
    while (change.previous && change.previous.uid === change.uid && change.previous.value?.spec.nodeName !== undefined)
      change = change.previous
    return change.revision
  }
}

function imageIdOf(image: LocalImage): string {
  const repository = image.reference.includes(':')
    ? image.reference.slice(0, image.reference.lastIndexOf(':'))
    : image.reference
  const full = repository.includes('/')
    ? /[.:]|^localhost$/.test(repository.split('/')[0]!)
      ? repository
      : `docker.io/${repository}`
    : `docker.io/library/${repository}`
  return `${full}@${image.digest}`
}
