import {
  assert,
  type Controller,
  type Door,
  edit,
  type Json,
  type Key,
  kindIdOf,
  LAB_EPOCH,
  type Plan,
  partsOf,
  same,
  type Tools,
  type Wish,
  type World,
} from '../../engine'
import { programFor } from '../container/command'
import { Container, containerKey, Output } from '../container/container'
import { Task, taskKey, taskName, taskWishes } from '../cpu/task'
import { treeOf } from '../image/tree'
import { isDiskFull } from '../limits/disk'
import { kernelFiles } from '../limits/kernel-files'
import { NOFILE, ulimitOf } from '../limits/ulimits'
import { FileView } from './files'
import { forksOf, mayFork } from './forks'
import { heeds } from './heed'
import { Machine } from './machine'
import { heldBytes, loseLargest } from './out-of-memory'
import { Process } from './process'
import { advance } from './run'
import { begin } from './simple'
import { asJson, copy, freshShell, type ShellState, type Thread } from './state'
import type { Toolbox, ToolCall } from './tool'
import { echoed, isBusy, mainThread, type Printed, prompt, reads, runLine, SHELLS, takeTyped, typedInto } from './typed'

/** What may be said to a process besides "go on". */
export type ProcessMessage =
  | { readonly do: 'line'; readonly text: string }
  | { readonly do: 'input'; readonly text: string }
  | { readonly do: 'end-of-input' }
  /** `keys`: pressed at its own terminal, so that the command in the foreground gets it. */
  | { readonly do: 'signal'; readonly signal: string; readonly keys?: boolean }
  /** The kernel takes the command that holds most. */
  | { readonly do: 'out-of-memory' }

/** A process keeps so many chunks of output; older ones are dropped. */
const MOST_CHUNKS = 4_000

/**
 * The controller that runs processes. The tools are given from above: rooms higher up bring commands of their own
 * (`kubectl`), which this room must not know.
 */
export function shellController(tools: Toolbox): Controller {
  return {
    name: 'shell',
    about: 'runs command lines and scripts to their next wait',
    watches: [
      {
        kind: Process,
        wake: ({ key, value, previous }) =>
          value && (previous?.value === undefined || (previous.value.state === 'exited' && value.state === 'running'))
            ? key
            : undefined,
      },
      {
        kind: Container,
        wake: ({ key, value, previous }, world) =>
          previous?.value?.state === 'paused' && value?.state === 'running'
            ? world.list(Process, { owner: key }).map((head) => head.key)
            : undefined,
      },
      {
        kind: Task,
        wake: ({ value }) => (value?.ended && kindIdOf(value.owner) === Process.id ? value.owner : undefined),
      },
      { kind: '*', wake: (change, world) => waiting(change.kind, world) },
    ],
    reconcile: (about, world, given) => step(about as Key<Process>, world, given, tools),
  }
}

/** The processes that wait for a change of this kind. */
function waiting(kind: string, world: World): readonly string[] | undefined {
  const found = world.list(Process, { waitsFor: kind })
  return found.length === 0 ? undefined : found.map((head) => head.key)
}

/** A wake-up keeps eight causes at most: with so many, any kind may be among those that were left out. */
const MOST_CAUSES = 8

function hasChanged(kinds: readonly string[], world: World, causes: readonly number[]): boolean {
  return causes.length >= MOST_CAUSES || causes.some((revision) => kinds.includes(world.change(revision)?.kind ?? ''))
}

function step(key: Key<Process>, world: World, tools: Tools, byName: Toolbox): Plan | undefined {
  const process = world.get(key)
  if (!process || process.state === 'exited' || frozen(process, world, tools)) return undefined
  const message = tools.message.body as unknown as ProcessMessage | undefined
  const state = process.memory === undefined ? begun(process) : copy(process.memory as unknown as ShellState)
  const files = new FileView(
    world,
    process.mounts,
    process.base,
    process.layers && treeOf(world, process.machine, process.layers),
    kernelFiles(world, process),
    isDiskFull(world, process.machine),
    process.user && process.user.uid !== 0 ? { uid: process.user.uid, gid: process.user.gid } : undefined,
  )
  const printed: Printed = []
  const machine = new Machine(state, hostFor(process, key, world, tools, files, printed, byName))
  if (process.memory === undefined) startCommand(machine, process)
  if (message) take(machine, process, message, printed)
  else if (process.memory === undefined) prompt(machine, process, printed)
  for (const thread of state.threads) {
    if (thread.state === 'waiting' && thread.kinds && hasChanged(thread.kinds, world, tools.message.causes))
      thread.wakeAt = world.now
    if (thread.state === 'waiting' && thread.work && isDone(world, process, key, thread)) thread.wakeAt = world.now
  }
  const wasBusy = process.busy || message !== undefined
  advance(machine)
  while (takeTyped(machine, process, printed)) advance(machine)
  if (wasBusy && !isBusy(machine)) prompt(machine, process, printed)
  return outcome(key, process, state, world, files, printed)
}

/** A thread's work is done when its task has ended, or is no longer there. */
function isDone(world: World, process: Process, key: Key<Process>, { id }: Thread): boolean {
  const task = world.get(taskKey(process.machine, taskName(partsOf(key).name, String(id))))
  return task === undefined || task.ended
}

/** In a paused container nothing runs; what is said to it meanwhile is heard later. */
function frozen(process: Process, world: World, tools: Tools): boolean {
  if (process.container === undefined || tools.message.body !== undefined) return false
  return world.get(containerKey(process.machine, process.container))?.state === 'paused'
}

function begun(process: Process): ShellState {
  const { shell, called, cwd, env, pidOne } = process
  const state = freshShell({ shell, called, cwd, env, interactive: typedInto(process), pidOne })
  if (process.stdin !== undefined) state.input = process.stdin
  if (process.open) state.inputEnded = false
  return state
}

/** A shell whose script comes on standard input: it begins when all of that is there (simplified). */
const isFed = ({ argv, script, interactive }: Process): boolean =>
  !interactive && script === undefined && argv?.length === 1 && SHELLS.includes(argv[0]!)

function startCommand(machine: Machine, process: Process): void {
  if (typedInto(process)) return
  const { state } = machine
  if (isFed(process) && !state.inputEnded) return
  const thread = mainThread(machine)
  if (isFed(process)) {
    const text = state.input
    state.input = ''
    if (!machine.runText(thread, text)) machine.end(thread, 2)
    return
  }
  if (process.script !== undefined) {
    if (!machine.runText(thread, process.script)) machine.end(thread, 2)
  } else {
    const frame = machine.push(thread, 'tool', -1, 0)
    begin(machine, thread, frame, [...(process.argv ?? [])], {})
  }
}

function take(machine: Machine, process: Process, message: ProcessMessage, printed: Printed): void {
  const { state } = machine
  if (message.do === 'line') {
    if (typedInto(process) && isBusy(machine)) {
      // for the command that runs, if it reads; else it waits until that has ended
      if (reads(machine)) printed.push(...echoed(machine, process, message.text))
      state.input += `${message.text}\n`
    } else runLine(machine, process, message.text, printed)
  } else if (message.do === 'input') state.input += message.text
  else if (message.do === 'end-of-input') {
    const begins = isFed(process) && !state.inputEnded
    state.inputEnded = true
    if (begins) startCommand(machine, process)
  } else if (message.do === 'out-of-memory') loseLargest(machine)
  else {
    for (const thread of state.threads) {
      if (thread.state === 'done' || (process.interactive && thread.background)) continue
      // what is sent to process 1 does not reach its children, and what it has no trap for does nothing to it
      const hears = thread.parent === 0 && machine.environmentOf(thread).traps[message.signal] !== undefined
      if (state.pidOne && message.signal !== 'KILL' && !message.keys && !hears) continue
      thread.signal = message.signal
      if (thread.state === 'waiting' && heeds(machine, thread)) thread.wakeAt = 0
    }
  }
}

function hostFor(
  process: Process,
  key: Key<Process>,
  world: World,
  tools: Tools,
  files: FileView,
  printed: Printed,
  byName: Toolbox,
) {
  const allowed = process.commands && new Set(process.commands)
  const own = files.from('/')
  const isAllowed = (name: string) =>
    !allowed ||
    allowed.has(name) ||
    (process.anything === true && byName.get(name)?.anywhere === true) ||
    isInstalled(name)
  const isInstalled = (name: string) =>
    (process.env['PATH'] ?? '').split(':').some((folder) => own.stat(`${folder}/${name}`)?.folder === false)
  const notice = (text: string) => void printed.push({ stream: 'notice', text: `${text}\n` })
  const uid = world.head(key)?.uid ?? key
  return {
    now: world.now,
    files: (cwd: string) => files.from(cwd),
    tool: (name: string) => (isAllowed(name) ? byName.get(name) : undefined),
    anything: process.anything === true,
    print: (stream: 'out' | 'err', text: string) => void printed.push({ stream, text }),
    notice,
    draw: (purpose: string, n: number) => tools.draw(uid, purpose, n),
    isCommand: process.argv !== undefined,
    isProgram: (argv: readonly string[]) => {
      const own = process.container === undefined ? undefined : containerKey(process.machine, process.container)
      const container = own && partsOf(key).name === process.container ? world.get(own) : undefined
      return container !== undefined && programFor(container.spec, argv) !== undefined
    },
    ulimit: (name: string) => {
      const id = process.container
      const spec = id === undefined ? undefined : world.get(containerKey(process.machine, id))?.spec
      return (spec && ulimitOf(spec, name)) ?? (name === 'nofile' ? NOFILE : undefined)
    },
    mayFork: (state: ShellState) => mayFork(world, process, state),
    unknownCommand: (name: string) => {
      if (process.interactive) notice(`${name} is not among the commands that Drydock has.`)
    },
    call: (
      own: Pick<
        ToolCall,
        'argv' | 'env' | 'cwd' | 'files' | 'stdin' | 'terminal' | 'discards' | 'signal' | 'print' | 'printError'
      >,
      thread: number,
    ): ToolCall => ({
      ...own,
      now: world.now,
      epoch: LAB_EPOCH + world.now,
      world,
      from: { machine: process.machine, sandbox: process.sandbox },
      columns: 80,
      user: process.user,
      container: process.container,
      draw: (purpose, n) => tools.draw(`${uid}/${thread}`, purpose, n + world.now * 7),
      ask: (door, request) => tools.ask(door, request),
      apply: (plan) => {
        const hand: Door<null, null> = {
          name: own.argv[0]!,
          about: 'a command that acts directly',
          handle: () => ({ reply: null, plan }),
        }
        tools.ask(hand, null)
      },
      notice,
    }),
  }
}

function outcome(
  key: Key<Process>,
  process: Process,
  state: ShellState,
  world: World,
  files: FileView,
  printed: Printed,
): Plan {
  const alive = state.threads.filter((thread) => thread.state !== 'done')
  const foreground = alive.filter((thread) => !thread.background)
  const kinds = new Set<string>()
  let wakeAt: number | undefined
  for (const thread of alive) {
    for (const kind of thread.kinds ?? []) kinds.add(kind)
    if (thread.wakeAt !== undefined) wakeAt = Math.min(wakeAt ?? Number.POSITIVE_INFINITY, thread.wakeAt)
  }
  const ended =
    state.became !== undefined ||
    (typedInto(process)
      ? state.exited && process.container !== undefined
      : foreground.length === 0 && !(isFed(process) && !state.inputEnded))
  assert(wakeAt === undefined || wakeAt >= world.now, 'a process waits for the future')
  const next = edit(process, (p) => {
    p.memory = (ended ? null : asJson(state)) as Json as never
    p.waitsFor = ended ? [] : [...kinds].sort()
    p.wakeAt = ended ? undefined : wakeAt
    p.busy = foreground.length > 0
    const bytes = ended ? 0 : alive.reduce((sum, thread) => sum + heldBytes(thread), 0)
    if (bytes > 0) p.memoryBytes = bytes
    else delete p.memoryBytes
    const forks = ended ? 1 : forksOf(state, process)
    if (forks > 1) p.forks = forks
    else delete p.forks
    p.printed = process.printed + merged(printed).length
    if (ended) {
      p.state = 'exited'
      p.exitCode = state.status
      if (state.became) p.became = state.became
    }
  })
  const changes: Wish[] = [...files.wishes(), ...outputs(process, printed, world)]
  // one that looked in vain has not changed: a change would wake whoever waits for processes, itself among them
  if (!same(next, process))
    changes.push({
      key,
      value: next,
      because: ended ? { id: 'shell/exited', values: { code: next.exitCode } } : { id: 'shell/ran' },
      quiet: true,
    })
  const owner = { machine: process.machine, container: process.container, owner: key, id: partsOf(key).name }
  const works = ended ? [] : alive.flatMap(({ id, work }) => (work ? [{ name: String(id), ...work }] : []))
  changes.push(...taskWishes(world, owner, works, { id: 'shell/computes' }))
  return wakeAt !== undefined && !ended ? { changes, again: Math.max(1, wakeAt - world.now) } : { changes }
}

/** Neighbouring texts of one stream become one chunk. */
function merged(printed: Printed): Printed {
  const chunks: Printed = []
  for (const one of printed) {
    const last = chunks[chunks.length - 1]
    if (last && last.stream === one.stream && one.stream !== 'in') last.text += one.text
    else chunks.push({ ...one })
  }
  return chunks
}

function outputs(process: Process, printed: Printed, world: World): Wish[] {
  const number = (n: number) => String(n).padStart(9, '0')
  return merged(printed).flatMap((chunk, i) => {
    const n = process.printed + i
    const wishes: Wish[] = [
      {
        key: Output.key(process.output, number(n)),
        value: { at: world.now, stream: chunk.stream, text: chunk.text },
        because: { id: 'shell/printed' },
        quiet: true,
      },
    ]
    if (n >= MOST_CHUNKS)
      wishes.push({
        key: Output.key(process.output, number(n - MOST_CHUNKS)),
        value: undefined,
        because: { id: 'shell/dropped' },
        quiet: true,
      })
    return wishes
  })
}

export const shellSentences = {
  'shell/wrote': () => 'wrote a file',
  'shell/printed': () => 'printed',
  'shell/dropped': () => 'dropped the oldest output',
  'shell/computes': () => 'began to compute, or has done with it',
  'shell/ran': () => 'ran on',
  'shell/exited': (v: { code: number }) => [`ended with exit code ${v.code}`, 'its last command was done'] as const,
}
