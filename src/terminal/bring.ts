import { keep, type Late } from './brought'
import { tools } from './tools'

/** Makes the late commands and rooms known. */
export function bring(late: Late): void {
  keep(late)
  for (const tool of late.tools) tools.set(tool.name, tool)
}
