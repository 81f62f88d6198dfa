import { toolbox } from '../platform/shell/tool'
import { shellTools } from '../platform/shell/tools'
import { scp } from './scp'
import { sim } from './sim'
import { ssh } from './ssh'

/** Every command that the learner's terminal has: the shell's tools, and those of the rooms, which `bring` adds. */
export const tools = toolbox([...shellTools, sim, ssh, scp])
