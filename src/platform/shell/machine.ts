import { ExpansionProblem, NeedsCommand, type Scope } from './expand'
import { parse } from './parse'
import { copy, type End, type Environment, type Frame, type Pipe, type ShellState, type Thread } from './state'
import type { Node, NodeId, Script } from './syntax'
import type { Files, Tool, ToolCall } from './tool'

/** What a shell needs from the world around it during one step. */
export interface Host {
  readonly now: number
  files(cwd: string): Files
  tool(name: string): Tool | undefined
  /** Everything a tool call needs besides what the shell itself knows. */
  call(
    own: Pick<
      ToolCall,
      'argv' | 'env' | 'cwd' | 'files' | 'stdin' | 'terminal' | 'discards' | 'signal' | 'print' | 'printError'
    >,
    thread: number,
  ): ToolCall
  /** Every name is taken for a program. */
  readonly anything: boolean
  print(stream: 'out' | 'err', text: string): void
  notice(text: string): void
  draw(purpose: string, n: number): number
  /** Whether a command line is a program of the container's own, which takes the place of its first process. */
  isProgram(argv: readonly string[]): boolean
  /** It was started as one command line, no script: a shell that this names (`sh start.sh`) is the process itself. */
  readonly isCommand: boolean
  /** Told of a command that no shell here has, so that the learner gets a Notice. */
  unknownCommand(name: string): void
  /** Soft and hard limit of this name; undefined: there is none. */
  ulimit(name: string): readonly [number | string, number | string] | undefined
  /** Whether the limit of processes allows one more. */
  mayFork(state: ShellState): boolean
}

/** So many operations in one instant; then the shell lets time pass, as a busy loop does. */
export const MOST_OPERATIONS = 5_000
/** Threads (subshells, pipeline stages, jobs) alive at once. */
const MOST_THREADS = 500
const DEEPEST_STACK = 3_000
const MOST_PIPE_BYTES = 8_000_000

/** The shell ends a thread by unwinding it to here: `exit`, a fatal expansion error. */
export class ThreadExit extends Error {
  readonly status: number
  /** The `exit` builtin: an interactive shell ends too. */
  readonly shell: boolean
  constructor(status: number, shell = false) {
    super('exit')
    this.status = status
    this.shell = shell
  }
}

/** One step of a running shell: the state (mutable during the step) and the world. */
export class Machine {
  /** What was written last did not find room. */
  unwritten = false
  readonly state: ShellState
  readonly host: Host
  readonly #filesByCwd = new Map<string, Files>()

  constructor(state: ShellState, host: Host) {
    this.state = state
    this.host = host
  }

  environmentOf(thread: Thread): Environment {
    return this.state.environments[String(thread.environment)]!
  }

  filesOf(thread: Thread): Files {
    const { cwd } = this.environmentOf(thread)
    let files = this.#filesByCwd.get(cwd)
    if (!files) {
      files = this.host.files(cwd)
      this.#filesByCwd.set(cwd, files)
    }
    return files
  }

  scriptOf(source: number): Script {
    const script = parse(this.state.sources[source]!)
    if ('problem' in script) throw new Error('only parsed scripts run')
    return script
  }

  nodeOf(frame: Frame): Node {
    return this.scriptOf(frame.source).nodes[frame.node]!
  }

  /** Remembers a script text; the same text has one number. */
  source(text: string): number {
    const known = this.state.sources.indexOf(text)
    return known >= 0 ? known : this.state.sources.push(text) - 1
  }

  push(thread: Thread, op: string, source: number, node: NodeId, keep: unknown = undefined): Frame {
    if (thread.stack.length > DEEPEST_STACK) {
      this.complain(thread, 'maximum function nesting level exceeded')
      throw new ThreadExit(1)
    }
    const frame: Frame = { op, source, node, step: 0, keep }
    thread.stack.push(frame)
    return frame
  }

  pushNode(thread: Thread, source: number, node: NodeId): void {
    this.push(thread, this.scriptOf(source).nodes[node]!.type, source, node)
  }

  /** Ends the top frame with a status. */
  finish(thread: Thread, status: number): void {
    thread.stack.pop()
    thread.status = status
    this.environmentOf(thread).status = status
  }

  spawn(
    parent: Thread,
    options: { ends: Record<string, End>; copyEnvironment: boolean; background?: boolean },
  ): Thread {
    if (this.state.threads.length > MOST_THREADS || !this.host.mayFork(this.state)) this.cannotFork(parent)
    const id = this.state.next++
    let environment = parent.environment
    if (options.copyEnvironment) {
      environment = id
      const own = copy(this.environmentOf(parent))
      own.traps = {}
      this.state.environments[String(id)] = own
    }
    const thread: Thread = {
      id,
      parent: parent.id,
      environment,
      stack: [],
      ends: options.ends,
      state: 'ready',
      status: 0,
    }
    if (options.background) thread.background = true
    this.state.threads.push(thread)
    return thread
  }

  /** EAGAIN: bash tries four times more before it gives up (at once here), ash does not. */
  cannotFork(thread: Thread): never {
    const why = 'Resource temporarily unavailable'
    const isBash = this.state.shell === 'bash'
    if (isBash) for (let i = 0; i < 4; i++) this.complain(thread, `fork: retry: ${why}`)
    this.complain(thread, isBash ? `fork: ${why}` : `can't fork: ${why}`)
    throw new ThreadExit(isBash ? 254 : 2)
  }

  newPipe(): number {
    const id = this.state.next++
    this.state.pipes[String(id)] = { text: '', read: true }
    return id
  }

  pipe(id: number): Pipe | undefined {
    return this.state.pipes[String(id)]
  }

  /** Nothing more will be written to the pipe: no living thread holds an end to write to, not even one put aside. */
  ended(pipe: number): boolean {
    const writes = (end: End | null) => end !== null && 'pipe' in end && end.pipe === pipe && end.writes === true
    return !this.state.threads.some(
      (thread) =>
        thread.state !== 'done' &&
        (Object.values(thread.ends).some(writes) ||
          thread.stack.some(
            (frame) => frame.keep?.saved && Object.values(frame.keep.saved as Record<string, End | null>).some(writes),
          )),
    )
  }

  /** A program takes the shell's place, with all that it has exported. */
  become(thread: Thread, { argv, env }: { readonly argv: string[]; readonly env: Record<string, string> }): void {
    const { cwd } = this.environmentOf(thread)
    this.state.became = { argv, env, cwd }
    for (const one of this.state.threads) Object.assign(one, { stack: [], state: 'done' })
  }

  end(thread: Thread, status: number): void {
    const environment = this.environmentOf(thread)
    const trap = environment.traps['EXIT']
    if (trap !== undefined) {
      delete environment.traps['EXIT']
      environment.status = status
      thread.stack = []
      this.push(thread, 'exit-with', 0, 0, { status })
      this.runText(thread, trap)
      return
    }
    thread.stack = []
    thread.state = 'done'
    thread.status = status
    if (thread.parent === 0) {
      this.state.status = status
      environment.status = status
    }
    const input = thread.ends['0']
    if (input && 'pipe' in input) {
      const pipe = this.pipe(input.pipe)
      if (pipe) pipe.read = false
    }
    if (thread.environment === thread.id) delete this.state.environments[String(thread.id)]
  }

  /** Puts a script on the thread's stack; false (and a message) when it does not parse. */
  runText(thread: Thread, text: string): boolean {
    const script = parse(text)
    if ('problem' in script) {
      this.complain(thread, `-c: line ${script.line}: ${script.problem}`)
      this.environmentOf(thread).status = 2
      thread.status = 2
      return false
    }
    this.pushNode(thread, this.source(text), script.root)
    return true
  }

  complain(thread: Thread, message: string): void {
    this.write(thread, 2, `${this.state.called ?? this.state.shell}: ${message}\n`)
  }

  /** Writes to a descriptor; false: nobody reads the pipe any more. */
  write(thread: Thread, fd: number, text: string): boolean {
    this.unwritten = false
    if (text === '') return true
    const end = thread.ends[String(fd)] ?? { nothing: true }
    if ('to' in end) this.host.print(end.to, text)
    else if ('pipe' in end) {
      const pipe = this.pipe(end.pipe)
      if (!pipe?.read) return false
      if (pipe.text.length < MOST_PIPE_BYTES) pipe.text += text
    } else if ('file' in end) {
      const problem = this.filesOf(thread).write(end.file, text, { append: true })
      if (problem) this.host.print('err', `${this.state.shell}: write error: ${problem.error}\n`)
      this.unwritten = problem !== undefined
    }
    return true
  }

  /** What can be read now. `take` removes it. */
  input(thread: Thread): { text: string; ended: boolean; take: (n: number) => void } {
    const end = thread.ends['0'] ?? { nothing: true }
    if ('pipe' in end) {
      const pipe = this.pipe(end.pipe)
      if (!pipe) return { text: '', ended: true, take: () => {} }
      return { text: pipe.text, ended: this.ended(end.pipe), take: (n) => void (pipe.text = pipe.text.slice(n)) }
    }
    if ('text' in end) return { text: end.text, ended: true, take: (n) => void (end.text = end.text.slice(n)) }
    if ('terminal' in end) {
      const { state } = this
      return { text: state.input, ended: state.inputEnded, take: (n) => void (state.input = state.input.slice(n)) }
    }
    return { text: '', ended: true, take: () => {} }
  }

  /** Variables as the expander wants them; `substitutions` are the outputs of this command's `$(…)` so far. */
  scope(thread: Thread, substitutions: readonly string[], overlay?: Map<string, string>): Scope {
    const environment = this.environmentOf(thread)
    let used = 0
    return {
      files: this.filesOf(thread),
      strict: environment.options.nounset,
      positional: environment.positional,
      command: () => substitutions[used++],
      items: (name) => {
        const variable = environment.variables[name]
        return variable?.items ?? (variable?.value === undefined ? undefined : [variable.value])
      },
      set: (name, value) => {
        if (overlay) overlay.set(name, value)
        else this.assign(thread, name, value)
      },
      get: (name) => overlay?.get(name) ?? this.variable(thread, name),
    }
  }

  variable(thread: Thread, name: string): string | undefined {
    const environment = this.environmentOf(thread)
    switch (name) {
      case '?':
        return String(environment.status)
      case '#':
        return String(environment.positional.length)
      case '$':
        return String(environment.pid)
      case '!':
        return environment.lastBackground ? String(environment.lastBackground) : ''
      case '0':
        return environment.name
      case '-':
        return this.state.interactive ? 'himBHs' : 'hB'
      case 'PWD':
        return environment.cwd
      case 'RANDOM':
        return String(Math.floor(this.host.draw('RANDOM', this.host.now * 31 + this.state.next++) * 32768))
      case 'SECONDS':
        return String(Math.floor(this.host.now / 1000))
      default:
        if (/^[1-9]\d*$/.test(name)) return environment.positional[Number(name) - 1]
        return environment.variables[name]?.value ?? environment.variables[name]?.items?.[0]
    }
  }

  assign(thread: Thread, name: string, value: string): void {
    const environment = this.environmentOf(thread)
    const variable = environment.variables[name]
    if (variable?.readonly) throw new ExpansionProblem(`${name}: readonly variable`)
    environment.variables[name] = { ...variable, value }
  }

  exported(thread: Thread): Record<string, string> {
    const environment = this.environmentOf(thread)
    const found: Record<string, string> = {}
    for (const name in environment.variables) {
      const variable = environment.variables[name]!
      if (variable.exported && variable.value !== undefined) found[name] = variable.value
    }
    found['PWD'] = environment.cwd
    return found
  }

  /** Runs a command substitution in a thread of its own; its output is read when it has ended. */
  substitute(thread: Thread, frame: Frame, script: string): void {
    const pipe = this.newPipe()
    const child = this.spawn(thread, { ends: { ...thread.ends, '1': { pipe, writes: true } }, copyEnvironment: true })
    frame.keep ??= {}
    frame.keep.substituting = pipe
    thread.children = [child.id]
    thread.state = 'joining'
    if (!this.runText(child, script)) this.end(child, 2)
  }

  /** After a substitution's thread has ended: its output joins the others of the command. */
  collect(_thread: Thread, frame: Frame): void {
    if (frame.keep?.substituting === undefined) return
    const id = String(frame.keep.substituting)
    frame.keep.substitutions = [...(frame.keep.substitutions ?? []), this.state.pipes[id]?.text ?? '']
    delete this.state.pipes[id]
    delete frame.keep.substituting
    frame.keep.substituted = true
  }

  /**
   * Expands with the substitutions collected so far; when one more has to run, starts it and gives undefined: the frame is
   * entered again when it has ended. Assignments made while expanding count only once the expansion is complete.
   */
  expanding<T>(thread: Thread, frame: Frame, work: (scope: Scope) => T): T | undefined {
    this.collect(thread, frame)
    const overlay = new Map<string, string>()
    try {
      const result = work(this.scope(thread, frame.keep?.substitutions ?? [], overlay))
      for (const [name, value] of overlay) this.assign(thread, name, value)
      return result
    } catch (error) {
      if (error instanceof NeedsCommand) {
        this.substitute(thread, frame, error.script)
        return undefined
      }
      if (error instanceof ExpansionProblem) {
        this.complain(thread, error.message)
        this.environmentOf(thread).status = 1
        if (!this.state.interactive || thread.parent !== 0) throw new ThreadExit(1)
        thread.stack = []
        thread.status = 1
        throw new ThreadExit(1)
      }
      throw error
    }
  }
}
