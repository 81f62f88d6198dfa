import type { World } from '../../engine/kind'
import { parseReference } from '../image/reference'
import { Fault } from '../machine/machine'

/** How many times as long a transfer from or to an image's registry takes. */
export function slownessOf(world: World, text: string): number {
  const faults = world.list(Fault)
  if (faults.length === 0) return 1
  const parsed = parseReference(text)
  if ('error' in parsed) return 1
  const { domain } = parsed.reference
  return faults.reduce(
    (times, { value }) =>
      value.name === 'registry-slow' && (value.target === '' || value.target === domain)
        ? times * Math.max(1, value.memory?.amount ?? 1)
        : times,
    1,
  )
}
