import { freezeEdits } from '../../src/engine/edit'
import type { Key } from '../../src/engine/kind'
import type { Door, Room, Tools, Wish } from '../../src/engine/plan'
import { Simulation } from '../../src/engine/simulation'
import {
  Container,
  type ContainerSpec,
  containerKey,
  Machine,
  machineKey,
  platform,
  type Sandbox,
  sandboxKey,
} from '../../src/platform'
import { createdContainer } from '../../src/platform/container/container'
import { hexOf } from '../../src/platform/image/hex'
import { shellController } from '../../src/platform/shell/shell'
import { toolbox } from '../../src/platform/shell/tool'
import { shellTools } from '../../src/platform/shell/tools'
import { networkTools } from '../../src/platform/shell/tools/network'

freezeEdits(true)

const because = { id: 'test' }

/** A machine that is on. */
export const machine = (name: string, change: Partial<Machine> = {}): Machine => ({
  name,
  power: 'on',
  powerSince: 0,
  boots: 1,
  bootMillis: 20_000,
  cpuMillis: 4000,
  memoryBytes: 8 * 1024 ** 3,
  diskBytes: 100e9,
  downloadBytesPerSecond: 50e6,
  address: `172.18.0.${2 + (name.charCodeAt(name.length - 1) % 50)}`,
  podCidr: `10.244.${name.charCodeAt(name.length - 1) % 50}.0/24`,
  zone: undefined,
  labels: {},
  role: 'worker',
  daemons: { kubelet: 'running', containerd: 'running', 'kube-proxy': 'running' },
  ...change,
})

export const spec = (image: string, change: Partial<ContainerSpec> = {}): ContainerSpec => ({
  image,
  command: undefined,
  args: undefined,
  env: {},
  workingDir: undefined,
  hostname: image.replace(/[^a-z0-9]/g, '-'),
  ports: [],
  mounts: [],
  memoryLimitBytes: undefined,
  cpuLimitMillis: undefined,
  cpuRequestMillis: 0,
  memoryRequestBytes: 0,
  oomScoreAdj: 0,
  oomGroup: true,
  stopSignal: undefined,
  labels: {},
  ...change,
})

export const container = (
  on: string,
  name: string,
  what: ContainerSpec,
  change: Partial<Container> = {},
): Container => ({
  ...createdContainer({
    id: hexOf(`${on}/${name}`),
    name,
    machine: on,
    spec: what,
    sandbox: name,
    wanted: 'running',
    createdAt: 0,
  }),
  ...change,
})

export const sandbox = (on: string, name: string, address: string, change: Partial<Sandbox> = {}): Sandbox => ({
  name,
  machine: on,
  hostname: name,
  address,
  dns: undefined,
  owner: name,
  boot: 1,
  createdAt: 0,
  ...change,
})

/** A container with a sandbox of the same name. */
export function pod(on: string, name: string, address: string, what: ContainerSpec, dns?: Sandbox['dns']): Wish[] {
  return [
    put(sandboxKey(on, name), sandbox(on, name, address, { dns })),
    put(idOf(on, name), container(on, name, { ...what, hostname: name })),
  ]
}

export const idOf = (on: string, name: string): Key<Container> => containerKey(on, hexOf(`${on}/${name}`))

export const put = <T>(key: Key<T>, value: T | undefined): Wish<T> => ({ key, value, because })

/** A simulation with these objects, and a way to write more as a person would. */
export function lab(genesis: readonly Wish[], options: { seed?: number; rooms?: readonly Room[] } = {}) {
  let pending: readonly Wish[] = []
  let question: ((tools: Tools) => void) | undefined
  const hands: Room = {
    name: 'test',
    controllers: [
      {
        name: 'hands',
        about: 'writes what a test wants',
        watches: [],
        reconcile: (_about, _world, tools) => {
          question?.(tools)
          return { changes: pending }
        },
      },
    ],
    doors: [],
    sentences: {},
  }
  const shell: Room = {
    name: 'shell',
    controllers: [shellController(toolbox([...shellTools, ...networkTools]))],
    doors: [],
    sentences: {},
  }
  const simulation = new Simulation({
    rooms: [platform, shell, ...(options.rooms ?? []), hands],
    seed: options.seed ?? 1,
    genesis,
  })
  const world = simulation.store
  return {
    simulation,
    world,
    /** Lets simulated time pass. */
    pass: (millis: number) => simulation.run({ until: simulation.now + millis }),
    write(...changes: Wish[]) {
      pending = changes
      simulation.input({ to: 'hands', about: '', body: null, says: 'wrote' })
      simulation.run({ until: simulation.now })
    },
    /** Asks a door, as a controller would. */
    ask<Q, R>(door: Door<Q, R>, request: Q): R {
      let reply: R | undefined
      question = (tools) => {
        reply = tools.ask(door, request)
      }
      this.write()
      question = undefined
      return reply!
    },
    edit<T extends object>(key: Key<T>, change: Partial<T>) {
      this.write(put(key, { ...world.get(key)!, ...change }))
    },
  }
}

export const machines = (...names: string[]): Wish[] => names.map((name) => put(machineKey(name), machine(name)))
export { Container, Machine, machineKey }
