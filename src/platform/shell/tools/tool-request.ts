import type { Millis } from '../../../engine/json'
import type { Chance, Outcome, Request } from '../../network/request'
import { send } from '../../network/send'
import type { ToolCall } from '../tool'

/** What a tool asks for; where it starts is the call's. */
export type Wanted = Pick<Request, 'protocol' | 'host' | 'port'> &
  Partial<Pick<Request, 'method' | 'path' | 'headers' | 'body'>> & {
    readonly timeoutMillis: Millis
    readonly n?: number
  }

/** An outcome as a tool keeps it while it waits: plain and small. */
export type Kept = Pick<Outcome, 'end' | 'millis' | 'status' | 'headers' | 'body' | 'address' | 'because'>

export const chanceOf = (call: ToolCall): Chance => ({ draw: (uid, purpose, n) => call.draw(`${uid} ${purpose}`, n) })

/** Sends a request from where the tool runs; what it changes is applied at once, its time is the tool's to wait. */
export function ask(call: ToolCall, wanted: Wanted): Kept {
  const { n = 0, ...rest } = wanted
  const id = `${call.from.machine} ${call.argv[0]} ${call.now} ${n}`
  const { end, millis, status, headers, body, address, because, changes } = send(call.world, chanceOf(call), {
    method: 'GET',
    path: '/',
    headers: {},
    body: '',
    ...rest,
    from: call.from,
    id,
    depth: 0,
  })
  if (changes && changes.length > 0) call.apply({ changes })
  return { end, millis, status, headers, body, address, because }
}

const statusWords: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  418: "I'm a teapot",
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

/** `HTTP/1.1 404 Not Found` */
export const statusLine = (status: number): string => `HTTP/1.1 ${status} ${statusWords[status] ?? ''}`.trimEnd()
export const statusWord = (status: number): string => statusWords[status] ?? ''

/** `content-type` → `Content-Type`, as servers of HTTP/1.1 write it. */
export const headerName = (name: string): string =>
  name === 'etag' ? 'ETag' : name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())

export const headerLines = (kept: Kept): string[] =>
  Object.entries(kept.headers).map(([name, value]) => `${headerName(name)}: ${value}`)

export interface Url {
  readonly protocol: 'http' | 'https'
  readonly host: string
  readonly port: number
  readonly path: string
  readonly user: string | undefined
}

/** Reads `http://user@host:port/path?query`; the scheme may be missing. A text: why it is no URL. */
export function readUrl(text: string): Url | string {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase()
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return `scheme ${scheme}`
  const rest = scheme === undefined ? text : text.slice(scheme.length + 3)
  const cut = rest.search(/[/?#]/)
  const authority = cut < 0 ? rest : rest.slice(0, cut)
  const tail = (cut < 0 ? '' : rest.slice(cut)).replace(/#.*$/, '')
  const at = authority.lastIndexOf('@')
  const [host = '', port] = authority.slice(at + 1).split(':')
  if (host === '') return 'host'
  if (port !== undefined && (!/^\d+$/.test(port) || Number(port) > 65_535)) return 'port'
  return {
    protocol: scheme === 'https' ? 'https' : 'http',
    host,
    port: port === undefined ? (scheme === 'https' ? 443 : 80) : Number(port),
    path: tail.startsWith('/') ? tail : `/${tail}`,
    user: at < 0 ? undefined : authority.slice(0, at),
  }
}
