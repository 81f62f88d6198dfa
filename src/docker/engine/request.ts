import type { Json } from '../../engine'

/** A request to a machine's daemon, as the Engine API has it. */
export interface EngineRequest {
  readonly machine: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `/containers/web/start` */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Json
}

/**
 * The answer. Status 102: it is not over; `next` is to be asked when one of the kinds in `until` changes, or after so many
 * milliseconds: the real API keeps the connection open meanwhile.
 */
export interface EngineReply {
  readonly status: number
  readonly body: any
  readonly next?: EngineRequest
  readonly until?: { readonly kinds: readonly string[]; readonly millis?: number }
}

/** A refusal: ends a request's handling, and everything it was about to write. */
export class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export const refuse = (status: number, message: string): never => {
  throw new Refusal(status, message)
}

/** `{"label":["a=b"]}` of a query. */
export function filtersOf(query: EngineRequest['query']): Readonly<Record<string, readonly string[]>> {
  const text = query?.['filters']
  if (text === undefined || text === '') return {}
  const found: Record<string, readonly string[]> = {}
  for (const [name, values] of Object.entries(JSON.parse(text) as Record<string, unknown>))
    found[name] = Array.isArray(values) ? values.map(String) : Object.keys(values as object)
  return found
}

/** `label=a`, `label=a=b` */
export const hasLabel = (labels: Readonly<Record<string, string>>, wanted: string): boolean => {
  const equals = wanted.indexOf('=')
  return equals < 0 ? labels[wanted] !== undefined : labels[wanted.slice(0, equals)] === wanted.slice(equals + 1)
}

export const isTrue = (text: string | undefined): boolean => text === '1' || text === 'true'
