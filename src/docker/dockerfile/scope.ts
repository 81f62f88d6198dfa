import { type Environment, expand } from './expand'
import { EXPANDED_TOTAL_MOST, VARIABLES_MOST } from './limits'
import { DockerfileError, type LineRange } from './problem'
import type { Warnings } from './rules'
import { suggestion } from './suggest'

/** What a stage has at an instruction: its variables and the settings that later instructions go by. */
export interface Scope {
  /** ENV, what the base image sets, and ARGs that have a value: what RUN sees and what `$x` means. */
  readonly env: Environment
  /** ARGs declared so far in this stage and in the stages below it, with their values. */
  readonly args: ReadonlyMap<string, string | undefined>
  /** False if nothing is known of the base image, so that an unknown name says nothing. */
  readonly baseKnown: boolean
  readonly workdir: string
  readonly workdirSet: boolean
  readonly user: string
  readonly shell: readonly string[] | undefined
}

/** How much text a file may become, all instructions together. */
export class Budget {
  #left = EXPANDED_TOTAL_MOST

  spend(characters: number): void {
    this.#left -= characters
    if (this.#left < 0) throw new DockerfileError('the expanded Dockerfile is too long')
  }
}

/** Variables that BuildKit reads itself, declared or not. */
const OWN = ['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE']

/** Fills in the variables of one instruction's words, all from the scope before it. */
export class Expander {
  readonly #scope: Scope
  readonly #escape: string
  readonly #lines: LineRange
  readonly #warnings: Warnings
  readonly #budget: Budget

  constructor(scope: Scope, escape: string, lines: LineRange, warnings: Warnings, budget: Budget) {
    this.#scope = scope
    this.#escape = escape
    this.#lines = lines
    this.#warnings = warnings
    this.#budget = budget
  }

  readonly word = (text: string): string => this.#expanded(text).text

  /** Cut at the blanks of values too, as EXPOSE takes them. */
  words(text: string): readonly string[] {
    return this.#expanded(text).words
  }

  /** Of a here-document: quotes mean nothing there. */
  content(text: string): string {
    return this.#expanded(text, true).text
  }

  #expanded(text: string, ignoreQuotes = false) {
    const made = expand(text, this.#scope.env, { escape: this.#escape, ignoreQuotes })
    this.#budget.spend(made.text.length)
    const { env, args, baseKnown } = this.#scope
    if (baseKnown)
      for (const name of made.unmatched)
        if (!args.has(name) && !OWN.includes(name))
          this.#warnings.report('UndefinedVar', this.#lines, name, suggestion(name, [...env.keys()]))
    return made
  }
}

/** The variables with some set anew, an old name in its old place. */
export function withVariables(env: Environment, set: readonly (readonly [string, string])[]): Environment {
  const next = new Map(env)
  for (const [key, value] of set) next.set(key, value)
  if (next.size > VARIABLES_MOST) throw new DockerfileError(`more than ${VARIABLES_MOST} variables`)
  return next
}

/** A path joined to the one before, without `.` and `..`. */
export function joinedPath(before: string, path: string): string {
  const parts: string[] = []
  for (const part of (path.startsWith('/') ? path : `${before}/${path}`).split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}
