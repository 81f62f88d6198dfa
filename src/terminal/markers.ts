import type { Change, Millis } from '../engine'

/** A moment worth a mark on the time line. */
export interface Marker {
  readonly at: Millis
  readonly revision: number
  readonly label: string
  readonly tone: 'input' | 'fault' | 'warning' | 'good'
}

/** The mark that a change deserves, if any. */
export function markerOf(change: Change): Marker | undefined {
  const mark = (label: string, tone: Marker['tone']): Marker => ({
    at: change.at,
    revision: change.revision,
    label,
    tone,
  })
  const { id, values = {} } = change.because
  if (change.key.startsWith('platform/Fault/')) {
    if (change.value === undefined) return mark('healed', 'good')
    return change.previous?.value === undefined
      ? mark(LABELS[change.value.name as string] ?? String(change.value.name), 'fault')
      : undefined
  }
  if (change.by === 'you') {
    const says = String(values['says'] ?? '')
    return isLook(says) ||
      /^(saved|removed|typed|pressed|cut|healed|killed|slowed|made|took|parted|stopped|began)/.test(says)
      ? undefined
      : mark(says.replace(/^ran /, ''), 'input')
  }
  if (id === 'kubernetes/node-lost' && change.key.startsWith('kubernetes/Node/')) return mark('NotReady', 'warning')
  if (id === 'kubernetes/taint-evicted' && change.key.startsWith('kubernetes/Pod/')) return mark('evicted', 'warning')
  if (id === 'kubernetes/node-back') return mark('Ready again', 'good')
  if (id === 'kubernetes/deployment-counted') {
    const before = change.previous?.value?.status?.availableReplicas ?? 0
    if (
      values['available'] === values['wanted'] &&
      before !== values['available'] &&
      values['updated'] === values['wanted']
    )
      return mark(`${change.key.slice(change.key.lastIndexOf('/') + 1)} whole`, 'good')
  }
  return undefined
}

/** Waiting and looking change nothing. */
const isLook = (says: string): boolean =>
  /^ran (sleep|sim (wait|faults|why)|kubectl (get|describe|logs|wait|explain|events|rollout (status|history)))\b/.test(
    says,
  )

const LABELS: Readonly<Record<string, string>> = {
  'machine-crash': 'power cut',
  'link-cut': 'link cut',
  'link-slow': 'link slow',
  'link-lossy': 'link lossy',
  'machine-slow': 'machine slow',
  partition: 'network parted',
  'app-hangs': 'program hangs',
  'app-errors': 'program fails',
  'slow-start': 'slow start',
  'memory-leak': 'memory leak',
  'registry-down': 'registry down',
  'image-gone': 'image gone',
  'scheduler-down': 'scheduler stopped',
  'controllers-down': 'controllers stopped',
  'api-server-down': 'API server stopped',
  'etcd-down': 'etcd stopped',
  'memory-pressure': 'memory full',
  'disk-full': 'disk full',
  'kubelet-stop': 'kubelet stopped',
  'container-kill': 'container killed',
  'dns-down': 'DNS down',
}
