import { engine as engineOf } from '../../../docker'
import { binarySize } from '../../../docker/formats/size'
import type { Json } from '../../../engine/json'
import { partsOf } from '../../../engine/kind'
import { Output } from '../../../platform/container/container'
import type { Process } from '../../../platform/shell/process'
import { fail } from '../../cli/failure'
import { bool, repeated, text } from '../../cli/flags'
import { escapedJson } from '../../cli/json'
import { passInput } from '../../cli/pass-input'
import { alignTabs } from '../../cli/table'
import { noteAttached } from '../attached'
import type { Command } from '../command'
import { type Column, printRows, rendered, shortId } from '../print/format'
import { filtersOf, isRefusal, type Run, refusalText } from '../run'
import { environmentOf } from './create-body'

/** How long a pipe may be silent before a command that reads it is started without it. */
const PATIENCE_MILLIS = 300

export const logs: Command = {
  name: 'logs',
  about: 'Fetch the logs of a container',
  usage: '[OPTIONS] CONTAINER',
  also: 'docker container logs, docker logs',
  least: 1,
  most: 1,
  completes: 'containers',
  flags: [
    bool('details', 'More that the driver was given', { unmodelled: true }),
    bool('follow', 'Go on as more is printed', { short: 'f' }),
    text('since', 'Not older than a time, or so long ago (42m)'),
    text('until', 'Before a time, or so long ago (42m)'),
    text('tail', 'How many lines from the end', { short: 'n', initial: 'all' }),
    bool('timestamps', 'The time before each line', { short: 't' }),
  ],
  run(run) {
    const [name = ''] = run.args
    const { Config } = run.ask({ method: 'GET', path: `/containers/${name}/json` })
    const query = {
      tail: run.value('tail')!,
      ...(run.given('since') && { since: run.value('since')! }),
      ...(run.given('until') && { until: run.value('until')! }),
      ...(run.on('timestamps') && { timestamps: '1' }),
      ...(run.on('follow') && { follow: '1' }),
    }
    type Lines = { readonly lines: readonly { readonly stream: string; readonly text: string }[] }
    const isError = (stream: string) => stream === 'err' && !Config.Tty
    const reply = run.try({ method: 'GET', path: `/containers/${name}/logs`, query }, ({ lines }: Lines) => {
      for (const { stream, text: line } of lines) (isError(stream) ? run.call.printError : run.call.print)(line)
    })
    if (isRefusal(reply)) return reply.status === 404 ? 0 : fail(refusalText(reply))
    for (const { stream, text: line } of (reply.body as Lines).lines)
      isError(stream) ? run.error(line) : run.print(line)
    return 0
  },
}

const SHELLS = ['sh', 'bash', 'ash', '/bin/sh', '/bin/bash', '/bin/ash']

export const exec: Command = {
  name: 'exec',
  about: 'Execute a command in a running container',
  usage: '[OPTIONS] CONTAINER COMMAND [ARG...]',
  also: 'docker container exec, docker exec',
  least: 2,
  flagsFirst: true,
  completes: 'containers',
  flags: [
    bool('detach', 'Run it in the background', { short: 'd' }),
    text('detach-keys', 'Keys that detach', { unmodelled: true }),
    repeated('env', 'Environment variables', { short: 'e' }),
    repeated('env-file', 'A file of environment variables'),
    bool('interactive', 'Keep standard input open', { short: 'i' }),
    bool('privileged', 'Extended privileges', { unmodelled: true }),
    bool('tty', 'A terminal', { short: 't' }),
    text('user', 'As whom: name|uid[:group|gid]', { short: 'u' }),
    text('workdir', 'Folder that it works in', { short: 'w' }),
  ],
  run(run) {
    const [name = '', ...command] = run.args
    const tty = run.on('tty')
    const input = run.on('interactive')
    const isShell = tty && input && command.length === 1 && SHELLS.includes(command[0]!)
    const stdin = input && !isShell ? pipedInput(run) : null
    const body = {
      Cmd: command,
      Env: environmentOf(run),
      WorkingDir: run.value('workdir') ?? '',
      User: run.value('user') ?? '',
      Tty: tty,
      ...(!isShell && { stdin }),
    }
    const answer = run.ask({ method: 'POST', path: `/containers/${name}/exec`, body: body as unknown as Json })
    if ('error' in answer) return fail(answer.error, answer.exit)
    if (run.on('detach')) return 0
    if (tty) noteAttached(run, { process: answer.process, tty, proxy: false })
    return shown(run, answer.process, tty, isShell)
  },
}

/** Everything on standard input, or nothing where nobody gives anything. */
function pipedInput(run: Run): string {
  return run
    .loop<string, string>('', (before) => {
      const { text: more, ended } = run.takeInput()
      const all = before + more
      if (ended || (before !== '' && more === '')) return { done: all }
      return { wait: { input: true, millis: PATIENCE_MILLIS }, state: all === '' ? '\u0000' : all }
    })
    .replaceAll('\u0000', '')
}

/** A process's output until it ends, and its exit status. */
function shown(run: Run, process: string, tty: boolean, typed: boolean): number {
  return run.loop<number, number>(0, (seen) => {
    const { world } = run.call
    const own = world.get<Process>(process)
    let next = seen
    for (const { key, value } of own ? world.list(Output, { scope: own.output }) : []) {
      const n = Number(partsOf(key).name)
      if (n < seen) continue
      next = n + 1
      if (value.stream === 'out' || (value.stream === 'err' && tty)) run.call.print(value.text)
      else if (value.stream === 'err') run.call.printError(value.text)
    }
    if (!own || own.state === 'exited') return { done: own?.exitCode ?? 137 }
    if (typed) passInput(run.call, run.takeInput(), process, true)
    return { wait: { kinds: ['platform/Process', 'platform/Output'], ...(typed && { input: true }) }, state: next }
  })
}

const OBJECTS: readonly (readonly [type: string, path: (name: string) => string])[] = [
  ['container', (name) => `/containers/${name}/json`],
  ['image', (name) => `/images/${name}/json`],
  ['network', (name) => `/networks/${name}`],
  ['volume', (name) => `/volumes/${name}`],
]

export const formatFlag = text('format', "Output by a Go template, or 'json'", { short: 'f' })

/** Prints found objects as inspect does; what is missing is told behind them. */
export function inspectAll(run: Run, find: (name: string) => unknown, missing: (name: string) => string): number {
  const found: unknown[] = []
  const problems: string[] = []
  for (const name of run.args) {
    const one = find(name)
    if (one === undefined) problems.push(missing(name))
    else found.push(one)
  }
  const format = run.value('format')
  if (format === undefined || format === '') run.print(found.length === 0 ? '[]\n' : `${escapedJson(found, 4)}\n`)
  else if (format === 'json') run.print(`${escapedJson(found)}\n`)
  else for (const one of found) run.print(`${rendered(format, one)}\n`)
  for (const text of problems) run.error(`${text}\n`)
  return problems.length > 0 ? 1 : 0
}

export const inspect: Command = {
  name: 'inspect',
  about: 'Return low-level information on Docker objects',
  usage: '[OPTIONS] NAME|ID [NAME|ID...]',
  least: 1,
  completes: 'containers',
  flags: [formatFlag, bool('size', 'Sizes of files', { short: 's' }), text('type', 'Only objects of this type')],
  run(run) {
    const type = run.value('type')
    if (type !== undefined && !OBJECTS.some(([name]) => name === type))
      return fail(`${JSON.stringify(type)} is not a valid value for --type`)
    const kinds = OBJECTS.filter(([name]) => type === undefined || name === type)
    return inspectAll(
      run,
      (name) => {
        for (const [, path] of kinds) {
          const reply = run.try({ method: 'GET', path: path(name), query: run.on('size') ? { size: '1' } : {} })
          if (reply.status === 0) return fail(refusalText(reply))
          if (!isRefusal(reply)) return reply.body
        }
        return undefined
      },
      (name) =>
        type === undefined
          ? `Error: No such object: ${name}`
          : `Error response from daemon: ${type === 'container' ? 'No such container: ' : type === 'image' ? 'No such image: ' : ''}${name}${type === 'network' ? ' not found' : ''}`,
    )
  },
}

export const top: Command = {
  name: 'top',
  about: 'Display the running processes of a container',
  usage: 'CONTAINER [ps OPTIONS]',
  also: 'docker container top, docker top',
  least: 1,
  flagsFirst: true,
  completes: 'containers',
  run(run) {
    const [name = '', ...options] = run.args
    if (options.length > 0) run.notice('docker top: options of ps are accepted but not modelled')
    const { Titles, Processes } = run.ask({ method: 'GET', path: `/containers/${name}/top` })
    run.print(`${alignTabs([Titles, ...Processes].map((cells: string[]) => cells.join('\t')).join('\n'), 3, 20)}\n`)
    return 0
  },
}

const KINDS = ['C', 'A', 'D']

export const diff: Command = {
  name: 'diff',
  about: "Inspect changes to files or directories on a container's filesystem",
  usage: 'CONTAINER',
  also: 'docker container diff, docker diff',
  least: 1,
  most: 1,
  completes: 'containers',
  run(run) {
    const [name = ''] = run.args
    for (const { Path, Kind } of run.ask({ method: 'GET', path: `/containers/${name}/changes` }))
      run.print(`${KINDS[Kind]} ${Path}\n`)
    return 0
  },
}

export const port: Command = {
  name: 'port',
  about: 'List port mappings or a specific mapping for the container',
  usage: 'CONTAINER [PRIVATE_PORT[/PROTO]]',
  also: 'docker container port, docker port',
  least: 1,
  most: 2,
  completes: 'containers',
  run(run) {
    const [name = '', wanted] = run.args
    const { NetworkSettings } = run.ask({ method: 'GET', path: `/containers/${name}/json` })
    const ports: Record<string, { HostIp: string; HostPort: string }[] | null> = NetworkSettings.Ports
    const told = ({ HostIp, HostPort }: { HostIp: string; HostPort: string }) =>
      `${HostIp.includes(':') ? `[${HostIp}]` : HostIp}:${HostPort}`
    if (wanted !== undefined) {
      const key = wanted.includes('/') ? wanted : `${wanted}/tcp`
      const bindings = ports[key]
      if (!bindings) return fail(`Error: No public port '${key}' published for ${name}`)
      for (const one of bindings) run.print(`${told(one)}\n`)
      return 0
    }
    const keys = Object.keys(ports).sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1))
    for (const key of keys) for (const one of ports[key] ?? []) run.print(`${key} -> ${told(one)}\n`)
    return 0
  },
}

interface Stats {
  readonly id: string
  readonly name: string
  readonly running: boolean
  readonly cpuPercent: number
  readonly memory: { readonly usage: number; readonly limit: number }
  readonly pids: number
}

const percent = (value: number): string => `${value.toFixed(2)}%`

const statColumns = (long: boolean): readonly Column<Stats>[] => [
  { field: 'ID', heading: 'CONTAINER ID', cell: ({ id }) => (long ? id : shortId(id)) },
  { field: 'Container', heading: 'CONTAINER', hidden: true, cell: ({ id }) => id },
  { field: 'Name', heading: 'NAME', cell: ({ name }) => name.slice(1) },
  { field: 'CPUPerc', heading: 'CPU %', cell: ({ cpuPercent }) => percent(cpuPercent) },
  {
    field: 'MemUsage',
    heading: 'MEM USAGE / LIMIT',
    cell: ({ memory }) => `${binarySize(memory.usage)} / ${binarySize(memory.limit)}`,
  },
  {
    field: 'MemPerc',
    heading: 'MEM %',
    cell: ({ memory }) => percent(memory.limit === 0 ? 0 : (100 * memory.usage) / memory.limit),
  },
  { field: 'NetIO', heading: 'NET I/O', cell: () => '0B / 0B' },
  { field: 'BlockIO', heading: 'BLOCK I/O', cell: () => '0B / 0B' },
  { field: 'PIDs', heading: 'PIDS', cell: ({ pids }) => String(pids) },
]

export const stats: Command = {
  name: 'stats',
  about: 'Display a live stream of container(s) resource usage statistics',
  usage: '[OPTIONS] [CONTAINER...]',
  also: 'docker container stats, docker stats',
  completes: 'containers',
  flags: [
    bool('all', 'Those that do not run too', { short: 'a' }),
    text('format', "Output by a Go template, 'table TEMPLATE', or 'json'"),
    bool('no-stream', 'Once, and not every second'),
    bool('no-trunc', 'Nothing is cut short'),
  ],
  run(run) {
    const machine = run.call.from.machine
    const names: readonly string[] =
      run.args.length > 0
        ? run.args
        : run
            .ask({ method: 'GET', path: '/containers/json', query: run.on('all') ? { all: '1' } : {} })
            .map(({ Id }: { Id: string }) => Id)
    const columns = statColumns(run.on('no-trunc'))
    if (run.on('no-stream')) {
      printRows(
        run,
        names.map((name) => run.ask({ method: 'GET', path: `/containers/${name}/stats` })),
        columns,
      )
      return 0
    }
    // drawn anew every second until Ctrl-C
    run.loop<number, Json>(0, (n) => {
      const rows = names.flatMap((name): Stats[] => {
        const reply = run.call.ask(engineOf, { machine, method: 'GET', path: `/containers/${name}/stats` })
        return isRefusal(reply) ? [] : [reply.body]
      })
      const live = { value: (flag: string) => run.value(flag), print: (line: string) => run.call.print(line) } as Run
      if (run.call.terminal) run.call.print('\x1b[H\x1b[2J')
      printRows(live, rows, columns)
      return { wait: { millis: 1000 }, state: n + 1 }
    })
    return 0
  },
}

export const events: Command = {
  name: 'events',
  about: 'Get real time events from the server',
  usage: '[OPTIONS]',
  also: 'docker system events, docker events',
  most: 0,
  flags: [
    repeated('filter', 'Only those that fit', { short: 'f', shows: 'filter' }),
    text('format', "Output by a Go template, or 'json'"),
    text('since', 'From a time on, or so long ago'),
    text('until', 'Up to a time'),
  ],
  run(run) {
    const query = {
      filters: filtersOf(run),
      ...(run.given('since') && { since: run.value('since')! }),
      ...(run.given('until') && { until: run.value('until')! }),
    }
    const reply = run.try({ method: 'GET', path: '/events', query }, (body: readonly ApiEvent[]) => {
      for (const one of body) run.call.print(eventLine(run, one))
    })
    if (isRefusal(reply)) return fail(refusalText(reply))
    for (const one of reply.body as readonly ApiEvent[]) run.print(eventLine(run, one))
    return 0
  },
}

interface ApiEvent {
  readonly Type: string
  readonly Action: string
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> }
  readonly at: string
}

function eventLine(run: Run, { at, ...event }: ApiEvent): string {
  const format = run.value('format')
  if (format === 'json' || format === '{{json .}}')
    return `${escapedJson({ status: event.Action, id: event.Actor.ID, from: event.Actor.Attributes['image'], ...event })}\n`
  if (format !== undefined)
    return `${rendered(format, { ...event, ID: event.Actor.ID, Status: event.Action, Time: at })}\n`
  const attributes = Object.entries(event.Actor.Attributes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
  return `${at} ${event.Type} ${event.Action} ${event.Actor.ID}${attributes.length > 0 ? ` (${attributes.join(', ')})` : ''}\n`
}
