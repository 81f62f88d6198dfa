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

const MODES = ['', 'blocking', 'non-blocking']

/** Options that a driver cannot do without, in the words of its check. */
const REQUIRED: Readonly<Record<string, readonly [option: string, text: string]>> = {
  awslogs: ['awslogs-group', "must specify a value for log opt 'awslogs-group'"],
}

/** What the daemon refuses of a logging configuration. */
export function logProblem({ Type, Config }: HostConfig['LogConfig']): string | undefined {
  if (!DRIVERS.includes(Type)) return `logger: no log driver named '${Type}' is registered`
  const mode = Config['mode']
  if (mode !== undefined && !MODES.includes(mode)) return `logger: logging mode not supported: ${mode}`
  if (Config['max-buffer-size'] !== undefined && mode !== 'non-blocking')
    return "logger: max-buffer-size option is only supported with 'mode=non-blocking'"
  const required = REQUIRED[Type]
  if (required && !Config[required[0]]) return required[1]
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

/**
 * Why a container does not start with a driver: whom it sends to does not answer, for no such server is in a lab. syslog and journald are
 * taken as installed on the machine; what they are sent can be read by `docker logs` only, from the copy that the daemon keeps.
 */
export function logStartProblem({ Type, Config }: HostConfig['LogConfig']): string | undefined {
  const failed = (why: string) => `failed to create task for container: failed to initialize logging driver: ${why}`
  switch (Type) {
    case 'fluentd':
      if (Config['fluentd-async'] === 'true') return undefined
      return failed(`dial tcp ${Config['fluentd-address'] ?? '127.0.0.1:24224'}: connect: connection refused`)
    case 'splunk':
      if (!Config['splunk-url']) return failed('splunk: splunk-url is expected')
      if (!Config['splunk-token']) return failed('splunk: splunk-token is expected')
      return failed(`Options "${Config['splunk-url']}/services/collector/event/1.0": connect: connection refused`)
    case 'gcplogs':
      return failed(
        "No project was specified and couldn't read project from the metadata server. Please specify a project",
      )
    case 'syslog': {
      const address = /^(?:tcp|tcp\+tls):\/\/(.+)$/.exec(Config['syslog-address'] ?? '')?.[1]
      return address === undefined ? undefined : failed(`dial tcp ${address}: connect: connection refused`)
    }
    default:
      return undefined
  }
}

/** Whether `docker logs` can read it. */
export const canRead = (type: string): boolean => type !== 'none'
