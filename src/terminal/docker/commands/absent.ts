import { fail } from '../../cli/failure'
import type { Command } from '../command'

/** A command that the real docker has and this one does not: it says so, and what to do in its place. */
const absent = (name: string, about: string, instead: string): Command => ({
  name,
  about,
  usage: '[OPTIONS]',
  more: `Not modelled here: ${instead}.`,
  flagsFirst: true,
  run(run) {
    run.notice(`docker ${name} is not modelled: ${instead}`)
    return fail(`docker ${name} is not modelled here: ${instead}`)
  },
})

const LISTS = 'lists of manifests are not made here'
const SWARM = 'Swarm comes later'

/** In the order of `docker --help`. */
export const absentCommands: readonly Command[] = [
  absent('search', 'Search Docker Hub for images', 'the catalogue holds about forty well-known images'),
]

/** Management commands: the groups of their own. */
export const absentGroups: readonly Command[] = [
  { ...absent('checkpoint', 'Manage checkpoints', 'containers cannot be frozen to disk here'), children: [] },
  { ...absent('context', 'Manage contexts', 'there is one daemon on each machine'), children: [] },
  { ...absent('manifest', 'Manage Docker image manifests and manifest lists', LISTS), children: [] },
  { ...absent('plugin', 'Manage plugins', 'there are none'), children: [] },
  {
    ...absent('trust', 'Manage trust on Docker images', 'Docker Hub no longer keeps such signatures; use `cosign`'),
    children: [],
  },
  { ...absent('config', 'Manage Swarm configs', SWARM), children: [] },
  { ...absent('node', 'Manage Swarm nodes', SWARM), children: [] },
  { ...absent('secret', 'Manage Swarm secrets', SWARM), children: [] },
  { ...absent('service', 'Manage Swarm services', SWARM), children: [] },
  { ...absent('stack', 'Manage Swarm stacks', SWARM), children: [] },
  { ...absent('swarm', 'Manage Swarm', SWARM), children: [] },
]
