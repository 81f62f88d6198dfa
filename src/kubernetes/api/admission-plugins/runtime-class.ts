import { same } from '../../../engine/edit'
import type { World } from '../../../engine/kind'
import type { PodSpec } from '../../kinds/pod'
import { RuntimeClass } from '../../kinds/runtimeclass'

/** The class that a spec names; `refused`: there is none of that name. */
export function runtimeClassFor(
  { runtimeClassName }: PodSpec,
  world: World,
): RuntimeClass | undefined | { readonly refused: string } {
  if (!runtimeClassName) return undefined
  return (
    world.get(RuntimeClass.key('', runtimeClassName)) ?? {
      refused: `pod rejected: RuntimeClass "${runtimeClassName}" not found`,
    }
  )
}

/** The spec with the overhead and the nodes of its class. After plugin/pkg/admission/runtimeclass. */
export function withRuntimeClass(
  spec: PodSpec,
  found: RuntimeClass | undefined,
): PodSpec | { readonly refused: string } {
  const fixed = found?.overhead?.podFixed
  if (fixed === undefined && Object.keys(spec.overhead ?? {}).length > 0)
    return { refused: 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead' }
  if (!found) return spec
  if (fixed !== undefined && spec.overhead !== undefined && !same(spec.overhead, fixed))
    return { refused: "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead" }
  const { nodeSelector, tolerations } = found.scheduling ?? {}
  for (const [key, value] of Object.entries(nodeSelector ?? {})) {
    const own = spec.nodeSelector?.[key]
    if (own !== undefined && own !== value)
      return {
        refused: `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`,
      }
  }
  const more = (tolerations ?? []).filter((one) => !spec.tolerations?.some((own) => same(own, one)))
  return {
    ...spec,
    ...(fixed !== undefined && { overhead: fixed }),
    ...(nodeSelector && { nodeSelector: { ...spec.nodeSelector, ...nodeSelector } }),
    ...(more.length > 0 && { tolerations: [...(spec.tolerations ?? []), ...more] }),
  }
}
