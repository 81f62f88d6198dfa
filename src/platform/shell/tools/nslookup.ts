import type { Json } from '../../../engine/json'
import { sandboxOf } from '../../network/sandboxes'
import type { Tool, ToolCall } from '../tool'
import { type Found, resolveHost } from './resolve-host'

/** The server that it asks: the container's, or that of the machine's own resolver. */
const serverOf = (call: ToolCall): string => sandboxOf(call.world, call.from)?.dns?.server ?? '127.0.0.53'

/** nslookup for addresses of names. Other record types, reverse look-ups and servers of one's choice are not modelled. */
export const nslookup: Tool = {
  name: 'nslookup',
  about: 'asks the DNS for the addresses of a name',
  streams: true,
  takes: [5, 15],
  run(call, memory) {
    const words = call.argv.slice(1).filter((word) => !word.startsWith('-'))
    const [host, server] = words
    if (host === undefined) {
      call.printError('Usage: nslookup [HOST] [SERVER]\n')
      return { exit: 1 }
    }
    if (memory === undefined) {
      if (server !== undefined) call.notice('nslookup asks its usual server: another one is accepted but not modelled')
      for (const word of call.argv)
        if (/^-(type|query|q)=/i.test(word) && !/=a$/i.test(word))
          call.notice(`nslookup ${word} is accepted but not modelled: it asks for addresses`)
      const found = resolveHost(call, host)
      return { wait: { millis: Math.max(1, found.millis) }, memory: found as unknown as Json }
    }
    return { exit: told(call, host, memory as unknown as Found) }
  },
}

function told(call: ToolCall, host: string, found: Found): number {
  const server = serverOf(call)
  if ('missing' in found && found.missing === 'no-dns') {
    call.print(';; connection timed out; no servers could be reached\n\n')
    return 1
  }
  call.print(`Server:\t\t${server}\nAddress:\t${server}${call.from.sandbox === undefined ? '#53' : ':53'}\n\n`)
  if ('missing' in found) {
    call.print(`** server can't find ${host}: NXDOMAIN\n\n`)
    return 1
  }
  const isOwn = sandboxOf(call.world, call.from)?.dns !== undefined && found.name.endsWith('.cluster.local')
  if (!isOwn) call.print('Non-authoritative answer:\n')
  for (const address of found.addresses) call.print(`Name:\t${found.name}\nAddress: ${address}\n`)
  call.print('\n')
  return 0
}
