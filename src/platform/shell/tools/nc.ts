import type { Json } from '../../../engine/json'
import type { Tool, ToolCall } from '../tool'
import { ask, type Kept } from './tool-request'

const CONNECT_MILLIS = 130_000

interface Options {
  readonly host: string
  readonly ports: readonly number[]
  readonly scan: boolean
  readonly verbose: boolean
  readonly millis: number
}

function options(words: readonly string[]): Options | undefined {
  const plain: string[] = []
  const found = { scan: false, verbose: false, millis: CONNECT_MILLIS }
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (!word.startsWith('-') || word === '-') {
      plain.push(word)
      continue
    }
    for (let at = 1; at < word.length; at++) {
      const letter = word[at]
      if (letter === 'z') found.scan = true
      else if (letter === 'v') found.verbose = true
      else if (letter === 'w') {
        found.millis = 1000 * Number(word.slice(at + 1) || words[++i])
        break
      }
    }
  }
  const [host, port = ''] = plain
  const match = /^(\d+)(?:-(\d+))?$/.exec(port)
  if (host === undefined || !match) return undefined
  const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])]
  return {
    host,
    ...found,
    ports: Array.from({ length: Math.min(Math.max(0, last - first + 1), 100) }, (_, i) => first + i),
  }
}

/** nc as a client: `-z` looks whether a port is open; without it a line of input goes to the server, and its answer is printed. */
export const nc: Tool = {
  name: 'nc',
  about: 'connects to a port',
  takes: [2, 6],
  run(call, memory) {
    const wanted = options(call.argv.slice(1))
    if (!wanted) {
      call.printError('usage: nc [-vz] [-w timeout] destination port\n')
      return { exit: 1 }
    }
    const { at, kept, exit } = (memory as unknown as { at: number; kept: Kept; exit: number } | undefined) ?? {
      at: -1,
      kept: undefined,
      exit: 0,
    }
    const status = kept ? Math.max(exit, told(call, wanted, wanted.ports[at]!, kept)) : exit
    const port = wanted.ports[at + 1]
    if (port === undefined) return { exit: status }
    const [method = '', path = '', ...rest] = wanted.scan ? [] : call.stdin.text.trim().split(/\s+/)
    const next = ask(call, {
      protocol: 'tcp',
      host: wanted.host,
      port,
      method: method.toUpperCase(),
      path,
      body: rest.join(' '),
      timeoutMillis: wanted.millis,
      n: at + 1,
    })
    return {
      wait: { millis: Math.max(1, next.millis) },
      memory: { at: at + 1, kept: next, exit: status } as unknown as Json,
    }
  },
}

function told(call: ToolCall, { host, verbose, scan }: Options, port: number, kept: Kept): number {
  const isSmall = call.from.sandbox !== undefined
  const say = (text: string) => {
    if (verbose || !scan) call.printError(`${text}\n`)
  }
  if (kept.end === 'unresolved' || kept.end === 'no-dns') {
    const why = kept.end === 'no-dns' ? 'Temporary failure in name resolution' : 'Name or service not known'
    call.printError(
      isSmall ? `nc: bad address '${host}'\n` : `nc: getaddrinfo for host "${host}" port ${port}: ${why}\n`,
    )
    return 1
  }
  if (kept.end === 'answered') {
    if (verbose)
      call.printError(
        isSmall
          ? `${host} (${kept.address}:${port}) open\n`
          : `Connection to ${host} (${kept.address}) ${port} port [tcp/*] succeeded!\n`,
      )
    if (!scan && kept.body !== '') call.print(`${kept.body}\n`)
    return 0
  }
  const why =
    kept.end === 'refused'
      ? 'Connection refused'
      : kept.end === 'unreachable'
        ? 'No route to host'
        : isSmall
          ? 'Operation timed out'
          : 'Connection timed out'
  say(
    isSmall
      ? `nc: ${host} (${kept.address}:${port}): ${why}`
      : `nc: connect to ${host} (${kept.address}) port ${port} (tcp) failed: ${why}`,
  )
  return 1
}
