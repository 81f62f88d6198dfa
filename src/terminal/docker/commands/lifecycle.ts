import { parseRestartPolicy } from '../../../docker/containers/restart-policy'
import type { Json } from '../../../engine/json'
import { fail } from '../../cli/failure'
import { bool, int, text } from '../../cli/flags'
import type { Command } from '../command'
import type { Run } from '../run'
import { limitsOf } from './create-body'
import { limitFlags } from './run-flags'

type Plain = Pick<Command, 'name' | 'about'>

/** Commands that ask the same of every container named, and print its name. */
function forEach(
  { name, about }: Plain,
  more: Partial<Command>,
  request: (run: Run, container: string) => void,
): Command {
  return {
    name,
    about,
    usage: '[OPTIONS] CONTAINER [CONTAINER...]',
    also: `docker container ${name}, docker ${name}`,
    least: 1,
    completes: 'containers',
    ...more,
    run: (run) =>
      run.each(run.args, (container) => {
        request(run, container)
        return container
      }),
  }
}

const stopFlags = [
  text('signal', 'Signal to send', { short: 's' }),
  int('timeout', 'Seconds until it is killed', { short: 't' }),
  int('time', 'Seconds until it is killed', { hidden: true }),
]

const stopQuery = (run: Run): Readonly<Record<string, string>> => ({
  ...(run.given('signal') && { signal: run.value('signal')! }),
  ...(run.given('timeout') && { t: run.value('timeout')! }),
  ...(run.given('time') && { t: run.value('time')! }),
})

const plainUsage = { usage: 'CONTAINER [CONTAINER...]' }

export const lifecycle: readonly Command[] = [
  forEach({ name: 'stop', about: 'Stop one or more running containers' }, { flags: stopFlags }, (run, name) =>
    run.ask({ method: 'POST', path: `/containers/${name}/stop`, query: stopQuery(run) }),
  ),
  forEach({ name: 'restart', about: 'Restart one or more containers' }, { flags: stopFlags }, (run, name) =>
    run.ask({ method: 'POST', path: `/containers/${name}/restart`, query: stopQuery(run) }),
  ),
  forEach(
    { name: 'kill', about: 'Kill one or more running containers' },
    { flags: [text('signal', 'Signal to send', { short: 's' })] },
    (run, name) =>
      run.ask({ method: 'POST', path: `/containers/${name}/kill`, query: { signal: run.value('signal') ?? '' } }),
  ),
  forEach({ name: 'pause', about: 'Pause all processes within one or more containers' }, plainUsage, (run, name) =>
    run.ask({ method: 'POST', path: `/containers/${name}/pause` }),
  ),
  forEach({ name: 'unpause', about: 'Unpause all processes within one or more containers' }, plainUsage, (run, name) =>
    run.ask({ method: 'POST', path: `/containers/${name}/unpause` }),
  ),
  {
    name: 'rm',
    aliases: ['remove'],
    about: 'Remove one or more containers',
    usage: '[OPTIONS] CONTAINER [CONTAINER...]',
    also: 'docker container rm, docker container remove, docker rm',
    least: 1,
    completes: 'containers',
    flags: [
      bool('force', 'Kill it first, if it runs', { short: 'f' }),
      bool('link', 'Remove the link', { short: 'l', unmodelled: true }),
      bool('volumes', 'Remove its anonymous volumes', { short: 'v' }),
    ],
    run(run) {
      let exit = 0
      for (const name of run.args) {
        const reply = run.try({
          method: 'DELETE',
          path: `/containers/${name}`,
          query: { force: run.on('force') ? '1' : '', v: run.on('volumes') ? '1' : '' },
        })
        if (reply.status > 0 && reply.status < 400) run.print(`${name}\n`)
        else {
          run.error(`${reply.status === 0 ? '' : 'Error response from daemon: '}${reply.body.message}\n`)
          if (!(reply.status === 404 && run.on('force'))) exit = 1
        }
      }
      return exit
    },
  },
  {
    name: 'wait',
    about: 'Block until one or more containers stop, then print their exit codes',
    usage: 'CONTAINER [CONTAINER...]',
    also: 'docker container wait, docker wait',
    least: 1,
    completes: 'containers',
    run: (run) =>
      run.each(run.args, (name) => String(run.ask({ method: 'POST', path: `/containers/${name}/wait` }).StatusCode)),
  },
  {
    name: 'rename',
    about: 'Rename a container',
    usage: 'CONTAINER NEW_NAME',
    also: 'docker container rename, docker rename',
    least: 2,
    most: 2,
    completes: 'containers',
    run(run) {
      const [from = '', to = ''] = run.args.map((name) => name.trim())
      if (from === '' || to === '') return fail('Error: Neither old nor new names may be empty')
      run.ask({ method: 'POST', path: `/containers/${from}/rename`, query: { name: to } })
      return 0
    },
  },
  {
    name: 'update',
    about: 'Update configuration of one or more containers',
    usage: '[OPTIONS] CONTAINER [CONTAINER...]',
    also: 'docker container update, docker update',
    least: 1,
    completes: 'containers',
    flags: [
      ...limitFlags,
      ...['blkio-weight', 'cpu-rt-period', 'cpu-rt-runtime'].map((name) =>
        int(name, 'See the real command', { unmodelled: true }),
      ),
      text('cpuset-mems', 'See the real command', { unmodelled: true }),
    ],
    run(run) {
      if (!limitFlags.some(({ name }) => run.given(name)))
        return fail('you must provide one or more flags when using this command')
      const body = updateOf(run)
      return run.each(run.args, (name) => (run.ask({ method: 'POST', path: `/containers/${name}/update`, body }), name))
    },
  },
]

const FLAG_OF: Readonly<Record<string, string>> = {
  CpuShares: 'cpu-shares',
  Memory: 'memory',
  NanoCpus: 'cpus',
  CpuPeriod: 'cpu-period',
  CpuQuota: 'cpu-quota',
  CpusetCpus: 'cpuset-cpus',
  MemoryReservation: 'memory-reservation',
  MemorySwap: 'memory-swap',
}

function updateOf(run: Run): Json {
  const given = Object.entries(limitsOf(run)).filter(([field]) => run.given(FLAG_OF[field]!))
  const body: Record<string, Json> = Object.fromEntries(given)
  if (run.given('pids-limit')) body['PidsLimit'] = run.int('pids-limit')!
  if (run.given('restart')) {
    const policy = parseRestartPolicy(run.value('restart')!)
    if ('error' in policy) return fail(policy.error)
    body['RestartPolicy'] = policy as unknown as Json
  }
  return body
}
