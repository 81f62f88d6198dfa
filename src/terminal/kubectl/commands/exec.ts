import type { Json } from '../../../engine/json'
import type { Key } from '../../../engine/kind'
import { Output } from '../../../platform/container/container'
import { Process } from '../../../platform/shell/process'
import type { ToolStep } from '../../../platform/shell/tool'
import { type Command, fail, type Run, usageError } from '../command'
import { bool, duration, text } from '../flags'
import { podBehind } from './logs'

export const exec: Command = {
  name: 'exec',
  group: 'Troubleshooting and Debugging Commands',
  about: 'Execute a command in a container',
  help: 'Runs a command in a container of a pod. Everything behind -- is the command.',
  usage: '(POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]',
  examples: ['kubectl exec web-1 -- date', 'kubectl exec deploy/web -- sh -c "cat /etc/hosts"'],
  completes: 'pods',
  flags: [
    text('container', 'In this container.', { short: 'c' }),
    bool('stdin', 'Pass standard input on.', { short: 'i' }),
    bool('tty', 'With a terminal.', { short: 't' }),
    bool('quiet', 'Only the output of the command.', { short: 'q' }),
    duration('pod-running-timeout', 'How long to wait for the pod.', { initial: '1m0s', unmodelled: true }),
  ],
  run(run, memory) {
    return memory === undefined ? begin(run) : follow(run, memory as unknown as Following)
  },
}

interface Following {
  readonly process: string
  readonly printed: number
}

function begin(run: Run): ToolStep {
  const [target] = run.args
  const command = run.dash >= 0 ? run.args.slice(run.dash) : run.args.slice(1)
  if (target === undefined || run.dash === 0) return usageError(run, 'pod, type/name or --filename must be specified')
  if (command.length === 0) return usageError(run, 'you must specify at least one command for the container')
  if (run.dash < 0) fail("error: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples")
  const pod = podBehind(run, target.includes('/') ? target : `pod/${target}`)
  const names: string[] = pod.spec.containers.map((c: { name: string }) => c.name)
  const container = run.value('container') || names[0]!
  if (!run.value('container') && names.length > 1) run.error(`Defaulted container "${container}" out of: ${names.join(', ')}\n`)
  if (run.on('tty') && !run.call.terminal) run.error('Unable to use a TTY - input is not a terminal or the right kind of file\n')
  const reply = run.client.ask({
    verb: 'create',
    resource: { group: '', version: 'v1', resource: 'pods', subresource: 'exec' },
    namespace: run.namespace,
    name: pod.metadata.name,
    body: { container, command, tty: run.on('tty') && run.call.terminal, ...(run.on('stdin') ? { stdin: run.call.stdin.text } : {}) },
  })
  if ('error' in reply) {
    run.error(reply.exit === 127 || reply.exit === 126 ? `error: ${reply.error}\n` : `${reply.error}\n`)
    return { exit: reply.exit === 127 || reply.exit === 126 ? 1 : reply.exit }
  }
  return { wait: { kinds: [Process.id], millis: 1 }, memory: { process: reply.process, printed: 0 } as unknown as Json }
}

function follow(run: Run, memory: Following): ToolStep {
  const { world } = run.call
  const process = world.get(memory.process as Key<Process>)
  if (!process) return fail('error: the container is gone')
  const chunks = world.list(Output, { scope: process.output })
  for (const { value } of chunks.slice(memory.printed)) {
    if (value.stream === 'out') run.print(value.text)
    else if (value.stream === 'err') run.error(value.text)
  }
  if (process.state === 'running') return { wait: { kinds: [Process.id] }, memory: { ...memory, printed: chunks.length } as unknown as Json }
  const code = process.exitCode ?? 0
  if (code !== 0) run.error(`command terminated with exit code ${code}\n`)
  return { exit: code }
}
