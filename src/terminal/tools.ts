import { toolbox } from '../platform/shell/tool'

/** Every command that the learner's terminal has: all of them are brought, for the first picture needs none. */
export const tools = toolbox([])
