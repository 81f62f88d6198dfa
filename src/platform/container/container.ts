import type { Json, Millis } from '../../engine/json'
import { defineKind } from '../../engine/kind'
import type { Launch } from './launch'

export interface Mount {
  /** `files`: a scope of files as it is, of a machine for instance. */
  readonly source: { readonly volume: string } | { readonly tmpfs: true } | { readonly files: string }
  readonly path: string
  readonly readOnly: boolean
  /** Only this folder or file of the volume: `/sub`. */
  readonly root?: string
}

/** What a container is asked to be; never changes after creation. */
export interface ContainerSpec {
  /** The image as the user wrote it: `nginx:1.27`. */
  readonly image: string
  /** Of an image that its machine has and no registry of the catalogue: what it is, and what runs. */
  readonly launch?: Launch
  /** Replaces the image's ENTRYPOINT. */
  readonly command: readonly string[] | undefined
  /** Replaces the image's CMD. */
  readonly args: readonly string[] | undefined
  readonly env: Readonly<Record<string, string>>
  readonly workingDir: string | undefined
  readonly hostname: string
  readonly ports: readonly {
    readonly port: number
    readonly protocol: 'TCP' | 'UDP' | 'SCTP'
    readonly name: string | undefined
  }[]
  readonly mounts: readonly Mount[]
  readonly memoryLimitBytes: number | undefined
  /** memory.swap.max: what it may swap out beyond its limit; left out: all that the machine has. */
  readonly swapBytes?: number
  /** pids.max; left out: as many as the machine can hold. */
  readonly pidsLimit?: number
  /** Limits that differ from the runtime's own, soft and hard: `nofile`, `nproc` … */
  readonly ulimits?: Readonly<Record<string, readonly [number, number]>>
  /** What root may do in it, without CAP_; left out: the runtime's usual fourteen. */
  readonly capabilities?: readonly string[]
  /** The quota of cpu.max, in thousandths of a CPU, and its period (100 ms when left out). */
  readonly cpuLimitMillis: number | undefined
  readonly cpuPeriodMicros?: number
  readonly cpuRequestMillis: number
  /** cpu.weight, 100 when left out; the CPUs it may run on, ascending. */
  readonly cpuWeight?: number
  readonly cpuset?: readonly number[]
  /** The slices that its control group is in, from the root: `kubepods.slice/kubepods-besteffort.slice`. */
  readonly cgroupParent?: string
  readonly memoryRequestBytes: number
  /** −1000…1000; the OOM killer prefers the highest. */
  readonly oomScoreAdj: number
  /** When the memory limit is hit the whole group dies (as the kubelet sets it), not one process. */
  readonly oomGroup: boolean
  /** Overrides the image's STOPSIGNAL. */
  readonly stopSignal: string | undefined
  readonly labels: Readonly<Record<string, string>>
  /** As whom it runs, when not as the image says. */
  readonly user?: { readonly uid: number | undefined; readonly gid: number; readonly groups: readonly number[] }
  /** Its own files cannot be changed; volumes can. */
  readonly readOnlyRoot?: boolean
  /** Its standard input is kept open (`-i`), it has a terminal (`-t`). */
  readonly stdin?: boolean
  readonly tty?: boolean
  /** An init of the runtime's own is put before its command (`--init`). */
  readonly init?: boolean
}

/** What the runtime and the program have under way in a running container. */
export interface Course {
  /** When the program begins to listen on its ports, if it does not yet. */
  readonly listensAt?: Millis
  /** When the program wants to be run again. */
  readonly wakeAt?: Millis
  /** Keys of objects whose change runs the program again; `network` stands for any link and any machine's power. */
  readonly wakes?: readonly string[]
  /** The signal that has been delivered on being asked to stop. */
  readonly signalled?: string
  /** `at` of the order that this answers. */
  readonly signalledFor?: Millis
  /** When and how it is going to end. */
  readonly end?: { readonly at: Millis; readonly code: number; readonly because: string }
  /** The kernel has taken a process, whose memory is about to be free. */
  readonly reaping?: boolean
  /** How often this container object has been started. */
  readonly starts: number
}

/** What somebody does to its program on purpose, from outside. */
export interface Disturbance {
  /** What becomes of requests: no answer ever, or HTTP 500. */
  readonly answers?: 'never' | 'errors'
  /** Memory that it takes and never gives back, a portion each second. */
  readonly leak?: { readonly bytesPerSecond: number; readonly leakedBytes: number; readonly nextAt: Millis }
}

/**
 * A container on a machine. Its owner (a kubelet, a daemon) creates it with `wanted: 'running'` and later writes `stop`
 * or deletes the object; the container runtime does the rest: `created` → `running` → `exited`.
 */
export interface Container {
  /** 64 hexadecimal digits. */
  readonly id: string
  readonly name: string
  readonly machine: string
  readonly spec: ContainerSpec
  /** The network namespace it lives in: a Sandbox's name on the same machine, or undefined for the host's. */
  readonly sandbox: string | undefined
  readonly wanted: 'created' | 'running'
  /** Asked to stop: `signal` at `at`, SIGKILL at `killAt`; without it the signal is all. */
  readonly stop: { readonly signal: string; readonly at: Millis; readonly killAt?: Millis | undefined } | undefined
  readonly state: 'created' | 'running' | 'paused' | 'exited' | 'dead'
  readonly createdAt: Millis
  readonly startedAt: Millis | undefined
  readonly finishedAt: Millis | undefined
  readonly exitCode: number | undefined
  readonly oomKilled: boolean
  /** How often the kernel has taken one of its processes since its start. */
  readonly oomKills?: number
  /** Why it could not start (an unknown command, for instance), in the runtime's words. */
  readonly error: string | undefined
  /** Which program runs in it (a name from the list in `platform/programs`), and its memory: plain data. */
  readonly program: string
  /** When the program took the place of a script; left out: it was there from the start. */
  readonly programSince?: Millis
  readonly memory: Json | undefined
  /** TCP ports it listens on now. */
  readonly listens: readonly number[]
  /** What it uses at rest; load is added from the request ledgers. */
  readonly cpuMillis: number
  readonly memoryBytes: number
  /** How much of that belongs to processes beside its program: commands that hold much. */
  readonly processBytes?: number
  /** The runtime's own: what is under way. */
  readonly course?: Course
  /** Set while a fault is about it; ends with the process. */
  readonly disturbed?: Disturbance
}
export const Container = defineKind<Container>('platform/Container', {
  about: 'a container on a machine',
  indexes: {
    /** `machine/sandbox`; `machine/` for those in the machine's own network. */
    sandbox: (c) => `${c.machine}/${c.sandbox ?? ''}`,
    owner: (c) => c.spec.labels['owner'],
    wakes: (c) => c.course?.wakes,
  },
})
/** What whoever creates a container says of it; the rest is the runtime's. */
type NewContainer = Pick<Container, 'id' | 'name' | 'machine' | 'spec' | 'sandbox' | 'wanted' | 'createdAt'>

export const createdContainer = ({ id, name, machine, spec, sandbox, wanted, createdAt }: NewContainer): Container => ({
  id,
  name,
  machine,
  spec,
  sandbox,
  wanted,
  createdAt,
  stop: undefined,
  state: 'created',
  startedAt: undefined,
  finishedAt: undefined,
  exitCode: undefined,
  oomKilled: false,
  error: undefined,
  program: '',
  memory: undefined,
  listens: [],
  cpuMillis: 0,
  memoryBytes: 0,
})

/** The same container started once more: its files stay, what it printed stays, its memory does not. */
export const startedAgain = (container: Container, given: Pick<Container, 'spec' | 'sandbox'>): Container => ({
  ...container,
  ...given,
  wanted: 'running',
  state: 'created',
  stop: undefined,
  error: undefined,
})

/** scope: machine, name: container id */
export const containerKey = (machine: string, id: string) => Container.key(machine, id)

/** An interface of a namespace, in one network of its machine. */
export interface Interface {
  /** Name of the platform/Network, which is its id. */
  readonly network: string
  readonly address: string
  /** What others in the network may call it. */
  readonly names: readonly string[]
}

/** A network namespace shared by the containers of a pod (the pause container's). */
export interface Sandbox {
  readonly name: string
  readonly machine: string
  readonly hostname: string
  /** Its first address; empty where it has none. */
  readonly address: string
  /** Its interfaces, where the networks of a machine are kept apart; left out: one flat network of all. */
  readonly interfaces?: readonly Interface[]
  readonly dns:
    | {
        readonly server: string
        readonly search: readonly string[]
        readonly ndots: number
        /** All servers and options, where there is more to say than these: only the first server is asked. */
        readonly servers?: readonly string[]
        readonly options?: readonly string[]
      }
    | undefined
  /** What stands in /etc/hosts: its beginning, the full name, more names. */
  readonly hosts?: {
    readonly head: string
    readonly fqdn?: string
    readonly aliases: readonly { readonly address: string; readonly names: readonly string[] }[]
    /** The line before the aliases. */
    readonly heading?: string
  }
  /** Who asked for it: a pod's uid. */
  readonly owner: string
  /** The machine's boot it belongs to: a reboot ends it. */
  readonly boot: number
  readonly createdAt: Millis
}
export const Sandbox = defineKind<Sandbox>('platform/Sandbox', {
  about: 'a network namespace with an address',
  indexes: {
    owner: (s) => s.owner,
    address: (s) => s.interfaces?.map(({ address }) => address) ?? s.address,
    /** `network/name` */
    called: (s) => s.interfaces?.flatMap(({ network, names }) => names.map((name) => `${network}/${name}`)),
  },
})
/** scope: machine, name: the sandbox's name */
export const sandboxKey = (machine: string, name: string) => Sandbox.key(machine, name)

/** Output of a process or container: one object a chunk, in order of creation under the scope of its owner. */
export interface Output {
  readonly at: Millis
  readonly stream: 'out' | 'err' | 'in' | 'notice'
  readonly text: string
}
export const Output = defineKind<Output>('platform/Output', { about: 'printed text', quiet: true })
