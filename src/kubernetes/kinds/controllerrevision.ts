import { defineKind } from '../../engine/kind'
import { controllerUid, type KubeObject, ownerUids } from './meta'

/** A state that a workload's template had, and its number. */
export interface ControllerRevision extends KubeObject {
  /** What a strategic merge patch would need to bring the state back. */
  readonly data: { readonly spec: { readonly template: Readonly<Record<string, unknown>> } }
  readonly revision: number
}
export const ControllerRevision = defineKind<ControllerRevision>('kubernetes/ControllerRevision', {
  about: 'a version of the template of a DaemonSet, kept so that one can go back to it',
  quiet: true,
  indexes: { controller: controllerUid, owner: ownerUids, uid: (one) => one.metadata.uid },
})
