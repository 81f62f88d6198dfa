import type { Json } from '../../../engine/json'
import { toBase64 } from '../../base64'
import { internetHost } from '../../network/internet'
import { utf8Length } from '../../programs/web'
import type { Tool, ToolCall, ToolStep } from '../tool'
import { type CurlOptions, curlOptions } from './curl-options'
import { ask, headerLines, type Kept, readUrl, statusLine, type Url } from './tool-request'

const VERSION = '8.5.0'
/** Linux gives up connecting after so long. */
const CONNECT_MILLIS = 135_000
const MOST_REDIRECTS = 50

/** What curl remembers while a request is under way. */
interface Memory {
  readonly url: number
  readonly redirects: number
  readonly tries: number
  readonly spent: number
  readonly at: string
  readonly exit: number
  /** The outcome whose time is being waited for. */
  readonly kept?: Kept
}

const start: Memory = { url: 0, redirects: 0, tries: 0, spent: 0, at: '', exit: 0 }
const asJson = (memory: Memory): Json => memory as unknown as Json

/** curl for HTTP, with the options that people use, and its own words and exit codes: 6, 7, 22, 28, 35, 47, 52, 56, 60. */
export const curl: Tool = {
  name: 'curl',
  about: 'asks for a URL',
  takes: [8, 25],
  run(call, memory) {
    const options = curlOptions(call.argv.slice(1))
    if (typeof options === 'string') {
      call.printError(options)
      return { exit: 2 }
    }
    if (options.urls.length === 0) {
      call.printError(options.unused.length > 0 || call.argv.length > 1 ? 'curl: no URL specified!\n' : '')
      call.printError("curl: try 'curl --help' or 'curl --manual' for more information\n")
      return { exit: 2 }
    }
    if (memory === undefined) {
      for (const name of options.unused) call.notice(`curl ${name} is accepted but not modelled`)
      return request(call, options, { ...start, at: options.urls[0]! })
    }
    return answered(call, options, memory as unknown as Memory)
  },
}

function request(call: ToolCall, options: CurlOptions, memory: Memory): ToolStep {
  const url = readUrl(memory.at)
  if (typeof url === 'string') return next(call, options, memory, badUrl(call, options, url, memory.at))
  const { host, port } = resolved(options, url)
  const limit = (options.maxSeconds ?? Number.POSITIVE_INFINITY) * 1000 - memory.spent
  const connect = Math.min((options.connectSeconds ?? CONNECT_MILLIS / 1000) * 1000, limit)
  const body = bodyOf(call, options)
  if (typeof body === 'object') return next(call, options, memory, complain(call, options, 26, body.error))
  const query = options.get && body !== undefined ? `${url.path.includes('?') ? '&' : '?'}${body}` : ''
  const kept = ask(call, {
    protocol: url.protocol,
    host,
    port,
    path: url.path + query,
    method: methodOf(options, memory),
    headers: headersOf(options, url, body),
    body: options.get ? '' : (body ?? ''),
    timeoutMillis: Math.max(1, Number.isFinite(limit) ? limit : CONNECT_MILLIS * 10),
    n: memory.url * 1000 + memory.redirects * 100 + memory.tries,
  })
  const isConnect = kept.end === 'timed-out' && !kept.because.startsWith('no answer within')
  const millis = isConnect ? Math.min(kept.millis, connect) : kept.millis
  return { wait: { millis: Math.max(1, millis) }, memory: asJson({ ...memory, kept: { ...kept, millis } }) }
}

function resolved({ resolve }: CurlOptions, url: Url): { host: string; port: number } {
  for (const entry of resolve) {
    const [host, port, address] = entry.split(':')
    if (host === url.host && Number(port) === url.port && address) return { host: address, port: url.port }
  }
  return url
}

const methodOf = (options: CurlOptions, memory: Memory): string => {
  if (options.method !== undefined) return options.method
  if (options.head) return 'HEAD'
  return options.data.length > 0 && !options.get && memory.redirects === 0 ? 'POST' : 'GET'
}

/** `@file` reads a file; `\0@` is a literal `@`. */
function bodyOf(call: ToolCall, { data }: CurlOptions): string | undefined | { error: string } {
  if (data.length === 0) return undefined
  const parts: string[] = []
  for (const one of data) {
    if (!one.startsWith('@')) {
      parts.push(one.replace(/^\0/, ''))
      continue
    }
    const read = one === '@-' ? { text: call.stdin.text } : call.files.read(one.slice(1))
    if ('error' in read) return { error: `Failed to open ${one.slice(1)}` }
    parts.push(read.text.replaceAll(/[\r\n]/g, ''))
  }
  return parts.join('&')
}

function headersOf(options: CurlOptions, url: Url, body: string | undefined): Record<string, string> {
  const headers: Record<string, string> = {
    host: url.port === 80 || url.port === 443 ? url.host : `${url.host}:${url.port}`,
  }
  headers['user-agent'] = options.agent ?? `curl/${VERSION}`
  headers['accept'] = options.json ? 'application/json' : '*/*'
  if (body !== undefined && !options.get) {
    headers['content-type'] = options.json ? 'application/json' : 'application/x-www-form-urlencoded'
    headers['content-length'] = String(utf8Length(body))
  }
  const user = options.user ?? url.user
  if (user !== undefined) headers['authorization'] = `Basic ${toBase64(user)}`
  if (options.cookie !== undefined) headers['cookie'] = options.cookie
  for (const line of options.headers) {
    const colon = line.indexOf(':')
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim()
  }
  return headers
}

/** Its error line, unless it was told to be silent. Gives the exit code back. */
function complain(call: ToolCall, options: CurlOptions, exit: number, text: string): number {
  if (!options.silent || options.showError) call.printError(`curl: (${exit}) ${text}\n`)
  return exit
}

function badUrl(call: ToolCall, options: CurlOptions, why: string, text: string): number {
  if (why.startsWith('scheme '))
    return complain(call, options, 1, `Protocol "${why.slice(7)}" not supported or disabled in libcurl`)
  const reason =
    why === 'port'
      ? 'Port number was not a decimal number between 0 and 65535'
      : text.includes('://')
        ? 'No host part in the URL'
        : 'Malformed input to a URL function'
  return complain(call, options, 3, `URL rejected: ${reason}`)
}

/** The time of a request is over: it is told, followed, tried again, or the next URL comes. */
function answered(call: ToolCall, options: CurlOptions, memory: Memory): ToolStep {
  const { kept } = memory
  if (!kept) return request(call, options, memory)
  const url = readUrl(memory.at) as Url
  const after: Memory = { ...memory, kept: undefined, spent: memory.spent + kept.millis }
  if (shouldRetry(options, kept) && memory.tries < options.retries) return again(call, options, after)
  const failure = failureOf(options, url, kept, after)
  if (options.verbose) tell(call, options, url, kept, memory)
  if (failure) {
    const exit = complain(call, options, failure[0], failure[1])
    if (options.write !== undefined) call.print(written(options.write, { ...kept, status: 0 }, memory, url, after))
    return next(call, options, after, exit)
  }
  const location = kept.headers['location']
  if (options.follow && kept.status >= 300 && kept.status < 400 && location !== undefined)
    return follow(call, options, after, url, location)
  return next(call, options, after, show(call, options, kept, memory, url, after))
}

/** Transient by curl's rule: time-outs and 408, 429, 500, 502, 503, 504; refused connections only when asked. */
function shouldRetry(options: CurlOptions, kept: Kept): boolean {
  if (options.retries === 0) return false
  if (kept.end === 'answered') return [408, 429, 500, 502, 503, 504].includes(kept.status)
  return options.retryAll || kept.end === 'timed-out' || (kept.end === 'refused' && options.retryRefused)
}

function again(call: ToolCall, options: CurlOptions, memory: Memory): ToolStep {
  const seconds = options.retryDelay ?? Math.min(600, 2 ** memory.tries)
  const left = options.retries - memory.tries
  if (!options.silent)
    call.printError(
      `Warning: Problem : timeout or refused. Will retry in ${seconds} second${seconds === 1 ? '' : 's'}. ${left} ${left === 1 ? 'retry' : 'retries'} left.\n`,
    )
  return {
    wait: { millis: seconds * 1000 },
    memory: asJson({ ...memory, tries: memory.tries + 1, spent: memory.spent + seconds * 1000 }),
  }
}

function failureOf(
  options: CurlOptions,
  url: Url,
  kept: Kept,
  after: Memory,
): readonly [exit: number, text: string] | undefined {
  const isShort = options.maxSeconds !== undefined || options.connectSeconds !== undefined
  const connect = `Failed to connect to ${url.host} port ${url.port} after ${kept.millis} ms: Couldn't connect to server`
  switch (kept.end) {
    case 'unresolved':
      return [6, `Could not resolve host: ${url.host}`]
    case 'no-dns':
      return isShort && kept.millis >= 1000 && after.spent >= (options.maxSeconds ?? options.connectSeconds ?? 0) * 1000
        ? [28, `Resolving timed out after ${kept.millis} milliseconds`]
        : [6, `Could not resolve host: ${url.host}`]
    case 'refused':
    case 'unreachable':
      return [7, connect]
    case 'timed-out':
      if (kept.because.startsWith('no answer within'))
        return [28, `Operation timed out after ${kept.millis} milliseconds with 0 bytes received`]
      return [28, isShort ? `Connection timed out after ${kept.millis} milliseconds` : connect]
    case 'cut-off':
      return [52, 'Empty reply from server']
    case 'reset':
      return [56, 'Recv failure: Connection reset by peer']
    default:
      break
  }
  const tls = url.protocol === 'https' ? tlsProblem(options, url, kept) : undefined
  if (tls) return tls
  if (kept.status === 0) return [1, 'Received HTTP/0.9 when not allowed']
  return options.fail && kept.status >= 400 ? [22, `The requested URL returned error: ${kept.status}`] : undefined
}

/** Ports behind which TLS is spoken in a lab. Everything else there is plain (simplified). */
const tlsPorts: ReadonlySet<number> = new Set([443, 6443, 8443, 10250, 10257, 10259])

function tlsProblem(options: CurlOptions, url: Url, kept: Kept): readonly [number, string] | undefined {
  if (internetHost(kept.address) !== undefined) return undefined
  if (!tlsPorts.has(url.port)) return [35, 'OpenSSL/3.0.13: error:0A00010B:SSL routines::wrong version number']
  if (options.insecure) return undefined
  return [
    60,
    'SSL certificate problem: unable to get local issuer certificate\nMore details here: https://curl.se/docs/sslcerts.html\n\ncurl failed to verify the legitimacy of the server and therefore could not\nestablish a secure connection to it. To learn more about this situation and\nhow to fix it, please visit the web page mentioned above.',
  ]
}

function follow(call: ToolCall, options: CurlOptions, memory: Memory, url: Url, location: string): ToolStep {
  if (memory.redirects >= MOST_REDIRECTS)
    return next(call, options, memory, complain(call, options, 47, `Maximum (${MOST_REDIRECTS}) redirects followed`))
  const origin = `${url.protocol}://${url.host}${url.port === 80 || url.port === 443 ? '' : `:${url.port}`}`
  const at = /^[a-z]+:\/\//.test(location)
    ? location
    : location.startsWith('/')
      ? origin + location
      : `${origin}/${location}`
  return request(call, options, { ...memory, redirects: memory.redirects + 1, tries: 0, at })
}

function show(call: ToolCall, options: CurlOptions, kept: Kept, memory: Memory, url: Url, after: Memory): number {
  const head =
    options.head || options.include ? `${[statusLine(kept.status), ...headerLines(kept)].join('\r\n')}\r\n\r\n` : ''
  const text = head + (options.head ? '' : kept.body)
  const output = options.remoteName ? (url.path.split('?')[0]!.split('/').pop() ?? '') : options.output
  if (options.remoteName && output === '')
    return complain(call, options, 23, 'Failed to extract a sensible file name from the URL to use for storage!')
  if (!options.silent && (output !== undefined ? output !== '-' : !call.terminal)) call.printError(meter(kept))
  if (output !== undefined && output !== '-') {
    const refused = call.files.write(output, text)
    if (refused) return complain(call, options, 23, `Failure writing output to destination`)
  } else call.print(text)
  if (options.write !== undefined) call.print(written(options.write, kept, memory, url, after))
  return 0
}

/** The progress meter, which goes to standard error when the answer does not go to the terminal. */
function meter(kept: Kept): string {
  const size = String(utf8Length(kept.body)).padStart(5)
  const speed = String(Math.round((utf8Length(kept.body) * 1000) / Math.max(1, kept.millis))).padStart(6)
  return `  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current
                                 Dload  Upload   Total   Spent    Left  Speed
\r100 ${size}  100 ${size}    0     0 ${speed}      0 --:--:-- --:--:-- --:--:-- ${speed}\n`
}

function written(format: string, kept: Kept, memory: Memory, url: Url, after: Memory): string {
  const seconds = (millis: number) => (millis / 1000).toFixed(6)
  const values: Record<string, string> = {
    http_code: String(kept.status).padStart(3, '0'),
    response_code: String(kept.status).padStart(3, '0'),
    time_total: seconds(after.spent),
    time_connect: seconds(Math.min(1, after.spent)),
    time_namelookup: seconds(Math.min(1, after.spent)),
    time_starttransfer: seconds(after.spent),
    remote_ip: kept.address,
    remote_port: String(url.port),
    size_download: String(utf8Length(kept.body)),
    num_redirects: String(memory.redirects),
    url_effective: memory.at.includes('://') ? memory.at : `http://${memory.at}/`,
    content_type: kept.headers['content-type'] ?? '',
    exitcode: String(after.exit),
    errormsg: '',
    method: 'GET',
    scheme: url.protocol,
  }
  return format
    .replaceAll(/%\{([a-z_]+)\}/g, (_, name: string) => values[name] ?? '')
    .replaceAll('%%', '%')
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t')
    .replaceAll('\\r', '\r')
}

function tell(call: ToolCall, options: CurlOptions, url: Url, kept: Kept, memory: Memory): void {
  const say = (mark: string, text: string) => call.printError(`${mark} ${text}\n`)
  if (kept.end === 'unresolved' || kept.end === 'no-dns') {
    say('*', `Could not resolve host: ${url.host}`)
    say('*', 'Closing connection')
    return
  }
  if (url.host !== kept.address) {
    say('*', `Host ${url.host}:${url.port} was resolved.`)
    say('*', 'IPv6: (none)')
    say('*', `IPv4: ${kept.address}`)
  }
  say('*', `  Trying ${kept.address}:${url.port}...`)
  if (kept.end !== 'answered' && kept.end !== 'cut-off' && kept.end !== 'reset') {
    if (kept.end === 'refused') say('*', `connect to ${kept.address} port ${url.port} failed: Connection refused`)
    say('*', `Failed to connect to ${url.host} port ${url.port} after ${kept.millis} ms: Couldn't connect to server`)
    say('*', 'Closing connection')
    return
  }
  say('*', `Connected to ${url.host} (${kept.address}) port ${url.port}`)
  say('>', `${methodOf(options, memory)} ${url.path} HTTP/1.1`)
  const body = bodyOf(call, options)
  for (const [name, value] of Object.entries(headersOf(options, url, typeof body === 'string' ? body : undefined))) {
    say('>', `${name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())}: ${value}`)
  }
  call.printError('> \n')
  if (kept.end !== 'answered') {
    say('*', kept.end === 'reset' ? 'Recv failure: Connection reset by peer' : 'Empty reply from server')
    say('*', 'Closing connection')
    return
  }
  for (const line of [statusLine(kept.status), ...headerLines(kept)]) say('<', line)
  call.printError('< \n')
  say('*', `Connection #0 to host ${url.host} left intact`)
}

/** On to the next URL, or the end: curl's exit code is that of the last one. */
function next(call: ToolCall, options: CurlOptions, memory: Memory, exit: number): ToolStep {
  const at = options.urls[memory.url + 1]
  if (at === undefined) return { exit }
  return request(call, options, { ...start, url: memory.url + 1, at, exit })
}
