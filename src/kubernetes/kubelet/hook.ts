import type { Key } from '../../engine'
import { type Container, Output, Sandbox } from '../../platform/container/container'
import { containerExec } from '../../platform/container/exec'
import { get, type Request } from '../../platform/network/request'
import { send } from '../../platform/network/send'
import type { Process } from '../../platform/shell/process'
import type { Handler, HttpGetAction, PodContainer } from '../kinds/pod'
import type { Pass } from './pass'
import type { HookWork } from './pod-work'

/** Longer than this nobody waits for an answer. */
const HTTP_TIMEOUT_MILLIS = 30_000

/** How a hook stands. `failed` holds why, as the kubelet's log has it. */
export type HookStanding = { readonly state: 'running' | 'done' } | { readonly state: 'failed'; readonly why: string }

/** Begins a lifecycle hook. After pkg/kubelet/lifecycle/handlers.go. */
export function beginHook(pass: Pass, spec: PodContainer, container: Container, handler: Handler): HookWork {
  const { now } = pass.world
  if (handler.sleep) return { endsAt: now + handler.sleep.seconds * 1000 }
  if (handler.httpGet) return ask(pass, spec, container, handler.httpGet)
  if (!handler.exec) return { endsAt: now }
  const argv = handler.exec.command ?? []
  const started = pass.tools.ask(containerExec, {
    machine: pass.machine.name,
    container: container.id,
    argv,
    tty: false,
  })
  return 'process' in started ? { process: started.process } : { endsAt: now, failed: started.error }
}

function ask(pass: Pass, spec: PodContainer, container: Container, action: HttpGetAction): HookWork {
  const { world, tools, machine } = pass
  const sandbox = container.sandbox && world.get(Sandbox.key(machine.name, container.sandbox))
  const host = action.host || (sandbox ? sandbox.address : '127.0.0.1')
  const port =
    typeof action.port === 'number' ? action.port : spec.ports?.find((p) => p.name === action.port)?.containerPort
  const request: Request = {
    ...get(
      { machine: machine.name, sandbox: undefined },
      host,
      port ?? Number(action.port),
      action.path ?? '/',
      `hook/${container.id}/${world.now}`,
    ),
    protocol: action.scheme === 'HTTPS' ? 'https' : 'http',
    headers: Object.fromEntries((action.httpHeaders ?? []).map(({ name, value }) => [name.toLowerCase(), value])),
    timeoutMillis: HTTP_TIMEOUT_MILLIS,
  }
  const outcome = send(world, tools, request)
  // whatever the answer says, it is one
  return {
    endsAt: world.now + Math.round(outcome.millis),
    ...(outcome.end !== 'answered' && { failed: `Get "http://${host}:${port}${request.path}": ${outcome.because}` }),
  }
}

export function hookStanding(pass: Pass, hook: HookWork): HookStanding {
  const { world } = pass
  if (hook.process === undefined) {
    if (world.now < (hook.endsAt ?? 0)) return { state: 'running' }
    return hook.failed === undefined ? { state: 'done' } : { state: 'failed', why: hook.failed }
  }
  const process = world.get(hook.process as Key<Process>)
  if (process?.state === 'running') return { state: 'running' }
  const exit = process?.exitCode ?? 137
  if (exit === 0) return { state: 'done' }
  const said = process
    ? world
        .list(Output, { scope: process.output })
        .map(({ value }) => value.text)
        .join('')
        .slice(0, 1024)
    : ''
  return { state: 'failed', why: `command exited with ${exit}: ${said}` }
}
