import { defineKind, type Key, type Millis } from '../../engine'

/** A volume of a machine. scope: machine; name: its name. */
export interface Volume {
  readonly name: string
  readonly machine: string
  readonly driver: string
  readonly labels: Readonly<Record<string, string>>
  readonly options: Readonly<Record<string, string>>
  readonly createdAt: Millis
  /** Made for one container without a name of its own. */
  readonly anonymous: boolean
}
export const Volume = defineKind<Volume>('docker/Volume', { about: 'a volume' })
export const volumeKey = (machine: string, name: string): Key<Volume> => Volume.key(machine, name)

/** What a container mounts of it; the platform keeps its files under `volume:` and this. */
export const volumeFiles = (machine: string, name: string): string => `${machine}:${name}`
/** The scope of its files. */
export const volumeScope = (machine: string, name: string): string => `volume:${volumeFiles(machine, name)}`
export const mountpointOf = (name: string): string => `/var/lib/docker/volumes/${name}/_data`
