import { type AnyStateMachine, initialTransition, transition } from 'xstate'

/** A life cycle declared as an xstate machine (no context, timers or actors), run at the speed of a table. */
export interface LifeCycle {
  readonly initial: string
  /** The state after the event; undefined where the machine does not take it in this state. */
  next(state: string, event: string): string | undefined
  /** The declaration, for drawing. */
  readonly machine: AnyStateMachine
}

/** Each (state, event) is asked of xstate's own pure `transition` once and remembered. */
export function lifeCycle(machine: AnyStateMachine): LifeCycle {
  const known = new Map<string, string | undefined>()
  const [initial] = initialTransition(machine)
  return {
    machine,
    initial: String(initial.value),
    next(state, event) {
      const question = `${state} ${event}`
      if (!known.has(question)) {
        const snapshot = machine.resolveState({ value: state } as never)
        const can = (snapshot as { can(event: { type: string }): boolean }).can({ type: event })
        known.set(question, can ? String(transition(machine, snapshot, { type: event } as never)[0].value) : undefined)
      }
      return known.get(question)
    },
  }
}
