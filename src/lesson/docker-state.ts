import { DockerContainer } from '../docker/containers/container'
import { Volume, volumeScope } from '../docker/volumes/volume'
import type { World } from '../engine'
import { containerKey, Output } from '../platform/container/container'
import { containerUsage } from '../platform/limits/usage'
import { diskScope, machineKey } from '../platform/machine/machine'
import { File } from '../platform/shell/file'
import type { ContainerCheck, FileCheck } from './docker-checks'
import type { Verdict } from './state'

const called = (world: World, name: string, on?: string) =>
  world.list(DockerContainer).find(({ value }) => value.name === name && (on === undefined || value.machine === on))
    ?.value

const printed = (world: World, id: string): string =>
  world
    .list(Output, { scope: id })
    .map(({ value }) => value.text)
    .join('')

export function containerIs(wanted: ContainerCheck, world: World): Verdict {
  const found = called(world, wanted.name, wanted.on)
  if (!found)
    return {
      ok: false,
      detail: `there is no container ${wanted.name}${wanted.on === undefined ? '' : ` on ${wanted.on}`}`,
    }
  const { status, exitCode, oomKilled, restartCount, mounts, hostConfig } = found
  const cpu = () => containerUsage(world, containerKey(found.machine, found.id)).cpuMillis / 10
  const misses: (string | false)[] = [
    wanted.image !== undefined && wanted.image !== found.config.Image && `it was made of ${found.config.Image}`,
    wanted.says !== undefined &&
      !printed(world, found.id).includes(wanted.says) &&
      saidInstead(printed(world, found.id)),
    wanted.status !== undefined && wanted.status !== status && `it is ${status}`,
    wanted.code !== undefined && wanted.code !== exitCode && `its exit code is ${exitCode}`,
    wanted.oomKilled !== undefined &&
      wanted.oomKilled !== oomKilled &&
      `${oomKilled ? 'it was' : 'it was not'} killed for want of memory`,
    wanted.restarts !== undefined && restartCount < wanted.restarts && `${restartCount} restarts`,
    wanted.volume !== undefined && !mounts.some(({ Name }) => Name === wanted.volume) && 'it mounts no such volume',
    wanted.memory !== undefined &&
      hostConfig.Memory !== wanted.memory * 1024 * 1024 &&
      `its memory limit is ${hostConfig.Memory === 0 ? 'none' : `${Math.round(hostConfig.Memory / 1024 / 1024)} MiB`}`,
    wanted.cpuLeast !== undefined && cpu() < wanted.cpuLeast && `it gets ${Math.round(cpu())} % of a core`,
    wanted.cpuMost !== undefined && cpu() > wanted.cpuMost && `it gets ${Math.round(cpu())} % of a core`,
  ]
  const missed = misses.filter((one) => one !== false)
  return { ok: missed.length === 0, detail: missed.length === 0 ? `${wanted.name} is ${status}` : missed.join(', ') }
}

function saidInstead(text: string): string {
  const first = text.trim().split('\n')[0] ?? ''
  return first === '' ? 'it has printed nothing' : `it has printed: ${first.slice(0, 80)}`
}

export function fileThere({ in: where, path, holds }: FileCheck, world: World): Verdict {
  const slash = where.indexOf('/')
  const name = where.slice(slash + 1)
  const volume = world.list(Volume).find(({ value }) => value.name === name)?.value
  const machine = where.startsWith('machine/') ? world.get(machineKey(name)) : undefined
  const scope = where.startsWith('volume/')
    ? volume && volumeScope(volume.machine, volume.name)
    : machine
      ? diskScope(machine)
      : called(world, name)?.id
  if (scope === undefined) return { ok: false, detail: `there is no ${where}` }
  const file = world.get(File.key(scope, path))
  if (file?.what !== 'file') return { ok: false, detail: `${where} has no ${path}` }
  const ok = holds === undefined || file.text.includes(holds)
  return { ok, detail: ok ? `${path} is in ${where}` : `${path} says something else` }
}

function withoutFile(where: string, path: string, world: World): Verdict {
  const there = fileThere({ in: where, path }, world).ok
  return { ok: !there, detail: there ? `${path} is still on ${where.slice(8)}` : `there is no ${path}` }
}

/** Whether a container, volume or file of a machine is gone; undefined: something else is meant. */
export function dockerAbsent(of: string, world: World): Verdict | undefined {
  const [kind, name = '', ...rest] = of.split('/')
  if (kind === 'machine' && rest.length > 0) return withoutFile(`machine/${name}`, `/${rest.join('/')}`, world)
  if (kind !== 'container' && kind !== 'volume') return undefined
  const there =
    kind === 'container'
      ? called(world, name) !== undefined
      : world.list(Volume).some(({ value }) => value.name === name)
  return { ok: !there, detail: there ? `${of} is still there` : `there is no ${of}` }
}
