import { http } from './http'
import { err, out, type Program, type Situation } from './program'
import { isBareShell } from './shell'

/** The first digits of pi, as `perl -Mbignum=bpi -wle 'print bpi(N)'` prints them (Gibbons' spigot). */
export function digitsOfPi(count: number): string {
  let [q, r, t, k, n, l] = [1n, 0n, 1n, 1n, 3n, 3n]
  let digits = ''
  while (digits.length < count) {
    if (4n * q + r - t < n * t) {
      digits += n
      const next = 10n * (r - n * t)
      n = (10n * (3n * q + r)) / t - 10n * n
      q *= 10n
      r = next
    } else {
      const next = (2n * q + r) * l
      n = (q * (7n * k) + 2n + r * l) / (t * l)
      q *= k
      t *= l
      l += 2n
      k += 1n
      r = next
    }
  }
  return `${digits[0]}.${digits.slice(1)}`
}

/** Longer numbers are cut: nobody reads them. */
const MOST_DIGITS = 2000
/** What the real one needs for 2000 digits. */
const PI_MILLIS = 4200

/** perl: knows the one program of Kubernetes' Job tutorial, and leaves otherwise. */
export const perl: Program = {
  name: 'perl',
  about: 'perl: computes pi, as in the Job tutorial',
  cpuMillis: 0,
  memoryBytes: 12_000_000,
  run: ({ command, task }) => {
    const match = /bpi\((\d+)\)/.exec(command.words.join(' '))
    if (!match) return { exit: 0 }
    const count = Math.min(Number(match[1]), MOST_DIGITS)
    if (task('pi')?.ended) return { print: [out(digitsOfPi(count))], exit: 0 }
    const cpuMillis = Math.ceil((PI_MILLIS * count) / MOST_DIGITS)
    return { works: [{ name: 'pi', what: `perl: ${count} digits of pi`, threads: 1, cpuMillis }] }
  },
}

const argument = ({ command }: Situation, at: number): string | undefined => command.words[at]

/** node: a script is taken to be a server on the declared ports; without one it has nothing to read and ends. It ignores TERM as first process. */
export const node: Program = {
  ...http,
  name: 'node',
  about: 'Node.js: a script is taken to be an HTTP server',
  workers: 1,
  memoryBytes: 44_000_000,
  run: (call) =>
    isBareShell(call.command.words, call.container.spec.stdin === true) || argument(call, 1) === '-e'
      ? { exit: 0 }
      : {},
  ports: (situation) => (situation.command.words.length > 1 ? http.ports!(situation) : []),
  signal: () => 'ignored',
}

/** python: `-m http.server`, or a script that is taken to be a server. */
export const python: Program = {
  ...http,
  name: 'python',
  about: 'Python: a script is taken to be an HTTP server',
  workers: 1,
  memoryBytes: 18_000_000,
  run: (call) =>
    isBareShell(call.command.words, call.container.spec.stdin === true) || argument(call, 1) === '-c'
      ? { exit: 0 }
      : {},
  ports: (situation) => {
    const { words } = situation.command
    if (words[1] === '-m' && words[2] === 'http.server') return [Number(words[3] ?? '8000')]
    return words.length > 1 && words[1] !== '-c' ? http.ports!(situation) : []
  },
  /** INT raises KeyboardInterrupt; TERM has no handler. */
  signal: (signal) => (signal === 'SIGINT' ? { exit: 1, after: 20, print: [err('KeyboardInterrupt')] } : 'ignored'),
}

const hello = `
Hello from Docker!
This message shows that your installation appears to be working correctly.

To generate this message, Docker took the following steps:
 1. The Docker client contacted the Docker daemon.
 2. The Docker daemon pulled the "hello-world" image from the Docker Hub.
    (amd64)
 3. The Docker daemon created a new container from that image which runs the
    executable that produces the output you are currently reading.
 4. The Docker daemon streamed that output to the Docker client, which sent it
    to your terminal.

To try something more ambitious, you can run an Ubuntu container with:
 $ docker run -it ubuntu bash

Share images, automate workflows, and more with a free Docker ID:
 https://hub.docker.com/

For more examples and ideas, visit:
 https://docs.docker.com/get-started/
`

export const helloWorld: Program = {
  name: 'hello-world',
  about: 'prints a greeting and ends',
  cpuMillis: 0,
  memoryBytes: 400_000,
  run: () => ({ print: [out(hello)], exit: 0 }),
}
