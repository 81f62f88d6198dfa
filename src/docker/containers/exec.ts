import type { Key } from '../../engine'
import { containerExec } from '../../platform/container/exec'
import { userNumber } from '../../platform/container/user'
import type { Process } from '../../platform/shell/process'
import { refuse } from '../engine/request'
import type { Pass } from '../pass'
import type { DockerContainer } from './container'
import { environment, userOfConfig } from './spec'

export interface ExecBody {
  readonly Cmd: readonly string[]
  readonly Env?: readonly string[]
  readonly WorkingDir?: string
  readonly User?: string
  readonly Tty?: boolean
  /** Given at once; undefined: it is typed. */
  readonly stdin?: string | null
}

export type ExecAnswer =
  | { readonly process: Key<Process>; readonly Id: string }
  | { readonly error: string; readonly exit: number }

/** Starts one more process in a running container. After ContainerExecCreate and ContainerExecStart. */
export function execIn(pass: Pass, container: DockerContainer, body: ExecBody): ExecAnswer {
  const { id, status } = container
  if (status === 'paused') refuse(409, `Container ${id} is paused, unpause the container before exec`)
  if (status === 'restarting') refuse(409, `Container ${id} is restarting, wait until the container is running`)
  if (status !== 'running') refuse(409, `container ${id} is not running`)
  const words = body.Cmd.join(' ')
  const execID = pass.id(`exec ${id}`)
  const [user = ''] = (body.User ?? '').split(':')
  if (user !== '' && userNumber(user) === undefined)
    return { error: `unable to find user ${user}: no matching entries in passwd file`, exit: 126 }
  const as = userOfConfig(body.User ?? '')
  const reply = pass.tools.ask(containerExec, {
    machine: container.machine,
    container: id,
    argv: body.Cmd,
    tty: body.Tty ?? false,
    ...(body.stdin !== undefined && { stdin: body.stdin ?? '' }),
    env: environment(body.Env ?? []),
    ...(body.WorkingDir !== undefined && body.WorkingDir !== '' && { cwd: body.WorkingDir }),
    ...(as && { user: { ...as, name: as.uid === 0 ? 'root' : /^\d+$/.test(user) ? undefined : user } }),
  })
  pass.tell(container, `exec_create: ${words}`, { execID })
  pass.tell(container, `exec_start: ${words}`, { execID })
  return 'process' in reply ? { process: reply.process, Id: execID } : reply
}
