import type { Change } from '../../engine/change'
import type { Key } from '../../engine/kind'
import { LAB_EPOCH, parseRfc3339, rfc3339 } from '../../engine/time'
import { type Container, containerKey } from '../../platform/container/container'
import { containerExec } from '../../platform/container/exec'
import { type LogLine, readLogs } from '../../platform/container/logs'
import { hexOf } from '../../platform/image/hex'
import { Machine, machineKey } from '../../platform/machine/machine'
import { reaches } from '../../platform/network/reach'
import type { ContainerStatus, Pod } from '../kinds/pod'
import { type Answer, type Call, ok, refused } from './call'
import type { Status } from './request'
import { badRequest, internalError } from './status'

const KUBELET_PORT = 10_250

/** What `kubectl logs` asks for; the body of the request. */
export interface LogQuery {
  readonly container?: string
  readonly previous?: boolean
  readonly tailLines?: number
  readonly sinceSeconds?: number
  readonly sinceTime?: string
  readonly timestamps?: boolean
  readonly limitBytes?: number
  /** Lines told already: the answer to a following request begins after them. */
  readonly after?: number
}

/** Lines of text; `seen`: how many lines there are now, for the next request; `ended`: no more will come. */
export interface LogBody {
  readonly text: string
  readonly seen: number
  readonly ended: boolean
}

/** What `kubectl exec` asks for; the body of the request. */
export interface ExecQuery {
  readonly container?: string
  readonly command: readonly string[]
  readonly stdin?: string
  readonly tty: boolean
}

/** The API server does not run containers: it asks the kubelet of the pod's node. Why it cannot, if it cannot. */
function kubeletRefusal({ world }: Call, { spec }: Pod): string | undefined {
  const node = spec.nodeName ?? ''
  const machine = world.get(machineKey(node))
  const server = world.list(Machine, { role: 'control-plane' })[0]?.value.name ?? node
  const dial = `dial tcp ${machine?.address ?? node}:${KUBELET_PORT}: `
  const reach = reaches(world, server, node)
  if (!reach.ok) return `${dial}${machine?.power === 'off' ? 'connect: no route to host' : 'i/o timeout'}`
  return machine?.daemons['kubelet'] === 'running' ? undefined : `${dial}connect: connection refused`
}

/** What comes from the kubelet stands alone, without a reason. */
const internal = (message: string): Status => ({ ...internalError(message), reason: undefined, message })

function statusOf(pod: Pod, name: string): ContainerStatus | undefined {
  return [...(pod.status.containerStatuses ?? []), ...(pod.status.initContainerStatuses ?? [])].find(
    (one) => one.name === name,
  )
}

const idOf = (containerID: string | undefined) => containerID?.slice(containerID.indexOf('//') + 2) ?? ''

type Chosen = { readonly name: string } | { readonly refusal: Status }

/** The container that is meant: the one named, or the only one. */
function chosen(pod: Pod, name: string | undefined): Chosen {
  const all = pod.spec.containers
  const initial = pod.spec.initContainers ?? []
  const names = `${all.map((c) => c.name).join(' ')}`
  if (name === undefined || name === '') {
    if (all.length === 1) return { name: all[0]!.name }
    const others = initial.length > 0 ? ` or one of the init containers: [${initial.map((c) => c.name).join(' ')}]` : ''
    return {
      refusal: badRequest(
        `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names}]${others}`,
      ),
    }
  }
  if ([...all, ...initial].some((one) => one.name === name)) return { name }
  return { refusal: badRequest(`container ${name} is not valid for pod ${pod.metadata.name}`) }
}

export function logs(call: Call, head: Change<Pod>): Answer {
  const pod = head.value
  const query = (call.request.body ?? {}) as LogQuery
  const which = chosen(pod, query.container)
  if ('refusal' in which) return refused(which.refusal)
  const { name } = which
  const podName = pod.metadata.name
  if (!pod.spec.nodeName) return refused(badRequest(`pod ${podName} does not have a host assigned`))
  const refusal = kubeletRefusal(call, pod)
  if (refusal !== undefined) {
    const address = call.world.get(machineKey(pod.spec.nodeName))?.address ?? pod.spec.nodeName
    const url = `https://${address}:${KUBELET_PORT}/containerLogs/${pod.metadata.namespace}/${podName}/${name}`
    return refused(internal(`Get "${url}": ${refusal}`))
  }
  const status = statusOf(pod, name)
  const former = idOf(status?.lastState?.terminated?.containerID)
  if (query.previous && former === '')
    return refused(badRequest(`previous terminated container "${name}" in pod "${podName}" not found`))
  const waiting = status?.state?.waiting
  const id = query.previous ? former : idOf(status?.containerID) || former
  if (id === '' || (waiting && !status?.containerID && former === ''))
    return refused(badRequest(waitingText(name, podName, waiting?.reason)))
  const key = containerKey(pod.spec.nodeName, id)
  return ok(printedLogs(call, key, query))
}

function waitingText(container: string, pod: string, reason: string | undefined): string {
  const why =
    reason === 'ErrImagePull' || reason === 'ImagePullBackOff'
      ? reason === 'ErrImagePull'
        ? "image can't be pulled"
        : 'trying and failing to pull image'
      : (reason ?? 'ContainerCreating')
  return `container "${container}" in pod "${pod}" is waiting to start: ${why}`
}

function printedLogs({ world }: Call, key: Key<Container>, query: LogQuery): LogBody {
  const all = readLogs(world, key).filter(({ stream }) => stream === 'out' || stream === 'err')
  const since = sinceMillis(query, world.now)
  let lines = all.slice(query.after ?? 0).filter(({ at }) => since === undefined || at >= since)
  if (query.after === undefined && query.tailLines !== undefined)
    lines = query.tailLines === 0 ? [] : lines.slice(-query.tailLines)
  let text = lines.map((line) => printLine(line, query.timestamps === true)).join('')
  if (query.limitBytes !== undefined) text = text.slice(0, query.limitBytes)
  const state = world.get(key)?.state
  return { text, seen: all.length, ended: state === undefined || state === 'exited' || state === 'dead' }
}

function sinceMillis(query: LogQuery, now: number): number | undefined {
  if (query.sinceSeconds !== undefined) return now - query.sinceSeconds * 1000
  const epoch = query.sinceTime === undefined ? undefined : parseRfc3339(query.sinceTime)
  return epoch === undefined ? undefined : epoch - LAB_EPOCH
}

function printLine({ at, text, partial }: LogLine, timestamps: boolean): string {
  const line = partial ? text : `${text}\n`
  if (!timestamps) return line
  const epoch = LAB_EPOCH + at
  const fraction = String(epoch % 1000).padStart(3, '0')
  return `${rfc3339(epoch).slice(0, -1)}.${fraction}000000Z ${line}`
}

/** Starts the command through the kubelet; the client then follows the process. */
export function execute(call: Call, head: Change<Pod>): Answer {
  const pod = head.value
  const query = call.request.body as ExecQuery
  const podName = pod.metadata.name
  if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') {
    return refused(badRequest(`cannot exec into a container in a completed pod; current phase is ${pod.status.phase}`))
  }
  const which = chosen(pod, query.container)
  if ('refusal' in which) return refused(which.refusal)
  if (!pod.spec.nodeName) return refused(badRequest(`pod ${podName} does not have a host assigned`))
  const refusal = kubeletRefusal(call, pod)
  if (refusal !== undefined) return refused(internal(`error dialing backend: ${refusal}`))
  const status = statusOf(pod, which.name)
  if (!status?.state?.running || !status.containerID)
    return refused(internal(`unable to upgrade connection: container not found ("${which.name}")`))
  const reply = call.tools.ask(containerExec, {
    machine: pod.spec.nodeName,
    container: idOf(status.containerID),
    argv: query.command,
    tty: query.tty,
    ...(query.stdin !== undefined && { stdin: query.stdin }),
  })
  if ('process' in reply) return ok({ process: reply.process })
  return ok({ error: execProblem(reply.error, `${pod.metadata.uid}/${call.world.revision}`), exit: reply.exit })
}

/** The runtime's refusal as it comes through containerd, the kubelet and the API server. */
function execProblem(error: string, about: string): string {
  if (!/not found|no such file/.test(error)) return error
  const outer = 'Internal error occurred: Internal error occurred: error executing command in container: '
  return `${outer}failed to exec in container: failed to start exec ${JSON.stringify(hexOf(about))}: ${error}: unknown`
}
