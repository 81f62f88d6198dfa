import type { Json } from '../../../engine/json'
import { partsOf } from '../../../engine/kind'
import type { ExecQuery } from '../../../kubernetes'
import { Output } from '../../../platform/container/container'
import type { Process } from '../../../platform/shell/process'
import type { ToolStep } from '../../../platform/shell/tool'
import { fail } from '../../cli/failure'
import { bool, duration, text } from '../../cli/flags'
import { passInput } from '../../cli/pass-input'
import { failureOf } from '../client'
import type { Command, Run } from '../command'
import { fileFlags } from '../manifests'
import { defaultContainer, podFor } from '../pods-of'

/** How long a pipe may be silent before a command that reads standard input is started without it. */
const PATIENCE_MILLIS = 300

export const exec: Command = {
  name: 'exec',
  group: 'Troubleshooting and Debugging Commands',
  about: 'Execute a command in a container',
  help: 'Runs a command in a container and shows what it prints.',
  usage: '(POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]',
  examples: [
    'kubectl exec web-1 -- date',
    'kubectl exec -it web-1 -- sh',
    'kubectl exec deploy/web -c nginx -- cat /etc/hostname',
  ],
  completes: 'pods',
  flags: [
    ...fileFlags.filter(({ name }) => name === 'filename'),
    text('container', 'Which container.', { short: 'c' }),
    bool('stdin', 'Pass standard input on.', { short: 'i' }),
    bool('tty', 'A terminal for it.', { short: 't' }),
    bool('quiet', 'Only the command’s own output.', { short: 'q' }),
    duration('pod-running-timeout', 'How long to wait until it runs.', { initial: '1m0s', unmodelled: true }),
  ],
  run(run, memory) {
    const known = memory as unknown as Known | undefined
    if (known && 'process' in known) return goOn(run, known)
    return begin(run, known)
  },
}

type Known = { readonly input: string } | Running

interface Running {
  readonly process: string
  /** Numbers of output shown already. */
  readonly seen: number
  readonly interactive: boolean
}

const SHELLS = ['sh', 'bash', 'ash', '/bin/sh', '/bin/bash']

function begin(run: Run, collected: { readonly input: string } | undefined): ToolStep {
  const { args, dash } = run
  const [word, ...more] = dash >= 0 ? args.slice(0, dash) : args
  const command = dash >= 0 ? args.slice(dash) : []
  if (word === undefined)
    return fail("error: pod, type/name or --filename must be specified\nSee 'kubectl exec -h' for help and examples")
  if (dash < 0 && more.length > 0)
    return fail(
      "error: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples",
    )
  if (command.length === 0)
    return fail(
      "error: you must specify at least one command for the container\nSee 'kubectl exec -h' for help and examples",
    )
  const tty = run.on('tty')
  const interactive =
    tty && run.on('stdin') && command.length === 1 && SHELLS.includes(command[0]!) && !run.call.stdin.ended
  const input = (collected?.input ?? '') + (run.on('stdin') ? run.call.stdin.text : '')
  if (run.on('stdin') && !tty && !run.call.stdin.ended && (collected === undefined || run.call.stdin.text !== '')) {
    return { wait: { input: true, millis: PATIENCE_MILLIS }, memory: { input } }
  }
  const pod = podFor(run, word)
  const container = run.value('container') ?? defaultContainer(run, pod)
  const query: ExecQuery = { container, command, tty, ...(run.on('stdin') && !interactive && { stdin: input }) }
  const reply = run.client.try({
    verb: 'create',
    resource: { group: '', version: 'v1', resource: 'pods', subresource: 'exec' },
    namespace: run.namespace,
    name: pod.metadata.name,
    body: query,
  })
  if (!reply.ok && reply.status.message?.startsWith('unable to upgrade')) return fail(`error: ${reply.status.message}`)
  if (!reply.ok) throw failureOf(reply.status)
  const { body } = reply
  if ('error' in body) {
    run.error(`error: ${body.error}\n`)
    return { exit: body.exit === 127 || body.exit === 126 ? 1 : body.exit }
  }
  return goOn(run, { process: body.process, seen: 0, interactive })
}

/** Shows what is new, passes on what was typed, and ends with the process. */
function goOn(run: Run, memory: Running): ToolStep {
  const { world } = run.call
  const process = world.get<Process>(memory.process)
  const outputs = process ? world.list(Output, { scope: process.output }) : []
  let { seen } = memory
  for (const { key, value } of outputs) {
    const n = Number(partsOf(key).name)
    if (n < seen) continue
    seen = n + 1
    if (value.stream === 'out') run.print(value.text)
    else if (value.stream === 'err') (run.on('tty') ? run.print : run.error)(value.text)
  }
  if (!process || process.state === 'exited') {
    const exit = process?.exitCode ?? 137
    if (exit !== 0) run.error(`command terminated with exit code ${exit}\n`)
    return { exit }
  }
  if (memory.interactive) passInput(run.call, run.call.stdin, memory.process, true)
  const next: Running = { ...memory, seen }
  return {
    wait: { kinds: ['platform/Process', 'platform/Output'], ...(memory.interactive && { input: true }) },
    memory: next as unknown as Json,
  }
}
