import type { Json } from '../../engine/json'
import { accessDate, httpDate } from './dates'
import type { Answer, Incoming, Line, Situation } from './program'
import { out } from './program'

/** An HTTP answer with the headers that servers add. */
export function page(
  situation: Situation,
  status: number,
  body: string,
  options: {
    type?: string
    server?: string
    millis?: number
    headers?: Readonly<Record<string, string>>
    memory?: Json
    print?: readonly Line[]
  } = {},
): Answer {
  const headers: Record<string, string> = {}
  if (options.server !== undefined) headers['server'] = options.server
  headers['date'] = httpDate(situation.epoch)
  headers['content-type'] = options.type ?? 'text/plain; charset=utf-8'
  headers['content-length'] = String(lengthOf(body))
  for (const name in options.headers) headers[name] = options.headers[name]!
  return {
    status,
    headers,
    body,
    millis: options.millis ?? 1,
    memory: options.memory,
    print: options.print,
  }
}

/** Pages are the same text again and again. */
function lengthOf(body: string): number {
  if (body !== measured) {
    measured = body
    measuredBytes = utf8Length(body)
  }
  return measuredBytes
}
let measured = ''
let measuredBytes = 0

export function utf8Length(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0)!
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}

/** A line in the combined log format, where anybody keeps it. */
export function accessLines(situation: Situation, incoming: Incoming, answer: Answer, tail = ''): readonly Line[] {
  if (incoming.unlogged) return []
  const request = `${incoming.method} ${incoming.path} HTTP/1.1`
  const agent = incoming.headers['user-agent'] ?? '-'
  const bytes = answer.headers?.['content-length'] ?? String(utf8Length(answer.body))
  return [
    out(
      `${incoming.client} - - [${accessDate(situation.epoch)}] "${request}" ${answer.status} ${bytes} "-" "${agent}"${tail}`,
    ),
  ]
}

export const isWeb = (incoming: Incoming): boolean => incoming.protocol === 'http' || incoming.protocol === 'https'

/** A gRPC health check: status 200 and `SERVING`. */
export const serving = (): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/grpc' },
  body: 'SERVING',
  millis: 1,
})

/** What a server of another protocol does with an HTTP request. */
export const hangUp = (): Answer => ({ status: 0, body: '', millis: 1, cutOff: true })

export const pathOf = (incoming: Incoming): string => incoming.path.split('?')[0] ?? '/'

/** Parameters of a query string or of a posted form. */
export function fields(text: string): Record<string, string> {
  const result: Record<string, string> = {}
  for (const part of text.split('&')) {
    const equals = part.indexOf('=')
    if (part === '') continue
    const name = equals < 0 ? part : part.slice(0, equals)
    result[decode(name)] = equals < 0 ? '' : decode(part.slice(equals + 1))
  }
  return result
}

export const queryOf = (incoming: Incoming): Record<string, string> => fields(incoming.path.split('?')[1] ?? '')

/** Percent-encoding undone as far as it is valid. */
function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  return /%(?![0-9a-fA-F]{2})/.test(spaced)
    ? spaced
    : spaced.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
