import type { Key, Sentences, WhyLink } from '../../engine'
import { kubernetes } from '../../kubernetes'
import type { Pod } from '../../kubernetes/kinds/pod'
import { clearingText, type Verdicts, verdictsFor } from '../../kubernetes/scheduler/verdicts'
import { platform } from '../../platform'
import { shellSentences } from '../../platform/shell/shell'
import { broughtSentences } from '../brought'
import { whyWithProcessor } from '../why-held'
import { refuse, type SimCommand } from './command'
import { clockOf } from './durations'
import { keysBegun, resolveKey } from './keys'

const tables = (): readonly Sentences[] => [
  platform.sentences,
  kubernetes.sentences,
  ...broughtSentences(),
  shellSentences as Sentences,
  {
    'terminal/lab': ({ lab }) => ['set up the lab', String(lab)],
    'terminal/saved': ({ path }) => ['saved a file', String(path)],
  },
]

/** `1. 6:05.9  kubelet started it — image was there already` */
export function linkLine(n: number, link: WhyLink): string {
  const detail = link.detail === undefined || link.detail === '' ? '' : ` — ${link.detail}`
  return `${String(n).padStart(2)}. ${clockOf(link.at).padStart(7)}  ${link.by} ${link.says}${detail}\n`
}

/** The scheduler's verdict on each node: the rule that refused it and whom taking away would help, or its points. */
function table({ chosen, nominated, rows }: Verdicts): string {
  if (rows.length === 0) return ''
  const clears = rows.some(({ clearing }) => clearing !== undefined)
  const cells = rows.map(({ node, plugin, refusal, score, clearing }) => [
    `${node === chosen ? '*' : node === nominated && chosen === undefined ? '>' : ' '} ${node}`,
    refusal ? `${plugin}: ${refusal.reasons.join(', ')}` : 'fits',
    clears ? (clearing ? clearingText(clearing) : '') : score === undefined ? '' : String(score),
  ])
  const heading = ['  node', 'verdict', clears ? 'preemption' : 'score']
  const widths = [0, 1].map((column) => Math.max(...[heading, ...cells].map((row) => row[column]!.length)))
  const line = ([node, verdict, last]: readonly string[]) =>
    `    ${node!.padEnd(widths[0]!)}   ${verdict!.padEnd(widths[1]!)}   ${last}`.trimEnd()
  return `\n${[heading, ...cells].map(line).join('\n')}\n`
}

export const why: SimCommand = {
  name: 'why',
  usage: 'why KEY',
  about: 'tells why something is as it is: the chain of causes, newest first, to what you did',
  run(call, words) {
    const [text, ...more] = words
    if (text === undefined || more.length > 0) return refuse(call, `why what?\nusage: sim ${why.usage}`, 2)
    const key = resolveKey(call.world, text)
    if (key === undefined) return refuse(call, `there is nothing called ${text}`)
    const links = whyWithProcessor(key, call.world, tables())
    if (links.length === 0) return refuse(call, `nothing is known about ${text} any more`)
    links.forEach((link, i) => {
      if (link.folded > 0) call.print(`    … ${link.folded} more like these\n`)
      call.print(linkLine(i + 1, link))
    })
    const pod = key.startsWith('kubernetes/Pod/') ? call.world.head(key as Key<Pod>) : undefined
    if (pod) call.print(table(verdictsFor(pod, (revision) => call.world.at(revision))))
    return { exit: 0 }
  },
  complete: (words, { world }) => keysBegun(world, words[words.length - 1] ?? ''),
}
