import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseQuantity } from '../../src/kubernetes/api/quantity'
import { fenceposts } from '../../src/kubernetes/controllers/deployment-rolling'
import { active, podReady } from '../../src/kubernetes/controllers/pods'
import { Deployment } from '../../src/kubernetes/kinds/deployment'
import { controllerUid } from '../../src/kubernetes/kinds/meta'
import { Node } from '../../src/kubernetes/kinds/node'
import { Pod } from '../../src/kubernetes/kinds/pod'
import { podRequests } from '../../src/kubernetes/kinds/pod-resources'
import { ReplicaSet } from '../../src/kubernetes/kinds/replicaset'
import { machineKey } from '../../src/platform/machine/machine'
import { kubernetesLab } from '../../src/terminal/lab/lab'
import { Session } from '../../src/terminal/session'

/** One Deployment as a learner may write it. */
interface Wanted {
  readonly replicas: number
  readonly cpuMillis: number
  readonly recreate: boolean
  readonly surge: number
  readonly unavailable: number
  readonly probe: boolean
}
interface Deed {
  /** Simulated seconds before it. */
  readonly after: number
  readonly do: 'scale' | 'image' | 'delete' | 'fault' | 'heal' | 'cordon' | 'uncordon' | 'undo' | 'drain' | 'replace'
  readonly web: number
  readonly worker: number
  readonly n: number
}
interface Course {
  readonly workers: number
  readonly deployments: readonly Wanted[]
  readonly deeds: readonly Deed[]
}

const wanted: fc.Arbitrary<Wanted> = fc
  .record({
    replicas: fc.integer({ min: 0, max: 6 }),
    cpuMillis: fc.constantFrom(0, 50, 250, 900),
    recreate: fc.boolean(),
    surge: fc.integer({ min: 0, max: 2 }),
    unavailable: fc.integer({ min: 0, max: 2 }),
    probe: fc.boolean(),
  })
  .map((one) => (one.surge === 0 && one.unavailable === 0 ? { ...one, surge: 1 } : one))

const course = (deeds: readonly Deed['do'][], most: number): fc.Arbitrary<Course> =>
  fc.record({
    workers: fc.integer({ min: 2, max: 4 }),
    deployments: fc.array(wanted, { minLength: 1, maxLength: 3 }),
    deeds: fc.array(
      fc.record({ after: fc.constantFrom(0, 1, 3, 8, 21, 55), do: fc.constantFrom(...deeds), web: fc.nat(2), worker: fc.nat(3), n: fc.nat(7) }),
      { minLength: 1, maxLength: most },
    ),
  })

const FAULTS = ['machine-crash', 'link-cut', 'link-slow', 'link-lossy', 'kubelet-stop', 'kube-proxy-stop', 'container-kill', 'dns-down'] as const
/** PROPERTY_RUNS=20 looks twenty times as long. */
const TIMES = Number(process.env['PROPERTY_RUNS'] ?? 1)
const IMAGES = ['nginx:1.26', 'nginx:1.27', 'nginx:1.28', 'nginx:1.29']

const manifest = (i: number, { replicas, cpuMillis, recreate, surge, unavailable, probe }: Wanted) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web-${i}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web-${i}}}
  strategy: ${recreate ? '{type: Recreate}' : `{type: RollingUpdate, rollingUpdate: {maxSurge: ${surge}, maxUnavailable: ${unavailable}}}`}
  template:
    metadata: {labels: {app: web-${i}}}
    spec:
      terminationGracePeriodSeconds: 5
      containers:
        - name: web
          image: nginx:1.27
          ${cpuMillis === 0 ? '' : `resources: {requests: {cpu: ${cpuMillis}m, memory: 64Mi}}`}
          ${probe ? 'readinessProbe: {httpGet: {port: 80, path: /}, periodSeconds: 2}' : ''}
`

function begin({ workers, deployments }: Course, seed = 1): Session {
  const session = new Session({ lab: kubernetesLab(workers), seed })
  session.run(`kubectl apply -f - <<'END'\n${deployments.map((one, i) => manifest(i, one)).join('---')}END`)
  return session
}

/** The line that a deed is; undefined where it makes no sense now. */
function lineOf(session: Session, given: Course, deed: Deed): string | undefined {
  const web = `web-${deed.web % given.deployments.length}`
  const worker = `worker-${(deed.worker % given.workers) + 1}`
  switch (deed.do) {
    case 'scale':
      return `kubectl scale deployment ${web} --replicas=${deed.n}`
    case 'image':
      return `kubectl set image deployment/${web} web=${IMAGES[deed.n % IMAGES.length]}`
    case 'undo':
      return `kubectl rollout undo deployment/${web}`
    case 'delete': {
      const pods = session.simulation.store.list(Pod, { scope: 'default' })
      return pods.length === 0 ? undefined : `kubectl delete pod ${pods[deed.n % pods.length]!.value.metadata.name} --wait=false`
    }
    case 'cordon':
    case 'uncordon':
      return `kubectl ${deed.do} ${worker}`
    case 'drain':
      return `kubectl drain ${worker} --ignore-daemonsets --timeout=20s`
    case 'replace':
      return `sim machine remove ${worker} && sleep 3 && sim machine add ${worker}`
    case 'heal':
      return 'sim heal all'
    case 'fault': {
      const fault = FAULTS[deed.n % FAULTS.length]!
      if (fault === 'dns-down') return 'sim fault dns-down'
      if (fault !== 'container-kill') return `sim fault ${fault} ${worker}`
      const pods = session.simulation.store.list(Pod, { scope: 'default' })
      return pods.length === 0 ? undefined : `sim fault container-kill ${pods[deed.worker % pods.length]!.value.metadata.name}`
    }
  }
}

/** What must hold whatever has been done. */
function holds(session: Session): void {
  const { store } = session.simulation
  const nodes = new Map(store.list(Node).map((node) => [node.value.metadata.name, node.value]))
  const asked = new Map<string, { cpu: bigint; pods: number }>()
  for (const { value: pod } of store.list(Pod)) {
    const { nodeName } = pod.spec
    if (nodeName === undefined || pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') continue
    expect(nodes.has(nodeName), `${pod.metadata.name} is on ${nodeName}, which there is not`).toBe(true)
    const sum = asked.get(nodeName) ?? { cpu: 0n, pods: 0 }
    const cpu = podRequests(pod.spec)['cpu']
    asked.set(nodeName, { cpu: sum.cpu + (cpu === undefined ? 0n : parseQuantity(cpu)!.nanos), pods: sum.pods + 1 })
  }
  for (const [name, { cpu, pods }] of asked) {
    const { allocatable } = nodes.get(name)!.status
    expect(cpu <= parseQuantity(allocatable['cpu']!)!.nanos, `${name} is asked for more CPU than it has`).toBe(true)
    expect(pods).toBeLessThanOrEqual(Number(allocatable['pods']))
  }
}

const podsOf = (session: Session, deployment: Deployment): Pod[] => {
  const { store } = session.simulation
  return store
    .list(ReplicaSet, { controller: deployment.metadata.uid })
    .flatMap((set) => store.list(Pod, { controller: set.value.metadata.uid }))
    .map((pod) => pod.value)
}

/** During a rollout that nothing disturbs: never too many pods, never too few that are available. */
function rollsGently(session: Session): void {
  for (const { value: deployment } of session.simulation.store.list(Deployment, { scope: 'default' })) {
    if (deployment.spec.strategy.type !== 'RollingUpdate') continue
    const { surge, unavailable } = fenceposts(deployment.spec.replicas, deployment.spec.strategy.rollingUpdate?.maxSurge, deployment.spec.strategy.rollingUpdate?.maxUnavailable)
    const pods = podsOf(session, deployment).filter(active)
    const { name } = deployment.metadata
    expect(pods.length, `${name} has too many pods`).toBeLessThanOrEqual(deployment.spec.replicas + surge)
    expect(pods.filter(podReady).length, `${name} has too few available pods`).toBeGreaterThanOrEqual(deployment.spec.replicas - unavailable)
  }
}

function whole(session: Session): string | undefined {
  const { store } = session.simulation
  for (const { value: deployment } of store.list(Deployment)) {
    const { name } = deployment.metadata
    const { replicas } = deployment.spec
    const { status } = deployment
    if (status.observedGeneration !== deployment.metadata.generation) return `${name} is not observed`
    if ((status.replicas ?? 0) !== replicas || (status.updatedReplicas ?? 0) !== replicas || (status.availableReplicas ?? 0) !== replicas) return `${name}: ${JSON.stringify(status)}`
    const left = podsOf(session, deployment)
    if (left.length !== replicas) return `${name} wants ${replicas} and has ${left.length} pods`
  }
  for (const { value: pod } of store.list(Pod)) {
    if (pod.metadata.deletionTimestamp !== undefined) return `${pod.metadata.name} still ends`
    if (pod.metadata.namespace === 'default' && controllerUid(pod) === undefined) return `${pod.metadata.name} has no owner`
  }
  const lost = store.list(Node).find((node) => node.value.status.conditions.find((one) => one.type === 'Ready')?.status !== 'True')
  return lost && `${lost.value.metadata.name} is not Ready`
}

/** More messages in a simulated second than this are a storm in labs so small. */
const MOST_MESSAGES = 3_000

function advance(session: Session, seconds: number, check: (session: Session) => void): void {
  for (let i = 0; i < seconds; i++) {
    const before = session.simulation.handled
    session.advance(session.now + 1_000)
    expect(session.simulation.handled - before, `a storm at ${session.now} ms`).toBeLessThan(MOST_MESSAGES)
    check(session)
  }
}

const ANY: readonly Deed['do'][] = ['scale', 'image', 'delete', 'fault', 'fault', 'heal', 'cordon', 'uncordon', 'undo', 'drain', 'replace']

function act(session: Session, given: Course, deed: Deed, check = holds): void {
  advance(session, deed.after, check)
  const line = lineOf(session, given, deed)
  if (line !== undefined) session.submit(line)
}

describe('a cluster, whatever is done to it', () => {
  test('keeps its promises, and becomes whole when everything is healed', () => {
    fc.assert(
      fc.property(course(ANY, 8), (given) => {
        const session = begin(given)
        for (const deed of given.deeds) act(session, given, deed)
        advance(session, 20, holds)
        session.run(`sim heal all; kubectl uncordon ${Array.from({ length: given.workers }, (_, i) => `worker-${i + 1}`).join(' ')}`)
        // a replacement that the next line broke off is brought to its end
        for (let i = 1; i <= given.workers; i++) {
          if (session.simulation.store.get(machineKey(`worker-${i}`)) === undefined) session.run(`sim machine add worker-${i}`)
        }
        // what asks for more than there is would rightly wait for ever
        given.deployments.forEach((one, i) => void (one.cpuMillis === 900 && session.run(`kubectl scale deployment web-${i} --replicas=2`)))
        const healed = session.now
        while (whole(session) !== undefined && session.now < healed + 900_000) advance(session, 5, holds)
        expect(whole(session)).toBeUndefined()
        const before = session.simulation.handled
        session.advance(session.now + 60_000)
        expect(session.simulation.handled - before, 'messages in a quiet minute').toBeLessThan(2_000)
      }),
      { numRuns: 30 * TIMES },
    )
  })

  test('a rollout takes no more and leaves no less than its strategy allows', () => {
    fc.assert(
      fc.property(course(['image', 'undo'], 4), (given) => {
        const deployments = given.deployments.map((one) => ({ ...one, cpuMillis: Math.min(one.cpuMillis, 50) }))
        const session = begin({ ...given, deployments })
        for (let i = 0; i < 60 && whole(session) !== undefined; i++) session.advance(session.now + 1_000)
        expect(whole(session)).toBeUndefined()
        for (const deed of given.deeds) act(session, given, deed, rollsGently)
        advance(session, 40, rollsGently)
        expect(whole(session)).toBeUndefined()
      }),
      { numRuns: 25 * TIMES },
    )
  })
})

describe('a run of a cluster is a function of seed and inputs', () => {
  const END = 90_000
  function straight(given: Course, seed: number): Session {
    const session = begin(given, seed)
    for (const deed of given.deeds) act(session, given, { ...deed, after: Math.min(deed.after, 8) }, () => {})
    session.advance(session.now + END)
    return session
  }

  test('the same again gives the same digest', () => {
    fc.assert(
      fc.property(course(ANY, 6), fc.integer({ min: 1, max: 1e6 }), (given, seed) => {
        expect(straight(given, seed).digest()).toBe(straight(given, seed).digest())
      }),
      { numRuns: 8 * TIMES },
    )
  })

  test('a branch at any moment, given the same inputs again, comes to the same', () => {
    fc.assert(
      fc.property(course(ANY, 6), fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 3 }), (given, moments) => {
        const { simulation } = straight(given, 3)
        const expected = simulation.digest()
        const { inputs, now } = simulation
        for (const share of moments) {
          simulation.rewind(Math.floor(share * now))
          for (const input of inputs.slice(simulation.inputs.length)) {
            simulation.run({ until: input.at })
            simulation.input({ to: input.to, about: input.about, body: input.body, says: input.says })
          }
          simulation.run({ until: now })
          expect(simulation.digest()).toBe(expected)
        }
      }),
      { numRuns: 12 * TIMES },
    )
  })
})
