import type { Sentences } from '../engine'

const seconds = (millis: number): string => (millis < 1000 ? `${millis} ms` : `${millis / 1000} s`)

/** What the daemon says of its changes. */
export const sentences: Sentences = {
  'docker/told': ({ action, type }) => `told whoever listens: ${type} ${action}`,
  'docker/created': ({ name, image }) => [`created ${name}`, `from the image ${image}; nothing runs yet`],
  'docker/mounted': ({ image }) => [
    'made what is to be mounted',
    `a volume that is new gets what ${image} has at its path`,
  ],
  'docker/start-wanted': ({ name }) => [
    `began to start ${name}`,
    'its networks and ports are set up; the runtime does the rest',
  ],
  'docker/started': ({ name }) => [`noted that ${name} runs`, 'the runtime has started its first process'],
  'docker/start-failed': ({ name, why }) => [`could not start ${name}`, String(why)],
  'docker/stop-wanted': ({ name, signal, seconds: grace }) => [
    `sent ${signal} to ${name}`,
    grace < 0 ? 'and waits for as long as it takes' : `SIGKILL follows after ${grace} s if it still runs then`,
  ],
  'docker/daemon-stops': ({ name, signal, seconds: grace }) => [
    `sent ${signal} to ${name}, for the daemon itself is stopped`,
    `SIGKILL follows after ${grace} s; with "live-restore": true in /etc/docker/daemon.json it would run on`,
  ],
  'docker/kill-wanted': ({ name, signal }) => [
    `sent ${signal} to ${name}`,
    signal === 'SIGKILL' ? 'nothing can refuse it' : 'what it does with that is its own matter',
  ],
  'docker/lost-process': ({ name }) => [
    `noted that the kernel took a process of ${name}`,
    'it ran out of memory; its first process goes on, so the container does',
  ],
  'docker/ended': ({ name, code }) => [
    `noted the end of ${name}`,
    `exit code ${code}; its addresses and ports are free again`,
  ],
  'docker/restart-waits': ({ name, code, millis, count, policy }) => [
    `will start ${name} again in ${seconds(millis)}`,
    `it ended with ${code}, its restart policy is ${policy}, this is restart ${count}; each delay is twice the last, from 100 ms to a minute, and a run of 10 s begins anew`,
  ],
  'docker/restarted': ({ name, count }) => [`started ${name} again`, `restart ${count}: the delay is over`],
  'docker/booted': ({ name, policy }) => [
    `found ${name} ended after the machine's boot`,
    policy === '' || policy === 'no'
      ? 'nothing says that it is to be started again'
      : `its restart policy is ${policy}`,
  ],
  'docker/paused': ({ name }) => [`froze ${name}`, 'its processes get no processor time; their memory stays'],
  'docker/unpaused': ({ name }) => `thawed ${name}`,
  'docker/removed': ({ name }) => [`removed ${name}`, 'its own files and its log are gone with it'],
  'docker/auto-removed': ({ name }) => [`removed ${name}`, 'it was to go after its end (--rm, or rm -f)'],
  'docker/renamed': ({ from, to }) => `renamed ${from} to ${to}`,
  'docker/updated': ({ name, what }) => [`changed ${name}`, String(what)],
  'docker/probe-began': ({ name, words }) => [`began to check the health of ${name}`, String(words)],
  'docker/probe-timed-out': ({ name }) => [`gave up a health check of ${name}`, 'it took longer than it may'],
  'docker/probe-done': () => 'forgot a health check that is over',
  'docker/probed': ({ name, exit, status, streak, retries }) => [
    `checked the health of ${name}: ${status}`,
    exit === 0
      ? 'the check ended with 0'
      : `the check ended with ${exit}: ${streak} failures in a row, ${retries} make it unhealthy`,
  ],
  'docker/network-created': ({ name, subnet }) => [
    `made the network ${name}`,
    `${subnet} is the first subnet that nobody has`,
  ],
  'docker/network-removed': ({ name }) => [`removed the network ${name}`, 'no running container was in it'],
  'docker/connected': ({ name, network }) => `put ${name} into the network ${network}`,
  'docker/disconnected': ({ name, network }) => `took ${name} out of the network ${network}`,
  'docker/volume-created': ({ name }) => `made the volume ${name}`,
  'docker/volume-removed': ({ name }) => [`removed the volume ${name}`, 'with all that was in it'],
  'docker/pruned': ({ what }) => [`removed ${what}`, 'nobody used it'],
  'docker/pull-wanted': ({ image }) => [`asked for ${image}`, 'the machine does not have it, or not its newest'],
  'docker/push-wanted': ({ image }) => [`asked to push ${image}`, 'the registry says what of it is missing there'],
  'docker/pull-failed': ({ image }) => `gave up pulling ${image}`,
  'docker/tagged': ({ from, to }) => `gave ${from} the name ${to}`,
  'docker/build-began': ({ file, tags }) => [
    `began to build${tags === '' ? '' : ` ${tags}`}`,
    `${file} and the files of the context come from the client`,
  ],
  'docker/build-went-on': ({ file }) => [`went on building from ${file}`, 'a step is over, or can begin'],
  'docker/build-cached': ({ step }) => [
    `took ${step} from the cache`,
    'everything that its key is made of is as it was',
  ],
  'docker/build-kept': ({ step }) => [`kept what ${step} has made`, 'a later build with the same key takes it'],
  'docker/build-cache-full': () => ['forgot the oldest step of the build cache', 'it holds a thousand'],
  'docker/build-mounted': () => 'mounted files for a step of a build',
  'docker/build-forgotten': () => 'forgot a build that is long over',
  'docker/build-canceled': () => ['gave up a build', 'its client has gone away'],
  'docker/built': ({ image, layers, bytes }) => [`built ${image}`, `${layers} layers, ${bytes} bytes unpacked`],
  'docker/committed': ({ name, image }) => [
    `made an image of ${name}${image === '' ? '' : `: ${image}`}`,
    'what it has written is the uppermost layer; volumes are left out',
  ],
  'docker/loaded': ({ image }) => [
    `loaded ${image}`,
    'from an archive: layers that were there already stay as they are',
  ],
  'docker/imported': ({ image, files }) => [
    `imported ${image === '' ? 'an image' : image}`,
    `${files} files of an archive as one layer, without a configuration`,
  ],
  'docker/image-removed': ({ image }) => `removed ${image}`,
  'docker/installed': () => ['was installed', 'with its three first networks'],
}
