import type { Json } from '../../engine/json'
import { endsOn, type Program } from './program'
import { isWeb, page, pathOf, serving } from './web'

interface Memory {
  readonly ready?: boolean
  readonly healthy?: boolean
  readonly exit?: number
}

const json = 'application/json; charset=utf-8'

/** podinfo: probes that can be switched, delays, statuses, panics. */
export const podinfo: Program = {
  name: 'podinfo',
  about: 'a small service with switches for its probes',
  startMillis: [30, 90],
  cpuMillis: 2,
  memoryBytes: 22_000_000,
  requestCpuMillis: 0.3,
  ports: ({ command }) => {
    const given = command.words.find((word) => word.startsWith('--port='))
    return [Number(given?.slice('--port='.length) ?? command.env['PODINFO_PORT'] ?? '9898'), 9797, 9999]
  },
  run: ({ memory }) => {
    const exit = (memory as Memory | undefined)?.exit
    return exit === undefined ? {} : { exit }
  },
  answer: (incoming, call) => {
    if (!isWeb(incoming)) return serving()
    const memory = (call.memory as Memory | undefined) ?? {}
    const path = pathOf(incoming)
    const set = (change: Memory) => ({
      ...page(call, 202, '{"status":"OK"}', { type: json }),
      memory: { ...memory, ...change } as Json,
    })
    const check = (fine: boolean | undefined) =>
      fine === false ? page(call, 503, '') : page(call, 200, '{\n  "status": "OK"\n}', { type: json })
    const [, word = '', value = ''] = path.split('/')
    if (path === '/readyz/disable' || path === '/readyz/enable') return set({ ready: path.endsWith('enable') })
    if (path === '/healthz') return check(memory.healthy)
    if (path === '/readyz') return check(memory.ready)
    if (word === 'panic')
      return { status: 0, body: '', millis: 1, cutOff: true, memory: { ...memory, exit: 255 } as Json }
    if (word === 'delay')
      return page(call, 200, `{\n  "delay": ${Number(value)}\n}`, { type: json, millis: 1000 * Number(value) + 1 })
    if (word === 'status')
      return page(call, Number(value) || 200, `{\n  "status": ${Number(value) || 200}\n}`, { type: json })
    if (word === 'echo') return page(call, 202, incoming.body, { type: json })
    const version = call.command.image?.version ?? '6.9.3'
    if (word === 'version')
      return page(call, 200, `{\n  "commit": "unknown",\n  "version": "${version}"\n}`, { type: json })
    const facts = {
      hostname: call.container.spec.hostname,
      version,
      revision: 'unknown',
      color: call.command.env['PODINFO_UI_COLOR'] ?? '#34577c',
      message: call.command.env['PODINFO_UI_MESSAGE'] ?? `greetings from podinfo v${version}`,
      goos: 'linux',
      goarch: 'amd64',
      runtime: 'go1.25.1',
      num_goroutine: '9',
      num_cpu: '4',
    }
    return path === '/' || path === '/api/info'
      ? page(call, 200, JSON.stringify(facts, null, 2), { type: json })
      : page(call, 404, '404 page not found\n')
  },
  /** It waits three seconds for the balancers to take it out, then closes. */
  signal: endsOn(0, 3050),
}
