import { dateParts, LAB_EPOCH, parseRfc3339, rfc3339 } from '../../../engine'
import { Container } from '../../container/container'
import type { Tool, ToolCall } from '../tool'
import { flagsOf } from './input'
import { may } from './rights'

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (n: number) => String(n).padStart(2, '0')

/** `date +FORMAT`; the zone is UTC. */
export function formatDate(epoch: number, format: string): string {
  const d = dateParts(epoch)
  const parts: Readonly<Record<string, string>> = {
    Y: String(d.year),
    m: two(d.month),
    d: two(d.day),
    H: two(d.hour),
    M: two(d.minute),
    S: two(d.second),
    s: String(Math.floor(epoch / 1000)),
    N: `${String(d.millis).padStart(3, '0')}000000`,
    F: `${d.year}-${two(d.month)}-${two(d.day)}`,
    T: `${two(d.hour)}:${two(d.minute)}:${two(d.second)}`,
    R: `${two(d.hour)}:${two(d.minute)}`,
    a: DAYS[d.weekday]!,
    b: MONTHS[d.month - 1]!,
    e: String(d.day).padStart(2),
    y: two(d.year % 100),
    Z: 'UTC',
    z: '+0000',
    n: '\n',
    t: '\t',
    '%': '%',
    D: `${two(d.month)}/${two(d.day)}/${two(d.year % 100)}`,
    u: String(d.weekday || 7),
    w: String(d.weekday),
    I: two(d.hour % 12 || 12),
    p: d.hour < 12 ? 'AM' : 'PM',
    c: '',
  }
  return format.replace(/%(.)/g, (all, letter: string) => parts[letter] ?? all)
}

export const date: Tool = {
  name: 'date',
  about: 'prints the simulated time',
  streams: true,
  run(call) {
    const { flags, rest } = flagsOf(call.argv.slice(1), 'ds')
    const given = flags.get('d') ?? flags.get('date')
    const set = flags.get('s') ?? flags.get('set')
    if (set !== undefined && !may(call, 'SYS_TIME')) {
      call.printError("date: can't set date: Operation not permitted\n")
      return { exit: 1 }
    }
    if (set !== undefined) call.notice('the simulated time cannot be set from within')
    let epoch = LAB_EPOCH + call.now
    if (given !== undefined && given !== 'now') {
      const parsed = given.startsWith('@') ? Number(given.slice(1)) * 1000 : parseRfc3339(given)
      if (parsed === undefined || Number.isNaN(parsed)) {
        call.printError(`date: invalid date '${given}'\n`)
        return { exit: 1 }
      }
      epoch = parsed
    }
    const format = rest.find((arg) => arg.startsWith('+'))?.slice(1)
    if (flags.has('Iseconds') || flags.get('iso-8601') === 'seconds')
      call.print(`${rfc3339(epoch).replace('Z', '+00:00')}\n`)
    else call.print(`${formatDate(epoch, format ?? '%a %b %e %T UTC %Y')}\n`)
    return { exit: 0 }
  },
}

export const env: Tool = {
  name: 'env',
  about: 'prints the environment, or runs a command in a changed one',
  streams: true,
  reads: () => false,
  run(call) {
    const args = call.argv.slice(1)
    const own: Record<string, string> = {}
    while (args[0] !== undefined && /^[A-Za-z_]\w*=/.test(args[0])) {
      const [name, ...value] = args.shift()!.split('=')
      own[name!] = value.join('=')
    }
    if (args.length > 0)
      return {
        run:
          ['export', ...Object.entries(own).map(([name, value]) => `${name}=${value}`)].length > 1
            ? [
                'eval',
                `${Object.entries(own)
                  .map(([name, value]) => `${name}='${value.replaceAll("'", "'\\''")}'`)
                  .join(' ')} ${args.map((arg) => `'${arg.replaceAll("'", "'\\''")}'`).join(' ')}`,
              ]
            : args,
      }
    for (const [name, value] of Object.entries({ ...call.env, ...own })) call.print(`${name}=${value}\n`)
    return { exit: 0 }
  },
}

export const printenv: Tool = {
  name: 'printenv',
  about: 'prints variables',
  streams: true,
  run(call) {
    const names = call.argv.slice(1)
    if (names.length === 0) for (const [key, value] of Object.entries(call.env)) call.print(`${key}=${value}\n`)
    for (const name of names) if (call.env[name] !== undefined) call.print(`${call.env[name]}\n`)
    if (names.some((name) => call.env[name] === undefined)) return { exit: 1 }
    return { exit: 0 }
  },
}

export const hostname: Tool = {
  name: 'hostname',
  about: 'prints the name of this machine or container',
  streams: true,
  run(call) {
    const read = call.files.read('/etc/hostname')
    call.print('text' in read ? read.text : `${call.from.machine}\n`)
    return { exit: 0 }
  },
}

/** Who runs a command; without a word on it, root or the learner. */
const who = ({ user, env }: ToolCall) =>
  user ??
  (env['USER'] === undefined || env['USER'] === 'root' ? ROOT : { ...ROOT, uid: 1000, gid: 1000, name: env['USER'] })
const ROOT = { uid: 0, gid: 0, groups: [] as readonly number[], name: 'root' as string | undefined }

export const whoami: Tool = {
  name: 'whoami',
  about: 'prints the user',
  streams: true,
  run(call) {
    const { name, uid } = who(call)
    if (name === undefined) call.printError(`whoami: unknown uid ${uid}\n`)
    else call.print(`${name}\n`)
    return { exit: name === undefined ? 1 : 0 }
  },
}

export const id: Tool = {
  name: 'id',
  about: 'prints user and group',
  streams: true,
  run(call) {
    const { uid, gid, groups, name } = who(call)
    const group = (n: number) => (n === 0 ? '0(root)' : n === gid && name !== undefined ? `${n}(${name})` : String(n))
    const answers: Readonly<Record<string, string | undefined>> = {
      '-u': String(uid),
      '-g': String(gid),
      '-G': [gid, ...groups].join(' '),
      '-un': name ?? String(uid),
    }
    const own = answers[call.argv[1] ?? '']
    const user = name === undefined ? String(uid) : `${uid}(${name})`
    call.print(`${own ?? `uid=${user} gid=${group(gid)} groups=${[gid, ...groups].map(group).join(',')}`}\n`)
    return { exit: 0 }
  },
}

export const uname: Tool = {
  name: 'uname',
  about: 'prints the kernel',
  streams: true,
  run(call) {
    const { flags } = flagsOf(call.argv.slice(1))
    const name = call.env['HOSTNAME'] ?? call.from.machine
    const parts: [string, string][] = [
      ['s', 'Linux'],
      ['n', name],
      ['r', '6.1.0-38-amd64'],
      ['v', '#1 SMP PREEMPT_DYNAMIC Debian 6.1.147-1'],
      ['m', 'x86_64'],
      ['o', 'GNU/Linux'],
    ]
    const wanted = flags.has('a')
      ? parts
      : flags.size === 0
        ? parts.slice(0, 1)
        : parts.filter(([letter]) => flags.has(letter))
    call.print(`${wanted.map(([, text]) => text).join(' ')}\n`)
    return { exit: 0 }
  },
}

/** Simplified: the container's program and this command; on a machine, the daemons that run. */
export const ps: Tool = {
  name: 'ps',
  about: 'lists processes (simplified)',
  streams: true,
  run(call) {
    const container =
      call.from.sandbox === undefined
        ? undefined
        : call.world.list(Container, { sandbox: `${call.from.machine}/${call.from.sandbox}` })[0]?.value
    call.print('PID   USER     TIME  COMMAND\n')
    call.print(
      `    1 root      0:00 ${container ? [...(container.spec.command ?? []), ...(container.spec.args ?? [])].join(' ') || container.program : 'bash'}\n`,
    )
    call.print(
      `   ${String(7 + (call.now % 90)).padStart(2)} ${(call.env['USER'] ?? 'root').padEnd(8)}  0:00 ${call.argv.join(' ')}\n`,
    )
    return { exit: 0 }
  },
}

export const basename: Tool = {
  name: 'basename',
  about: 'the last part of a path',
  streams: true,
  run(call) {
    const name = (call.argv[1] ?? '').replace(/\/+$/, '').split('/').at(-1) || '/'
    const suffix = call.argv[2] ?? ''
    call.print(`${suffix !== '' && name.endsWith(suffix) && name !== suffix ? name.slice(0, -suffix.length) : name}\n`)
    return { exit: 0 }
  },
}

export const dirname: Tool = {
  name: 'dirname',
  about: 'a path without its last part',
  streams: true,
  run(call) {
    const path = (call.argv[1] ?? '').replace(/\/+$/, '')
    const end = path.lastIndexOf('/')
    call.print(`${end < 0 ? '.' : end === 0 ? '/' : path.slice(0, end)}\n`)
    return { exit: 0 }
  },
}

export const which: Tool = {
  name: 'which',
  about: 'where a command is',
  streams: true,
  run: (call) => ({ run: ['command', '-v', ...call.argv.slice(1)] }),
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`

/** -n, -I, -r; the commands run one after the other. */
export const xargs: Tool = {
  name: 'xargs',
  about: 'runs a command with words from its input',
  run(call, memory) {
    const queue = memory as { commands: string[][]; worst: number; status?: number } | undefined
    let commands: string[][]
    let worst = 0
    if (queue) {
      commands = queue.commands
      worst = queue.status ? 123 : queue.worst
    } else {
      const args = call.argv.slice(1)
      const options: Record<string, string> = {}
      while (args[0]?.startsWith('-')) {
        const flag = args.shift()!
        if (/^-[nIPd]/.test(flag)) options[flag[1]!] = flag.length > 2 ? flag.slice(2) : (args.shift() ?? '')
        else options[flag.slice(1)] = ''
      }
      const command = args.length > 0 ? args : ['echo']
      const words =
        options['I'] === undefined
          ? (call.stdin.text.match(/'[^']*'|"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^(['"])(.*)\1$/s, '$2'))
          : call.stdin.text.split('\n').filter((line) => line.trim() !== '')
      if (words.length === 0 && ('r' in options || options['I'] !== undefined)) return { exit: 0 }
      if (options['I'] !== undefined)
        commands = words.map((word) => command.map((part) => part.replaceAll(options['I']!, word)))
      else {
        const size = Number(options['n'] ?? 5_000)
        commands = []
        for (let i = 0; i < Math.max(1, words.length); i += size)
          commands.push([...command, ...words.slice(i, i + size)])
      }
    }
    const next = commands[0]
    if (!next) return { exit: worst }
    return { run: ['eval', next.map(quoted).join(' ')], stdin: '', memory: { commands: commands.slice(1), worst } }
  },
}

/** Runs a command every two seconds (or -n) until Ctrl-C; each time its output is printed anew. */
export const watch: Tool = {
  name: 'watch',
  about: 'runs a command again and again',
  streams: true,
  run(call, memory) {
    const args = call.argv.slice(1)
    let seconds = 2
    while (args[0]?.startsWith('-')) {
      const flag = args.shift()!
      if (flag === '-n') seconds = Number(args.shift() ?? 2)
      else if (flag.startsWith('-n')) seconds = Number(flag.slice(2))
    }
    const state = memory as { waiting: boolean } | undefined
    if (state && !state.waiting) return { wait: { millis: Math.max(0.1, seconds) * 1000 }, memory: { waiting: true } }
    call.print(
      `${call.terminal ? '\x1b[H\x1b[2J' : ''}Every ${seconds.toFixed(1)}s: ${args.join(' ')}${' '.repeat(4)}${formatDate(call.epoch, '%a %b %e %T %Y')}\n\n`,
    )
    return { run: args.length === 1 ? ['eval', args[0]!] : args, memory: { waiting: false } }
  },
}
