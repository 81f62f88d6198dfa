import { arithmeticIn } from './expand'
import { type Machine, ThreadExit } from './machine'
import { formatted } from './printf'
import { restoreEnds } from './redirect'
import { type Frame, SIGNALS, signalName, type Thread } from './state'
import { testCommand } from './test-expression'
import { ulimit } from './ulimit'

/** A status ends it; undefined: it waits, or has put something else in its place. */
type Builtin = (machine: Machine, thread: Thread, frame: Frame, argv: string[]) => number | undefined

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

function replaceBy(machine: Machine, thread: Thread, frame: Frame, text: string): number | undefined {
  const { saved } = frame.keep
  thread.stack.pop()
  machine.push(thread, 'restore-ends', -1, 0, { saved })
  if (!machine.runText(thread, text)) {
    thread.stack.pop()
    thread.stack.push(frame)
    return 2
  }
  return undefined
}

/** Unwinds to the frame that `is` finds, putting back redirections on the way. */
function unwind(thread: Thread, is: (frame: Frame) => boolean): Frame | undefined {
  const index = thread.stack.findLastIndex(is)
  if (index < 0) return undefined
  while (thread.stack.length > index + 1) {
    const frame = thread.stack.pop()!
    if (frame.keep?.saved) restoreEnds(thread, frame.keep.saved)
  }
  return thread.stack[index]
}

const isLoop = (frame: Frame) => frame.op === 'for' || frame.op === 'while' || frame.op === 'counted-for'

function leave(machine: Machine, thread: Thread, frame: Frame, argv: string[]): number | undefined {
  let levels = Number(argv[1] ?? 1)
  if (!thread.stack.some(isLoop)) {
    machine.complain(thread, `${argv[0]}: only meaningful in a \`for', \`while', or \`until' loop`)
    return 0
  }
  restoreEnds(thread, frame.keep.saved)
  thread.stack.pop()
  thread.status = 0
  for (;;) {
    const loop = unwind(thread, isLoop)
    if (!loop) return undefined
    if (--levels > 0 && thread.stack.slice(0, -1).some(isLoop)) {
      if (loop.keep?.saved) restoreEnds(thread, loop.keep.saved)
      thread.stack.pop()
      continue
    }
    if (argv[0] === 'break') {
      if (loop.keep?.saved) restoreEnds(thread, loop.keep.saved)
      machine.finish(thread, 0)
    }
    return undefined
  }
}

/** Prints, or dies of SIGPIPE where nobody reads any more; 1: it could not be written. */
function say(machine: Machine, thread: Thread, text: string): number {
  if (!machine.write(thread, 1, text)) throw new ThreadExit(141)
  return machine.unwritten ? 1 : 0
}

function echo(machine: Machine, thread: Thread, argv: string[]): number {
  let newline = true
  let escapes = false
  let i = 1
  for (; i < argv.length && /^-[neE]+$/.test(argv[i]!); i++) {
    for (const flag of argv[i]!.slice(1)) {
      if (flag === 'n') newline = false
      else escapes = flag === 'e'
    }
  }
  let text = argv.slice(i).join(' ')
  if (escapes) text = formatted('%b', [text]).text
  return say(machine, thread, newline ? `${text}\n` : text)
}

function read(machine: Machine, thread: Thread, _frame: Frame, argv: string[]): number | undefined {
  let raw = false
  const names: string[] = []
  let prompt = ''
  for (let i = 1; i < argv.length; i++) {
    if (argv[i] === '-r') raw = true
    else if (argv[i] === '-p') prompt = argv[++i] ?? ''
    else if (argv[i] === '-t' || argv[i] === '-n' || argv[i] === '-d') i++
    else names.push(argv[i]!)
  }
  if (prompt && !_frame.keep.prompted) {
    _frame.keep.prompted = true
    machine.write(thread, 2, prompt)
  }
  const input = machine.input(thread)
  const end = input.text.indexOf('\n')
  if (end < 0 && !input.ended) {
    thread.state = 'waiting'
    thread.input = input.text === '' ? 'some' : 'all'
    return undefined
  }
  let line = end < 0 ? input.text : input.text.slice(0, end)
  input.take(end < 0 ? input.text.length : end + 1)
  if (!raw) line = line.replace(/\\(.)/g, '$1')
  const separators = machine.variable(thread, 'IFS') ?? ' \t\n'
  if (names.length === 0) machine.assign(thread, 'REPLY', line)
  else {
    let rest = separators === '' ? line : line.replace(/^[ \t]+|[ \t]+$/g, '')
    names.forEach((name, i) => {
      if (i === names.length - 1) machine.assign(thread, name, rest)
      else {
        let cut = 0
        while (cut < rest.length && !separators.includes(rest[cut]!)) cut++
        machine.assign(thread, name, rest.slice(0, cut))
        let from = cut + 1
        while (from < rest.length && ' \t'.includes(rest[from]!) && separators.includes(rest[from]!)) from++
        rest = rest.slice(from)
      }
    })
  }
  return end < 0 && line === '' ? 1 : 0
}

function set(machine: Machine, thread: Thread, argv: string[]): number {
  const environment = machine.environmentOf(thread)
  const { options } = environment
  const letters: Record<string, keyof typeof options> = { e: 'errexit', u: 'nounset', x: 'xtrace', f: 'noglob' }
  if (argv.length === 1) {
    for (const name of Object.keys(environment.variables).sort())
      machine.write(thread, 1, `${name}=${environment.variables[name]!.value ?? ''}\n`)
    return 0
  }
  for (let i = 1; i < argv.length; i++) {
    const arg = argv[i]!
    if (arg === '--') {
      environment.positional = argv.slice(i + 1)
      return 0
    }
    if (!/^[-+]/.test(arg)) {
      environment.positional = argv.slice(i)
      return 0
    }
    const on = arg[0] === '-'
    for (const letter of arg.slice(1)) {
      if (letter === 'o') {
        const name = argv[++i] as keyof typeof options
        if (name in options) options[name] = on
      } else if (letters[letter]) options[letters[letter]!] = on
    }
  }
  return 0
}

function declare(
  machine: Machine,
  thread: Thread,
  argv: string[],
  attributes: { exported?: boolean; readonly?: boolean; local?: boolean },
): number {
  const environment = machine.environmentOf(thread)
  let status = 0
  for (const arg of argv.slice(1)) {
    if (arg.startsWith('-')) continue
    const equals = arg.indexOf('=')
    const name = equals < 0 ? arg : arg.slice(0, equals)
    if (!NAME.test(name)) {
      machine.complain(thread, `${argv[0]}: \`${arg}': not a valid identifier`)
      status = 1
      continue
    }
    if (attributes.local) {
      const call = thread.stack.findLast((frame) => frame.op === 'return')
      if (call && !(name in call.keep.locals)) call.keep.locals[name] = environment.variables[name] ?? null
      if (equals < 0) environment.variables[name] = {}
    }
    if (equals >= 0) machine.assign(thread, name, arg.slice(equals + 1))
    const variable = (environment.variables[name] ??= {})
    if (attributes.exported) variable.exported = true
    if (attributes.readonly) variable.readonly = true
  }
  return status
}

function changeFolder(machine: Machine, thread: Thread, argv: string[]): number {
  const environment = machine.environmentOf(thread)
  const target =
    argv[1] === undefined
      ? (machine.variable(thread, 'HOME') ?? '/')
      : argv[1] === '-'
        ? (machine.variable(thread, 'OLDPWD') ?? environment.cwd)
        : argv[1]
  const files = machine.filesOf(thread)
  const stat = files.stat(target)
  if (!stat?.folder) {
    machine.complain(thread, `cd: ${target}: ${stat ? 'Not a directory' : 'No such file or directory'}`)
    return 1
  }
  machine.assign(thread, 'OLDPWD', environment.cwd)
  environment.cwd = files.resolve(target)
  if (argv[1] === '-') machine.write(thread, 1, `${environment.cwd}\n`)
  return 0
}

function wait(machine: Machine, thread: Thread, argv: string[]): number | undefined {
  const wanted = argv.slice(1).map((id) => Number(id.replace('%', '')))
  const running = machine.state.threads.filter(
    (t) => t.background && t.state !== 'done' && (wanted.length === 0 || wanted.includes(t.id)),
  )
  if (running.length === 0) return 0
  thread.children = running.map((t) => t.id)
  thread.state = 'joining'
  return undefined
}

function kill(machine: Machine, thread: Thread, argv: string[]): number {
  let signal = 'TERM'
  let status = 0
  for (let i = 1; i < argv.length; i++) {
    const arg = argv[i]!
    if (arg === '-l') {
      machine.write(thread, 1, `${Object.keys(SIGNALS).join(' ')}\n`)
      return 0
    }
    if (arg === '-s') signal = signalName(argv[++i] ?? '') ?? 'TERM'
    else if (arg.startsWith('-')) {
      const name = signalName(arg.slice(1))
      if (!name) {
        machine.complain(thread, `kill: ${arg.slice(1)}: invalid signal specification`)
        return 1
      }
      signal = name
    } else {
      const id = Number(arg.replace('%', ''))
      const target = machine.state.threads.find((t) => t.id === id && t.state !== 'done')
      if (target) target.signal = signal
      else if (id === machine.environmentOf(thread).pid) thread.signal = signal
      else {
        machine.complain(thread, `kill: (${arg}) - No such process`)
        status = 1
      }
    }
  }
  return status
}

export const BUILTINS: Readonly<Record<string, Builtin>> = {
  ':': () => 0,
  true: () => 0,
  false: () => 1,
  echo: (machine, thread, _frame, argv) => echo(machine, thread, argv),
  printf(machine, thread, _frame, argv) {
    if (argv.length < 2) {
      machine.complain(thread, 'printf: usage: printf [-v var] format [arguments]')
      return 2
    }
    const { text, problem } = formatted(argv[1]!, argv.slice(2))
    if (problem) machine.complain(thread, `printf: ${problem}`)
    if (say(machine, thread, text) !== 0) return 1
    return problem ? 1 : 0
  },
  cd: (machine, thread, _frame, argv) => changeFolder(machine, thread, argv),
  pwd: (machine, thread) => say(machine, thread, `${machine.environmentOf(thread).cwd}\n`),
  test: (machine, thread, _frame, argv) =>
    testCommand(argv.slice(1), machine.filesOf(thread), (name) => machine.variable(thread, name) !== undefined) ? 0 : 1,
  '['(machine, thread, _frame, argv) {
    if (argv[argv.length - 1] !== ']') {
      machine.complain(thread, "[: missing `]'")
      return 2
    }
    return testCommand(
      argv.slice(1, -1),
      machine.filesOf(thread),
      (name) => machine.variable(thread, name) !== undefined,
    )
      ? 0
      : 1
  },
  exit(machine, thread, _frame, argv) {
    throw new ThreadExit(argv[1] === undefined ? machine.environmentOf(thread).status : Number(argv[1]) & 255, true)
  },
  return(machine, thread, frame, argv) {
    const status = argv[1] === undefined ? thread.status : Number(argv[1]) & 255
    restoreEnds(thread, frame.keep.saved)
    if (!unwind(thread, (f) => f.op === 'return')) throw new ThreadExit(status)
    thread.status = status
    machine.environmentOf(thread).status = status
    return undefined
  },
  break: leave,
  continue: leave,
  eval: (machine, thread, frame, argv) => replaceBy(machine, thread, frame, argv.slice(1).join(' ')),
  '.': (machine, thread, frame, argv) => source(machine, thread, frame, argv),
  source: (machine, thread, frame, argv) => source(machine, thread, frame, argv),
  export: (machine, thread, _frame, argv) => declare(machine, thread, argv, { exported: true }),
  readonly: (machine, thread, _frame, argv) => declare(machine, thread, argv, { readonly: true }),
  local: (machine, thread, _frame, argv) => declare(machine, thread, argv, { local: true }),
  declare: (machine, thread, _frame, argv) =>
    declare(machine, thread, argv, { local: thread.stack.some((f) => f.op === 'return') }),
  unset(machine, thread, _frame, argv) {
    const environment = machine.environmentOf(thread)
    for (const name of argv.slice(1)) {
      delete environment.variables[name]
      if (argv[1] === '-f') delete environment.functions[name]
    }
    return 0
  },
  set: (machine, thread, _frame, argv) => set(machine, thread, argv),
  shift(machine, thread, _frame, argv) {
    const environment = machine.environmentOf(thread)
    const n = Number(argv[1] ?? 1)
    if (n > environment.positional.length) return 1
    environment.positional = environment.positional.slice(n)
    return 0
  },
  read,
  let(machine, thread, _frame, argv) {
    let value = 0
    for (const expression of argv.slice(1)) value = arithmeticIn(expression, machine.scope(thread, []))
    return value !== 0 ? 0 : 1
  },
  trap(machine, thread, _frame, argv) {
    const environment = machine.environmentOf(thread)
    if (argv.length === 1) {
      for (const [name, command] of Object.entries(environment.traps))
        machine.write(thread, 1, `trap -- '${command}' ${name === 'EXIT' ? name : `SIG${name}`}\n`)
      return 0
    }
    for (const name of argv.slice(2)) {
      const signal = signalName(name)
      if (!signal) {
        machine.complain(thread, `trap: ${name}: invalid signal specification`)
        return 1
      }
      if (argv[1] === '-') delete environment.traps[signal]
      else environment.traps[signal] = argv[1]!
    }
    return 0
  },
  wait: (machine, thread, _frame, argv) => wait(machine, thread, argv),
  kill: (machine, thread, _frame, argv) => kill(machine, thread, argv),
  jobs(machine, thread) {
    const jobs = machine.state.threads.filter((t) => t.background && t.state !== 'done')
    jobs.forEach((job, i) => void machine.write(thread, 1, `[${i + 1}]+  Running                 ${job.id}\n`))
    return 0
  },
  exec(_machine, thread, frame, argv) {
    if (argv.length === 1) {
      frame.keep.saved = {}
      return 0
    }
    thread.stack = [
      {
        ...frame,
        keep: {
          ...frame.keep,
          name: argv[1]!.slice(argv[1]!.lastIndexOf('/') + 1),
          path: argv[1],
          argv: argv.slice(1),
        },
      },
    ]
    return undefined
  },
  command(machine, thread, frame, argv) {
    if (argv[1] === '-v' || argv[1] === '-V') {
      const name = argv[2] ?? ''
      const found = machine.environmentOf(thread).functions[name] || BUILTINS[name] || machine.host.tool(name)
      if (found)
        machine.write(thread, 1, `${BUILTINS[name] ? name : machine.host.tool(name) ? `/usr/bin/${name}` : name}\n`)
      return found ? 0 : 1
    }
    frame.keep = {
      ...frame.keep,
      name: argv[1] ?? ':',
      path: argv[1] ?? ':',
      argv: argv.length > 1 ? argv.slice(1) : [':'],
    }
    return undefined
  },
  type(machine, thread, _frame, argv) {
    const name = argv[1] ?? ''
    const what = machine.environmentOf(thread).functions[name]
      ? 'a function'
      : BUILTINS[name]
        ? 'a shell builtin'
        : machine.host.tool(name)
          ? `/usr/bin/${name}`
          : undefined
    if (what) machine.write(thread, 1, `${name} is ${what}\n`)
    else machine.complain(thread, `type: ${name}: not found`)
    return what ? 0 : 1
  },
  ulimit: (machine, thread, _frame, argv) => ulimit(machine, thread, argv),
  umask: (machine, thread, _frame, argv) => (argv.length > 1 ? 0 : say(machine, thread, '0022\n')),
}

function source(machine: Machine, thread: Thread, frame: Frame, argv: string[]): number | undefined {
  const path = argv[1] ?? ''
  const read = machine.filesOf(thread).read(path)
  if ('error' in read) {
    machine.complain(thread, `${path}: ${read.error}`)
    return 1
  }
  return replaceBy(machine, thread, frame, read.text)
}
