import { type Change, edit, type Wish, type World } from '../../engine'
import { controllerReference } from '../api/meta'
import { type KubeObject, withoutOwner } from '../kinds/meta'
import { Pod } from '../kinds/pod'
import { active } from './pods'

type Selects = (labels: Readonly<Record<string, string>>) => boolean

/** Adopts orphans that an owner's selector means, and lets go of pods that it no longer does. After PodControllerRefManager. */
export const claimPods = (head: Change<KubeObject>, selects: Selects, world: World): Wish[] => [
  ...released(head, selects, world),
  ...adopted(head, selects, world),
]

export function released({ value: owner }: Change<KubeObject>, selects: Selects, world: World): Wish[] {
  const { uid, name } = owner.metadata
  return world
    .list(Pod, { controller: uid })
    .filter((pod) => !selects(pod.value.metadata.labels ?? {}))
    .map((pod) => ({
      key: pod.key,
      value: withoutOwner(pod.value, uid),
      because: { id: 'kubernetes/released', values: { owner: name }, of: [pod.revision] },
    }))
}

export function adopted({ value: owner, revision }: Change<KubeObject>, selects: Selects, world: World): Wish[] {
  return world
    .list(Pod, { orphan: owner.metadata.namespace! })
    .filter((pod) => active(pod.value) && selects(pod.value.metadata.labels ?? {}))
    .map((pod) => ({
      key: pod.key,
      value: edit(pod.value, (draft) => {
        draft.metadata.ownerReferences = [...(draft.metadata.ownerReferences ?? []), controllerReference(owner)]
      }),
      because: { id: 'kubernetes/adopted', values: { owner: owner.metadata.name }, of: [revision] },
    }))
}
