import { parseSize } from '../formats/size'
import type { HostConfig } from './container'

const DRIVERS = [
  'json-file',
  'local',
  'none',
  'journald',
  'syslog',
  'gelf',
  'fluentd',
  'awslogs',
  'splunk',
  'gcplogs',
  'etwlogs',
]
const FILE_OPTIONS = [
  'max-file',
  'max-size',
  'compress',
  'labels',
  'labels-regex',
  'env',
  'env-regex',
  'tag',
  'mode',
  'max-buffer-size',
]

/** What the daemon refuses of a logging configuration. Of the drivers only json-file, local and none are modelled. */
export function logProblem({ Type, Config }: HostConfig['LogConfig']): string | undefined {
  if (!DRIVERS.includes(Type)) return `logger: no log driver named '${Type}' is registered`
  if (Type !== 'json-file' && Type !== 'local') return undefined
  for (const name of Object.keys(Config))
    if (!FILE_OPTIONS.includes(name)) return `unknown log opt '${name}' for ${Type} log driver`
  const size = Config['max-size']
  if (size !== undefined && size !== '-1') {
    const read = parseSize(size, 'binary')
    if ('error' in read) return read.error
  }
  const files = Config['max-file']
  if (files !== undefined && !/^\d+$/.test(files))
    return `strconv.Atoi: parsing ${JSON.stringify(files)}: invalid syntax`
  if (files !== undefined && Number(files) < 1) return 'max-file cannot be less than 1'
  if (Config['compress'] === 'true' && (Number(files ?? '1') < 2 || size === undefined) && Type === 'json-file')
    return 'compress cannot be true when max-file is less than 2 or max-size is not set'
  return undefined
}

/** Whether `docker logs` can read it. */
export const canRead = (type: string): boolean => type !== 'none'
