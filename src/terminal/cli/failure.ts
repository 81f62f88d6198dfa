/** Ends a command: text for standard error, and the exit status. Caught where commands are started. */
export class Failure extends Error {
  readonly exit: number
  constructor(text: string, exit = 1) {
    super(text)
    this.exit = exit
  }
}

export const fail = (text: string, exit = 1): never => {
  throw new Failure(text, exit)
}
