import type { World } from '../../../engine/kind'
import type { PodSpec } from '../../kinds/pod'
import { PriorityClass, SYSTEM_PRIORITY_CLASSES } from '../../kinds/priorityclass'

/** What a class means for the pods that have it. */
export interface Priority {
  readonly className: string | undefined
  readonly value: number
  readonly preemptionPolicy: string
}

const NONE: Priority = { className: undefined, value: 0, preemptionPolicy: 'PreemptLowerPriority' }
const byClass = new WeakMap<PriorityClass, Priority>()

function ofClass(found: PriorityClass): Priority {
  let priority = byClass.get(found)
  if (!priority) {
    priority = {
      className: found.metadata.name,
      value: found.value,
      preemptionPolicy: found.preemptionPolicy ?? NONE.preemptionPolicy,
    }
    byClass.set(found, priority)
  }
  return priority
}

/** A lab may do without the objects of the two system classes. */
const system = new Map(
  SYSTEM_PRIORITY_CLASSES.map(({ name, value }): [string, Priority] => [
    name,
    { className: name, value, preemptionPolicy: NONE.preemptionPolicy },
  ]),
)

/** The priority that a spec stands for; undefined: its class does not exist. Without a class, the one that is the default. */
export function priorityFor({ priorityClassName }: PodSpec, world: World): Priority | undefined {
  if (priorityClassName) {
    const found = world.get(PriorityClass.key('', priorityClassName))
    return found ? ofClass(found) : system.get(priorityClassName)
  }
  let standard: PriorityClass | undefined
  for (const { value: one } of world.list(PriorityClass))
    if (one.globalDefault && (standard === undefined || one.value < standard.value)) standard = one
  return standard ? ofClass(standard) : NONE
}

/** What a spec may not say itself. After plugin/pkg/admission/priority. */
export function priorityRefusal(spec: PodSpec, priority: Priority): string | undefined {
  if (spec.priority !== undefined && spec.priority !== priority.value)
    return `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${priority.value} from the given PriorityClass name`
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== priority.preemptionPolicy)
    return `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${priority.preemptionPolicy} from the given PriorityClass name`
  return undefined
}

/** Only one class may be the default. */
export function defaultClassRefusal(given: PriorityClass, world: World): string | undefined {
  if (!given.globalDefault) return undefined
  const other = world
    .list(PriorityClass)
    .find(({ value }) => value.globalDefault && value.metadata.name !== given.metadata.name)
  return other && `PriorityClass ${other.value.metadata.name} is already marked as default. Only one default can exist`
}
