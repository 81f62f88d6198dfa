import type { Key } from '../../engine/kind'
import type { Door } from '../../engine/plan'
import { imageHas } from '../image/resolve'
import { machineKey } from '../machine/machine'
import type { Process } from '../shell/process'
import { commandOf } from './command'
import { type Container, containerKey } from './container'
import { execProcess, processKey } from './processes'

export interface ExecRequest {
  readonly machine: string
  /** The container's id. */
  readonly container: string
  readonly argv: readonly string[]
  /** Given at once; without it standard input is closed. */
  readonly stdin?: string
  readonly tty: boolean
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** As whom, where not as the container's own user. */
  readonly user?: Process['user']
}

export type ExecReply =
  | { readonly process: Key<Process> }
  /** In the runtime's words; `exit` is what a client leaves with: 126, 127, or 1. */
  | { readonly error: string; readonly exit: number }

/**
 * Starts a process in a running container: a `platform/Process` that the shell runs, whose output goes under its own id.
 * Its caller watches it until it has exited.
 */
export const containerExec: Door<ExecRequest, ExecReply> = {
  name: 'container-exec',
  about: 'starts one more process in a running container',
  handle(request, world) {
    const key = containerKey(request.machine, request.container)
    const container = world.get(key)
    const refusal = refuse(container, request)
    if (refusal) return { reply: refusal }
    if (world.get(machineKey(request.machine))?.power !== 'on')
      return { reply: { error: `${request.machine} has no power`, exit: 1 } }
    // the revision tells apart what is started in one instant
    const id = `${request.container.slice(0, 12)}-${world.revision + 1}`
    const command = commandOf(container!.spec)
    const { argv, env = {}, cwd, stdin, tty, user } = request
    const process = execProcess(world, key, container!, command, {
      argv,
      env,
      cwd,
      stdin: stdin ?? '',
      output: id,
      interactive: tty,
      ...(user && { user }),
    })
    const at = processKey(request.machine, id)
    const because = {
      id: 'platform/exec-started',
      values: { command: request.argv.join(' '), container: container!.name },
    }
    return { reply: { process: at }, plan: { changes: [{ key: at, value: process, because }] } }
  },
}

const prefix = 'OCI runtime exec failed: exec failed: unable to start container process: exec'

function refuse(
  container: Container | undefined,
  { container: id, argv }: ExecRequest,
): { error: string; exit: number } | undefined {
  if (!container) return { error: `No such container: ${id}`, exit: 1 }
  if (container.state === 'paused')
    return { error: `Container ${id} is paused, unpause the container before exec`, exit: 1 }
  if (container.state !== 'running') return { error: `container ${id} is not running`, exit: 1 }
  const first = argv[0]
  if (first === undefined) return { error: 'No exec command specified', exit: 1 }
  const { image } = commandOf(container.spec)
  const name = first.slice(first.lastIndexOf('/') + 1)
  if (!image || imageHas(image, name)) return undefined
  const why = first.includes('/') ? `stat ${first}: no such file or directory` : 'executable file not found in $PATH'
  return { error: `${prefix}: "${first}": ${why}`, exit: 127 }
}
