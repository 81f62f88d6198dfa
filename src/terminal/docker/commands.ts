import { bool } from '../cli/flags'
import type { Command } from './command'
import { absentCommands, absentGroups } from './commands/absent'
import { exportCommand, importCommand, load, save } from './commands/archives'
import { build } from './commands/build'
import { builder, buildx } from './commands/builder'
import { commit } from './commands/commit'
import { cp } from './commands/cp'
import { history, images, inspectImage, pull, rmi, tag } from './commands/images'
import { lifecycle } from './commands/lifecycle'
import { login, logout } from './commands/login'
import { diff, events, exec, formatFlag, inspect, inspectAll, logs, port, stats, top } from './commands/look'
import { network } from './commands/network'
import { pruneContainers, pruneImages } from './commands/prune'
import { ps } from './commands/ps'
import { push } from './commands/push'
import { attachCommand, createCommand, runCommand, startCommand } from './commands/run'
import { scout } from './commands/scout'
import { info, system, version } from './commands/system'
import { volume } from './commands/volume'
import { isRefusal } from './run'

const inspectContainer: Command = {
  name: 'inspect',
  about: 'Display detailed information on one or more containers',
  usage: '[OPTIONS] CONTAINER [CONTAINER...]',
  least: 1,
  completes: 'containers',
  flags: [formatFlag, bool('size', 'Sizes of files', { short: 's' })],
  run: (run) =>
    inspectAll(
      run,
      (name) => {
        const reply = run.try({
          method: 'GET',
          path: `/containers/${name}/json`,
          query: run.on('size') ? { size: '1' } : {},
        })
        return isRefusal(reply) ? undefined : reply.body
      },
      (name) => `Error response from daemon: No such container: ${name}`,
    ),
}

/** What can be done with containers, in both forms: `docker stop` and `docker container stop`. */
const ofContainers: readonly Command[] = [
  attachCommand,
  commit,
  cp,
  createCommand,
  diff,
  exec,
  exportCommand,
  ...lifecycle,
  logs,
  port,
  runCommand,
  startCommand,
  stats,
  top,
]

/** The name within a group, and the other one as a further name. */
const as = (command: Command, name: string, aliases: readonly string[]): Command => ({ ...command, name, aliases })
const plain = ({ aliases: _, ...command }: Command): Command => command
const byName = (a: Command, b: Command) => (a.name < b.name ? -1 : 1)

const container: Command = {
  name: 'container',
  about: 'Manage containers',
  children: [...ofContainers, as(ps, 'ls', ['list', 'ps']), inspectContainer, pruneContainers].sort(byName),
}

const image: Command = {
  name: 'image',
  about: 'Manage images',
  children: [
    as(images, 'ls', ['list']),
    as(rmi, 'rm', ['remove']),
    pull,
    push,
    tag,
    history,
    inspectImage,
    pruneImages,
    build,
    importCommand,
    load,
    save,
  ].sort(byName),
}

/** Every command: one line each. */
export const commands: readonly Command[] = [
  ...ofContainers.map(plain),
  build,
  plain(ps),
  plain(images),
  pull,
  push,
  importCommand,
  load,
  save,
  login,
  logout,
  plain(rmi),
  tag,
  history,
  inspect,
  events,
  info,
  version,
  builder,
  buildx,
  container,
  image,
  network,
  scout,
  system,
  volume,
  ...absentCommands,
  ...absentGroups,
]
