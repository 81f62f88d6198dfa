import type { World } from '../../engine'
import { labelsMatch } from '../api/label-selector'
import type { Pod } from '../kinds/pod'
import { PodDisruptionBudget } from '../kinds/poddisruptionbudget'

/** The pods, in the order given, whose loss the budgets would not allow any more. After filterPodsWithPDBViolation. */
export function overBudget(world: World, pods: readonly Pod[]): ReadonlySet<Pod> {
  const budgets = world.list(PodDisruptionBudget).map(({ value }) => value)
  const over = new Set<Pod>()
  if (budgets.length === 0) return over
  const left = budgets.map(({ status }) => status.disruptionsAllowed)
  for (const pod of pods) {
    budgets.forEach(({ metadata, spec, status }, i) => {
      if (metadata.namespace !== pod.metadata.namespace) return
      const { labels } = pod.metadata
      if (labels === undefined || !labelsMatch(spec.selector, labels)) return
      // counted already, when its eviction was granted
      if (status.disruptedPods?.[pod.metadata.name] !== undefined) return
      left[i]!--
      if (left[i]! < 0) over.add(pod)
    })
  }
  return over
}
