import { defineKind, type Millis } from '../../engine'

/** What the daemon tells whoever listens. scope: machine; name: a number. */
export interface Event {
  readonly at: Millis
  readonly type: 'container' | 'image' | 'network' | 'volume' | 'daemon'
  readonly action: string
  readonly actor: string
  readonly attributes: Readonly<Record<string, string>>
}
export const Event = defineKind<Event>('docker/Event', { about: 'an event of a daemon', quiet: true })

/** The daemon remembers so many. */
export const MOST_EVENTS = 256
