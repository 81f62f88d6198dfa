import type { Taint } from '../kinds/node'
import type { Toleration } from '../kinds/pod'

/** Whether a toleration covers a taint. After component-helpers/scheduling/corev1/helpers.go; Gt and Lt (alpha) are left out. */
export function tolerates(toleration: Toleration, taint: Pick<Taint, 'key' | 'value' | 'effect'>): boolean {
  if (toleration.effect !== undefined && (toleration.effect as string) !== '' && toleration.effect !== taint.effect)
    return false
  if (toleration.key !== undefined && toleration.key !== '' && toleration.key !== taint.key) return false
  if (toleration.operator === 'Exists') return true
  if (toleration.key === undefined || toleration.key === '') return false
  return (toleration.value ?? '') === (taint.value ?? '')
}

export function toleratedBy(
  tolerations: readonly Toleration[] | undefined,
  taint: Pick<Taint, 'key' | 'value' | 'effect'>,
): boolean {
  return (tolerations ?? []).some((toleration) => tolerates(toleration, taint))
}

/** Whether no taint keeps such a pod away for certain. */
export const toleratesTaints = (
  tolerations: readonly Toleration[] | undefined,
  taints: readonly Taint[] | undefined,
): boolean =>
  taints === undefined ||
  !taints.some((taint) => taint.effect !== 'PreferNoSchedule' && !toleratedBy(tolerations, taint))

/** Whether such a pod may go to a cordoned node. */
export const toleratesUnschedulable = (tolerations: readonly Toleration[] | undefined): boolean =>
  toleratedBy(tolerations, { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' })
