import { attempt, type Resource, threeWayStrategicPatch } from '../../kubernetes'
import { fail } from '../cli/failure'
import { LAST_APPLIED } from './each-manifest'
import { asModelled, type Known } from './resource-args'

/** The patch that makes a live object be as a manifest says, by what was applied last. */
export function applyPatch(resource: Known, live: any, modified: any, overwrite = true): any {
  const schema = (asModelled(resource) as Resource).schema
  const last = lastApplied(live.metadata.annotations?.[LAST_APPLIED])
  const patch = attempt(() => threeWayStrategicPatch(last, modified, live, schema, overwrite))
  return 'error' in patch ? fail(`error: ${patch.error}`) : patch.value
}

/** What was applied last; an annotation that is no JSON counts as none. */
function lastApplied(text: string | undefined): any {
  if (text === undefined) return {}
  try {
    return JSON.parse(text)
  } catch (error) {
    return error instanceof SyntaxError ? {} : fail(String(error))
  }
}
