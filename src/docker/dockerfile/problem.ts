/** Lines of the file, counted from 1, both ends included. */
export interface LineRange {
  readonly start: number
  readonly end: number
}

/** Why a Dockerfile is refused, in BuildKit's words, and where. */
export interface Problem {
  readonly message: string
  readonly lines: readonly LineRange[]
}

/** Thrown inside this folder only; the functions that others call answer with the problem. */
export class DockerfileError extends Error {
  readonly lines: readonly LineRange[]

  constructor(message: string, ...lines: readonly LineRange[]) {
    super(message)
    this.lines = lines
  }
}

/** Runs a reading and turns what it throws into its problem. */
export function attempt<T>(read: () => T): { readonly value: T } | { readonly problem: Problem } {
  try {
    return { value: read() }
  } catch (error) {
    if (error instanceof DockerfileError) return { problem: { message: error.message, lines: error.lines } }
    throw error
  }
}

/** Gives an error that knows no place the one where it happened. */
export function located<T>(
  lines: LineRange,
  read: () => T,
  words: (message: string) => string = (message) => message,
): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof DockerfileError)) throw error
    throw new DockerfileError(words(error.message), ...(error.lines.length > 0 ? error.lines : [lines]))
  }
}

/** A text as Go's `%q` writes it. */
export const quoted = (text: string): string => JSON.stringify(text)
