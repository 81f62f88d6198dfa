import { performance } from 'node:perf_hooks'
import { Build } from '../docker/build/build'
import { type Controller, edit, freezeEdits, type Json, Simulation, type Wish } from '../engine'
import { kubernetes, kubernetesGenesis } from '../kubernetes'
import { podReady } from '../kubernetes/controllers/pods'
import { Deployment } from '../kubernetes/kinds/deployment'
import { Pod } from '../kubernetes/kinds/pod'
import { Service } from '../kubernetes/kinds/service'
import { platform } from '../platform'
import { LocalImage } from '../platform/image/image'
import { localImage } from '../platform/image/puller'
import { resolveImage } from '../platform/image/resolve'
import { machineKey } from '../platform/machine/machine'
import { powerOff } from '../platform/machine/power'
import { Effects } from '../platform/network/effects'
import { get } from '../platform/network/request'
import { send } from '../platform/network/send'
import { kubernetesLab, namedLab } from '../terminal/lab/lab'
import { Session } from '../terminal/session'
import type { Measured } from './measured'

const KEY = Deployment.key('default', 'web')

const FRONT = Service.key('default', 'web')
const FRONT_ADDRESS = '10.96.77.77'

const front = (uid: string): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default', uid, creationTimestamp: '2025-01-15T09:00:00Z' },
  spec: {
    type: 'ClusterIP',
    selector: { app: 'web' },
    clusterIP: FRONT_ADDRESS,
    clusterIPs: [FRONT_ADDRESS],
    ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }],
  },
  status: { loadBalancer: {} },
})

/** Writes objects for a benchmark, as a client would. */
const hand: Controller = {
  name: 'hand',
  about: 'a client in a benchmark',
  watches: [],
  reconcile(_about, world, tools) {
    const body = tools.message.body as unknown as { do: string; value?: any; machines?: string[] }
    const because = { id: 'bench/asked' }
    if (body.do === 'put')
      return {
        changes: [
          { key: KEY, value: { ...body.value, metadata: { ...body.value.metadata, uid: tools.uid(KEY) } }, because },
        ],
      }
    if (body.do === 'expose') return { changes: [{ key: FRONT, value: front(tools.uid(FRONT)), because }] }
    if (body.do === 'image') {
      const value = edit(world.get(KEY)!, (d) => {
        d.spec.template.spec.containers[0]!.image = 'nginx:1.29'
        d.metadata.generation = (d.metadata.generation ?? 1) + 1
      })
      return { changes: [{ key: KEY, value, because }] }
    }
    return { changes: (body.machines ?? []).flatMap((name) => powerOff(world, name, because) as Wish[]) }
  },
}

function cluster(nodes: number): Simulation {
  freezeEdits(false)
  const lab = kubernetesLab(nodes, { cpuMillis: 32_000, memoryBytes: 64 * 1024 ** 3 })
  const because = { id: 'bench/lab' }
  const genesis: Wish[] = lab.machines.map((machine) => ({ key: machineKey(machine.name), value: machine, because }))
  for (const machine of lab.machines) {
    for (const image of [
      'nginx:1.28',
      'nginx:1.29',
      'registry.k8s.io/kube-proxy:v1.34.2',
      'registry.k8s.io/coredns/coredns:v1.12.1',
    ]) {
      const found = resolveImage(image)
      const name = image
      if (found.found !== 'missing')
        genesis.push({
          key: LocalImage.key(machine.name, name),
          value: localImage(machine.name, name, found.image, 0),
          because,
        })
    }
  }
  genesis.push(...kubernetesGenesis({ machines: lab.machines, seed: 1, at: -60_000 }))
  const simulation = new Simulation({
    rooms: [platform, kubernetes, { name: 'bench', controllers: [hand], doors: [], sentences: {} }],
    seed: 1,
    genesis,
    start: -60_000,
  })
  simulation.run({ until: 0 })
  return simulation
}

const deployment = (replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'web',
    namespace: 'default',
    uid: '',
    creationTimestamp: '2025-01-15T09:00:00Z',
    generation: 1,
    labels: { app: 'web' },
  },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [
          {
            name: 'web',
            image: 'nginx:1.28',
            imagePullPolicy: 'IfNotPresent',
            resources: { requests: { cpu: '10m', memory: '16Mi' } },
          },
        ],
        restartPolicy: 'Always',
        terminationGracePeriodSeconds: 30,
        dnsPolicy: 'ClusterFirst',
        schedulerName: 'default-scheduler',
        securityContext: {},
      },
    },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  },
  status: {},
})

const input = (simulation: Simulation, body: unknown) =>
  void simulation.input({ to: 'hand', about: 'web', body: body as Json, says: 'asked' })

interface Watch {
  readonly cpu: NodeJS.CpuUsage
  readonly wall: number
  readonly sim: number
}
const begin = (simulation: Simulation): Watch => ({
  cpu: process.cpuUsage(),
  wall: performance.now(),
  sim: simulation.now,
})

/** Runs in steps of a simulated tenth of a second, as a page would, until something holds. */
function until(simulation: Simulation, holds: () => boolean, most = 3_600_000): number {
  let longest = 0
  const limit = simulation.now + most
  while (!holds() && simulation.now < limit) {
    const start = performance.now()
    simulation.run({ until: simulation.now + 100 })
    longest = Math.max(longest, performance.now() - start)
  }
  if (!holds()) throw new Error('the benchmark did not come to its end')
  return longest
}

function measured(watch: Watch, simulation: Simulation, longest: number, phases?: Record<string, number>): Measured {
  const cpu = process.cpuUsage(watch.cpu)
  return {
    cpuMillis: (cpu.user + cpu.system) / 1000,
    wallMillis: performance.now() - watch.wall,
    simMillis: simulation.now - watch.sim,
    heapMb: process.memoryUsage().heapUsed / 1_048_576,
    maxBlockMillis: longest,
    ...(phases ? { phases } : {}),
  }
}

const size = (argument: string, standard: readonly [number, number]): readonly [number, number] => {
  const match = /^(\d+)x(\d+)$/.exec(argument)
  return match ? [Number(match[1]), Number(match[2])] : standard
}

/** Every replica of the deployment is Ready, and none of an older version is left. */
const whole = (simulation: Simulation, replicas: number) => () => {
  const { status, metadata } = simulation.store.get(KEY) ?? {}
  return (
    status?.observedGeneration === metadata?.generation &&
    status?.readyReplicas === replicas &&
    status.updatedReplicas === replicas &&
    status.replicas === replicas
  )
}

const running = (simulation: Simulation) => simulation.store.list(Pod, { scope: 'default' })

export function deployed(nodes: number, replicas: number): Simulation {
  const simulation = cluster(nodes)
  input(simulation, { do: 'put', value: deployment(replicas) })
  until(simulation, whole(simulation, replicas))
  return simulation
}

function seek(argument: string): Measured {
  const simulation = deployed(...size(argument, [100, 3000]))
  const { store } = simulation
  const watch = begin(simulation)
  let longest = 0
  const rounds = 20
  let seen = 0
  for (let i = 0; i < rounds; i++) {
    const start = performance.now()
    const world = store.at(1 + Math.floor((((i * 7919) % 1000) / 1000) * store.revision))
    for (const pod of world.list(Pod)) seen += podReady(pod.value) ? 1 : 0
    longest = Math.max(longest, performance.now() - start)
  }
  const total = measured(watch, simulation, longest)
  return {
    ...total,
    cpuMillis: total.cpuMillis / rounds,
    wallMillis: total.wallMillis / rounds,
    phases: { pods: running(simulation).length, seen },
  }
}

function branch(argument: string): Measured {
  const simulation = deployed(...size(argument, [100, 3000]))
  const end = simulation.now
  const rounds = 5
  const saved = simulation.save()
  const runs: Measured[] = []
  for (let i = 0; i < rounds; i++) {
    const watch = begin(simulation)
    simulation.save()
    simulation.rewind(Math.floor((end * (i + 1)) / (rounds + 1)))
    runs.push(measured(watch, simulation, performance.now() - watch.wall))
    simulation.restore(saved)
  }
  const mean = (of: (run: Measured) => number) => runs.reduce((sum, run) => sum + of(run), 0) / rounds
  return {
    ...runs[0]!,
    cpuMillis: mean((run) => run.cpuMillis),
    wallMillis: mean((run) => run.wallMillis),
    simMillis: 0,
    maxBlockMillis: Math.max(...runs.map((run) => run.maxBlockMillis)),
  }
}

/** Each gets what stands behind the colon of its name. */
const CONTEXT = {
  'app/Dockerfile':
    'FROM node:22-alpine\nWORKDIR /app\nCOPY package.json .\nRUN npm install\nCOPY . .\nRUN echo done\nCMD ["node", "server.js"]\n',
  'app/package.json': '{"dependencies":{"express":"^4"}}\n',
  'app/server.js': 'listen(3000)\n',
}

export const benchmarks: Readonly<Record<string, (argument: string) => Measured>> = {
  deploy(argument) {
    const [nodes, replicas] = size(argument, [10, 100])
    const simulation = cluster(nodes)
    const watch = begin(simulation)
    input(simulation, { do: 'put', value: deployment(replicas) })
    return measured(watch, simulation, until(simulation, whole(simulation, replicas)))
  },
  roll(argument) {
    const [nodes, replicas] = size(argument, [10, 100])
    const simulation = deployed(nodes, replicas)
    const watch = begin(simulation)
    input(simulation, { do: 'image' })
    simulation.run({ until: simulation.now })
    const done = whole(simulation, replicas)
    const longest = until(simulation, () => done() && running(simulation).length === replicas)
    return measured(watch, simulation, longest)
  },
  nodefail(argument) {
    const [nodes, replicas] = size(argument, [10, 100])
    const simulation = deployed(nodes, replicas)
    const lost = Math.max(1, Math.floor(nodes / 50))
    const watch = begin(simulation)
    const dead = Array.from({ length: lost }, (_, i) => `worker-${i + 1}`)
    input(simulation, { do: 'crash', machines: dead })
    const longest = until(
      simulation,
      () =>
        simulation.now - watch.sim > 360_000 &&
        whole(simulation, replicas)() &&
        !running(simulation).some(
          (pod) => pod.value.metadata.deletionTimestamp === undefined && dead.includes(pod.value.spec.nodeName ?? ''),
        ),
    )
    return measured(watch, simulation, longest)
  },
  seek,
  branch,
  /** Builds of five steps, all of which the cache has: through the command line, one after the other. */
  build(argument) {
    const lab = namedLab('docker')
    if ('problem' in lab) throw new Error(lab.problem)
    const session = new Session({ lab, seed: 1, files: CONTEXT })
    session.run('docker build -q -t app app')
    const { simulation } = session
    const n = Number(argument || 200)
    const watch = begin(simulation)
    for (let i = 0; i < n; i++) session.run('docker build -q -t app app')
    const steps = simulation.store.list(Build).at(-1)!.value.steps
    const total = measured(watch, simulation, 0)
    const cached = steps.filter((step) => step.cached).length
    return { ...total, phases: { perSecond: Math.round((n / total.cpuMillis) * 1000), cached } }
  },
  /** As a load of a high rate sends them: a name's address, the service's rule, a pod on some machine. */
  requests(argument) {
    const simulation = deployed(10, 30)
    const { store } = simulation
    input(simulation, { do: 'expose' })
    simulation.run({ until: simulation.now + 1_000 })
    const n = Number(argument || 20_000)
    const watch = begin(simulation)
    let answered = 0
    for (let i = 0; i < n; i++) {
      const outcome = send(
        store,
        { draw: () => (i % 97) / 97 },
        { ...get({ machine: 'worker-1', sandbox: undefined }, FRONT_ADDRESS, 80, '/', `r${i}`), unlogged: true },
        new Effects(store),
      )
      if (outcome.end === 'answered') answered++
    }
    const total = measured(watch, simulation, 0)
    return { ...total, phases: { perSecond: Math.round((n / total.cpuMillis) * 1000), answered } }
  },
}
