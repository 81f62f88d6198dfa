import type { Json } from '../../engine/json'
import type { ToolCall, ToolStep } from '../../platform/shell/tool'
import type { Flag } from '../cli/flags'
import type { Client } from './client'

/** What a command gets when it runs, or goes on after a wait. */
export interface Run {
  readonly call: ToolCall
  readonly client: Client
  /** `kubectl rollout status` */
  readonly path: string
  readonly args: readonly string[]
  /** How many arguments stand before `--`; -1 where there is none. */
  readonly dash: number
  /** The namespace that requests go to, and whether the user named it. */
  readonly namespace: string
  readonly namespaceGiven: boolean
  /** The last value of a flag, or what it is when it is not given. */
  value(flag: string): string | undefined
  values(flag: string): readonly string[]
  on(flag: string): boolean
  given(flag: string): boolean
  int(flag: string): number | undefined
  /** Milliseconds. */
  millis(flag: string): number | undefined
  print(text: string): void
  error(text: string): void
}

export interface Command {
  readonly name: string
  readonly aliases?: readonly string[]
  /** One line for the list of commands. */
  readonly about: string
  /** What it does, in a few sentences, for its own help. */
  readonly help?: string
  readonly examples?: readonly string[]
  /** What follows the name: `(-f FILENAME | TYPE NAME)`. */
  readonly usage?: string
  readonly flags?: readonly Flag[]
  readonly children?: readonly Command[]
  /** In which part of the list of commands it stands. */
  readonly group?: string
  run?(run: Run, memory: Json | undefined): ToolStep
  /** What its arguments are, for completion. */
  readonly completes?: 'resources' | 'pods' | 'nodes' | 'deployments' | 'files'
}

export const done: ToolStep = { exit: 0 }
