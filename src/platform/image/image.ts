import type { Millis } from '../../engine/json'
import { defineKind } from '../../engine/kind'
import type { Credentials } from '../registry/credentials'

/** An image that a machine has. scope: machine, name: the reference in its familiar form with its tag (`nginx:1.27`). */
export interface LocalImage {
  readonly machine: string
  readonly reference: string
  readonly id: string
  /** A name that somebody gave it here: what it is called in its registry. */
  readonly source?: string
  readonly digest: string
  /** Of the compressed content, as containerd tells the kubelet. */
  readonly sizeBytes: number
  /** As `docker images` prints it. */
  readonly unpackedBytes?: number
  readonly pulledAt: Millis
}
export const LocalImage = defineKind<LocalImage>('platform/Image', {
  about: 'an image on a machine',
  indexes: { reference: (image) => image.reference },
})

/** A pull that is wanted, under way or has failed. scope: machine, name: as LocalImage. Success deletes it and leaves a LocalImage. */
export interface Pull {
  readonly machine: string
  readonly reference: string
  readonly state: 'waiting' | 'pulling' | 'failed'
  readonly wantedAt: Millis
  readonly startedAt: Millis | undefined
  readonly endsAt: Millis | undefined
  /** The runtime's error text when failed. */
  readonly error: string | undefined
  /** The same in the words of Docker's daemon, where it says something else. */
  readonly told?: string
  /** A name and password for the registry. */
  readonly credentials?: Credentials
  /** Registries that may be spoken to without encryption. */
  readonly insecure?: readonly string[]
  /** The image that the registry gives, where that is none of the catalogue: its id in the pool. */
  readonly image?: string
}
export const Pull = defineKind<Pull>('platform/Pull', { about: 'an image on its way to a machine' })
/** `reference` in its familiar form with its tag: see `localName`. */
export const localImageKey = (machine: string, reference: string) => LocalImage.key(machine, reference)
export const pullKey = (machine: string, reference: string) => Pull.key(machine, reference)
