import { parseYamlText } from '../../kubernetes'
import { parseReference } from '../../platform/image/reference'
import { resolveImage } from '../../platform/image/resolve'
import type { Machine } from '../../platform/machine/machine'
import type { StockedRegistry } from '../../platform/registry/stock'

/** The machines of a run and what is installed on them. */
export interface Lab {
  readonly name: string
  readonly machines: readonly Machine[]
  /** The machine that the learner's prompt is on. */
  readonly prompt: string
  readonly kubernetes: boolean
  /** Machines with a Docker daemon are among them. */
  readonly docker: boolean
  /** How much past the lab has when it is handed over, so that its own pods run: milliseconds. */
  readonly pastMillis: number
  /** Whether Services of type LoadBalancer get an address; without, they stay <pending>. */
  readonly balancer: boolean
  /** Private registries in the world outside. */
  readonly registries?: readonly StockedRegistry[]
  /** Files that stand on the disks of machines from the beginning. */
  readonly disks?: readonly { readonly machine: string; readonly path: string; readonly text: string }[]
  /** What was run on machines in the lab's past, when they were set up. */
  readonly setUp?: readonly { readonly machine: string; readonly script: string }[]
}

const GIBIBYTE = 1024 * 1024 * 1024
const MOST_MACHINES = 5_000
const BOOT_MILLIS = 25_000
const DOWNLOAD_BYTES_PER_SECOND = 25_000_000
const PAST_MILLIS = 180_000

export interface LabProblem {
  readonly problem: string
}

function machine(name: string, address: string, given: Partial<Machine>): Machine {
  return {
    name,
    power: 'on',
    powerSince: -86_400_000,
    boots: 1,
    bootMillis: BOOT_MILLIS,
    cpuMillis: 4_000,
    memoryBytes: 8 * GIBIBYTE,
    diskBytes: 80 * GIBIBYTE,
    downloadBytesPerSecond: DOWNLOAD_BYTES_PER_SECOND,
    address,
    podCidr: undefined,
    zone: undefined,
    labels: {},
    role: 'worker',
    daemons: {},
    ...given,
  }
}

const NODE_DAEMONS = { kubelet: 'running', containerd: 'running', 'kube-proxy': 'running' } as const

const CONTROL_DAEMONS = {
  ...NODE_DAEMONS,
  etcd: 'running',
  'kube-apiserver': 'running',
  'kube-controller-manager': 'running',
  'kube-scheduler': 'running',
} as const

const DOCKER_DAEMONS = { dockerd: 'running', containerd: 'running' } as const
/** Outside of the networks that a daemon makes for containers. */
const DOCKER_NETWORK = '10.0.0.'
const DOCKER_FROM = 10
const MOST_HOSTS = 50

/** 172.18.0.0/16, as kind's network has it: `n` counts from 2. */
const addressOf = (n: number) => `172.18.${n >> 8}.${n & 255}`
const cidrOf = (n: number) => `10.${244 + (n >> 8)}.${n & 255}.0/24`

/** A cluster: one control-plane machine, workers in two zones, and the learner's laptop outside. */
export function kubernetesLab(workers: number, given: Partial<Machine> = {}): Lab {
  const machines = [
    machine('control-plane', addressOf(2), { role: 'control-plane', podCidr: cidrOf(0), daemons: CONTROL_DAEMONS }),
  ]
  for (let i = 1; i <= workers; i++) {
    machines.push(
      machine(`worker-${i}`, addressOf(i + 2), {
        podCidr: cidrOf(i),
        zone: i <= Math.ceil(workers / 2) ? 'a' : 'b',
        daemons: NODE_DAEMONS,
        ...given,
      }),
    )
  }
  machines.push(machine('laptop', '172.18.255.1', { role: 'outside' }))
  return {
    name: workers === 3 ? 'kubernetes' : `kubernetes:${workers}`,
    machines,
    prompt: 'laptop',
    kubernetes: true,
    docker: false,
    pastMillis: PAST_MILLIS,
    balancer: true,
  }
}

/** The registry of the lab in which code goes to users: a machine, and what images there begin with. */
const SHELF = 'registry'
const SHELF_ADDRESS = `${SHELF}:5000`

/**
 * The way from code to users: a laptop with Docker, a machine whose daemon runs a registry, and a cluster that pulls from it. As kind's page on
 * local registries sets it up: without TLS, which the laptop's daemon and every containerd have been told.
 */
function deliveryLab(): Lab {
  const cluster = kubernetesLab(3)
  const machines = cluster.machines.map((one) =>
    one.role === 'outside' ? { ...one, daemons: DOCKER_DAEMONS, files: 'desk' } : one,
  )
  const nodes = machines.filter(({ role }) => role !== 'outside')
  const insecure = { path: '/etc/docker/daemon.json', text: `{\n  "insecure-registries": ["${SHELF_ADDRESS}"]\n}\n` }
  const hosts = {
    path: `/etc/containerd/certs.d/${SHELF_ADDRESS}/hosts.toml`,
    text: `server = "http://${SHELF_ADDRESS}"\n`,
  }
  const run = `docker run -d --restart always -p 5000:5000 --name registry -v registry:/var/lib/registry registry:2`
  return {
    ...cluster,
    name: 'both',
    machines: [...machines, machine(SHELF, '172.18.255.2', { role: 'outside', daemons: DOCKER_DAEMONS })],
    docker: true,
    disks: [{ machine: cluster.prompt, ...insecure }, ...nodes.map(({ name }) => ({ machine: name, ...hosts }))],
    setUp: [{ machine: SHELF, script: run }],
  }
}

/** Machines with Docker, of which the first, `docker`, has the prompt: `docker-2` and so on are beside it, and reached by ssh. */
function dockerLab(name: string, count: number): Lab | LabProblem {
  if (count < 1 || count > MOST_HOSTS)
    return { problem: `a lab has 1 to ${MOST_HOSTS} machines with Docker, not ${count}` }
  const machines = Array.from({ length: count }, (_, i) =>
    machine(i === 0 ? 'docker' : `docker-${i + 1}`, `${DOCKER_NETWORK}${DOCKER_FROM + i}`, {
      daemons: DOCKER_DAEMONS,
      ...(i === 0 && { files: 'desk' }),
    }),
  )
  return { name, machines, prompt: 'docker', kubernetes: false, docker: true, pastMillis: 0, balancer: false }
}

/** The labs that have a name; `kubernetes:5` has five workers, `docker:2` two machines with Docker. */
export function namedLab(name: string): Lab | LabProblem {
  if (name === 'kubernetes') return kubernetesLab(3)
  const sized = /^kubernetes:(\d+)$/.exec(name)
  if (sized) {
    const workers = Number(sized[1])
    if (workers < 1 || workers > MOST_MACHINES)
      return { problem: `a lab has 1 to ${MOST_MACHINES} workers, not ${workers}` }
    return kubernetesLab(workers)
  }
  const hosts = /^docker(?::(\d+))?$/.exec(name)
  if (hosts) return dockerLab(name, Number(hosts[1] ?? 1))
  if (name === 'both') return deliveryLab()
  if (name === 'swarm') {
    const machines = [1, 2, 3, 4, 5].map((i) => machine(`node-${i}`, addressOf(i + 1), {}))
    return { name, machines, prompt: 'node-1', kubernetes: false, docker: false, pastMillis: 0, balancer: false }
  }
  return { problem: `there is no lab ${name}: docker, docker:N, swarm, kubernetes, kubernetes:N, both, or a file` }
}

const isNames = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).length <= MOST_OF_REGISTRY &&
  Object.values(value).every((one) => typeof one === 'string')

const MOST_OF_REGISTRY = 200

/** `registries`: a list with host, users (name: password) and images (name: image of the catalogue). A text: what is wrong. */
function registriesIn(value: unknown): readonly StockedRegistry[] | string {
  if (value === undefined) return []
  if (!Array.isArray(value) || value.length > 20) return 'registries: a list of 20 at most'
  const found: StockedRegistry[] = []
  for (const [i, one] of value.entries()) {
    const { host, users = {}, images = {} } = (one ?? {}) as Record<string, unknown>
    if (typeof host !== 'string' || !/^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?$/.test(host))
      return `registries[${i}].host: a host name with a dot is needed`
    if (!isNames(users) || !isNames(images)) return `registries[${i}]: users and images are maps of names`
    for (const [name, of] of Object.entries(images))
      if ('error' in parseReference(`${host}/${name}`) || resolveImage(of).found === 'missing')
        return `registries[${i}].images: ${name} is no name, or ${of} no image`
    found.push({ host, users, images })
  }
  return found
}

/** A lab as a file: `kubernetes: true` or `docker: true`, or both (then the machines outside of the cluster have Docker), `loadBalancer: false` for a cluster whose LoadBalancers stay pending, `prompt`, and `machines` with name, role, cpus, memory and swap (in GiB), zone, labels. */
export function labFromFile(text: string): Lab | LabProblem {
  if (text.length > 200_000) return { problem: 'a lab file has at most 200,000 characters' }
  const read = parseYamlText(text)
  if ('error' in read) return { problem: read.error }
  const file = read.value as Record<string, unknown>
  const list = file?.['machines']
  if (!Array.isArray(list) || list.length === 0 || list.length > MOST_MACHINES)
    return { problem: `machines: a list of 1 to ${MOST_MACHINES} machines is needed` }
  const kubernetes = file['kubernetes'] === true
  const docker = file['docker'] === true
  const machines: Machine[] = []
  for (const [i, one] of list.entries()) {
    const { name, role, cpus = 4, memory = 8, swap = 0, zone, labels } = (one ?? {}) as Record<string, any>
    if (typeof name !== 'string' || !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name))
      return { problem: `machines[${i}].name: a host name is needed` }
    if (machines.some((other) => other.name === name))
      return { problem: `machines[${i}].name: there are two machines ${name}` }
    if (
      typeof cpus !== 'number' ||
      typeof memory !== 'number' ||
      cpus <= 0 ||
      memory <= 0 ||
      cpus > 1024 ||
      memory > 65_536
    )
      return { problem: `machines[${i}]: cpus and memory are positive numbers (memory in GiB)` }
    if (role !== undefined && !['control-plane', 'worker', 'outside'].includes(role))
      return { problem: `machines[${i}].role: control-plane, worker or outside` }
    if (typeof swap !== 'number' || swap < 0 || swap > 65_536)
      return { problem: `machines[${i}].swap: GiB of swap, 0 or more` }
    if (swap > 0 && kubernetes && role !== 'outside')
      return { problem: `machines[${i}].swap: a kubelet does not start where there is swap (failSwapOn)` }
    const inside = role !== 'outside'
    machines.push(
      machine(
        name,
        docker && !kubernetes
          ? `${DOCKER_NETWORK}${i + DOCKER_FROM}`
          : role === 'outside'
            ? `172.18.255.${i + 1}`
            : addressOf(i + 2),
        {
          role: role ?? 'worker',
          cpuMillis: Math.round(cpus * 1000),
          memoryBytes: Math.round(memory * GIBIBYTE),
          ...(swap > 0 && { swapBytes: Math.round(swap * GIBIBYTE) }),
          zone: typeof zone === 'string' ? zone : undefined,
          labels: typeof labels === 'object' && labels !== null ? labels : {},
          ...(kubernetes && inside
            ? { daemons: role === 'control-plane' ? CONTROL_DAEMONS : NODE_DAEMONS, podCidr: cidrOf(i) }
            : docker && inside !== kubernetes
              ? { daemons: DOCKER_DAEMONS }
              : {}),
        },
      ),
    )
  }
  if (kubernetes && !machines.some((m) => m.role === 'control-plane'))
    return { problem: 'machines: a cluster needs one machine with role control-plane' }
  if (kubernetes && !machines.some((m) => m.role === 'outside'))
    machines.push(machine('laptop', '172.18.255.254', { role: 'outside', ...(docker && { daemons: DOCKER_DAEMONS }) }))
  const prompt =
    typeof file['prompt'] === 'string'
      ? file['prompt']
      : (machines.find((m) => m.role === 'outside') ?? machines[0]!).name
  if (!machines.some((m) => m.name === prompt)) return { problem: `prompt: there is no machine ${prompt}` }
  const registries = registriesIn(file['registries'])
  if (typeof registries === 'string') return { problem: registries }
  return {
    name: typeof file['name'] === 'string' ? file['name'] : 'file',
    machines: docker
      ? machines.map((one) =>
          one.name === prompt && one.daemons['dockerd'] !== undefined ? { ...one, files: 'desk' } : one,
        )
      : machines,
    prompt,
    kubernetes,
    docker,
    pastMillis: kubernetes ? PAST_MILLIS : 0,
    balancer: kubernetes && file['loadBalancer'] !== false,
    registries: registries as readonly StockedRegistry[],
  }
}
