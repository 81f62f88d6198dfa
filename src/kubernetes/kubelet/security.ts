import type { ContainerSpec } from '../../platform/container/container'
import type { Image } from '../../platform/image/resolve'
import type { Pod, PodContainer } from '../kinds/pod'

interface Security {
  readonly runAsUser?: number
  readonly runAsGroup?: number
  readonly runAsNonRoot?: boolean
  readonly fsGroup?: number
  readonly supplementalGroups?: readonly number[]
  readonly readOnlyRootFilesystem?: boolean
}

/** The container's own security context over the pod's. */
const effective = (pod: Pod, container: PodContainer): Security => ({
  ...(pod.spec.securityContext as Security | undefined),
  ...(container.securityContext as Security | undefined),
})

/** Why a container may not be created as the user it would run as. After verifyRunAsNonRoot in security_context.go. */
export function nonRootRefusal(pod: Pod, container: PodContainer, image: Image | undefined): string | undefined {
  const { runAsNonRoot, runAsUser } = effective(pod, container)
  if (runAsNonRoot !== true) return undefined
  const { name, namespace, uid } = pod.metadata
  const about = `(pod: ${JSON.stringify(`${name}_${namespace}(${uid})`)}, container: ${container.name})`
  if (runAsUser !== undefined)
    return runAsUser === 0 ? `container's runAsUser breaks non-root policy ${about}` : undefined
  const user = (image?.config.user ?? '').split(':')[0]!
  if (user === '' || Number(user) === 0) return `container has runAsNonRoot and image will run as root ${about}`
  if (/^\d+$/.test(user)) return undefined
  return `container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root ${about}`
}

/** What of the security contexts the platform follows: the user and a read-only root. */
export function securityOf(pod: Pod, container: PodContainer): Pick<ContainerSpec, 'user' | 'readOnlyRoot'> {
  if (container.securityContext === undefined && Object.keys(pod.spec.securityContext ?? {}).length === 0) return {}
  const given = effective(pod, container)
  const groups = [...(given.fsGroup === undefined ? [] : [given.fsGroup]), ...(given.supplementalGroups ?? [])]
  const hasUser = given.runAsUser !== undefined || given.runAsGroup !== undefined || groups.length > 0
  return {
    ...(hasUser && { user: { uid: given.runAsUser, gid: given.runAsGroup ?? 0, groups } }),
    ...(given.readOnlyRootFilesystem === true && { readOnlyRoot: true }),
  }
}
