import { defineKind } from '../../engine/kind'
import type { KubeObject } from './meta'

export interface ObjectReference {
  readonly apiVersion?: string
  readonly kind: string
  readonly namespace?: string
  readonly name: string
  readonly uid?: string
  readonly resourceVersion?: string
  readonly fieldPath?: string
}

export interface Event extends KubeObject {
  readonly involvedObject: ObjectReference
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
  readonly source: { readonly component?: string; readonly host?: string }
  readonly reportingComponent: string
  readonly reportingInstance: string
  readonly firstTimestamp?: string | null
  readonly lastTimestamp?: string | null
  readonly eventTime?: string | null
  readonly count?: number
  readonly series?: { readonly count: number; readonly lastObservedTime: string }
}

type Told = Pick<Event, 'involvedObject' | 'type' | 'reason' | 'message' | 'source'>

/** Who writes an event asks for its text just before the index does: the last answer is kept. */
let lastTold: Told | undefined
let lastText = ''

/** Events that agree in this text are one event, counted. */
export function samenessOf(event: Told): string {
  const { involvedObject: about, source, type, reason, message } = event
  if (
    lastTold?.involvedObject === about &&
    lastTold.source === source &&
    lastTold.type === type &&
    lastTold.reason === reason &&
    lastTold.message === message
  )
    return lastText
  lastTold = event
  lastText = `${source.component}|${source.host ?? ''}|${about.uid ?? about.name}|${about.fieldPath ?? ''}|${type}|${reason}|${message}`
  return lastText
}

export const Event = defineKind<Event>('kubernetes/Event', {
  about: 'a note that a component leaves about an object',
  quiet: true,
  indexes: { about: (event) => event.involvedObject.uid, same: samenessOf },
})
