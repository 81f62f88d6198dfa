import { LocalImage } from '../../platform/image/image'
import { DockerContainer, isRunning } from '../containers/container'
import { apiTime } from '../formats/time'
import type { Pass } from '../pass'
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
