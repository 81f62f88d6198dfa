import type { Millis } from '../../engine/json'
import type { Wish } from '../../engine/plan'

/** Where a request comes from: a machine itself, or a sandbox (pod, container) on it. */
export interface Caller {
  readonly machine: string
  readonly sandbox: string | undefined
}

export interface Request {
  readonly from: Caller
  readonly protocol: 'http' | 'https' | 'tcp' | 'grpc' | 'udp'
  /** A name or an address. */
  readonly host: string
  readonly port: number
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Given up after this long. */
  readonly timeoutMillis: Millis
  /** Tells apart requests made in the same instant; part of the balancer's draw. */
  readonly id: string
  /** How many requests stand above this one; bounded. */
  readonly depth: number
  /** One of very many: programs keep no lines about it. */
  readonly unlogged?: boolean
}

export interface Hop {
  /** After the start of the request. */
  readonly after: Millis
  readonly at: string
  /** What decided here and why: "kube-proxy picked pod/web-1, 1 of 3 at random". */
  readonly because: string
  /** The object concerned, for the picture. */
  readonly key: string | undefined
}

/**
 * How a request ends. `cut-off`: closed before an answer; `reset`: taken by somebody in between, who could not pass it on;
 * `unresolved`: the name is unknown; `no-dns`: the DNS server did not answer.
 */
export type End = 'answered' | 'refused' | 'timed-out' | 'cut-off' | 'reset' | 'unresolved' | 'no-dns' | 'unreachable'

export interface Outcome {
  readonly end: End
  /** From start to end. */
  readonly millis: Millis
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly address: string
  readonly hops: readonly Hop[]
  /** One sentence: why it ended so. */
  readonly because: string
  /** Key of the container whose program answered. */
  readonly served?: string
  /** What it changed on its way (programs' memories, logs): to be put into the caller's plan. Missing where the caller gave `Effects`. */
  readonly changes?: readonly Wish[]
}

/** Keyed chance, as `Tools` give it. */
export interface Chance {
  draw(uid: string, purpose: string, n: number): number
}

/** A plain GET, to be changed where needed. */
export function get(from: Caller, host: string, port: number, path: string, id: string): Request {
  return {
    from,
    protocol: 'http',
    host,
    port,
    method: 'GET',
    path,
    headers: {},
    body: '',
    timeoutMillis: 130_000,
    id,
    depth: 0,
  }
}
