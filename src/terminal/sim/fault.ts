import { beginFault, faultKinds, faultNamed } from '../../platform/faults'
import type { ToolCall, ToolStep } from '../../platform/shell/tool'
import { misuse, refuse, type SimCommand } from './command'
import { durationMillis } from './durations'
import { optionsOf } from './options'

/** `node/worker-2` is the machine worker-2; a container or pod is called by its name. */
const targetOf = (text: string): string => text.replace(/^(node|no|machine|container|pod|po|dns)\//, '')

/** `500ms` → 500, `30%` → 0.3, `0.3` → 0.3. */
function amountOf(name: string, text: string): number | undefined {
  if (name === 'link-slow') return durationMillis(text)
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)
  const share = percent ? Number(percent[1]) / 100 : Number(text)
  return Number.isNaN(share) ? undefined : share
}

export const fault: SimCommand = {
  name: 'fault',
  usage: 'fault NAME [TARGET] [--for 60s] [--by 200ms|30%]',
  about: 'breaks something on purpose; without a name, tells what can be broken',
  run(call, argv): ToolStep {
    const { words, options, problem } = optionsOf(argv, ['for', 'by'])
    if (problem !== undefined) return misuse(call, fault, problem)
    const [name, target = '', ...more] = words
    if (name === undefined) return listKinds(call)
    if (more.length > 0) return misuse(call, fault, `one target at a time: ${more[0]} is too much`)
    const kind = faultNamed(name)
    if (!kind)
      return refuse(call, `there is no fault ${name}; there are ${faultKinds.map((one) => one.name).join(', ')}`, 2)
    const lasting = options['for'] === undefined ? undefined : durationMillis(options['for'])
    if (options['for'] !== undefined && lasting === undefined)
      return misuse(call, fault, `${options['for']} is no duration`)
    const amount = options['by'] === undefined ? undefined : amountOf(name, options['by'])
    if (options['by'] !== undefined && amount === undefined) return misuse(call, fault, `${options['by']} is no amount`)
    const answer = beginFault(call.world, name, {
      target: targetOf(target),
      until: lasting === undefined ? undefined : call.now + lasting,
      amount,
    })
    if ('text' in answer) {
      const can = target === '' ? kind.targets(call.world).map((one) => one.name) : []
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
    return kind
      ? kind
          .targets(world)
          .map((one) => one.name)
          .filter((name) => name.startsWith(begun))
      : []
  },
}

function listKinds(call: ToolCall): ToolStep {
  const width = Math.max(...faultKinds.map((kind) => kind.name.length))
  for (const kind of faultKinds) call.print(`${kind.name.padEnd(width)}  ${kind.about}\n`)
  return { exit: 0 }
}
