import type { Command } from './command'
import { apply } from './commands/apply'
import { deleteCommand } from './commands/delete'
import { describe } from './commands/describe'
import { get } from './commands/get'
import { rollout } from './commands/rollout'
import { scale } from './commands/scale'

/** Every command: one line each. */
export const commands: readonly Command[] = [get, deleteCommand, rollout, scale, describe, apply]
