import type { Json } from '../../../engine/json'
import { plainDate } from '../../programs/dates'
import { utf8Length } from '../../programs/web'
import type { Tool, ToolCall, ToolStep } from '../tool'
import { ask, headerLines, type Kept, readUrl, statusLine, statusWord, type Url } from './tool-request'

interface Options {
  readonly url: string
  readonly quiet: boolean
  readonly headers: boolean
  readonly spider: boolean
  readonly output: string | undefined
  readonly millis: number
  readonly tries: number
  readonly post: string | undefined
  readonly sent: Readonly<Record<string, string>>
}

interface Memory {
  readonly at: string
  readonly redirects: number
  readonly tries: number
  readonly kept?: Kept
}

const MOST_REDIRECTS = 20

function options(call: ToolCall): Options | string {
  const sent: Record<string, string> = {}
  let url: string | undefined
  const found = {
    quiet: false,
    headers: false,
    spider: false,
    output: undefined as string | undefined,
    millis: 900_000,
    tries: 1,
    post: undefined as string | undefined,
  }
  const words = call.argv.slice(1)
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    const [name = '', value] = word.startsWith('--')
      ? [word.split('=')[0]!, word.includes('=') ? word.slice(word.indexOf('=') + 1) : undefined]
      : [word]
    if (name === '--timeout') found.millis = 1000 * Number(value ?? words[++i])
    else if (name === '--tries') found.tries = Number(value ?? words[++i])
    else if (name === '--post-data') found.post = value ?? words[++i]
    else if (name === '--header') {
      const line = value ?? words[++i] ?? ''
      sent[line.slice(0, line.indexOf(':')).trim().toLowerCase()] = line.slice(line.indexOf(':') + 1).trim()
    } else if (name === '--output-document') found.output = value ?? words[++i]
    else if (name === '--quiet') found.quiet = true
    else if (name === '--spider') found.spider = true
    else if (name === '--server-response') found.headers = true
    else if (name === '--no-check-certificate' || name === '--no-verbose') continue
    else if (word.startsWith('--')) return `wget: unrecognized option '${word}'`
    else if (word.startsWith('-') && word.length > 1) {
      for (let at = 1; at < word.length; at++) {
        const letter = word[at]!
        const rest = word.slice(at + 1)
        if (letter === 'q') found.quiet = true
        else if (letter === 'S') found.headers = true
        else if (letter === 'c' || letter === '4') continue
        else if (letter === 'n' && rest.startsWith('v')) at++
        else if ('OTtUP'.includes(letter)) {
          const given = rest === '' ? (words[++i] ?? '') : rest
          if (letter === 'O') found.output = given
          else if (letter === 'T') found.millis = 1000 * Number(given)
          else if (letter === 't') found.tries = Number(given)
          else if (letter === 'U') sent['user-agent'] = given
          break
        } else return `wget: unrecognized option: ${letter}`
      }
    } else url = word
  }
  return url === undefined ? 'wget: missing URL' : { ...found, url, sent }
}

/** The wget of small images (busybox), and GNU's on machines: their words and exit codes differ. */
const isSmall = (call: ToolCall): boolean => call.from.sandbox !== undefined

export const wget: Tool = {
  name: 'wget',
  about: 'fetches a URL into a file',
  streams: true,
  takes: [5, 15],
  run(call, memory) {
    const wanted = options(call)
    if (typeof wanted === 'string') {
      call.printError(`${wanted}\n`)
      return { exit: isSmall(call) ? 1 : 2 }
    }
    const kept = memory as unknown as Memory | undefined
    if (!kept) return request(call, wanted, { at: wanted.url, redirects: 0, tries: 1 })
    return answered(call, wanted, kept)
  },
}

function request(call: ToolCall, wanted: Options, memory: Memory): ToolStep {
  const url = readUrl(memory.at)
  if (typeof url === 'string') {
    call.printError(isSmall(call) ? `wget: bad address '${memory.at}'\n` : `${memory.at}: Invalid host name.\n`)
    return { exit: 1 }
  }
  const agent = isSmall(call) ? 'Wget' : 'Wget/1.21.4'
  const kept = ask(call, {
    protocol: url.protocol,
    host: url.host,
    port: url.port,
    path: url.path,
    method: wanted.post === undefined ? (wanted.spider ? 'HEAD' : 'GET') : 'POST',
    headers: {
      host: url.host,
      'user-agent': agent,
      ...(wanted.post === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      ...wanted.sent,
    },
    body: wanted.post ?? '',
    timeoutMillis: Math.min(wanted.millis, 900_000),
    n: memory.redirects * 100 + memory.tries,
  })
  return { wait: { millis: Math.max(1, kept.millis) }, memory: { ...memory, kept } as unknown as Json }
}

function answered(call: ToolCall, wanted: Options, memory: Memory): ToolStep {
  const { kept } = memory
  const url = readUrl(memory.at) as Url
  if (!kept) return request(call, wanted, memory)
  const say = (text: string) => {
    if (!wanted.quiet) call.printError(`${text}\n`)
  }
  if (!isSmall(call) && memory.redirects === 0)
    say(`--${plainDate(call.epoch, false)}--  ${memory.at.includes('://') ? memory.at : `http://${memory.at}/`}`)
  if (kept.end !== 'answered') return failed(call, wanted, memory, url, kept)
  if (isSmall(call))
    say(`Connecting to ${url.host}${url.host === kept.address ? `:${url.port}` : ` (${kept.address}:${url.port})`}`)
  else {
    if (url.host !== kept.address) say(`Resolving ${url.host} (${url.host})... ${kept.address}`)
    say(`Connecting to ${url.host} (${url.host})|${kept.address}|:${url.port}... connected.`)
    say(`HTTP request sent, awaiting response... ${wanted.headers ? '' : `${kept.status} ${statusWord(kept.status)}`}`)
  }
  if (wanted.headers) for (const line of [statusLine(kept.status), ...headerLines(kept)]) call.printError(`  ${line}\n`)
  const location = kept.headers['location']
  if (kept.status >= 300 && kept.status < 400 && location !== undefined && memory.redirects < MOST_REDIRECTS) {
    const at = location.includes('://') ? location : `${url.protocol}://${url.host}:${url.port}${location}`
    return request(call, wanted, { at, redirects: memory.redirects + 1, tries: 1 })
  }
  if (kept.status >= 400 || kept.status < 200) {
    const text = `${kept.status} ${statusWord(kept.status)}`
    if (isSmall(call)) call.printError(`wget: server returned error: HTTP/1.1 ${text}\n`)
    else say(`${plainDate(call.epoch, false)} ERROR ${kept.status}: ${statusWord(kept.status)}.\n`)
    return { exit: isSmall(call) ? 1 : 8 }
  }
  return { exit: save(call, wanted, url, kept, say) }
}

function save(call: ToolCall, wanted: Options, url: Url, kept: Kept, say: (text: string) => void): number {
  if (wanted.spider) {
    if (isSmall(call)) say('remote file exists')
    else say('Remote file exists.\n')
    return 0
  }
  const name = url.path.split('?')[0]!.split('/').pop() || 'index.html'
  const output = wanted.output ?? name
  const size = utf8Length(kept.body)
  if (output === '-') call.print(kept.body)
  else {
    const refused = call.files.write(output, kept.body)
    if (refused) {
      call.printError(
        isSmall(call) ? `wget: can't open '${output}': ${refused.error}\n` : `${output}: ${refused.error}\n`,
      )
      return isSmall(call) ? 1 : 3
    }
  }
  if (isSmall(call)) {
    say(output === '-' ? 'writing to stdout' : `saving to '${output}'`)
    say(
      `${output.slice(0, 20).padEnd(20)} 100% |********************************| ${String(size).padStart(5)}  0:00:00 ETA`,
    )
    say(output === '-' ? 'written to stdout' : `'${output}' saved`)
  } else {
    const type = kept.headers['content-type']?.split(';')[0] ?? 'text/html'
    say(`Length: ${size} [${type}]\nSaving to: ‘${output === '-' ? 'STDOUT' : output}’\n`)
    say(
      `${plainDate(call.epoch, false)} (${(size / 1000).toFixed(2)} KB/s) - ${output === '-' ? 'written to stdout' : `‘${output}’ saved`} [${size}/${size}]\n`,
    )
  }
  return 0
}

function failed(call: ToolCall, wanted: Options, memory: Memory, url: Url, kept: Kept): ToolStep {
  if (memory.tries < wanted.tries) return request(call, wanted, { ...memory, kept: undefined, tries: memory.tries + 1 })
  const isName = kept.end === 'unresolved' || kept.end === 'no-dns'
  if (isSmall(call)) {
    const at = `(${kept.address}:${url.port})`
    const text = isName
      ? `bad address '${url.host}${url.port === 80 ? '' : `:${url.port}`}'`
      : kept.end === 'refused'
        ? `can't connect to remote host ${at}: Connection refused`
        : kept.end === 'unreachable'
          ? `can't connect to remote host ${at}: Host is unreachable`
          : kept.end === 'cut-off'
            ? 'error getting response'
            : kept.end === 'reset'
              ? 'error getting response: Connection reset by peer'
              : 'download timed out'
    if (!isName && !wanted.quiet) call.printError(`Connecting to ${url.host} ${at}\n`)
    call.printError(`wget: ${text}\n`)
    return { exit: 1 }
  }
  const say = (text: string) => {
    if (!wanted.quiet) call.printError(`${text}\n`)
  }
  const why = kept.end === 'no-dns' ? 'Temporary failure in name resolution' : 'Name or service not known'
  if (isName)
    say(`Resolving ${url.host} (${url.host})... failed: ${why}.\nwget: unable to resolve host address ‘${url.host}’`)
  else if (kept.end === 'reset' || kept.end === 'cut-off') {
    const what = kept.end === 'reset' ? 'Read error (Connection reset by peer) in headers.' : 'No data received.'
    say(`Connecting to ${url.host} (${url.host})|${kept.address}|:${url.port}... connected.`)
    say(`HTTP request sent, awaiting response... ${what}\nGiving up.\n`)
  } else {
    const what =
      kept.end === 'refused'
        ? 'Connection refused'
        : kept.end === 'unreachable'
          ? 'No route to host'
          : 'Connection timed out'
    say(`Connecting to ${url.host} (${url.host})|${kept.address}|:${url.port}... failed: ${what}.`)
  }
  return { exit: 4 }
}
