import { applyJsonPatch, applyMergePatch, applyStrategicPatch, attempt, parseYamlText } from '../../kubernetes'
import { fail } from '../cli/failure'
import { type Flag, text } from '../cli/flags'
import type { Run } from './command'
import { asModelled, type Known } from './resource-args'

export const overrideFlags: readonly Flag[] = [
  text('overrides', 'JSON laid over the object that the command makes.'),
  text('override-type', 'How: merge, strategic or json (a list of steps).', { initial: 'merge' }),
]

/** The object with what `--overrides` says laid over it. */
export function overridden(run: Run, resource: Known, object: any): any {
  const given = run.value('overrides')
  if (!given) return object
  const parsed = parseYamlText(given)
  if ('error' in parsed) return fail(`error: ${parsed.error}`)
  const patch = parsed.value as any
  const type = run.value('override-type')!
  const { apiVersion, kind } = object
  const schema = asModelled(resource)?.schema
  const result = attempt(() => {
    if (type === 'json') return applyJsonPatch(object, patch)
    if (type === 'merge') return applyMergePatch(object, { apiVersion, kind, ...patch })
    if (type === 'strategic' && schema) return applyStrategicPatch(object, { apiVersion, kind, ...patch }, schema)
    return fail(`error: invalid override type: ${type}`)
  })
  return 'error' in result ? fail(`error: ${result.error}`) : result.value
}
