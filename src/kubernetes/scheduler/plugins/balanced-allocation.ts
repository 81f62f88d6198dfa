import { HIGHEST_SCORE, type Plugin } from '../framework'
import { podRequests } from '../requests'

/** Used in equal shares is best: trunc((1 − standard deviation of the shares) × 100). A pod that asks for none of them skips it. */
export function balancedAllocationOf(resources: readonly string[]): Plugin {
  return {
    name: 'NodeResourcesBalancedAllocation',
    about: 'CPU and memory are used in equal shares',
    weight: 1,
    preScore: ({ pod }) => {
      const { total } = podRequests(pod.spec)
      return resources.every((name) => (total[name] ?? 0) === 0) ? 'skip' : undefined
    },
    score(cycle, node) {
      const { total } = podRequests(cycle.pod.spec)
      const shares: number[] = []
      for (let i = 0; i < resources.length; i++) {
        const name = resources[i]!
        const has = node.allocatable[name] ?? 0
        if (has > 0) shares.push(Math.min(1, ((node.requested[name] ?? 0) + (total[name] ?? 0)) / has))
      }
      return Math.trunc((1 - deviation(shares)) * HIGHEST_SCORE)
    },
  }
}

function deviation(shares: readonly number[]): number {
  if (shares.length < 2) return 0
  if (shares.length === 2) return Math.abs(shares[0]! - shares[1]!) / 2
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
  return Math.sqrt(shares.reduce((sum, share) => sum + (share - mean) * (share - mean), 0) / shares.length)
}

export const balancedAllocation = balancedAllocationOf(['cpu', 'memory'])
