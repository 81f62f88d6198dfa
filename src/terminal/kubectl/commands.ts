import type { Command } from './command'
import { apply } from './commands/apply'
import { get } from './commands/get'

/** Every command: one line each. */
export const commands: readonly Command[] = [get, apply]
