import { apiTime } from '../formats/time'
import { effectiveSwap } from '../limits/memory-swap'
import { dnsNames } from '../network/endpoints'
import { shownLinks } from '../network/links'
import { findNetwork } from '../network/networks'
import type { Pass } from '../pass'
import type { DockerContainer, HostConfig } from './container'
import type { Health, Healthcheck } from './health'

const NANOSECONDS = 1_000_000

const apiCheck = ({ Test, Interval, Timeout, StartPeriod, StartInterval, Retries }: Healthcheck) => ({
  Test,
  ...(Interval > 0 && { Interval: Interval * NANOSECONDS }),
  ...(Timeout > 0 && { Timeout: Timeout * NANOSECONDS }),
  ...(StartPeriod > 0 && { StartPeriod: StartPeriod * NANOSECONDS }),
  ...(StartInterval > 0 && { StartInterval: StartInterval * NANOSECONDS }),
  ...(Retries > 0 && { Retries }),
})

const apiHealth = ({ status, failingStreak, log }: Health, of: string) => ({
  Status: status,
  FailingStreak: failingStreak,
  Log: log.map(({ start, end, exitCode, output }) => ({
    Start: apiTime(start, of),
    End: apiTime(end, of),
    ExitCode: exitCode,
    Output: output,
  })),
})

/** A container as `docker inspect` shows it; fields that only Windows has are left out. After ContainerInspect. */
export function inspect(pass: Pass, container: DockerContainer) {
  const { id, config, hostConfig, status, name } = container
  const argv = [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])]
  const folder = `/var/lib/docker/containers/${id}`
  return {
    Id: id,
    Created: apiTime(container.createdAt, id),
    Path: argv[0] ?? '',
    Args: argv.slice(1),
    State: {
      Status: status,
      Running: status === 'running' || status === 'paused' || status === 'restarting',
      Paused: status === 'paused',
      Restarting: status === 'restarting',
      OOMKilled: container.oomKilled,
      Dead: status === 'dead',
      Pid: container.pid,
      ExitCode: container.exitCode,
      Error: container.error,
      StartedAt: apiTime(container.startedAt, id),
      FinishedAt: apiTime(container.finishedAt, id),
      ...(container.health && { Health: apiHealth(container.health, id) }),
    },
    Image: container.imageId,
    ResolvConfPath: `${folder}/resolv.conf`,
    HostnamePath: `${folder}/hostname`,
    HostsPath: `${folder}/hosts`,
    LogPath: hostConfig.LogConfig.Type === 'json-file' ? `${folder}/${id}-json.log` : '',
    Name: `/${name}`,
    RestartCount: container.restartCount,
    Driver: 'overlay2',
    Platform: 'linux',
    MountLabel: '',
    ProcessLabel: '',
    AppArmorProfile: hostConfig.Privileged ? 'unconfined' : 'docker-default',
    ExecIDs: null,
    HostConfig: { ...describeHost(hostConfig), Links: shownLinks(pass, container) },
    GraphDriver: {
      Data: {
        ID: id,
        MergedDir: `/var/lib/docker/overlay2/${id}/merged`,
        UpperDir: `/var/lib/docker/overlay2/${id}/diff`,
      },
      Name: 'overlay2',
    },
    Mounts: container.mounts.map(({ Type, Name, Source, Destination, Mode, RW }) => ({
      Type,
      ...(Name !== undefined && { Name }),
      Source,
      Destination,
      ...(Type === 'volume' && { Driver: 'local' }),
      Mode,
      RW,
      Propagation: Type === 'bind' ? 'rprivate' : '',
    })),
    Config: describeConfig(container),
    NetworkSettings: networkSettings(pass, container),
  }
}

function describeConfig({ config }: DockerContainer) {
  const { Healthcheck: check, ...rest } = config
  return { ...rest, OnBuild: null, ...(check && { Healthcheck: apiCheck(check) }) }
}

function describeHost(host: HostConfig) {
  return {
    ...host,
    ContainerIDFile: '',
    MemorySwap: effectiveSwap(host.Memory, host.MemorySwap),
    MemorySwappiness: null,
    CgroupnsMode: 'private',
    Cgroup: '',
    IpcMode: 'private',
    PidMode: '',
    UTSMode: '',
    UsernsMode: '',
    Runtime: 'runc',
    Isolation: '',
    CgroupParent: '',
    BlkioWeight: 0,
    CpusetMems: '',
    Devices: [],
    DeviceRequests: null,
    OomKillDisable: null,
    Ulimits: host.Ulimits ?? [],
    MaskedPaths: ['/proc/acpi', '/proc/kcore', '/proc/keys', '/proc/scsi', '/sys/firmware'],
    ReadonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
  }
}

/** Ports as inspect has them: what is exposed and not published is null. */
export function portMap({
  config,
  published,
  status,
}: DockerContainer): Record<string, { HostIp: string; HostPort: string }[] | null> {
  if (status !== 'running' && status !== 'paused') return {}
  const found: Record<string, { HostIp: string; HostPort: string }[] | null> = {}
  for (const port of Object.keys(config.ExposedPorts ?? {})) found[port] = null
  for (const { IP = '', PrivatePort, PublicPort, Type } of published) {
    const key = `${PrivatePort}/${Type}`
    found[key] = [...(found[key] ?? []), { HostIp: IP, HostPort: String(PublicPort) }]
  }
  return found
}

function networkSettings(pass: Pass, container: DockerContainer) {
  const { networks, id, status } = container
  const own = Object.entries(networks).map(([name, endpoint]) => {
    const network = findNetwork(pass, endpoint.networkId)
    const isUp = endpoint.endpointId !== ''
    const bits = Number(network?.subnet.slice(network.subnet.indexOf('/') + 1) || 0)
    const described = {
      IPAMConfig: endpoint.wanted === '' ? null : { IPv4Address: endpoint.wanted },
      Links: null,
      Aliases: endpoint.aliases.length > 0 ? endpoint.aliases : network?.resolves ? [] : null,
      MacAddress: endpoint.mac,
      DriverOpts: null,
      GwPriority: 0,
      NetworkID: endpoint.networkId,
      EndpointID: endpoint.endpointId,
      Gateway: isUp && endpoint.address !== '' ? (network?.gateway ?? '') : '',
      IPAddress: endpoint.address,
      IPPrefixLen: endpoint.address === '' ? 0 : bits,
      IPv6Gateway: '',
      GlobalIPv6Address: '',
      GlobalIPv6PrefixLen: 0,
      DNSNames: network?.resolves ? dnsNames(container, endpoint) : null,
    }
    return [name, described] as const
  })
  const bridge = own.find(([name]) => name === 'bridge')?.[1]
  const isUp = status === 'running' || status === 'paused'
  return {
    Bridge: '',
    SandboxID: isUp ? id.split('').reverse().join('') : '',
    SandboxKey: isUp ? `/var/run/docker/netns/${id.split('').reverse().join('').slice(0, 12)}` : '',
    Ports: portMap(container),
    HairpinMode: false,
    LinkLocalIPv6Address: '',
    LinkLocalIPv6PrefixLen: 0,
    SecondaryIPAddresses: null,
    SecondaryIPv6Addresses: null,
    EndpointID: bridge?.EndpointID ?? '',
    Gateway: bridge?.Gateway ?? '',
    GlobalIPv6Address: '',
    GlobalIPv6PrefixLen: 0,
    IPAddress: bridge?.IPAddress ?? '',
    IPPrefixLen: bridge?.IPPrefixLen ?? 0,
    IPv6Gateway: '',
    MacAddress: bridge?.MacAddress ?? '',
    Networks: Object.fromEntries(own),
  }
}
