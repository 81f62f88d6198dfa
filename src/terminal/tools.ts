import type { Tool } from '../platform/shell/tool'
import { shellTools } from '../platform/shell/tools'
import { docker } from './docker'
import { kubectl } from './kubectl'
import { sim } from './sim'
import { ssh } from './ssh'

/** Every command that the learner's terminal has: the shell's tools and those that belong to a room above it. */
export const tools: readonly Tool[] = [...shellTools, kubectl, { ...kubectl, name: 'k' }, docker, sim, ssh]
