import type { Millis } from '../../engine'
import type { Layer } from '../../platform/image/resolve'
import type { Build, StepStatus } from './build'

/** A line below a step, that begins so long after now and takes so long. */
export function statusAt(now: Millis, text: string, millis: number, from = 0, total?: number): StepStatus {
  const startedAt = now + Math.round(from)
  return { text, startedAt, endsAt: startedAt + Math.round(millis), ...(total !== undefined && { total }) }
}

/** The layers of a stage up to a vertex that is done; none for nothing. */
export const layersOf = ({ results }: Pick<Build, 'results'>, vertex: number | undefined): readonly Layer[] =>
  vertex === undefined ? [] : (results[vertex]?.layers ?? [])
