import { HIGHEST_SCORE, type Plugin } from '../framework'
import { podRequests } from '../requests'

/** CPU and memory used in equal shares are best: trunc((1 − |cpu − memory| ÷ 2) × 100). A pod that asks for neither skips it. */
export const balancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  preScore: ({ pod }) => {
    const { total } = podRequests(pod.spec)
    return (total['cpu'] ?? 0) === 0 && (total['memory'] ?? 0) === 0 ? 'skip' : undefined
  },
  score(cycle, node) {
    const { total } = podRequests(cycle.pod.spec)
    const fractions: number[] = []
    for (const name of ['cpu', 'memory']) {
      const has = node.allocatable[name] ?? 0
      if (has > 0) fractions.push(Math.min(1, ((node.requested[name] ?? 0) + (total[name] ?? 0)) / has))
    }
    const spread = fractions.length === 2 ? Math.abs(fractions[0]! - fractions[1]!) / 2 : 0
    return Math.trunc((1 - spread) * HIGHEST_SCORE)
  },
}
