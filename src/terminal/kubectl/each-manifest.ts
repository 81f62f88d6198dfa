import { sortedText } from '../../kubernetes'
import type { ToolStep } from '../../platform/shell/tool'
import { Failure } from '../cli/failure'
import { done, type Run } from './command'
import type { Manifest } from './manifests'

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** Does something with each manifest; kubectl goes on after an error, and ends with 1. */
export function eachManifest(
  run: Run,
  manifests: readonly Manifest[],
  act: (run: Run, manifest: Manifest) => void,
): ToolStep {
  let failed = false
  for (const manifest of manifests) {
    try {
      act(run, manifest)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      run.error(`${error.message}\n`)
      failed = true
    }
  }
  return failed ? { exit: 1 } : done
}

/** The object with what was applied written into its annotation, from which the next apply sees what has gone. */
export function withLastApplied(object: any): any {
  const { [LAST_APPLIED]: _, ...annotations } = object.metadata?.annotations ?? {}
  const bare = { ...object, metadata: { ...object.metadata, annotations } }
  const text = `${sortedText(bare)}\n`
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [LAST_APPLIED]: text } } }
}
