import type { Json } from '../../../engine/json'
import type { LogBody } from '../../../kubernetes'
import { processKey } from '../../../platform'
import type { ToolStep } from '../../../platform/shell/tool'
import { fail } from '../../cli/failure'
import { bool, duration, int, repeated, text } from '../../cli/flags'
import { passInput } from '../../cli/pass-input'
import { type Command, done, type Run } from '../command'
import { createObject } from '../create-object'
import { dryRunFlag, dryRunOf, managerFlag, outputFlag, templateFlags } from '../output'
import { overridden, overrideFlags } from '../overrides'
import { mustResource } from '../resource-args'

export const runCommand: Command = {
  name: 'run',
  group: 'Basic Commands (Beginner)',
  about: 'Run a particular image on the cluster',
  help: 'Creates one pod from an image. With -i or --attach it shows what the pod prints until it ends; with --rm it deletes the pod then.',
  usage:
    'NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--command] -- [COMMAND] [args...]',
  examples: [
    'kubectl run web --image=nginx:1.27',
    'kubectl run test --rm -it --image=busybox:1.36 --restart=Never -- wget -qO- http://web',
  ],
  flags: [
    dryRunFlag,
    outputFlag,
    ...templateFlags,
    text('image', 'The image.'),
    repeated('env', 'Environment variables: NAME=value.', { short: 'e' }),
    text('port', 'The port it listens on.'),
    text('labels', 'Its labels: a=b,c=d.', { short: 'l' }),
    repeated('annotations', 'Its annotations: a=b.'),
    text('restart', 'Always, OnFailure or Never.', { initial: 'Always' }),
    text('image-pull-policy', 'When the image is pulled.'),
    bool('command', 'The words after -- replace the image’s command, not its arguments.'),
    bool('rm', 'Delete the pod when it has ended.'),
    bool('stdin', 'Keep standard input open, and attach.', { short: 'i' }),
    bool('tty', 'A terminal for it.', { short: 't' }),
    bool('attach', 'Show what it prints.'),
    bool('quiet', 'No prompts.', { short: 'q' }),
    bool('expose', 'A service for it too.'),
    bool('privileged', 'All rights.', { unmodelled: true }),
    bool('save-config', 'Write down what was sent, for apply.'),
    bool('leave-stdin-open', 'Keep standard input open.', { unmodelled: true }),
    ...overrideFlags,
    managerFlag('kubectl-run'),
    text('cascade', 'With --rm: what becomes of dependents.', {
      initial: 'background',
      alone: 'background',
      unmodelled: true,
    }),
    duration('timeout', 'With --rm: how long to wait.', { unmodelled: true }),
    duration('pod-running-timeout', 'How long to wait until it runs.', { initial: '1m0s' }),
    int('grace-period', 'With --rm: seconds to end.', { initial: '-1', unmodelled: true }),
    bool('wait', 'With --rm: wait until it is gone.', { unmodelled: true }),
  ],
  run(run, memory) {
    return memory === undefined ? begin(run) : follow(run, memory as unknown as Following)
  },
}

interface Following {
  readonly name: string
  readonly since: number
  readonly seen: number
  readonly running: boolean
  /** It has ended and was asked to go: the exit status to leave with. */
  readonly leaving: number | null
}

function begin(run: Run): ToolStep {
  const words = run.dash >= 0 ? run.args.slice(run.dash) : run.args.slice(1)
  const [name, ...more] = run.dash >= 0 ? run.args.slice(0, run.dash) : run.args.slice(0, 1)
  if (name === undefined) return fail(`error: NAME is required for run`)
  if (more.length > 0) fail(`error: unexpected args: [${more.join(' ')}]`)
  if (!run.value('image')) fail('error: required flag(s) "image" not set')
  const restart = run.value('restart')!
  if (!['Always', 'OnFailure', 'Never'].includes(restart)) fail(`error: invalid restart policy: ${restart}`)
  const attach = run.on('attach') || run.on('stdin') || run.on('tty')
  if (run.on('rm') && !attach) fail('error: --rm should only be used for attached containers')
  if (run.on('expose') && !run.value('port')) fail('error: --port must be set when exposing a service')
  createPod(run, name, words, restart, attach)
  if (!attach || dryRunOf(run) !== 'none') return done
  return follow(run, { name, since: run.call.now, seen: 0, running: false, leaving: null })
}

function pairs(given: readonly string[], what: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const pair of given) {
    const equals = pair.indexOf('=')
    if (equals <= 0) fail(`error: unexpected ${what} spec: ${pair}`)
    found[pair.slice(0, equals)] = pair.slice(equals + 1)
  }
  return found
}

function createPod(run: Run, name: string, words: readonly string[], restart: string, attach: boolean): void {
  const labels = run.given('labels') ? pairs(run.value('labels')!.split(','), 'label') : { run: name }
  const annotations = pairs(run.values('annotations'), 'annotation')
  const env = run
    .values('env')
    .map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1) }))
  const port = run.value('port')
  const container = {
    name,
    image: run.value('image'),
    ...(run.value('image-pull-policy') && { imagePullPolicy: run.value('image-pull-policy') }),
    ...(words.length > 0 && { [run.on('command') ? 'command' : 'args']: words }),
    ...(env.length > 0 && { env }),
    ...(port && { ports: [{ containerPort: Number(port) }] }),
    resources: {},
    ...(run.on('stdin') && { stdin: true, stdinOnce: true }),
    ...(run.on('tty') && { tty: true }),
  }
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels, ...(Object.keys(annotations).length > 0 && { annotations }) },
    spec: { containers: [container], dnsPolicy: 'ClusterFirst', restartPolicy: restart },
    status: {},
  }
  const pods = mustResource('pods')
  const made = overridden(run, pods, pod)
  if (run.on('expose')) exposeAt(run, name, labels, Number(port))
  // attached, the outcome is told at the end
  if (attach && dryRunOf(run) === 'none') createObject({ ...run, print: () => undefined }, pods, made)
  else createObject(run, pods, made)
}

/** `--expose`: a service in front of the pod, made before it. */
function exposeAt(run: Run, name: string, selector: Readonly<Record<string, string>>, port: number): void {
  createObject(run, mustResource('services'), {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { ports: [{ port, protocol: 'TCP', targetPort: port }], selector },
    status: { loadBalancer: {} },
  })
}

const POD = { group: '', version: 'v1', resource: 'pods' }

/** Shows what the pod prints until its container has ended, then cleans up. */
function follow(run: Run, memory: Following): ToolStep {
  const { name } = memory
  const reply = run.client.try({ verb: 'get', resource: POD, namespace: run.namespace, name })
  if (memory.leaving !== null || !reply.ok) return reply.ok ? watching(memory) : { exit: memory.leaving ?? 0 }
  const pod = reply.body
  const state = pod.status.containerStatuses?.[0]?.state ?? {}
  const ended = state.terminated ?? pod.status.containerStatuses?.[0]?.lastState?.terminated
  const running = state.running !== undefined || ended !== undefined
  if (!running) {
    const limit = run.millis('pod-running-timeout') ?? 60_000
    if (run.call.now - memory.since >= limit) {
      run.error('error: timed out waiting for the condition\n')
      return leave(run, memory, 1)
    }
    return watching(memory, limit - (run.call.now - memory.since))
  }
  if (!memory.running && run.on('tty') && run.on('stdin') && !run.on('quiet'))
    run.error("If you don't see a command prompt, try pressing enter.\n")
  const logs = run.client.try({
    verb: 'get',
    resource: { ...POD, subresource: 'log' },
    namespace: run.namespace,
    name,
    body: { after: memory.seen },
  })
  const body: LogBody | undefined = logs.ok ? logs.body : undefined
  if (body) run.print(body.text)
  const next: Following = { ...memory, seen: body?.seen ?? memory.seen, running: true }
  if (!ended) {
    const typed = run.on('stdin') && !run.call.stdin.ended
    if (typed) passInput(run.call, run.call.stdin, processOf(pod), true)
    return watching(next, undefined, typed)
  }
  const code = ended.exitCode
  if (run.on('stdin') && run.on('tty') && !run.on('quiet') && !run.on('rm') && run.value('restart') === 'Always')
    run.print(`Session ended, resume using 'kubectl attach ${name} -c ${name} -i -t' command when the pod is running\n`)
  if (code !== 0 && run.value('restart') === 'Never') {
    if (!run.on('rm')) return { exit: code }
    return leave(run, next, code, `pod ${run.namespace}/${name} terminated (${ended.reason})\n`)
  }
  return leave(run, next, 0)
}

const watching = (memory: Following, millis?: number, input = false): ToolStep => ({
  wait: {
    kinds: ['kubernetes/Pod', 'platform/Output'],
    ...(millis !== undefined && { millis }),
    ...(input && { input }),
  },
  memory: memory as unknown as Json,
})

/** The first process of the pod's only container. */
function processOf({ spec, status }: any): string {
  const id: string = status.containerStatuses?.[0]?.containerID ?? ''
  return processKey(spec.nodeName, id.slice(id.indexOf('//') + 2))
}

function leave(run: Run, memory: Following, exit: number, complaint = ''): ToolStep {
  if (!run.on('rm')) return { exit }
  run.client.try({ verb: 'delete', resource: POD, namespace: run.namespace, name: memory.name })
  run.print(`pod ${JSON.stringify(memory.name)} deleted from ${run.namespace} namespace\n`)
  run.error(complaint)
  return watching({ ...memory, leaving: exit })
}
