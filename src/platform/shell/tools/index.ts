import type { Tool } from '../tool'
import { cat } from './cat'
import { sleep } from './sleep'
import { timeout } from './timeout'

/** The commands that every shell here has; one file each. */
export const shellTools: readonly Tool[] = [cat, sleep, timeout]
