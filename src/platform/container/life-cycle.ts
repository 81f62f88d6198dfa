import { createMachine } from 'xstate'
import { lifeCycle } from '../../engine/life-cycle'

/**
 * A container's life: the states are Docker's. `lose` is the machine's loss of power; `fail` a command that cannot start.
 * A container that has exited can be started again (Docker does, Kubernetes makes a new one).
 */
export const containerMachine = createMachine({
  id: 'container',
  initial: 'created',
  states: {
    created: { on: { start: 'running', fail: 'exited', kill: 'exited', lose: 'exited' } },
    running: { on: { exit: 'exited', kill: 'exited', oom: 'exited', lose: 'exited', pause: 'paused' } },
    paused: { on: { unpause: 'running', kill: 'exited', lose: 'exited' } },
    exited: { on: { start: 'running', fail: 'exited', remove: 'dead' } },
    dead: {},
  },
})

export const containerLife = lifeCycle(containerMachine)
