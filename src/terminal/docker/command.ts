import type { Flag } from '../cli/flags'
import type { Run } from './run'

/** A command of docker. One word of the command line for each level: `docker network ls`. */
export interface Command {
  readonly name: string
  readonly aliases?: readonly string[]
  /** One line for the list of commands. */
  readonly about: string
  /** What follows the name: `[OPTIONS] CONTAINER [CONTAINER...]`. */
  readonly usage?: string
  /** More for its help, below the first line. */
  readonly more?: string
  /** The other ways to call it, as help lists them. */
  readonly also?: string
  readonly flags?: readonly Flag[]
  /** How many arguments it takes. */
  readonly least?: number
  readonly most?: number
  /** Flags end with the first argument: what follows is a command line of its own. */
  readonly flagsFirst?: boolean
  readonly children?: readonly Command[]
  /** Its failures read `docker: … Run 'docker run --help'`, and end with 125. */
  readonly withHelp?: boolean
  /** Gives the exit status; nothing is 0. Run again from its beginning after each wait: see Run. */
  run?(run: Run): number | undefined
  /** What its arguments are, for completion. */
  readonly completes?: 'containers' | 'images' | 'networks' | 'volumes'
}
