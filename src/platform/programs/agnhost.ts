import { type Answer, type Call, goSignals, type Incoming, type Program, type Situation } from './program'
import { page, pathOf, queryOf } from './web'

const options = (words: readonly string[]): Record<string, string> => {
  const found: Record<string, string> = {}
  for (const word of words) {
    const match = /^--?([a-z-]+)(?:=(.*))?$/.exec(word)
    if (match) found[match[1]!] = match[2] ?? 'true'
  }
  return found
}

const partOf = ({ command }: Situation): string =>
  command.words.slice(1).find((word) => !word.startsWith('-')) ?? 'pause'
/** How long the `liveness` part is well. */
const WELL_MILLIS = 10_000

function netexec(incoming: Incoming, call: Call): Answer {
  const path = pathOf(incoming)
  const query = queryOf(incoming)
  const { hostname } = call.container.spec
  switch (path) {
    case '/':
      return page(call, 200, `NOW: ${call.epoch}`)
    case '/hostname':
    case '/hostName':
      return page(call, 200, hostname)
    case '/clientip':
      return page(call, 200, `${incoming.client}:${40_000 + Math.floor(call.draw('port', 0) * 20_000)}`)
    case '/echo':
      return page(call, 200, query['msg'] ?? '')
    case '/healthz':
      return page(call, 200, '')
    case '/exit':
      return { ...page(call, 200, ''), memory: { exit: Number(query['code'] ?? '0') } }
    case '/redirect':
      return page(call, Number(query['code'] ?? '302'), '', { headers: { location: query['location'] ?? '' } })
    default:
      return page(call, 404, '404 page not found\n')
  }
}

/** Kubernetes' own test server, as far as its parts pause, netexec, serve-hostname, test-webserver and liveness go. */
export const agnhost: Program = {
  name: 'agnhost',
  about: 'the test server of Kubernetes: what it does depends on its first argument',
  startMillis: [10, 40],
  cpuMillis: 1,
  memoryBytes: 9_000_000,
  requestCpuMillis: 0.1,
  ports: (situation) => {
    const given = options(situation.command.words)
    switch (partOf(situation)) {
      case 'netexec':
        return [Number(given['http-port'] ?? '8080')]
      case 'serve-hostname':
        return [Number(given['port'] ?? '9376')]
      case 'test-webserver':
        return [Number(given['port'] ?? '80')]
      case 'liveness':
        return [8080]
      case 'pause':
        return []
      default:
        return situation.container.spec.ports.map(({ port }) => port)
    }
  },
  run: (call) => {
    const wish = (call.memory as { exit?: number } | undefined)?.exit
    if (wish !== undefined) return { exit: wish }
    if (partOf(call) !== 'liveness' || call.memory !== undefined) return {}
    const left = (call.container.startedAt ?? call.now) + WELL_MILLIS - call.now
    return left > 0 ? { again: left } : { memory: { ill: true } }
  },
  answer: (incoming, call) => {
    if (incoming.protocol === 'tcp' || incoming.protocol === 'udp')
      return { status: 0, body: call.container.spec.hostname, millis: 1 }
    switch (partOf(call)) {
      case 'netexec':
        return netexec(incoming, call)
      case 'serve-hostname':
        return page(call, 200, call.container.spec.hostname)
      case 'liveness': {
        const seconds = (call.now - (call.container.startedAt ?? 0)) / 1000
        const ill = call.memory !== undefined && pathOf(incoming) === '/healthz'
        return ill ? page(call, 500, `error: ${seconds}`) : page(call, 200, 'ok')
      }
      default:
        return page(call, 200, '')
    }
  },
  signal: (signal, situation) => {
    if (partOf(situation) === 'netexec' && signal === 'SIGTERM')
      return { exit: 0, after: 1000 * Number(options(situation.command.words)['delay-shutdown'] ?? '0') + 5 }
    return goSignals(signal)
  },
}

/** The old liveness image: well for its first ten seconds. */
export const liveness: Program = {
  ...agnhost,
  name: 'liveness',
  about: 'answers 200 for ten seconds, then 500',
  ports: () => [8080],
  run: (call) => {
    if (call.memory !== undefined) return {}
    const left = (call.container.startedAt ?? call.now) + WELL_MILLIS - call.now
    return left > 0 ? { again: left } : { memory: { ill: true } }
  },
  answer: (incoming, call) => {
    const seconds = (call.now - (call.container.startedAt ?? 0)) / 1000
    const ill = call.memory !== undefined && pathOf(incoming) === '/healthz'
    return ill ? page(call, 500, `error: ${seconds}`) : page(call, 200, 'ok')
  },
  signal: goSignals,
}
