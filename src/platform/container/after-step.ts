import { edit, same } from '../../engine/edit'
import type { World } from '../../engine/kind'
import type { Step } from '../programs/program'
import type { Container } from './container'

/** The container as a step of its program leaves it; the same reference if nothing changed. */
export function afterStep(world: World, container: Container, step: Step): Container {
  return edit(container, (c) => {
    if (step.memory !== undefined && !same(step.memory, container.memory)) c.memory = step.memory as typeof c.memory
    if (step.listens && !same(step.listens, container.listens)) c.listens = [...step.listens]
    if (step.memoryBytes !== undefined)
      c.memoryBytes = step.memoryBytes + (container.disturbed?.leak?.leakedBytes ?? 0) + (container.processBytes ?? 0)
    c.course ??= { starts: 1 }
    if (step.wakes && !same(step.wakes, container.course?.wakes ?? [])) c.course.wakes = [...step.wakes]
    if (step.exit !== undefined) c.course.end = { at: world.now + 1, code: step.exit, because: 'its program ended' }
  })
}
