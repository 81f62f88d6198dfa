import type { World } from '../../engine'
import { diskScope, type Machine } from '../../platform/machine/machine'
import { File } from '../../platform/shell/file'

const CONFIG_FILE = '/etc/docker/daemon.json'

/** What of `/etc/docker/daemon.json` the daemon goes by. */
export interface Configuration {
  /** Containers go on while the daemon stands still. */
  readonly liveRestore: boolean
  readonly logDriver: string
  readonly logOptions: Readonly<Record<string, string>>
  /** Registries that may be spoken to without encryption, beside those of the machine itself. */
  readonly insecureRegistries: readonly string[]
}

/**
 * The configuration as the file has it now. Simplified: no restart is needed for it to count, what cannot be read counts as empty, and other
 * fields are ignored.
 */
export function configurationOf(world: World, machine: Machine): Configuration {
  const text = world.get(File.key(diskScope(machine), CONFIG_FILE))?.text ?? ''
  const read = parsed(text)
  const driver = read['log-driver']
  return {
    liveRestore: read['live-restore'] === true,
    logDriver: typeof driver === 'string' ? driver : 'json-file',
    logOptions: Object.fromEntries(
      Object.entries(objectOf(read['log-opts'])).flatMap(([name, value]) =>
        typeof value === 'string' ? [[name, value]] : [],
      ),
    ),
    insecureRegistries: Array.isArray(read['insecure-registries'])
      ? read['insecure-registries'].filter((one) => typeof one === 'string')
      : [],
  }
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}

function parsed(text: string): Readonly<Record<string, unknown>> {
  if (text === '' || text.length > 100_000) return {}
  try {
    return objectOf(JSON.parse(text))
  } catch {
    return {}
  }
}
