import type { World } from '../../engine'
import { beginFault, type FaultKind, faultKinds, faultNamed, type Measure, noSuchFault } from '../../platform/faults'
import type { ToolCall, ToolStep } from '../../platform/shell/tool'
import { misuse, refuse, type SimCommand } from './command'
import { durationMillis } from './durations'
import { optionsOf } from './options'

/** `node/worker-2` is the machine worker-2; a container or pod is called by its name. */
const targetOf = (text: string): string => text.replace(/^(node|no|machine|container|pod|po|dns)\//, '')

const UNITS: Readonly<Record<string, number>> = {
  '': 1024 ** 2,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
}

/** `500ms` → 500, `30%` or `0.3` → 0.3, `10x` or `10` → 10, `5Mi` or `5` → 5 MiB: as the fault is measured. */
function amountOf(measure: Measure | undefined, text: string): number | undefined {
  if (measure === 'millis') return durationMillis(text)
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)(%|x|[KMG]i|[kMG])?$/.exec(text) ?? []
  if (digits === undefined) return undefined
  if (measure === 'share') return unit === '%' ? Number(digits) / 100 : unit === '' ? Number(digits) : undefined
  if (measure === 'times') return unit === 'x' || unit === '' ? Number(digits) : undefined
  const scale = UNITS[unit]
  return scale === undefined ? undefined : Math.round(Number(digits) * scale)
}

const namesFor = (kind: FaultKind, world: World): readonly string[] => [
  ...new Set(kind.targets(world).map(({ name }) => name)),
]

export const fault: SimCommand = {
  name: 'fault',
  usage: 'fault NAME [TARGET] [--for 60s] [--by 200ms|30%|10x|5Mi]',
  about: 'breaks something on purpose; without a name, tells what can be broken',
  run(call, argv): ToolStep {
    const { words, options, problem } = optionsOf(argv, ['for', 'by'])
    if (problem !== undefined) return misuse(call, fault, problem)
    const [name, target = '', ...more] = words
    if (name === undefined) return listKinds(call)
    if (more.length > 0) return misuse(call, fault, `one target at a time: ${more[0]} is too much`)
    const kind = faultNamed(name)
    if (!kind) return refuse(call, noSuchFault(name), 2)
    const lasting = options['for'] === undefined ? undefined : durationMillis(options['for'])
    if (options['for'] !== undefined && lasting === undefined)
      return misuse(call, fault, `${options['for']} is no duration`)
    const amount = options['by'] === undefined ? undefined : amountOf(kind.measure, options['by'])
    if (options['by'] !== undefined && amount === undefined) return misuse(call, fault, `${options['by']} is no amount`)
    const answer = beginFault(call.world, name, {
      target: targetOf(target),
      until: lasting === undefined ? undefined : call.now + lasting,
      amount,
    })
    if ('text' in answer) {
      const can = target === '' ? namesFor(kind, call.world) : []
      const some = can.slice(0, 12).join(', ') + (can.length > 12 ? ' …' : '')
      return refuse(call, `${answer.text}${can.length > 0 ? `: one of ${some}` : ''}`, answer.exit)
    }
    call.apply({ changes: answer })
    return { exit: 0 }
  },
  complete(words, { world }) {
    const begun = words[words.length - 1] ?? ''
    if (words.length <= 1) return faultKinds.map((kind) => kind.name).filter((name) => name.startsWith(begun))
    const kind = faultNamed(words[0]!)
    return kind ? namesFor(kind, world).filter((name) => name.startsWith(begun)) : []
  },
}

function listKinds(call: ToolCall): ToolStep {
  const width = Math.max(...faultKinds.map((kind) => kind.name.length))
  for (const kind of faultKinds) call.print(`${kind.name.padEnd(width)}  ${kind.about}\n`)
  return { exit: 0 }
}
