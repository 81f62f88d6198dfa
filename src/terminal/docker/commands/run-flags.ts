import { parseGoDuration } from '../../../docker/formats/duration'
import { parseSize } from '../../../docker/formats/size'
import { parseUlimit } from '../../../docker/limits/ulimits'
import { bool, duration, type Flag, int, repeated, text } from '../../cli/flags'
import { mountProblem } from './mount-flag'

const bytes = (name: string, about: string, more: Partial<Flag> = {}): Flag =>
  text(name, about, {
    shows: 'bytes',
    check: (value) => {
      if (value === '-1' && name === 'memory-swap') return undefined
      const read = parseSize(value, 'binary')
      return 'error' in read ? read.error : undefined
    },
    ...more,
  })

const cpus = (value: string): string | undefined =>
  /^\d*\.?\d+$|^\d+\.?$/.test(value) ? undefined : `failed to parse ${value} as a rational number`

/** Limits, which `update` changes too. */
export const limitFlags: readonly Flag[] = [
  bytes('memory', 'Memory limit', { short: 'm' }),
  bytes('memory-reservation', 'Memory soft limit'),
  bytes('memory-swap', 'Limit of memory and swap together; -1: no limit'),
  text('cpus', 'Number of CPUs', { shows: 'decimal', check: cpus }),
  int('cpu-shares', 'Relative weight', { short: 'c' }),
  int('cpu-period', 'Period of the CPU quota, in microseconds'),
  int('cpu-quota', 'CPU time in each period, in microseconds'),
  text('cpuset-cpus', 'CPUs that it may run on (0-3, 0,1)'),
  int('pids-limit', 'How many processes it may have (-1: any number)'),
  text('restart', 'Restart policy: no, on-failure[:max-retries], always, unless-stopped'),
]

const list = (name: string, about: string, more: Partial<Flag> = {}): Flag =>
  repeated(name, about, { shows: 'list', ...more })

/** What `run` and `create` take. */
export const createFlags: readonly Flag[] = [
  ...limitFlags.map((flag) => (flag.name === 'restart' ? { ...flag, initial: 'no' } : flag)),
  list('add-host', 'A name for an address: host:ip', {
    check: (value) => (/^[^:=]+[:=].+$/.test(value) ? undefined : `bad format for add-host: ${JSON.stringify(value)}`),
  }),
  list('attach', 'Attach to STDIN, STDOUT or STDERR', { short: 'a' }),
  list('cap-add', 'Add Linux capabilities'),
  list('cap-drop', 'Drop Linux capabilities'),
  text('cidfile', 'Write the container ID to the file'),
  list('dns', 'DNS servers'),
  list('dns-option', 'DNS options'),
  list('dns-search', 'DNS search domains'),
  text('domainname', 'NIS domain name', { unmodelled: true }),
  text('entrypoint', 'In place of the ENTRYPOINT of the image'),
  list('env', 'Environment variables', { short: 'e' }),
  list('env-file', 'A file of environment variables'),
  list('link', 'Link to another container: name:alias (legacy)'),
  list('expose', 'Ports that it listens on'),
  list('group-add', 'More groups', { unmodelled: true }),
  text('health-cmd', 'Command that checks its health'),
  duration('health-interval', 'Between two checks'),
  int('health-retries', 'Failures in a row that make it unhealthy'),
  duration('health-start-interval', 'Between two checks within the start period'),
  duration('health-start-period', 'In which failures do not count'),
  duration('health-timeout', 'How long one check may take'),
  bool('no-healthcheck', 'No check, not even the image’s'),
  text('hostname', 'Host name', { short: 'h' }),
  bool('init', 'Run an init that forwards signals and reaps processes'),
  bool('interactive', 'Keep standard input open', { short: 'i' }),
  text('ip', 'IPv4 address'),
  list('label', 'Labels', { short: 'l' }),
  list('label-file', 'A file of labels'),
  text('log-driver', 'Logging driver'),
  list('log-opt', 'Options of the logging driver'),
  list('mount', 'A filesystem mount', { shows: 'mount', check: mountProblem }),
  text('name', 'Name of the container'),
  list('network', 'Network that it is in', { shows: 'network' }),
  list('net', 'Network that it is in', { hidden: true }),
  list('network-alias', 'Another name in its networks'),
  int('oom-score-adj', 'For the kernel’s choice when memory runs out (-1000 to 1000)'),
  bool('privileged', 'All capabilities'),
  list('publish', 'Open its ports on the machine', { short: 'p' }),
  bool('publish-all', 'Open all exposed ports on ports that are free', { short: 'P' }),
  text('pull', 'Pull the image: always, missing, never', { initial: 'missing' }),
  bool('quiet', 'No output of the pull', { short: 'q' }),
  bool('read-only', 'Its own files cannot be changed'),
  bool('rm', 'Remove it, with its anonymous volumes, when it ends'),
  list('security-opt', 'Security options', { unmodelled: true }),
  bytes('shm-size', 'Size of /dev/shm', { unmodelled: true }),
  text('stop-signal', 'Signal to stop it'),
  int('stop-timeout', 'Seconds until it is killed'),
  list('tmpfs', 'A folder in memory'),
  bool('tty', 'A terminal', { short: 't' }),
  list('ulimit', 'Limits of each process: name=soft[:hard]', {
    shows: 'ulimit',
    check: (value) => {
      const read = parseUlimit(value)
      return 'error' in read ? read.error : undefined
    },
  }),
  text('user', 'As whom it runs: name|uid[:group|gid]', { short: 'u' }),
  list('volume', 'Bind a volume or a folder', { short: 'v' }),
  list('volumes-from', 'Mount what other containers mount'),
  text('workdir', 'Folder that it works in', { short: 'w' }),
  ...unmodelled(),
]

/** Accepted, but nothing follows from them. */
function unmodelled(): Flag[] {
  const strings =
    'cgroup-parent cgroupns cpuset-mems gpus ip6 ipc isolation mac-address pid platform runtime userns uts volume-driver kernel-memory io-maxbandwidth'
  const lists =
    'annotation blkio-weight-device device device-cgroup-rule device-read-bps device-read-iops device-write-bps device-write-iops link-local-ip storage-opt sysctl'
  const numbers = 'blkio-weight cpu-count cpu-percent cpu-rt-period cpu-rt-runtime io-maxiops memory-swappiness'
  const bools = 'disable-content-trust oom-kill-disable use-api-socket'
  const about = 'See the real command'
  const more = { unmodelled: true }
  return [
    ...strings.split(' ').map((name) => text(name, about, more)),
    ...lists.split(' ').map((name) => list(name, about, more)),
    ...numbers.split(' ').map((name) => int(name, about, more)),
    ...bools.split(' ').map((name) => bool(name, about, more)),
  ]
}

/** Milliseconds of a duration flag; 0 where it is not given. */
export const millisOf = (value: string | undefined): number => (value === undefined ? 0 : (parseGoDuration(value) ?? 0))

export const bytesOf = (value: string | undefined): number => {
  if (value === undefined) return 0
  if (value === '-1') return -1
  const read = parseSize(value, 'binary')
  return 'bytes' in read ? read.bytes : 0
}
