import type { Tool } from '../platform/shell/tool'
import { shellTools } from '../platform/shell/tools'

/** Every command that the learner's terminal has: the shell's tools and those that belong to a room above it. */
export const tools: readonly Tool[] = [...shellTools]
