import type { Json } from '../../engine'
import { Container } from '../../platform/container/container'
import { machineKey } from '../../platform/machine/machine'
import { Ledger, Load } from '../../platform/network/ledger'
import type { Caller } from '../../platform/network/request'
import type { ToolCall, ToolStep } from '../../platform/shell/tool'
import { readUrl } from '../../platform/shell/tools/tool-request'
import { misuse, refuse, type SimCommand } from './command'
import { clockOf, durationMillis } from './durations'
import { table } from './heal'
import { resolveKey } from './keys'
import { optionsOf } from './options'

const MOST_RATE = 1_000_000
const MOST_REAL_RATE = 1000
const DEFAULT_TIMEOUT_MILLIS = 10_000

export const load: SimCommand = {
  name: 'load',
  usage: 'load URL --rps N --for T [--from MACHINE|pod/NAME] [--timeout 10s] [--method M] [--body TEXT]',
  about: 'sends requests at a steady rate, waits, and tells what became of them',
  run(call, argv, memory): ToolStep {
    if (memory !== undefined) return waitFor(call, memory as { name: string })
    const { words, options, problem } = optionsOf(argv, ['rps', 'for', 'from', 'timeout', 'method', 'X', 'body', 'd'])
    if (problem !== undefined) return misuse(call, load, problem)
    const [text] = words
    if (text === undefined) return misuse(call, load, 'what URL?')
    const url = readUrl(text)
    if (typeof url === 'string') return misuse(call, load, `${text} is no URL`)
    const rate = Number(options['rps'] ?? '10')
    if (!(rate > 0 && rate <= MOST_RATE))
      return misuse(call, load, `--rps ${options['rps']}: a number above 0, up to ${MOST_RATE}`)
    const lasting = durationMillis(options['for'] ?? '10s')
    const timeout = options['timeout'] === undefined ? DEFAULT_TIMEOUT_MILLIS : durationMillis(options['timeout'])
    if (lasting === undefined || timeout === undefined)
      return misuse(call, load, `${lasting === undefined ? options['for'] : options['timeout']} is no duration`)
    const from = options['from'] === undefined ? call.from : callerOf(call, options['from'])
    if (!from) return refuse(call, `there is no machine and no running pod ${options['from']}`)
    if (rate > MOST_REAL_RATE)
      call.notice(
        `sim load sends ${MOST_REAL_RATE} requests a second at most; each of them stands for ${(rate / MOST_REAL_RATE).toFixed(1)} (simplified)`,
      )
    const name = `load-${call.world.list(Ledger).length + 1}`
    const body = options['body'] ?? options['d'] ?? ''
    const value: Load = {
      name,
      from,
      protocol: url.protocol,
      host: url.host,
      port: url.port,
      path: url.path,
      method: options['method'] ?? options['X'] ?? (body === '' ? 'GET' : 'POST'),
      headers: { 'user-agent': 'sim-load' },
      body,
      timeoutMillis: timeout,
      requestsPerSecond: rate,
      since: call.now,
      until: call.now + lasting,
    }
    call.apply({
      changes: [
        { key: Load.key('', name), value, because: { id: 'platform/load-wanted', values: { host: url.host, rate } } },
      ],
    })
    return { wait: { kinds: [Load.id] }, memory: { name } }
  },
  interrupted(call, memory) {
    const key = Load.key('', (memory as { name: string }).name)
    if (call.world.get(key))
      call.apply({ changes: [{ key, value: undefined, because: { id: 'platform/load-stopped' } }] })
  },
}

/** Where the requests start: a machine by its name, or a pod or container. */
function callerOf(call: ToolCall, text: string): Caller | undefined {
  const name = text.replace(/^(machine|node|no)\//, '')
  if (call.world.get(machineKey(name))) return { machine: name, sandbox: undefined }
  const wanted = resolveKey(call.world, text.includes('/') ? text : `pod/${text}`)
  const pod = text.replace(/^(pod|po)\//, '')
  const label = pod.includes('/') ? pod : `default/${pod}`
  const container = call.world
    .list(Container)
    .find(
      ({ key, value }) => value.state === 'running' && (key === wanted || value.spec.labels['pod'] === label),
    )?.value
  return container && { machine: container.machine, sandbox: container.sandbox }
}

function waitFor(call: ToolCall, memory: { name: string }): ToolStep {
  const ledger = call.world.get(Ledger.key('', memory.name))
  if (!ledger?.ended) return { wait: { kinds: [Load.id] }, memory: memory as Json }
  call.print(told(ledger))
  return { exit: 0 }
}

const share = (part: number, whole: number): string =>
  whole === 0 ? '' : `  ${((100 * part) / whole).toFixed(part === whole ? 0 : 2)} %`

/** `sent 600`, `ok 597  99.50 %`, `failed 3`, then a row for each reason. */
export function told(ledger: Ledger): string {
  const { sent, ok, failed, failures } = ledger
  const head = [
    `sent    ${sent}`,
    `ok      ${ok}${share(ok, sent)}`,
    `failed  ${failed}${failed > 0 ? share(failed, sent) : ''}`,
  ]
  if (ok > 0) head.push(`took    ${ledger.meanMillis} ms on average, ${ledger.mostMillis} ms at most`)
  const rows = Object.entries(failures)
    .sort(([a, x], [b, y]) => y.count - x.count || (a < b ? -1 : 1))
    .map(([reason, { count, first, last, because }]) => [reason, String(count), clockOf(first), clockOf(last), because])
  return `${head.join('\n')}\n${rows.length === 0 ? '' : `\n${table([['REASON', 'COUNT', 'FIRST', 'LAST', 'BECAUSE'], ...rows])}`}`
}
