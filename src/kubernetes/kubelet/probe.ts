import type { Key, Plan, Tools, Wish, World } from '../../engine'
import { type Container, containerKey, Output, Sandbox } from '../../platform/container/container'
import { containerExec } from '../../platform/container/exec'
import type { Outcome, Request } from '../../platform/network/request'
import { send } from '../../platform/network/send'
import type { Process } from '../../platform/shell/process'
import { eventWish } from '../api/events'
import { Pod, type PodContainer, type Probe } from '../kinds/pod'
import { agentMachine, connected } from './node-agent'
import type { Pass } from './pass'
import { type ContainerWork, PodWork, type ProbeRecord } from './pod-work'

type ProbeKind = 'startup' | 'readiness' | 'liveness'
const KINDS: readonly ProbeKind[] = ['startup', 'readiness', 'liveness']
const TITLES: Readonly<Record<ProbeKind, string>> = { startup: 'Startup', readiness: 'Readiness', liveness: 'Liveness' }

const probeOf = (spec: PodContainer, kind: ProbeKind): Probe | undefined => spec[`${kind}Probe`]
const fresh: ProbeRecord = { good: 0, bad: 0, passed: undefined, message: '' }

/** The probes that begin with this pass: those of containers that have just been seen running. */
export function probeAbouts(pass: Pass): string[] {
  const abouts: string[] = []
  const { containers, initContainers } = pass.pod.spec
  const all = initContainers === undefined ? containers : [...containers, ...initContainers]
  for (let i = 0; i < all.length; i++) {
    const spec = all[i]!
    const work = pass.of(spec.name)
    const was = pass.before?.containers[spec.name]
    if (!work.startedSeen || work.noted || (was?.startedSeen && was.id === work.id)) continue
    for (const kind of KINDS)
      if (probeOf(spec, kind))
        abouts.push(`probe ${pass.machine.name} ${pass.pod.metadata.uid} ${spec.name} ${kind} ${work.id}`)
  }
  return abouts
}

/** One turn of one probe's worker: probes, counts, and comes again after its period. After prober/worker.go. */
export function probe(about: string, world: World, tools: Tools): Plan | undefined {
  const [, machineName, uid, containerName, kind, id] = about.split(' ') as [
    string,
    string,
    string,
    string,
    ProbeKind,
    string,
  ]
  const workKey = PodWork.key(machineName, uid)
  const work = world.get(workKey)
  const own = work?.containers[containerName]
  if (!work || !own || own.id !== id) return undefined
  const head = world.head(Pod.key(work.namespace, work.name))
  const container = world.get(containerKey(machineName, id))
  if (head?.uid !== uid || container?.state !== 'running') return undefined
  const pod = head.value
  const spec = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find((c) => c.name === containerName)
  const probe = spec && probeOf(spec, kind)
  if (!probe) return undefined
  const period = (probe.periodSeconds ?? 10) * 1000
  if (!agentMachine(world, machineName)) return { again: period }
  if (pod.metadata.deletionTimestamp !== undefined && kind !== 'readiness') return undefined
  const record = own.probes[kind] ?? fresh
  if (kind === 'startup' && record.passed) return undefined
  if (record.passed === false && kind !== 'readiness') return undefined
  const early = container.startedAt! + (probe.initialDelaySeconds ?? 0) * 1000 - world.now
  if (early > 0) return { again: Math.min(early, period) }
  if (kind !== 'startup' && spec.startupProbe && own.probes['startup']?.passed !== true) return { again: period }
  const result = ask(probe, record, { pod, spec, container, machineName, tools, world })
  if (result === undefined) return { again: 25 }
  if ('process' in result)
    return { changes: [noted(workKey, work, containerName, own, kind, { ...record, ...result })], again: 25 }
  return judge({
    workKey,
    work,
    own,
    kind,
    record,
    result,
    probe,
    pod,
    containerName,
    machineName,
    world,
    tools,
    period,
  })
}

interface Judged {
  readonly workKey: Key<PodWork>
  readonly work: PodWork
  readonly own: ContainerWork
  readonly kind: ProbeKind
  readonly record: ProbeRecord
  readonly result: { readonly ok: boolean; readonly message: string; readonly ended?: Key<Process> }
  readonly probe: Probe
  readonly pod: Pod
  readonly containerName: string
  readonly machineName: string
  readonly world: World
  readonly tools: Tools
  readonly period: number
}

function judge(given: Judged): Plan {
  const { record, result, probe, kind, own, work, workKey, containerName, world, period } = given
  const wanted = result.ok ? (kind === 'readiness' ? (probe.successThreshold ?? 1) : 1) : (probe.failureThreshold ?? 3)
  const good = result.ok ? Math.min(record.good + 1, wanted) : 0
  const bad = result.ok ? 0 : Math.min(record.bad + 1, wanted)
  const passed = result.ok ? (good >= wanted ? true : record.passed) : bad >= wanted ? false : record.passed
  const next: ProbeRecord = { good, bad, passed, message: result.message }
  const changed =
    next.good !== record.good ||
    next.bad !== record.bad ||
    next.passed !== record.passed ||
    record.process !== undefined
  const changes: Wish[] = []
  const process = result.ended && world.get(result.ended)
  if (result.ended && process)
    changes.push({
      key: result.ended,
      value: { ...process, state: 'exited', exitCode: 137, memory: null, waitsFor: [] },
      because: { id: 'kubernetes/probed', values: { kind, ok: false, message: result.message } },
      quiet: true,
    })
  if (!result.ok && connected(world, given.machineName)) changes.push(unhealthy(given))
  if (changed) changes.push(noted(workKey, work, containerName, own, kind, next))
  return { changes, again: period }
}

function noted(
  key: Key<PodWork>,
  work: PodWork,
  name: string,
  own: ContainerWork,
  kind: ProbeKind,
  record: ProbeRecord,
) {
  const value: PodWork = {
    ...work,
    containers: { ...work.containers, [name]: { ...own, probes: { ...own.probes, [kind]: record } } },
  }
  return {
    key,
    value,
    because: { id: 'kubernetes/probed', values: { kind, passed: record.passed ?? false } },
    quiet: true,
  }
}

function unhealthy({ pod, kind, result, containerName, machineName, world, tools }: Judged) {
  return eventWish(world, tools, {
    about: pod,
    type: 'Warning',
    reason: 'Unhealthy',
    message: `${TITLES[kind]} probe failed: ${result.message}`,
    component: 'kubelet',
    host: machineName,
    fieldPath: `spec.${pod.spec.containers.some(({ name }) => name === containerName) ? 'containers' : 'initContainers'}{${containerName}}`,
    because: { id: 'kubernetes/probed', values: { kind, ok: false, message: result.message } },
  })
}

interface Asked {
  readonly pod: Pod
  readonly spec: PodContainer
  readonly container: Container
  readonly machineName: string
  readonly tools: Tools
  readonly world: World
}

/** `ended`: a process that has not come to its end in time and is killed. */
type Answer =
  | { readonly ok: boolean; readonly message: string; readonly ended?: Key<Process> }
  | { readonly process: string; readonly since: number }

/** Makes the probe: at once over the network, or by a command that is looked at again until it has ended. */
function ask(probe: Probe, record: ProbeRecord, given: Asked): Answer | undefined {
  const timeoutMillis = (probe.timeoutSeconds ?? 1) * 1000
  if (probe.exec) return runCommand(probe.exec.command ?? [], record, timeoutMillis, given)
  const address = addressOf(given)
  const action = probe.httpGet ?? probe.tcpSocket ?? probe.grpc
  if (!action) return { ok: true, message: '' }
  const port = portNumber(action.port, given.spec)
  const host = ('host' in action && action.host) || address
  const path = probe.httpGet?.path ?? '/'
  const protocol = probe.httpGet ? (probe.httpGet.scheme === 'HTTPS' ? 'https' : 'http') : probe.grpc ? 'grpc' : 'tcp'
  const request: Request = {
    from: { machine: given.machineName, sandbox: undefined },
    protocol,
    host,
    port,
    method: 'GET',
    path: path.startsWith('/') ? path : `/${path}`,
    headers: Object.fromEntries(
      (probe.httpGet?.httpHeaders ?? []).map((header) => [header.name.toLowerCase(), header.value]),
    ),
    body: '',
    timeoutMillis,
    id: `probe/${given.container.id}/${given.world.now}`,
    depth: 0,
  }
  return verdict(
    send(given.world, given.tools, request),
    probe,
    `${protocol}://${host}:${port}${request.path}`,
    `${host}:${port}`,
  )
}

function verdict(outcome: Outcome, probe: Probe, url: string, address: string): Answer {
  const ok = outcome.end === 'answered' && (!probe.httpGet || (outcome.status >= 200 && outcome.status < 400))
  if (ok) return { ok, message: '' }
  if (probe.httpGet) {
    if (outcome.end === 'answered') return { ok, message: `HTTP probe failed with statuscode: ${outcome.status}` }
    if (outcome.end === 'timed-out')
      return { ok, message: `Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)` }
    return {
      ok,
      message: `Get "${url}": dial tcp ${address}: connect: ${outcome.end === 'unreachable' ? 'no route to host' : 'connection refused'}`,
    }
  }
  if (probe.grpc)
    return {
      ok,
      message:
        outcome.end === 'timed-out'
          ? `timeout: failed to connect service "${address}" within 1s: context deadline exceeded`
          : `timeout: failed to connect service "${address}" within 1s: connection refused`,
    }
  return {
    ok,
    message:
      outcome.end === 'timed-out'
        ? `dial tcp ${address}: i/o timeout`
        : `dial tcp ${address}: connect: connection refused`,
  }
}

function addressOf({ container, machineName, world }: Asked): string {
  const sandbox = container.sandbox === undefined ? undefined : world.get(Sandbox.key(machineName, container.sandbox))
  return sandbox?.address ?? '127.0.0.1'
}

function portNumber(port: number | string, spec: PodContainer): number {
  if (typeof port === 'number') return port
  return spec.ports?.find((p) => p.name === port)?.containerPort ?? Number(port)
}

function runCommand(
  command: readonly string[],
  record: ProbeRecord,
  timeoutMillis: number,
  given: Asked,
): Answer | undefined {
  const { world, tools, container, machineName } = given
  if (record.process === undefined) {
    const started = tools.ask(containerExec, {
      machine: machineName,
      container: container.id,
      argv: command,
      tty: false,
    })
    return 'error' in started ? { ok: false, message: started.error } : { process: started.process, since: world.now }
  }
  const process = world.get(record.process as Key<Process>)
  if (process?.state === 'running') {
    if (world.now - (record.since ?? world.now) < timeoutMillis) return undefined
    const message = `command timed out: ${JSON.stringify(command.join(' '))} timed out after ${timeoutMillis / 1000}s`
    return { ok: false, message, ended: record.process as Key<Process> }
  }
  const said =
    process === undefined
      ? ''
      : world
          .list(Output, { scope: process.output })
          .map((chunk) => chunk.value.text)
          .join('')
  return { ok: process?.exitCode === 0, message: said.slice(0, 1024) }
}
