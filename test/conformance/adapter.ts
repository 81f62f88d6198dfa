/** One row of a table taken from the real systems' own tests: its inputs, and `expect…` fields. */
export interface Case {
  readonly op?: string
  readonly ref?: string
  readonly [field: string]: any
}

/** The whole file: the rows, and what they share. */
export interface CaseFile {
  readonly cases: readonly Case[]
  readonly [field: string]: any
}

/** What to hold against a row: undefined when it is as expected, else what was got instead. */
export type Judge = (row: Case, file: CaseFile) => string | undefined

export interface Adapter {
  /** The file's name without folder and `.json`. */
  readonly table: string
  readonly judge: Judge
}

/** Compares as JSON with sorted keys; undefined properties count as absent. */
export function differs(got: unknown, want: unknown): string | undefined {
  const [a, b] = [sorted(got), sorted(want)]
  return a === b ? undefined : `got ${a}, want ${b}`
}

function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined'
  const object = value as Record<string, unknown>
  const keys = Object.keys(object).filter((key) => object[key] !== undefined)
  return `{${keys
    .sort()
    .map((key) => `${JSON.stringify(key)}:${sorted(object[key])}`)
    .join(',')}}`
}
