import { BUILTINS } from './builtins'
import { end, pause } from './command-end'
import { fieldsOf, textOfWord } from './expand'
import { type Machine, ThreadExit } from './machine'
import { isShell, runShell } from './nested-shell'
import { openRedirects, restoreEnds } from './redirect'
import { type End, type Frame, SIGNALS, type Thread, type Variable } from './state'
import type { Assignment, Node } from './syntax'
import { TestProblem } from './test-expression'
import type { Tool, ToolStep, Wait } from './tool'
import { notFound } from './unknown-command'

type Simple = Extract<Node, { type: 'simple' }>

interface Expanded {
  words: string[]
  assigned: {
    name: string
    value: string
    items: string[] | undefined
    assignment: Assignment
    index: string | undefined
  }[]
  saved: Record<string, End | null>
  problem: string | undefined
}

/** A simple command: expands it, opens its redirections, and turns into whatever it names. */
export function runSimple(machine: Machine, thread: Thread, frame: Frame, node: Simple): void {
  const expanded = machine.expanding(thread, frame, (scope): Expanded => {
    const words = node.words.flatMap((word) => fieldsOf(word, scope))
    const assigned = node.assignments.map((assignment) => ({
      assignment,
      name: assignment.name,
      value: textOfWord(assignment.value, scope),
      items: assignment.items?.flatMap((item) => fieldsOf(item, scope)),
      index: assignment.index && textOfWord(assignment.index, scope),
    }))
    const opened = openRedirects(machine, thread, node.redirects, scope)
    if ('problem' in opened) return { words, assigned, saved: {}, problem: opened.problem }
    return { words, assigned, saved: opened.saved, problem: undefined }
  })
  if (!expanded) return
  const { words, assigned, saved, problem } = expanded
  if (machine.environmentOf(thread).options.xtrace && words.length > 0)
    machine.write(thread, 2, `+ ${words.join(' ')}\n`)
  if (problem !== undefined) {
    machine.complain(thread, problem)
    machine.finish(thread, 1)
    return
  }
  if (words.length === 0) {
    for (const one of assigned) assign(machine, thread, one)
    restoreEnds(thread, saved)
    machine.finish(thread, frame.keep?.substituted ? thread.status : 0)
    return
  }
  begin(machine, thread, frame, words, saved, assigned)
}

function assign(machine: Machine, thread: Thread, one: Expanded['assigned'][number]): void {
  const { variables } = machine.environmentOf(thread)
  const present: Variable | undefined = variables[one.name]
  const { append } = one.assignment
  if (one.items) {
    variables[one.name] = {
      ...present,
      value: undefined,
      items: append ? [...(present?.items ?? []), ...one.items] : one.items,
    }
  } else if (one.index !== undefined) {
    const items = [...(present?.items ?? [])]
    const n = Number(one.index)
    if (Number.isInteger(n) && n >= 0 && n < 100_000) {
      while (items.length < n) items.push('')
      items[n] = append ? (items[n] ?? '') + one.value : one.value
    }
    variables[one.name] = { ...present, items }
  } else machine.assign(thread, one.name, append ? (machine.variable(thread, one.name) ?? '') + one.value : one.value)
}

/** Starts the command that the words name: a function, a builtin or a tool. */
export function begin(
  machine: Machine,
  thread: Thread,
  frame: Frame,
  words: string[],
  saved: Record<string, End | null>,
  assigned: Expanded['assigned'] = [],
): void {
  const name = words[0]!
  const environment = machine.environmentOf(thread)
  const called = environment.functions[name]
  if (called) {
    for (const one of assigned) assign(machine, thread, one)
    thread.stack.pop()
    machine.push(thread, 'return', -1, 0, { positional: environment.positional, locals: {}, saved })
    environment.positional = words.slice(1)
    machine.pushNode(thread, called.source, called.node)
    return
  }
  const env: Record<string, string> = {}
  for (const one of assigned) env[one.name] = one.value
  frame.op = 'tool'
  frame.source = -1
  frame.keep = {
    name: name.includes('/') ? name.slice(name.lastIndexOf('/') + 1) : name,
    path: name,
    argv: words,
    saved,
    env,
  }
}

/** Builtins that are programs of their own as well: `/bin/echo`. */
const STANDALONE: ReadonlySet<string> = new Set(['echo', 'printf', 'test', '[', 'true', 'false', 'pwd', 'kill'])

function isStandalone(machine: Machine, path: string): boolean {
  const name = /^(?:\/usr|\/usr\/local)?\/bin\/([^/]+)$/.exec(path)?.[1]
  return name !== undefined && STANDALONE.has(name) && !machine.host.tool(name)
}

/** One step of a running builtin or tool. */
export function stepCommand(machine: Machine, thread: Thread, frame: Frame): void {
  const { name, argv } = frame.keep as { name: string; argv: string[] }
  if (thread.signal !== undefined && interrupted(machine, thread, frame)) return
  const { path } = frame.keep as { path: string }
  const builtin = path === name || isStandalone(machine, path) ? BUILTINS[name] : undefined
  if (builtin) {
    try {
      const status = builtin(machine, thread, frame, argv)
      if (status !== undefined) end(machine, thread, frame, status)
    } catch (error) {
      if (!(error instanceof TestProblem)) throw error
      machine.complain(thread, `${name}: ${error.message}`)
      end(machine, thread, frame, 2)
    }
    return
  }
  const tool = machine.host.tool(name)
  if (tool) stepTool(machine, thread, frame, tool)
  else if (isShell(machine, path)) {
    const status = runShell(machine, thread, frame)
    if (status === undefined) waitForChild(machine, thread, frame)
    else if (status !== 'waiting') end(machine, thread, frame, status)
  } else notFound(machine, thread, frame)
}

/** A signal reaches a tool: by default it dies of it. True: it is over. */
function interrupted(machine: Machine, thread: Thread, frame: Frame): boolean {
  const signal = thread.signal!
  const traps = machine.environmentOf(thread).traps
  if (signal !== 'KILL' && signal !== 'INT' && (traps[signal] !== undefined || machine.state.pidOne)) {
    // the shell waits for the foreground command before it runs its trap, except in `wait`
    if (frame.keep.name !== 'wait') return false
    end(machine, thread, frame, 128 + (SIGNALS[signal] ?? 15))
    return true
  }
  delete thread.signal
  const byHand = signal === 'INT' && machine.state.interactive
  const tool = signal === 'KILL' || !frame.keep.begun ? undefined : machine.host.tool(frame.keep.name)
  if (byHand && !tool?.raw?.(frame.keep.argv)) machine.write(thread, 2, '^C\n')
  if (tool?.heeds && frame.op === 'tool') {
    const { step } = callTool(machine, thread, frame, tool, signal)
    if ('exit' in step && byHand && step.exit > 128) throw new ThreadExit(step.exit)
    goOn(machine, thread, frame, step)
    return true
  }
  if (tool?.tidiesUp) callTool(machine, thread, frame, tool, signal)
  if (byHand) throw new ThreadExit(130)
  end(machine, thread, frame, 128 + (SIGNALS[signal] ?? 15))
  return true
}

function stepTool(machine: Machine, thread: Thread, frame: Frame, tool: Tool): void {
  const { keep } = frame
  const { host } = machine
  if (keep.timeoutAt !== undefined && host.now >= keep.timeoutAt) return end(machine, thread, frame, 124)
  if (keep.status !== undefined) {
    // the command it ran has ended
    if (keep.memory === undefined) return end(machine, thread, frame, keep.status)
  }
  if (!keep.begun) {
    const { takes } = tool
    if (thread.parent === 0 && thread.stack.length > 1 && !host.mayFork(machine.state)) machine.cannotFork(thread)
    keep.begun = true
    const millis =
      typeof takes === 'number'
        ? takes
        : takes
          ? takes[0] + Math.floor(host.draw(tool.name, host.now) * (takes[1] - takes[0] + 1))
          : 0
    if (millis > 0) return pause(thread, { wakeAt: host.now + millis })
  }
  const reads = tool.reads?.(keep.argv) ?? true
  if (reads && !tool.streams && !atTerminal(machine, thread) && !machine.input(thread).ended)
    return pause(thread, { input: 'all' })
  const { step, broken } = callTool(machine, thread, frame, tool, undefined)
  delete keep.status
  if (broken) return end(machine, thread, frame, 141)
  goOn(machine, thread, frame, step)
}

function goOn(machine: Machine, thread: Thread, frame: Frame, step: ToolStep): void {
  const { keep } = frame
  const { host } = machine
  if ('exit' in step) return end(machine, thread, frame, step.exit)
  if ('run' in step) return runFor(machine, thread, frame, step)
  keep.memory = step.memory
  keep.waitsForInput = step.wait.input === true
  if (step.holdsBytes !== undefined) keep.bytes = step.holdsBytes
  pause(thread, {
    ...(step.wait.millis === undefined ? {} : { wakeAt: host.now + Math.max(1, Math.ceil(step.wait.millis)) }),
    ...(step.wait.kinds ? { kinds: [...step.wait.kinds] } : {}),
    ...(step.wait.input ? { input: 'some' as const } : {}),
    ...(step.wait.cpu ? { work: workOf(keep.argv, step.wait.cpu) } : {}),
  })
}

/** Somebody types: a command without arguments is not to wait for the end of that. */
const atTerminal = (machine: Machine, thread: Thread): boolean =>
  machine.state.interactive && 'terminal' in (thread.ends['0'] ?? {})

/** `broken`: nobody reads what it prints any more. */
function callTool(
  machine: Machine,
  thread: Thread,
  frame: Frame,
  tool: Tool,
  signal: string | undefined,
): { step: ToolStep; broken: boolean } {
  const { keep } = frame
  const { host } = machine
  const input = machine.input(thread)
  const fromTerminal = atTerminal(machine, thread)
  // what somebody types meanwhile is for the next command, unless this one waits for it
  const isReader = tool.reads?.(keep.argv) ?? true
  const reads = isReader && (!fromTerminal || keep.waitsForInput === true)
  let broken = false
  const print = (fd: number) => (text: string) => {
    if (!machine.write(thread, fd, text)) broken = true
  }
  const out = thread.ends['1']
  const step: ToolStep = tool.run(
    host.call(
      {
        argv: keep.argv,
        env: { ...machine.exported(thread), ...keep.env },
        cwd: machine.environmentOf(thread).cwd,
        files: machine.filesOf(thread),
        stdin: reads
          ? { text: input.text, ended: input.ended, terminal: fromTerminal }
          : { text: '', ended: !(isReader && tool.streams && fromTerminal), terminal: fromTerminal },
        discards: out !== undefined && ('nothing' in out || ('file' in out && out.file === '/dev/null')),
        terminal: out !== undefined && 'to' in out && machine.state.interactive,
        signal,
        print: print(1),
        printError: print(2),
      },
      thread.id,
    ),
    keep.status === undefined ? keep.memory : { ...keep.memory, status: keep.status },
  )
  if (reads) input.take(input.text.length)
  return { step, broken }
}

const workOf = (argv: readonly string[], { millis, threads = 1 }: NonNullable<Wait['cpu']>): Thread['work'] => ({
  what: argv.join(' '),
  threads,
  ...(millis !== undefined && { cpuMillis: millis }),
})

/** A tool runs another command (`timeout 5 cmd`): in a thread of its own, so that it can be ended. */
function runFor(
  machine: Machine,
  thread: Thread,
  frame: Frame,
  step: Extract<ToolStep, { run: readonly string[] }>,
): void {
  const ends: Record<string, End> = {
    ...thread.ends,
    ...(step.stdin === undefined ? {} : { '0': { text: step.stdin } }),
  }
  const child = machine.spawn(thread, { ends, copyEnvironment: true })
  Object.assign(
    machine.environmentOf(child).variables,
    Object.fromEntries(Object.entries(frame.keep.env).map(([k, v]) => [k, { value: v, exported: true }])),
  )
  const first = machine.push(child, 'tool', -1, 0)
  begin(machine, child, first, [...step.run], {})
  frame.keep.memory = step.memory
  frame.keep.child = child.id
  frame.op = 'waiting-tool'
  frame.keep.timeoutAt = step.timeoutMillis === undefined ? undefined : machine.host.now + step.timeoutMillis
  waitForChild(machine, thread, frame)
}

/** The tool's command still runs, has ended, or has run too long. */
export function waitForChild(machine: Machine, thread: Thread, frame: Frame): void {
  const child = machine.state.threads.find((t) => t.id === frame.keep.child)
  if (thread.signal !== undefined && child && child.state !== 'done') {
    child.signal = thread.signal
    delete thread.signal
    thread.state = 'waiting'
    thread.wakeAt = machine.host.now + 1
    return
  }
  if (child && child.state !== 'done') {
    const { timeoutAt } = frame.keep
    if (timeoutAt !== undefined && machine.host.now >= timeoutAt && !frame.keep.timedOut) {
      const running = child.stack[child.stack.length - 1]?.keep?.name
      if (running === undefined || !machine.host.tool(running)?.heeds) {
        stop(machine, child)
        return end(machine, thread, frame, 124)
      }
      // it is asked to end, and waited for
      child.signal = 'TERM'
      frame.keep.timedOut = true
      delete frame.keep.timeoutAt
    }
    thread.children = [child.id]
    if (frame.keep.timeoutAt === undefined) {
      thread.state = 'joining'
      delete thread.wakeAt
    } else {
      thread.state = 'joining'
      thread.wakeAt = timeoutAt
    }
    return
  }
  thread.children = []
  delete thread.wakeAt
  const status = frame.keep.timedOut ? 124 : (child?.status ?? 0)
  if (frame.keep.memory === undefined) return end(machine, thread, frame, status)
  frame.op = 'tool'
  frame.keep.status = status
}

/** Ends a thread and all that it started. */
export function stop(machine: Machine, thread: Thread): void {
  for (const other of machine.state.threads)
    if (other.parent === thread.id && other.state !== 'done' && !other.background) stop(machine, other)
  machine.environmentOf(thread).traps = {}
  machine.end(thread, 143)
}
