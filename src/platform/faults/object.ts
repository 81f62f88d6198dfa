import type { Reason } from '../../engine/change'
import type { World } from '../../engine/kind'
import type { Wish } from '../../engine/plan'
import { type Fault, faultKey } from '../machine/machine'
import type { Begin } from './fault'

export const began = (name: string, target: string): Reason => ({
  id: 'platform/fault-began',
  values: { fault: name, target },
})
export const healed = (world: World, { name, target }: Fault): Reason => {
  const head = world.head(faultKey(name, target))
  return { id: 'platform/fault-healed', values: { fault: name, target }, of: head ? [head.revision] : undefined }
}

/** The object that stands for an active fault. */
export function faultObject(
  world: World,
  name: string,
  { target, until, amount }: Begin,
  containers?: readonly string[],
): Wish<Fault> {
  const memory =
    amount === undefined && containers === undefined
      ? undefined
      : { ...(amount !== undefined && { amount }), ...(containers && { containers }) }
  const value: Fault = { name, target, since: world.now, until, memory }
  return { key: faultKey(name, target), value, because: began(name, target) }
}
