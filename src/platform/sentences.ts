import type { Sentences } from '../engine/plan'
import { faultNamed } from './faults'

const size = (bytes: number): string => {
  const units = ['B', 'kB', 'MB', 'GB']
  let n = bytes
  let unit = 0
  while (n >= 1000 && unit < units.length - 1) {
    n /= 1000
    unit++
  }
  return `${n >= 100 || unit === 0 ? Math.round(n) : n.toFixed(1)} ${units[unit]}`
}

const layersOf = (count: number): string => (count === 1 ? '1 layer' : `${count} layers`)

const time = (millis: number): string => (millis < 1000 ? `${millis} ms` : `${(millis / 1000).toFixed(1)} s`)

const codes: Readonly<Record<number, string>> = {
  0: 'all was well',
  2: 'a Go program that was asked to stop',
  126: 'the command cannot be run',
  127: 'there is no such command',
  130: 'SIGINT ended it',
  134: 'it aborted itself',
  137: 'SIGKILL ended it',
  139: 'it used memory that is not its own',
  143: 'SIGTERM ended it',
  255: 'nobody saw its end',
}

const cpus = (millis: number): string => `${(millis / 1000).toFixed(2)} CPUs`

const HOLDS: Readonly<Record<string, string>> = {
  quota: 'its quota is used up in every period',
  cpuset: 'the CPUs that it may run on are full',
  threads: 'all its threads are busy, and each is on one CPU at a time',
  weight: 'others want the processor too, and it is shared by their weights',
}

/** Why a group gets what it gets. */
function heldBy(v: any): string {
  const { wants, quota, periodMillis, weight, rivalWeights, slice, cpuset, held } = v
  if (held === 'quota')
    return `cpu.max lets it run ${time((quota * periodMillis) / 1000)} in every ${time(periodMillis)}; it could use ${cpus(wants)}, and stands still for the rest`
  if (held === 'cpuset') return `it may run on CPU ${cpuset} only; it could use more elsewhere`
  if (held === 'threads') return `${HOLDS['threads']}; what comes meanwhile waits`
  if (held === 'weight')
    return rivalWeights === 0
      ? `it wants ${cpus(wants)}; that is more than there is`
      : `it wants ${cpus(wants)}; ${slice === undefined ? 'its cpu.weight is' : `${slice}, which it is in, weighs`} ${weight} of ${weight + rivalWeights} that compete`
  return `all that it wants; weights count only where the CPUs are short`
}

/** What the platform says of its changes. */
export const sentences: Sentences = {
  'platform/registry-collected': ({ name }) => [
    `collected the garbage of the registry ${name}`,
    'blobs that no manifest names any more are gone',
  ],
  'platform/machine-booted': ({ millis }) => ['switched it to on', `booting takes ${time(millis)}`],
  'platform/machine-lost-power': ({ machine }) => [
    'ended it: the machine lost its power',
    `what is in the memory of ${machine} is gone; its disk, and the images on it, stay`,
  ],
  'platform/machine-removed': ({ machine }) => ['removed it', `it was on ${machine}, which is no longer there`],
  'platform/machine-added': ({ machine }) => [`put ${machine} into the lab`, 'it boots now'],
  'platform/load-wanted': ({ host, rate }) => [`began to send requests to ${host}`, `${rate} a second`],
  'platform/pull-started': ({ image, bytes, layers, present }) =>
    bytes === undefined
      ? [`began to pull ${image}`, 'the registry decides whether there is such an image']
      : [
          `began to pull ${image}`,
          layers === 0
            ? 'all of its layers are on the machine already'
            : `${size(bytes)} in ${layersOf(layers)}; ${layersOf(present)} on the machine already`,
        ],
  'platform/pulled': ({ image, bytes, millis, notice }) => [
    `pulled ${image}`,
    `${size(bytes)} in ${time(millis)}${notice === undefined ? '' : `; ${notice}`}`,
  ],
  'platform/pull-failed': ({ image, error }) => [`could not pull ${image}`, String(error)],
  'platform/container-started': ({ image, program }) => ['started it', `image ${image} runs the program ${program}`],
  'platform/program-took-over': ({ command, program }) => [
    `its script became ${command}`,
    `the program ${program} is process 1 now and takes the signals`,
  ],
  'platform/push-began': ({ image, layers, bytes, present }) =>
    layers === undefined
      ? `asked the registry for ${image}`
      : [
          `began to push ${image}`,
          `${layers} layers travel (${bytes} bytes), ${present} are there already or are mounted`,
        ],
  'platform/pushed': ({ image, digest }) => [`pushed ${image}`, `the registry has it as ${digest}`],
  'platform/push-failed': ({ image, error }) => [`could not push ${image}`, String(error)],
  'platform/registry-stocked': ({ host }) => `the lab has the registry ${host}`,
  'platform/pushed-to': ({ host }) => `${host} noted what was pushed`,
  'platform/data-saved': ({ program, why }) => [`${program} wrote its data to its volume`, String(why)],
  'platform/stopped-before-start': () => 'did not start it: it was to stop before it had begun',
  'platform/start-failed': ({ error }) => ['could not start it', String(error)],
  'platform/container-listens': ({ ports, millis }) => [
    `heard it open port ${ports.join(', ')}`,
    `${time(millis)} after its start`,
  ],
  'platform/container-signalled': ({ signal }) => [
    `sent ${signal} to its first process`,
    'the program decides whether and when it ends',
  ],
  'platform/container-exited': ({ code, why }) => [
    `saw it exit with ${code}`,
    codes[code] === undefined ? String(why) : `${why}: ${codes[code]}`,
  ],
  'platform/container-killed': ({ signal, graceMillis }) =>
    graceMillis > 0
      ? [
          'killed it with SIGKILL',
          `it had not ended ${time(graceMillis)} after ${signal}; the exit code is 128 + 9 = 137`,
        ]
      : ['killed it with SIGKILL', 'no time was left to end by itself; the exit code is 128 + 9 = 137'],
  'platform/oom-killed': ({ usedBytes, limitBytes, swapBytes }) => [
    'let the kernel kill its largest process: out of memory',
    `it used ${size(usedBytes)}, its limit is ${size(limitBytes)}${swapBytes === undefined ? '' : ` and ${size(swapBytes)} of swap`}; memory cannot be throttled like processor time`,
  ],
  'platform/memory-held': ({ memoryBytes }) => [`counts ${size(memoryBytes)} for it`, 'with what its commands hold'],
  'platform/oom-killed-by-machine': ({ machine, usedBytes, adjustment }) => [
    `let the kernel kill it: ${machine} has no memory left`,
    `it had the worst score: ${size(usedBytes)} in use, adjustment ${adjustment}`,
  ],
  'platform/cpu-shared': (v) => [`gave it ${cpus(v.rate)} of the ${v.cpus} CPUs`, heldBy(v)],
  'platform/cpu-given': ({ rate, wants, held }) => [
    `lets it run at ${cpus(rate)} of ${cpus(wants)}`,
    held === undefined ? 'nobody is in its way' : `less than it could use: ${HOLDS[held]}`,
  ],
  'platform/work-done': ({ what, micros, millis, held }) => [
    `saw ${what} done`,
    `${time(micros / 1000)} of processor time took ${time(millis)}${held === undefined ? '' : `: ${HOLDS[held]}`}`,
  ],
  'platform/cpu-idle': () => ['gives it no more processor time', 'nothing in it wants any'],
  'platform/task-over': ({ what }) => [`let ${what} go`, 'its process has ended, or has nothing more to compute'],
  'platform/cpu-gone': ({ machine }) => ['forgot what computed', `${machine} has no power`],
  'platform/container-removed': () => 'removed what belonged to the container',
  'platform/program-ran': ({ program, exit }) =>
    exit === undefined ? `let ${program} do its work` : `saw ${program} end with ${exit}`,
  'platform/log-rotated': () => 'dropped the oldest lines of the log',
  'platform/log-kept': () => 'kept the log of the start before',
  'platform/fault-began': ({ fault, target }) => [
    `broke it on purpose: ${fault}${target === '' ? '' : ` of ${target}`}`,
    faultNamed(fault)?.about ?? '',
  ],
  'platform/fault-healed': ({ fault, target }) => `healed ${fault}${target === '' ? '' : ` of ${target}`}`,
  'platform/fault-over': ({ fault, target }) => [
    `ended ${fault} of ${target}`,
    'its process has ended; the one that takes its place is well',
  ],
  'platform/leaked': ({ leakedBytes, bytesPerSecond }) => [
    `let it lose ${size(bytesPerSecond)} of memory`,
    `${size(leakedBytes)} so far; nothing gives them back before the process ends`,
  ],
  'platform/counted': ({ sent, failed }) => [
    `counted ${sent} requests`,
    failed === 0 ? 'none has failed' : `${failed} have failed`,
  ],
  'platform/stays': ({ client }) => [`keeps ${client} with its target`, 'the rule asks for session affinity'],
  'platform/load-stopped': () => 'stopped the load that it had begun',
  'platform/load-ended': ({ sent, failed }) => [
    `ended the load after ${sent} requests`,
    failed === 0 ? 'none has failed' : `${failed} have failed`,
  ],
  'platform/exec-started': ({ command, container }) => [
    `started ${command} in ${container}`,
    'as one more process of the running container',
  ],
  'platform/tunnel-opened': ({ port, to, remote }) => [
    `opened port ${port} of its own machine`,
    `connections to it are carried to port ${remote} of ${to}`,
  ],
  'platform/tunnel-used': ({ to }) => ['carried a connection', `to ${to}`],
  'platform/tunnel-closed': () => ['closed the forwarded port', 'the command that held it open has ended'],
  'platform/request-served': ({ method, path, by }) => [`served ${method} ${path}`.trim(), `by ${by}`],
}
