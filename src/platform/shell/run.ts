import { arithmeticIn, ExpansionProblem, fieldsOf, patternOf, textOfWord } from './expand'
import { dies, heeds, waits } from './heed'
import { turnsIdle } from './idle-loop'
import { type Machine, MOST_OPERATIONS, ThreadExit } from './machine'
import { matchPattern } from './pattern'
import { openRedirects, restoreEnds } from './redirect'
import { runSimple, stepCommand, waitForChild } from './simple'
import { type Frame, SIGNALS, type Thread } from './state'
import type { Node } from './syntax'
import { testExpression } from './test-expression'

type Operation = (machine: Machine, thread: Thread, frame: Frame, node: any) => void

/** What the operations of one instant take a real shell, and more: a loop that does nothing else does not fill the agenda. */
const MOST_OPERATIONS_MILLIS = 50

/** Runs every thread until all of them wait or have ended, or the instant's operations are used up. */
export function advance(machine: Machine): void {
  const { state } = machine
  let operations = 0
  for (;;) {
    wake(machine)
    const thread = state.threads.find((t) => t.state === 'ready')
    if (!thread) break
    while (thread.state === 'ready') {
      if (++operations > MOST_OPERATIONS) {
        thread.state = 'waiting'
        thread.work = { what: `${state.shell}: a loop`, threads: 1, cpuMillis: MOST_OPERATIONS_MILLIS }
        break
      }
      turn(machine, thread)
    }
  }
  // threads that have ended and that nobody waits for are forgotten
  state.threads = state.threads.filter(
    (t) => t.state !== 'done' || state.threads.some((other) => other.children?.includes(t.id)),
  )
}

function wake(machine: Machine): void {
  const { state, host } = machine
  for (const thread of state.threads) {
    if (thread.state === 'joining') {
      const open = thread.children!.some((id) => state.threads.some((t) => t.id === id && t.state !== 'done'))
      const due = thread.wakeAt !== undefined && thread.wakeAt <= host.now
      if (!open || due || dies(machine, thread) || waits(thread)) ready(thread)
    } else if (thread.state === 'waiting') {
      const due = thread.wakeAt !== undefined && thread.wakeAt <= host.now
      const input = thread.input && readable(machine, thread)
      if (due || input || heeds(machine, thread)) ready(thread)
    }
  }
}

function readable(machine: Machine, thread: Thread): boolean {
  const input = machine.input(thread)
  return input.ended || (thread.input === 'some' && input.text !== '')
}

export function ready(thread: Thread): void {
  thread.state = 'ready'
  delete thread.wakeAt
  delete thread.kinds
  delete thread.input
  delete thread.work
}

function turn(machine: Machine, thread: Thread): void {
  const frame = thread.stack[thread.stack.length - 1]
  try {
    if (!frame) {
      machine.end(thread, thread.status)
      return
    }
    if (pendingTrap(machine, thread, frame)) return
    const node = frame.source >= 0 && OPERATIONS[frame.op] ? machine.nodeOf(frame) : undefined
    const operation = OPERATIONS[frame.op] ?? INNER[frame.op]
    if (!operation) throw new Error(`the shell has no operation ${frame.op}`)
    operation(machine, thread, frame, node)
  } catch (error) {
    if (error instanceof ThreadExit) {
      if (error.shell && thread.environment === 0) machine.state.exited = true
      machine.end(thread, error.status)
    } else if (error instanceof ExpansionProblem) {
      machine.complain(thread, error.message)
      machine.end(thread, 1)
    } else throw error
  }
}

/** A signal with a trap runs the trap's command between two commands; one without ends the thread. */
function pendingTrap(machine: Machine, thread: Thread, frame: Frame): boolean {
  const { signal } = thread
  if (signal === undefined || frame.op === 'tool') return false
  delete thread.signal
  const environment = machine.environmentOf(thread)
  const trap = environment.traps[signal]
  if (trap === '') return false
  if (trap !== undefined) {
    machine.push(thread, 'restore-status', -1, 0, { status: environment.status })
    machine.runText(thread, trap)
    return true
  }
  if (machine.state.pidOne && thread.parent === 0 && signal !== 'KILL') return false
  throw new ThreadExit(128 + (SIGNALS[signal] ?? 15))
}

/** Opens a compound command's redirections once; false: one failed and the command is over. */
function redirected(machine: Machine, thread: Thread, frame: Frame, node: { redirects: any }): boolean {
  if (node.redirects.length === 0 || frame.keep?.opened) return true
  const saved = machine.expanding(thread, frame, (scope) => openRedirects(machine, thread, node.redirects, scope))
  if (saved === undefined) return false
  if ('problem' in saved) {
    machine.complain(thread, saved.problem)
    machine.finish(thread, 1)
    return false
  }
  frame.keep = { ...frame.keep, substitutions: undefined, opened: true, saved: saved.saved }
  return true
}

function done(machine: Machine, thread: Thread, frame: Frame, status: number): void {
  if (frame.keep?.saved) restoreEnds(thread, frame.keep.saved)
  machine.finish(thread, status)
}

/** After a command whose failure counts: `set -e`. */
function errexit(machine: Machine, thread: Thread): void {
  if (thread.status === 0 || !machine.environmentOf(thread).options.errexit) return
  const guarded = thread.stack.some((frame) => frame.keep?.guarded)
  if (!guarded) throw new ThreadExit(thread.status)
}

const OPERATIONS: Record<Node['type'], Operation> & Record<string, Operation> = {
  list(machine, thread, frame, node) {
    if (frame.step > 0) {
      const was = machine.nodeOf({ ...frame, node: node.items[frame.step - 1].node })
      if (was.type !== 'and-or' && !(was.type === 'pipeline' && was.negated)) errexit(machine, thread)
    }
    const item = node.items[frame.step++]
    if (!item) {
      thread.stack.pop()
      if (node.items.length === 0) thread.status = 0
      return
    }
    if (!item.background) {
      machine.pushNode(thread, frame.source, item.node)
      return
    }
    const child = machine.spawn(thread, {
      ends: { ...thread.ends, '0': { nothing: true } },
      copyEnvironment: true,
      background: true,
    })
    machine.pushNode(child, frame.source, item.node)
    machine.environmentOf(thread).lastBackground = child.id
    machine.environmentOf(thread).status = 0
    thread.status = 0
    if (machine.state.interactive) machine.write(thread, 2, `[1] ${child.id}\n`)
  },

  'and-or'(machine, thread, frame, node) {
    if (frame.step === 0) {
      frame.step = 1
      frame.keep = { guarded: true }
      machine.pushNode(thread, frame.source, node.first)
      return
    }
    while (frame.step <= node.rest.length) {
      const [operator, next] = node.rest[frame.step - 1]
      frame.step++
      if ((operator === '&&') !== (thread.status === 0)) continue
      const last = frame.step > node.rest.length
      frame.keep = { guarded: !last, last }
      machine.pushNode(thread, frame.source, next)
      return
    }
    thread.stack.pop()
    if (frame.keep.last) errexit(machine, thread)
  },

  pipeline(machine, thread, frame, node) {
    if (node.stages.length === 1) {
      if (frame.step++ === 0) {
        frame.keep = { guarded: true }
        machine.pushNode(thread, frame.source, node.stages[0])
      } else machine.finish(thread, thread.status === 0 ? 1 : 0)
      return
    }
    if (frame.step++ === 0) {
      let input = thread.ends['0']!
      const children: number[] = []
      node.stages.forEach((stage: number, i: number) => {
        const last = i === node.stages.length - 1
        const pipe = last ? undefined : machine.newPipe()
        const output = pipe === undefined ? thread.ends['1']! : { pipe, writes: true }
        const child = machine.spawn(thread, {
          ends: { ...thread.ends, '0': input, '1': output },
          copyEnvironment: true,
        })
        machine.pushNode(child, frame.source, stage)
        if (pipe !== undefined) input = { pipe }
        children.push(child.id)
      })
      frame.keep = { children, guarded: node.negated }
      thread.children = children
      thread.state = 'joining'
      return
    }
    const statuses: number[] = frame.keep.children.map(
      (id: number) => machine.state.threads.find((t) => t.id === id)?.status ?? 0,
    )
    thread.children = []
    const failed = statuses.findLast((s) => s !== 0) ?? 0
    const status = machine.environmentOf(thread).options.pipefail ? failed : statuses[statuses.length - 1]!
    machine.finish(thread, node.negated ? (status === 0 ? 1 : 0) : status)
  },

  simple: runSimple,

  subshell(machine, thread, frame, node) {
    if (frame.step === 0) {
      if (!redirected(machine, thread, frame, node)) return
      frame.step = 1
      const child = machine.spawn(thread, { ends: { ...thread.ends }, copyEnvironment: true })
      machine.pushNode(child, frame.source, node.body)
      frame.keep = { ...frame.keep, child: child.id }
      thread.children = [child.id]
      thread.state = 'joining'
      return
    }
    const status = machine.state.threads.find((t) => t.id === frame.keep.child)?.status ?? 0
    thread.children = []
    done(machine, thread, frame, status)
  },

  group(machine, thread, frame, node) {
    if (frame.step === 0) {
      if (!redirected(machine, thread, frame, node)) return
      frame.step = 1
      machine.pushNode(thread, frame.source, node.body)
    } else done(machine, thread, frame, thread.status)
  },

  if(machine, thread, frame, node) {
    if (frame.step === 0 && !redirected(machine, thread, frame, node)) return
    if (frame.keep?.running) return done(machine, thread, frame, thread.status)
    if (frame.step > 0 && thread.status === 0) {
      frame.keep = { ...frame.keep, running: true, guarded: false }
      return machine.pushNode(thread, frame.source, node.clauses[frame.step - 1][1])
    }
    const clause = node.clauses[frame.step++]
    if (clause) {
      frame.keep = { ...frame.keep, guarded: true }
      return machine.pushNode(thread, frame.source, clause[0])
    }
    frame.keep = { ...frame.keep, running: true, guarded: false }
    if (node.otherwise !== undefined) return machine.pushNode(thread, frame.source, node.otherwise)
    done(machine, thread, frame, 0)
  },

  for(machine, thread, frame, node) {
    if (frame.step === 0 && !redirected(machine, thread, frame, node)) return
    if (!frame.keep?.words) {
      const words = node.words
        ? machine.expanding(thread, frame, (scope) => node.words.flatMap((word: any) => fieldsOf(word, scope)))
        : [...machine.environmentOf(thread).positional]
      if (words === undefined) return
      frame.keep = { ...frame.keep, substitutions: undefined, words }
      frame.step = 1
      thread.status = 0
    }
    const word = frame.keep.words[frame.step - 1]
    if (word === undefined) return done(machine, thread, frame, thread.status)
    frame.step++
    machine.assign(thread, node.name, word)
    machine.pushNode(thread, frame.source, node.body)
  },

  'counted-for'(machine, thread, frame, node) {
    if (frame.step === 0 && !redirected(machine, thread, frame, node)) return
    const scope = machine.scope(thread, [])
    if (frame.step === 0) arithmeticIn(node.init, scope)
    else arithmeticIn(node.step, scope)
    frame.step = 1
    if (node.condition.trim() === '' || arithmeticIn(node.condition, scope) !== 0)
      machine.pushNode(thread, frame.source, node.body)
    else done(machine, thread, frame, thread.status)
  },

  while(machine, thread, frame, node) {
    if (frame.step === 0) {
      if (!redirected(machine, thread, frame, node)) return
      frame.keep = { ...frame.keep, status: 0 }
    }
    if (frame.step === 0 || frame.step === 2) {
      if (frame.step === 2) frame.keep.status = thread.status
      frame.step = 1
      frame.keep.guarded = true
      return machine.pushNode(thread, frame.source, node.condition)
    }
    if ((thread.status === 0) !== node.until) {
      if (turnsIdle(machine, frame, node)) {
        // nothing but a signal ends it: it is not run round by round
        thread.state = 'waiting'
        thread.work = { what: `${machine.state.shell}: a loop without end`, threads: 1 }
        frame.step = 0
        return
      }
      frame.step = 2
      frame.keep.guarded = false
      return machine.pushNode(thread, frame.source, node.body)
    }
    done(machine, thread, frame, frame.keep.status)
  },

  case(machine, thread, frame, node) {
    if (frame.step === 1) return done(machine, thread, frame, thread.status)
    if (!redirected(machine, thread, frame, node)) return
    const chosen = machine.expanding(thread, frame, (scope) => {
      const text = textOfWord(node.word, scope)
      return node.items.findIndex((item: any) =>
        item.patterns.some((pattern: any) => matchPattern(patternOf(pattern, scope), text)),
      )
    })
    if (chosen === undefined) return
    const item = node.items[chosen]
    frame.step = 1
    if (!item || item.body === undefined) return done(machine, thread, frame, 0)
    thread.status = 0
    machine.pushNode(thread, frame.source, item.body)
  },

  function(machine, thread, frame, node) {
    machine.environmentOf(thread).functions[node.name] = { source: frame.source, node: node.body }
    machine.finish(thread, 0)
  },

  test(machine, thread, frame, node) {
    const status = machine.expanding(thread, frame, (scope) => {
      const words = node.words.map((word: any, i: number) => {
        const before = node.words[i - 1]
        const operator = before?.length === 1 && 'text' in before[0] ? before[0].text : ''
        const plain =
          word.length === 1 && 'text' in word[0] && /^(&&|\|\||[()<>!]|-[a-z]{1,2}|==?|!=|=~)$/.test(word[0].text)
        return {
          text:
            operator === '==' || operator === '=' || operator === '!='
              ? patternOf(word, scope)
              : textOfWord(word, scope),
          plain,
        }
      })
      return testExpression(words, machine.filesOf(thread), (name) => machine.variable(thread, name) !== undefined)
    })
    if (status !== undefined) machine.finish(thread, status ? 0 : 1)
  },

  arithmetic(machine, thread, frame, node) {
    const value = machine.expanding(thread, frame, (scope) =>
      arithmeticIn(node.expression.replace(/\$(?=[A-Za-z_])/g, ''), scope),
    )
    if (value !== undefined) machine.finish(thread, value !== 0 ? 0 : 1)
  },
}

/** Operations that are not nodes of the grammar. */
const INNER: Record<string, Operation> = {
  tool: stepCommand,
  'waiting-tool': waitForChild,
  /** The caller's positional parameters and locals come back after a function. */
  return(machine, thread, frame) {
    const environment = machine.environmentOf(thread)
    environment.positional = frame.keep.positional
    for (const [name, variable] of Object.entries(frame.keep.locals ?? {})) {
      if (variable === null) delete environment.variables[name]
      else environment.variables[name] = variable as never
    }
    if (frame.keep.saved) restoreEnds(thread, frame.keep.saved)
    machine.finish(thread, thread.status)
  },
  /** After `eval`, `.` and the like. */
  'restore-ends'(machine, thread, frame) {
    restoreEnds(thread, frame.keep.saved)
    machine.finish(thread, thread.status)
  },
  'restore-status'(machine, thread, frame) {
    machine.finish(thread, frame.keep.status)
  },
  'exit-with'(machine, thread, frame) {
    machine.end(thread, frame.keep.status)
  },
}
