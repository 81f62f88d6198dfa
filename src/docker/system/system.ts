import { LocalImage } from '../../platform/image/image'
import { cacheUses } from '../build/cache-use'
import { writtenBytes } from '../containers/changes'
import { DockerContainer, isRunning } from '../containers/container'
import { apiTime } from '../formats/time'
import type { Pass } from '../pass'
import { Volume } from '../volumes/volume'
import { usersOf, volumeBytes } from '../volumes/volumes'
import { configurationOf } from './configuration'

export const ENGINE_VERSION = '28.2.2'
export const API_VERSION = '1.50'

export const version = () => ({
  Platform: { Name: 'Docker Engine - Community' },
  Version: ENGINE_VERSION,
  ApiVersion: API_VERSION,
  MinAPIVersion: '1.24',
  GitCommit: '45873be',
  GoVersion: 'go1.24.3',
  Os: 'linux',
  Arch: 'amd64',
  KernelVersion: '6.8.0-60-generic',
  BuildTime: '2025-05-30T12:00:00.000000000+00:00',
  Components: [
    { Name: 'containerd', Version: '1.7.27' },
    { Name: 'runc', Version: '1.2.5' },
    { Name: 'docker-init', Version: '0.19.0' },
  ],
})

/** What `docker info` tells; what no part of the model depends on is left out. */
export function info(pass: Pass) {
  const { machine } = pass
  const containers = pass.all(DockerContainer)
  const images = new Set(pass.all(LocalImage).map(({ id }) => id))
  return {
    ID: pass.machine.name,
    Containers: containers.length,
    ContainersRunning: containers.filter((one) => isRunning(one) && one.status !== 'paused').length,
    ContainersPaused: containers.filter(({ status }) => status === 'paused').length,
    ContainersStopped: containers.filter((one) => !isRunning(one)).length,
    Images: images.size,
    Driver: 'overlay2',
    CgroupDriver: 'systemd',
    CgroupVersion: '2',
    LoggingDriver: configurationOf(pass.world, machine).logDriver,
    KernelVersion: '6.8.0-60-generic',
    OperatingSystem: 'Ubuntu 24.04.2 LTS',
    OSType: 'linux',
    Architecture: 'x86_64',
    NCPU: Math.max(1, Math.floor(machine.cpuMillis / 1000)),
    MemTotal: machine.memoryBytes,
    DockerRootDir: '/var/lib/docker',
    Name: machine.name,
    ServerVersion: ENGINE_VERSION,
    DefaultRuntime: 'runc',
    LiveRestoreEnabled: configurationOf(pass.world, machine).liveRestore,
    Plugins: {
      Volume: ['local'],
      Network: ['bridge', 'host', 'ipvlan', 'macvlan', 'null', 'overlay'],
      Log: ['json-file', 'local', 'none'],
    },
    Swarm: { LocalNodeState: 'inactive' },
    SystemTime: apiTime(pass.now, machine.name),
  }
}

/** Disk in use by what the daemon keeps. */
export function diskUse(pass: Pass) {
  const containers = pass.all(DockerContainer)
  const cache = cacheUses(pass)
  const images = new Map(pass.all(LocalImage).map((image) => [image.id, image]))
  const sizeOf = (image: LocalImage) => image.unpackedBytes ?? image.sizeBytes
  const used = new Set(containers.map(({ imageId }) => imageId))
  const sum = (sizes: readonly number[]) => sizes.reduce((all, one) => all + one, 0)
  const volumes = pass.all(Volume)
  const stopped = containers.filter((one) => !isRunning(one))
  const unused = volumes.filter(({ name }) => usersOf(pass, name).length === 0)
  const idle = [...images.values()].filter(({ id }) => !used.has(id))
  return [
    {
      Type: 'Images',
      Total: images.size,
      Active: images.size - idle.length,
      Size: sum([...images.values()].map(sizeOf)),
      Reclaimable: sum(idle.map(sizeOf)),
    },
    {
      Type: 'Containers',
      Total: containers.length,
      Active: containers.length - stopped.length,
      Size: sum(containers.map((one) => writtenBytes(pass, one))),
      Reclaimable: sum(stopped.map((one) => writtenBytes(pass, one))),
    },
    {
      Type: 'Local Volumes',
      Total: volumes.length,
      Active: volumes.length - unused.length,
      Size: sum(volumes.map(({ name }) => volumeBytes(pass, name))),
      Reclaimable: sum(unused.map(({ name }) => volumeBytes(pass, name))),
    },
    {
      Type: 'Build Cache',
      Total: cache.length,
      Active: cache.filter(({ InUse }) => InUse).length,
      Size: sum(cache.map(({ Size }) => Size)),
      Reclaimable: sum(cache.filter(({ InUse, Shared }) => !InUse && !Shared).map(({ Size }) => Size)),
    },
  ]
}
