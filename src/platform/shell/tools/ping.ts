import type { Json } from '../../../engine/json'
import { echo } from '../../network/echo'
import { internetHost } from '../../network/internet'
import { networksOf } from '../../network/network'
import { sandboxOf } from '../../network/sandboxes'
import type { Tool, ToolCall, ToolStep } from '../tool'
import { resolveHost } from './resolve-host'
import { chanceOf } from './tool-request'

interface Options {
  readonly host: string
  readonly count: number
  readonly everyMillis: number
  readonly waitMillis: number
  readonly deadline: number
  readonly quiet: boolean
}

interface Memory {
  readonly address: string
  readonly sent: number
  readonly times: readonly number[]
  readonly startedAt: number
}

function options(call: ToolCall): Options | string {
  let host: string | undefined
  const found = {
    count: Number.POSITIVE_INFINITY,
    everyMillis: 1000,
    waitMillis: 10_000,
    deadline: Number.POSITIVE_INFINITY,
    quiet: false,
  }
  const words = call.argv.slice(1)
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    const match = /^-([ciWw])(.*)$/.exec(word)
    if (match) {
      const text = match[2] === '' ? words[++i] : match[2]
      const value = Number(text)
      if (text === undefined || Number.isNaN(value)) return `ping: invalid argument: '${text ?? ''}'\n`
      if (match[1] === 'c') found.count = value
      else if (match[1] === 'i') found.everyMillis = value * 1000
      else if (match[1] === 'W') found.waitMillis = value * 1000
      else found.deadline = value * 1000
    } else if (word === '-q') found.quiet = true
    else if (word === '-4' || word === '-n') continue
    else if (word.startsWith('-')) return `ping: invalid option -- '${word.slice(1, 2)}'\n`
    else host = word
  }
  return host === undefined ? 'ping: usage error: Destination address required\n' : { host, ...found }
}

/** busybox' ping is the one in small images; the one of iputils prints otherwise. */
const isSmall = (call: ToolCall): boolean => call.from.sandbox !== undefined

/** Times below a tenth of a millisecond are drawn: simulated time is whole milliseconds. */
const shown = (call: ToolCall, millis: number, n: number): string =>
  (millis + 0.04 + 0.1 * call.draw('time', n)).toFixed(3)

export const ping: Tool = {
  name: 'ping',
  about: 'sends echo requests and waits for the answers',
  streams: true,
  tidiesUp: true,
  takes: [2, 6],
  run(call, memory): ToolStep {
    const wanted = options(call)
    if (typeof wanted === 'string') {
      call.printError(wanted)
      return { exit: 2 }
    }
    if (memory === undefined) return begin(call, wanted)
    const kept = memory as unknown as Memory
    if (call.signal !== undefined) return end(call, wanted, kept)
    if (kept.sent >= wanted.count || call.now - kept.startedAt >= wanted.deadline) return end(call, wanted, kept)
    return once(call, wanted, kept)
  },
}

function begin(call: ToolCall, wanted: Options): ToolStep {
  const found = resolveHost(call, wanted.host)
  if ('missing' in found) {
    if (isSmall(call)) call.printError(`ping: bad address '${wanted.host}'\n`)
    else
      call.printError(
        `ping: ${wanted.host}: ${found.missing === 'no-dns' ? 'Temporary failure in name resolution' : 'Name or service not known'}\n`,
      )
    return { exit: isSmall(call) ? 1 : 2 }
  }
  const address = found.addresses[0]!
  call.print(
    isSmall(call)
      ? `PING ${wanted.host} (${address}): 56 data bytes\n`
      : `PING ${wanted.host} (${address}) 56(84) bytes of data.\n`,
  )
  return once(call, wanted, { address, sent: 0, times: [], startedAt: call.now })
}

function once(call: ToolCall, wanted: Options, memory: Memory): ToolStep {
  const n = memory.sent
  const answer = echo(call.world, chanceOf(call), call.from, memory.address, `${n}`)
  if (
    answer === 'unreachable' &&
    isSmall(call) &&
    networksOf(call.world, call.from)?.every(({ internal }) => internal)
  ) {
    call.printError('ping: sendto: Network unreachable\n')
    return { exit: 1 }
  }
  const next: Memory = {
    ...memory,
    sent: n + 1,
    times: typeof answer === 'object' ? [...memory.times, answer.millis] : memory.times,
  }
  if (!wanted.quiet) {
    if (typeof answer === 'object') {
      const time = shown(call, answer.millis, n)
      // within a bridge nobody passes it on
      const ttl = sandboxOf(call.world, call.from)?.interfaces && !internetHost(memory.address) ? 64 : 63
      call.print(
        isSmall(call)
          ? `64 bytes from ${memory.address}: seq=${n} ttl=${ttl} time=${time} ms\n`
          : `64 bytes from ${memory.address}: icmp_seq=${n + 1} ttl=${ttl} time=${time} ms\n`,
      )
    } else if (answer === 'unreachable' && !isSmall(call))
      call.print(`From ${memory.address} icmp_seq=${n + 1} Destination Host Unreachable\n`)
  }
  const isLast = n + 1 >= wanted.count
  const millis = isLast
    ? typeof answer === 'object'
      ? answer.millis
      : wanted.waitMillis
    : Math.max(wanted.everyMillis, 1)
  return {
    wait: { millis: Math.max(1, Math.min(millis, memory.startedAt + wanted.deadline - call.now)) },
    memory: next as unknown as Json,
  }
}

function end(call: ToolCall, { host }: Options, { sent, times, startedAt }: Memory): ToolStep {
  const lost = sent === 0 ? 0 : Math.round((100 * (sent - times.length)) / sent)
  call.print(`\n--- ${host} ping statistics ---\n`)
  const summary = times.length === 0 ? undefined : times.map((millis, n) => Number(shown(call, millis, n)))
  const [least, mean, most] = summary
    ? [Math.min(...summary), summary.reduce((a, b) => a + b, 0) / summary.length, Math.max(...summary)]
    : [0, 0, 0]
  if (isSmall(call)) {
    call.print(`${sent} packets transmitted, ${times.length} packets received, ${lost}% packet loss\n`)
    if (summary) call.print(`round-trip min/avg/max = ${least.toFixed(3)}/${mean.toFixed(3)}/${most.toFixed(3)} ms\n`)
  } else {
    call.print(
      `${sent} packets transmitted, ${times.length} received, ${lost}% packet loss, time ${call.now - startedAt}ms\n`,
    )
    if (summary)
      call.print(`rtt min/avg/max/mdev = ${least.toFixed(3)}/${mean.toFixed(3)}/${most.toFixed(3)}/0.000 ms\n`)
  }
  return { exit: times.length > 0 ? 0 : 1 }
}
