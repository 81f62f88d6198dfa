import type { Flag } from '../cli/flags'
import type { Command } from './command'

/** Flags of the command line itself. */
export const globalFlags: readonly Flag[] = [
  { name: 'config', type: 'string', about: 'Location of client config files', unmodelled: true },
  { name: 'context', short: 'c', type: 'string', about: 'Name of the context to use', unmodelled: true },
  { name: 'debug', short: 'D', type: 'bool', about: 'Enable debug mode', unmodelled: true },
  { name: 'host', short: 'H', type: 'repeated', shows: 'list', about: 'Daemon socket to connect to', unmodelled: true },
  { name: 'log-level', short: 'l', type: 'string', about: 'Set the logging level', unmodelled: true },
  { name: 'tls', type: 'bool', about: 'Use TLS', unmodelled: true },
  { name: 'version', short: 'v', type: 'bool', about: 'Print version information and quit' },
]

export const helpFlag: Flag = { name: 'help', type: 'bool', about: 'Print usage' }

const COMMON = 'run exec ps build pull push images login logout search version info'.split(' ')
const SWARM = 'config node secret service stack swarm'.split(' ')

/** `docker --help` */
export function overview(commands: readonly Command[]): string {
  const widest = 12
  const rows = (list: readonly Command[]) => list.map(({ name, about }) => `  ${name.padEnd(widest)}${about}`)
  const common = COMMON.flatMap((name) => commands.find((one) => one.name === name) ?? [])
  const managing = commands.filter((one) => one.children && !SWARM.includes(one.name))
  const swarm = commands.filter(({ name }) => SWARM.includes(name))
  const rest = commands.filter((one) => ![...common, ...managing, ...swarm].includes(one))
  const sorted = (list: readonly Command[]) => [...list].sort((a, b) => (a.name < b.name ? -1 : 1))
  return [
    'Usage:  docker [OPTIONS] COMMAND',
    '',
    'A self-sufficient runtime for containers',
    '',
    'Common Commands:',
    ...rows(common),
    '',
    'Management Commands:',
    ...rows(sorted(managing)),
    '',
    'Swarm Commands:',
    ...rows(sorted(swarm)),
    '',
    'Commands:',
    ...rows(sorted(rest)),
    '',
    'Global Options:',
    ...flagLines(globalFlags),
    '',
    "Run 'docker COMMAND --help' for more information on a command.",
    '',
    'For more help on how to use Docker, head to https://docs.docker.com/go/guides/',
    '',
  ].join('\n')
}

export const usageOf = (command: Command, path: string): string =>
  `Usage:  ${path}${command.children ? ' COMMAND' : command.usage === undefined || command.usage === '' ? '' : ` ${command.usage}`}`

export function helpOf(command: Command, path: string): string {
  const lines = [usageOf(command, path), '', command.about]
  if (command.more !== undefined) lines.push('', command.more)
  if (command.also !== undefined) lines.push('', 'Aliases:', `  ${command.also}`)
  if (command.flags?.length) lines.push('', 'Options:', ...flagLines(command.flags))
  if (command.children) {
    const column = Math.max(12, ...command.children.map(({ name }) => name.length + 2))
    lines.push('', 'Commands:', ...command.children.map(({ name, about }) => `  ${name.padEnd(column)}${about}`))
    lines.push('', `Run '${path} COMMAND --help' for more information on a command.`)
  }
  return `${lines.join('\n')}\n`
}

const TYPES: Readonly<Record<Flag['type'], string>> = {
  bool: '',
  string: 'string',
  int: 'int',
  duration: 'duration',
  strings: 'strings',
  repeated: 'list',
}
const WIDTH = 80

/** As pflag sets them: names, a column of explanations, wrapped where the terminal ends. */
function flagLines(flags: readonly Flag[]): readonly string[] {
  const heads = [...flags]
    .filter(({ name, hidden }) => name !== 'help' && !hidden)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((flag) => {
      const kind = flag.shows ?? TYPES[flag.type]
      return {
        flag,
        head: `${flag.short === undefined ? '      ' : `  -${flag.short}, `}--${flag.name}${kind === '' ? '' : ` ${kind}`}`,
      }
    })
  const column = Math.max(...heads.map(({ head }) => head.length)) + 3
  return heads.flatMap(({ flag, head }) => {
    const about = `${flag.about}${flag.unmodelled ? ' (accepted here, nothing follows)' : ''}${initialText(flag)}`
    const [first = '', ...rest] = wrapped(about, Math.max(24, WIDTH - column))
    return [`${head.padEnd(column)}${first}`, ...rest.map((line) => `${' '.repeat(column)}${line}`)]
  })
}

const initialText = ({ initial, type }: Flag): string =>
  initial === undefined || initial === '' || initial === 'false'
    ? ''
    : type === 'string'
      ? ` (default ${JSON.stringify(initial)})`
      : ` (default ${initial})`

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
