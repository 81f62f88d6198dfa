import type { Json } from '../../../engine/json'
import type { LogBody } from '../../../kubernetes'
import { processKey } from '../../../platform'
import type { ToolStep } from '../../../platform/shell/tool'
import { fail } from '../../cli/failure'
import { bool, duration, text } from '../../cli/flags'
import { passInput } from '../../cli/pass-input'
import { failureOf } from '../client'
import type { Command, Run } from '../command'
import { defaultContainer, podFor } from '../pods-of'

const LOGS = { group: '', version: 'v1', resource: 'pods', subresource: 'log' }

export const attach: Command = {
  name: 'attach',
  group: 'Troubleshooting and Debugging Commands',
  about: 'Attach to a running container',
  help: 'Shows what a container prints from now on; with -i it passes on what is typed.',
  usage: '(POD | TYPE/NAME) -c CONTAINER',
  examples: ['kubectl attach web-1', 'kubectl attach web-1 -c nginx -it'],
  completes: 'pods',
  flags: [
    text('container', 'Which container.', { short: 'c' }),
    bool('stdin', 'Pass standard input on.', { short: 'i' }),
    bool('tty', 'A terminal for it.', { short: 't' }),
    bool('quiet', 'Only the container’s own output.', { short: 'q' }),
    duration('pod-running-timeout', 'How long to wait until it runs.', { initial: '1m0s', unmodelled: true }),
  ],
  run(run, memory) {
    return memory === undefined ? begin(run) : goOn(run, memory as unknown as Attached)
  },
}

interface Attached {
  readonly pod: string
  readonly container: string
  readonly process: string
  readonly seen: number
}

function begin(run: Run): ToolStep {
  const [word, ...more] = run.args
  const usage = "\nSee 'kubectl attach -h' for help and examples"
  if (word === undefined) return fail(`error: at least 1 argument is required for attach${usage}`)
  if (more.length > 0)
    fail(
      `error: expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${run.args.length}: [${run.args.join(' ')}]${usage}`,
    )
  const pod = podFor(run, word)
  const { name } = pod.metadata
  if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed')
    fail(`error: cannot attach a container in a completed pod; current phase is ${pod.status.phase}`)
  const container = run.value('container') ?? defaultContainer(run, pod)
  const spec = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find((one: any) => one.name === container)
  if (!spec) return fail(`error: container ${container} not found in pod ${name}`)
  const status = (pod.status.containerStatuses ?? []).find((one: any) => one.name === container)
  if (!status?.state?.running)
    return fail(
      `error: unable to upgrade connection: container ${container} not found in pod ${name}_${pod.metadata.namespace}`,
    )
  if (run.on('tty') && !spec.tty)
    run.error(`error: Unable to use a TTY - container ${container} did not allocate one\n`)
  if (run.on('stdin') && !run.on('quiet')) run.error("If you don't see a command prompt, try pressing enter.\n")
  const id: string = status.containerID
  const first = ask(run, { pod: name, container, process: '', seen: 0 })
  const process = processKey(pod.spec.nodeName, id.slice(id.indexOf('//') + 2))
  return waiting(run, { pod: name, container, process, seen: first.seen })
}

function ask(run: Run, { pod, container, seen }: Attached): LogBody {
  const reply = run.client.try({
    verb: 'get',
    resource: LOGS,
    namespace: run.namespace,
    name: pod,
    body: { container, after: seen },
  })
  if (reply.ok) return reply.body
  if (reply.status.reason === 'NotFound') return { text: '', seen, ended: true }
  throw failureOf(reply.status)
}

const waiting = (run: Run, memory: Attached): ToolStep => ({
  wait: {
    kinds: ['platform/Output', 'platform/Container'],
    ...(run.on('stdin') && !run.call.stdin.ended && { input: true }),
  },
  memory: memory as unknown as Json,
})

function goOn(run: Run, memory: Attached): ToolStep {
  const body = ask(run, memory)
  run.print(body.text)
  if (body.ended) return { exit: 0 }
  if (run.on('stdin')) passInput(run.call, run.call.stdin, memory.process, true)
  return waiting(run, { ...memory, seen: body.seen })
}
