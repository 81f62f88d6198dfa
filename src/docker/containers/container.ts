import { defineKind, type Key, type Millis } from '../../engine'
import type { Process } from '../../platform/shell/process'
import type { Port } from '../formats/port'
import type { Ulimit } from '../limits/ulimits'
import type { LinkTo } from '../network/link'
import type { Health, Healthcheck } from './health'
import type { RestartPolicy } from './restart-policy'

/** What runs in a container, in the words of the Engine API (durations in milliseconds). */
export interface Config {
  readonly Hostname: string
  readonly Domainname: string
  readonly User: string
  readonly AttachStdin: boolean
  readonly AttachStdout: boolean
  readonly AttachStderr: boolean
  readonly ExposedPorts?: Readonly<Record<string, object>> | undefined
  readonly Tty: boolean
  readonly OpenStdin: boolean
  readonly StdinOnce: boolean
  readonly Env: readonly string[]
  readonly Cmd: readonly string[] | null
  readonly Healthcheck?: Healthcheck | undefined
  readonly Image: string
  readonly Volumes: Readonly<Record<string, object>> | null
  readonly WorkingDir: string
  readonly Entrypoint: readonly string[] | null
  readonly Labels: Readonly<Record<string, string>>
  readonly StopSignal?: string | undefined
  readonly StopTimeout?: number | undefined
}

export interface MountRequest {
  readonly Type: 'bind' | 'volume' | 'tmpfs'
  readonly Source?: string | undefined
  readonly Target: string
  readonly ReadOnly?: boolean | undefined
  readonly NoCopy?: boolean | undefined
  readonly Driver?: string | undefined
  readonly Labels?: Readonly<Record<string, string>> | undefined
  readonly SizeBytes?: number | undefined
}

export interface PortBinding {
  readonly HostIp: string
  readonly HostPort: string
}

/** What a machine gives a container, and takes from it. */
export interface HostConfig {
  readonly Binds: readonly string[] | null
  readonly NetworkMode: string
  readonly PortBindings: Readonly<Record<string, readonly PortBinding[]>>
  readonly RestartPolicy: RestartPolicy
  readonly AutoRemove: boolean
  readonly VolumesFrom: readonly string[] | null
  readonly CapAdd: readonly string[] | null
  readonly CapDrop: readonly string[] | null
  readonly Dns: readonly string[]
  readonly DnsOptions: readonly string[]
  readonly DnsSearch: readonly string[]
  readonly ExtraHosts: readonly string[] | null
  readonly GroupAdd: readonly string[] | null
  readonly OomScoreAdj: number
  readonly Privileged: boolean
  readonly PublishAllPorts: boolean
  readonly ReadonlyRootfs: boolean
  readonly SecurityOpt: readonly string[] | null
  readonly Tmpfs?: Readonly<Record<string, string>> | undefined
  readonly ShmSize: number
  readonly CpuShares: number
  readonly Memory: number
  readonly NanoCpus: number
  readonly CpuPeriod: number
  readonly CpuQuota: number
  readonly CpusetCpus: string
  readonly MemoryReservation: number
  readonly MemorySwap: number
  readonly PidsLimit: number | null
  readonly Ulimits?: readonly Ulimit[] | undefined
  readonly Mounts?: readonly MountRequest[] | undefined
  readonly Init?: boolean | undefined
  readonly Links?: readonly string[] | null
  readonly LogConfig: { readonly Type: string; readonly Config: Readonly<Record<string, string>> }
}

/** A container's place in a network. Address and endpoint are there while it runs. */
export interface Endpoint {
  readonly networkId: string
  readonly aliases: readonly string[]
  /** The address that the user asked for. */
  readonly wanted: string
  readonly address: string
  readonly mac: string
  readonly endpointId: string
}

/** A mounted volume, folder of the machine, or memory. */
export interface MountPoint {
  readonly Type: 'bind' | 'volume' | 'tmpfs'
  /** Of a volume. */
  readonly Name?: string | undefined
  readonly Source: string
  readonly Destination: string
  readonly Mode: string
  readonly RW: boolean
}

export type Status = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead'

/** The daemon's record of a container; the platform's Container of the same id is what really runs. scope: machine; name: id. */
export interface DockerContainer {
  readonly id: string
  readonly name: string
  readonly machine: string
  readonly createdAt: Millis
  /** As the user wrote it. */
  readonly image: string
  readonly imageId: string
  readonly config: Config
  readonly hostConfig: HostConfig
  readonly mounts: readonly MountPoint[]
  readonly links: readonly LinkTo[]
  /** By the network's name, in the order of attaching. */
  readonly networks: Readonly<Record<string, Endpoint>>
  readonly status: Status
  /** A start has been asked for, and has neither succeeded nor failed. */
  readonly starting: boolean
  readonly startedAt: Millis | undefined
  readonly finishedAt: Millis | undefined
  readonly exitCode: number
  readonly error: string
  readonly oomKilled: boolean
  readonly pid: number
  readonly restartCount: number
  readonly restartDelay: Millis
  readonly restartAt: Millis | undefined
  /** Somebody has stopped it, or sent it a signal. */
  readonly manuallyStopped: boolean
  /** `docker stop` waits for its end; what follows the end. */
  readonly stopping: 'stop' | 'restart' | 'remove' | undefined
  readonly health: Health | undefined
  /** The check that comes next, or that runs now. */
  readonly probe:
    | { readonly at: Millis; readonly process?: Key<Process> | undefined; readonly since?: Millis | undefined }
    | undefined
  /** Ports that are open on the machine now. */
  readonly published: readonly Port[]
}
export const DockerContainer = defineKind<DockerContainer>('docker/Container', {
  about: 'a container as the daemon keeps it',
  indexes: { name: (c) => `${c.machine}/${c.name}` },
})
export const dockerContainerKey = (machine: string, id: string): Key<DockerContainer> =>
  DockerContainer.key(machine, id)

/** Whether it counts as running: a paused or restarting one does too. */
export const isRunning = ({ status }: DockerContainer): boolean =>
  status === 'running' || status === 'paused' || status === 'restarting'
