import type { Flag } from '../cli/flags'
import type { Command } from './command'

/** Flags of every command. */
export const globalFlags: readonly Flag[] = [
  { name: 'namespace', short: 'n', type: 'string', about: 'The namespace that the command works in.' },
  { name: 'help', short: 'h', type: 'bool', about: 'Shows this text.' },
  { name: 'context', type: 'string', about: 'The kubeconfig context to use.' },
  { name: 'cluster', type: 'string', about: 'The kubeconfig cluster to use.', unmodelled: true },
  { name: 'user', type: 'string', about: 'The kubeconfig user to use.', unmodelled: true },
  { name: 'kubeconfig', type: 'string', about: 'The configuration file to use.', unmodelled: true },
  { name: 'server', short: 's', type: 'string', about: 'Address of the API server.', unmodelled: true },
  { name: 'request-timeout', type: 'string', initial: '0', about: 'How long one request may take.' },
  { name: 'v', short: 'v', type: 'int', initial: '0', about: 'How much is logged.', unmodelled: true },
  { name: 'as', type: 'string', about: 'Act as another user.', unmodelled: true },
  { name: 'token', type: 'string', about: 'A bearer token.', unmodelled: true },
  { name: 'insecure-skip-tls-verify', type: 'bool', about: 'Do not check the server’s certificate.', unmodelled: true },
  { name: 'warnings-as-errors', type: 'bool', about: 'A warning ends with exit status 1.', unmodelled: true },
]

const GROUPS = [
  'Basic Commands (Beginner)',
  'Basic Commands (Intermediate)',
  'Deploy Commands',
  'Cluster Management Commands',
  'Troubleshooting and Debugging Commands',
  'Advanced Commands',
  'Settings Commands',
  'Other Commands',
]

/** The list of all commands. */
export function overview(commands: readonly Command[]): string {
  const widest = Math.max(...commands.map(({ name }) => name.length))
  const lines = [
    'kubectl controls the Kubernetes cluster manager.',
    '',
    ' Find more information at: https://kubernetes.io/docs/reference/kubectl/',
    '',
  ]
  for (const group of GROUPS) {
    const inside = commands.filter((command) => (command.group ?? 'Other Commands') === group)
    if (inside.length === 0) continue
    lines.push(`${group}:`, ...inside.map((command) => `  ${command.name.padEnd(widest + 1)} ${command.about}`), '')
  }
  lines.push('Usage:', '  kubectl [flags] [options]', '')
  lines.push('Use "kubectl <command> --help" for more information about a given command.')
  lines.push('Use "kubectl options" for a list of global command-line options (applies to all commands).')
  return `${lines.join('\n')}\n`
}

/** A command's own help, from what it declares. */
export function helpOf(command: Command, path: string): string {
  const lines = [command.help ?? `${command.about}.`, '']
  if (command.aliases?.length) lines.push('Aliases:', [command.name, ...command.aliases].join(', '), '')
  if (command.examples?.length) lines.push('Examples:', ...command.examples.map((line) => `  ${line}`), '')
  if (command.children?.length) {
    const widest = Math.max(...command.children.map(({ name }) => name.length))
    lines.push(
      'Available Commands:',
      ...command.children.map((child) => `  ${child.name.padEnd(widest + 1)} ${child.about}`),
      '',
    )
  }
  if (command.flags?.length) lines.push('Options:', ...printFlags(command.flags), '')
  lines.push(
    'Usage:',
    command.run
      ? `  ${path} ${command.usage === undefined ? '' : `${command.usage} `}[options]`
      : `  ${path} SUBCOMMAND [options]`,
    '',
  )
  if (command.children?.length) lines.push(`Use "${path} <command> --help" for more information about a given command.`)
  lines.push('Use "kubectl options" for a list of global command-line options (applies to all commands).')
  return `${lines.join('\n')}\n`
}

export const printFlags = (flags: readonly Flag[]): string[] =>
  [...flags]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((flag, i) => {
      const short = flag.short === undefined ? '    ' : `-${flag.short}, `
      const head = `    ${short}--${flag.name}=${printInitial(flag)}:`
      const about = flag.unmodelled ? `${flag.about} Accepted here, but nothing follows from it.` : flag.about
      return [...(i === 0 ? [] : ['']), head, `\t${about}`]
    })

function printInitial(flag: Flag): string {
  if (flag.type === 'bool') return flag.initial ?? 'false'
  if (flag.type === 'int') return flag.initial ?? '0'
  if (flag.type === 'duration') return flag.initial ?? '0s'
  if (flag.type === 'string') return `'${flag.initial ?? ''}'`
  return '[]'
}
