import type { Json } from '../../engine'
import type { ToolCall, ToolStep } from '../../platform/shell/tool'

/** One of sim's commands: a file each. */
export interface SimCommand {
  readonly name: string
  /** As it is called: `fault NAME [TARGET] [--for 60s]`. */
  readonly usage: string
  readonly about: string
  run(call: ToolCall, words: readonly string[], memory: Json | undefined): ToolStep
  /** Ctrl-C ends it while it waits. */
  interrupted?(call: ToolCall, memory: Json): void
  complete?(words: readonly string[], call: Pick<ToolCall, 'world'>): readonly string[]
}

/** It was called wrongly: tells how it is called, status 2. */
export function misuse(call: ToolCall, command: SimCommand, text: string): ToolStep {
  call.printError(`sim: ${text}\nusage: sim ${command.usage}\n`)
  return { exit: 2 }
}

export function refuse(call: ToolCall, text: string, exit = 1): ToolStep {
  call.printError(`sim: ${text}\n`)
  return { exit }
}
