import type { Json } from '../../../engine/json'
import { rfc3339Micro } from '../../../engine/time'
import { Container, Machine, Sandbox, type Tunnel, tunnelKey } from '../../../platform'
import type { ToolStep } from '../../../platform/shell/tool'
import { fail } from '../../cli/failure'
import { duration, texts } from '../../cli/flags'
import type { Command, Run } from '../command'
import { podFor } from '../pods-of'
import { getOne, mustResource } from '../resource-args'

const LOOPBACK = ['localhost', '127.0.0.1', '::1', '0.0.0.0']
const MOST_PORTS = 64
/** Where Linux takes a port from when any will do. */
const FIRST_FREE_PORT = 32_768
const FREE_PORTS = 28_232

export const portForward: Command = {
  name: 'port-forward',
  group: 'Troubleshooting and Debugging Commands',
  about: 'Forward one or more local ports to a pod',
  help: 'Carries connections from ports of this machine to a pod, through the API server and the kubelet, until it is ended. It stays with the pod that it chose at the start.',
  usage: 'TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]',
  examples: [
    'kubectl port-forward pod/web-1 8080:80',
    'kubectl port-forward svc/web 8080:80 &',
    'kubectl port-forward deploy/web :80',
  ],
  completes: 'pods',
  flags: [
    texts('address', 'On which addresses of this machine.', { initial: 'localhost' }),
    duration('pod-running-timeout', 'How long to wait for a pod that runs.', { initial: '1m0s', unmodelled: true }),
  ],
  run(run, memory) {
    return memory === undefined ? begin(run) : goOn(run, memory as unknown as Forwarding)
  },
}

interface Forwarding {
  readonly pod: string
  readonly sandbox: string
  readonly ports: readonly { readonly local: number; readonly remote: number; readonly seen: number }[]
}

function begin(run: Run): ToolStep {
  const [word, ...ports] = run.args
  const usage = "\nSee 'kubectl port-forward -h' for help and examples"
  if (word === undefined || ports.length === 0)
    return fail(`error: TYPE/NAME and list of ports are required for port-forward${usage}`)
  if (ports.length > MOST_PORTS) fail(`error: more than ${MOST_PORTS} ports`)
  for (const address of run.values('address'))
    if (!LOOPBACK.includes(address))
      run.call.notice(`port-forward listens on this machine's loopback only, not on ${address}`)
  const pod = podFor(run, word)
  const pairs = ports.map((text) => portPair(run, text, word, pod))
  if (pod.status.phase !== 'Running')
    fail(`error: unable to forward port because pod is not running. Current status=${pod.status.phase}`)
  const sandbox = run.call.world.list(Sandbox, { owner: pod.metadata.uid })[0]?.value
  if (!sandbox) return fail(`error: unable to forward port because pod ${pod.metadata.name} has no sandbox`)
  const opened = pairs.filter((pair) => open(run, pod, sandbox, pair))
  if (opened.length === 0)
    fail(
      `error: unable to listen on any of the requested ports: [${pairs.map(({ local, remote }) => `{${local} ${remote}}`).join(' ')}]`,
    )
  return waiting({
    pod: pod.metadata.name,
    sandbox: sandbox.name,
    ports: opened.map((pair) => ({ ...pair, seen: 0 })),
  })
}

interface Pair {
  readonly local: number
  readonly remote: number
}

/** `8080:80`, `80`, `:80`, `8080:http`: a service's port is looked up in it. */
function portPair(run: Run, text: string, word: string, pod: any): Pair {
  const parts = text.split(':')
  if (parts.length > 2) fail(`error: invalid port format '${text}'`)
  const wanted = parts[parts.length - 1]!
  const remote = remotePort(run, wanted, word, pod)
  const given = parts.length === 1 ? (/^\d+$/.test(wanted) ? wanted : String(remote)) : parts[0]!
  if (given === '') return { local: freePort(run, text), remote }
  if (!/^\d+$/.test(given) || Number(given) > 65_535)
    fail(
      `error: error parsing local port '${given}': strconv.ParseUint: parsing ${JSON.stringify(given)}: ${/^\d+$/.test(given) ? 'value out of range' : 'invalid syntax'}`,
    )
  return { local: Number(given), remote }
}

const freePort = (run: Run, text: string) => FIRST_FREE_PORT + Math.floor(run.call.draw(`port ${text}`, 0) * FREE_PORTS)

function remotePort(run: Run, wanted: string, word: string, pod: any): number {
  const containers: readonly any[] = pod.spec.containers
  const named = (name: string): number | undefined =>
    containers.flatMap(({ ports = [] }) => ports).find((port: any) => port.name === name)?.containerPort
  const isService = /^(svc|services?)\//.test(word)
  if (!isService) {
    if (/^\d+$/.test(wanted)) return numberIn(wanted)
    return named(wanted) ?? fail(`error: Pod '${pod.metadata.name}' does not have a named port '${wanted}'`)
  }
  const service = getOne(run, mustResource('services'), word.slice(word.indexOf('/') + 1))
  const ports: readonly any[] = service.spec.ports ?? []
  const port = ports.find((one) => (/^\d+$/.test(wanted) ? one.port === Number(wanted) : one.name === wanted))
  if (!port)
    return fail(
      /^\d+$/.test(wanted)
        ? `error: Service ${service.metadata.name} does not have a service port ${wanted}`
        : `error: Service '${service.metadata.name}' does not have a named port '${wanted}'`,
    )
  if (service.spec.clusterIP === 'None') return port.port
  const target = port.targetPort ?? port.port
  if (typeof target === 'number') return target === 0 ? port.port : target
  return named(target) ?? fail(`error: Pod '${pod.metadata.name}' does not have a named port '${target}'`)
}

function numberIn(text: string): number {
  const port = Number(text)
  if (port === 0) fail('error: remote port must be > 0')
  return port <= 65_535
    ? port
    : fail(`error: error parsing remote port: strconv.ParseUint: parsing ${JSON.stringify(text)}: value out of range`)
}

function open(run: Run, pod: any, sandbox: Sandbox, { local, remote }: Pair): boolean {
  const { world, from } = run.call
  const key = tunnelKey(from, local)
  const busy =
    world.get(key) !== undefined ||
    world
      .list(Container, { sandbox: `${from.machine}/${from.sandbox ?? ''}` })
      .some(({ value }) => value.listens.includes(local))
  if (busy) {
    const refused = (network: string, address: string) =>
      `unable to create listener: Error listen ${network} ${address}:${local}: bind: address already in use`
    run.error(
      `Unable to listen on port ${local}: Listeners failed to create with the following errors: [${refused('tcp4', '127.0.0.1')} ${refused('tcp6', '[::1]')}]\n`,
    )
    return false
  }
  const server = world.list(Machine, { role: 'control-plane' })[0]?.value.name
  const value: Tunnel = {
    port: local,
    through: [...(server === undefined ? [] : [server]), sandbox.machine],
    sandbox: { machine: sandbox.machine, name: sandbox.name, port: remote },
    label: `pod/${pod.metadata.name}`,
    connections: 0,
    problem: undefined,
  }
  const because = { id: 'platform/tunnel-opened', values: { port: local, to: value.label, remote } }
  run.call.apply({ changes: [{ key, value, because, quiet: true }] })
  run.print(`Forwarding from 127.0.0.1:${local} -> ${remote}\nForwarding from [::1]:${local} -> ${remote}\n`)
  return true
}

const waiting = (memory: Forwarding): ToolStep => ({
  wait: { kinds: ['platform/Tunnel'] },
  memory: memory as unknown as Json,
})

/** Tells of each connection; one that could not be carried is the end, as the stream to the kubelet is closed then. */
function goOn(run: Run, memory: Forwarding): ToolStep {
  const { world, from, signal } = run.call
  if (signal !== undefined) return close(run, memory, 130)
  const ports = memory.ports.map((port) => {
    const tunnel = world.get(tunnelKey(from, port.local))
    if (!tunnel) return port
    for (let n = port.seen; n < tunnel.connections; n++) run.print(`Handling connection for ${port.local}\n`)
    return { ...port, seen: tunnel.connections }
  })
  for (const { local, remote } of ports) {
    const problem = world.get(tunnelKey(from, local))?.problem
    if (problem === undefined) continue
    run.error(`${logLine(run, memory, local, remote, problem)}\nerror: lost connection to pod\n`)
    return close(run, memory, 1)
  }
  return waiting({ ...memory, ports })
}

function logLine(
  run: Run,
  { sandbox }: Forwarding,
  local: number,
  remote: number,
  problem: NonNullable<Tunnel['problem']>,
): string {
  const why =
    problem === 'refused'
      ? `failed to execute portforward in network namespace: failed to connect to localhost:${remote} inside namespace ${JSON.stringify(sandbox)}, IPv4: dial tcp4 127.0.0.1:${remote}: connect: connection refused IPv6 dial tcp6: address localhost: no suitable address found `
      : `failed to find sandbox ${JSON.stringify(sandbox)} in store: not found`
  // klog's head: severity, month and day, time, process, source
  const time = rfc3339Micro(run.call.epoch)
  const head = `E${time.slice(5, 7)}${time.slice(8, 10)} ${time.slice(11, 26)}    4242 portforward.go:424]`
  return `${head} "Unhandled Error" err=${JSON.stringify(`an error occurred forwarding ${local} -> ${remote}: error forwarding port ${remote} to pod ${sandbox}, uid : ${why}`)}`
}

function close(run: Run, { ports }: Forwarding, exit: number): ToolStep {
  const changes = ports
    .map(({ local }) => tunnelKey(run.call.from, local))
    .filter((key) => run.call.world.get(key) !== undefined)
    .map((key) => ({ key, value: undefined, because: { id: 'platform/tunnel-closed' }, quiet: true }))
  if (changes.length > 0) run.call.apply({ changes })
  return { exit }
}
