import type { Tool } from '../tool'

/** The commands that speak with the network. */
export const networkTools: readonly Tool[] = []
