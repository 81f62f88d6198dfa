import fc from 'fast-check'
import { Node } from '../../../src/kubernetes/kinds/node'
import { Pod } from '../../../src/kubernetes/kinds/pod'
import { faultKinds } from '../../../src/platform/faults'
import { kubernetesLab } from '../../../src/terminal/lab/lab'
import { Session } from '../../../src/terminal/session'
import { cronJob, daemonSet, type Job, job, type Web, web } from './manifests'

/** What may be done to a cluster, each a line that a learner may type. */
export const DEEDS = [
  'apply',
  'scale',
  'image',
  'restart',
  'undo',
  'delete-web',
  'delete-pod',
  'kill-pod',
  'config',
  'job',
  'cronjob',
  'daemonset',
  'daemonset-image',
  'budget',
  'quota',
  'cordon',
  'uncordon',
  'taint',
  'untaint',
  'drain',
  'replace',
  'fault',
  'heal',
] as const
export type DeedName = (typeof DEEDS)[number]

export interface Deed {
  /** Simulated seconds before it. */
  readonly after: number
  readonly do: DeedName
  readonly web: number
  readonly worker: number
  readonly n: number
}

export interface Course {
  readonly workers: number
  readonly webs: readonly Web[]
  readonly jobs: readonly Job[]
  readonly deeds: readonly Deed[]
}

const webs: fc.Arbitrary<Web> = fc
  .record({
    replicas: fc.integer({ min: 0, max: 6 }),
    cpuMillis: fc.constantFrom(0, 50, 250, 900),
    recreate: fc.boolean(),
    surge: fc.integer({ min: 0, max: 2 }),
    unavailable: fc.integer({ min: 0, max: 2 }),
    probe: fc.boolean(),
    minReadySeconds: fc.constantFrom(0, 0, 4),
  })
  .map((one) => (one.surge === 0 && one.unavailable === 0 ? { ...one, surge: 1 } : one))

const jobs: fc.Arbitrary<Job> = fc.record({
  parallelism: fc.integer({ min: 1, max: 4 }),
  completions: fc.integer({ min: 1, max: 5 }),
  indexed: fc.boolean(),
  seconds: fc.constantFrom(0, 3, 20),
  exit: fc.constantFrom(0, 0, 0, 1),
  onFailure: fc.boolean(),
  backoffLimit: fc.integer({ min: 0, max: 2 }),
  replaceFailedOnly: fc.boolean(),
})

export const courses = (deeds: readonly DeedName[], most: number): fc.Arbitrary<Course> =>
  fc.record({
    workers: fc.integer({ min: 2, max: 4 }),
    webs: fc.array(webs, { minLength: 1, maxLength: 3 }),
    jobs: fc.array(jobs, { minLength: 1, maxLength: 2 }),
    deeds: fc.array(
      fc.record({
        after: fc.constantFrom(0, 1, 3, 8, 21, 55),
        do: fc.constantFrom(...deeds),
        web: fc.nat(2),
        worker: fc.nat(3),
        n: fc.nat(41),
      }),
      { minLength: 1, maxLength: most },
    ),
  })

export function begin({ workers, webs }: Course, seed = 1): Session {
  const session = new Session({ lab: kubernetesLab(workers), seed })
  session.run('kubectl create configmap settings --from-literal=colour=red')
  session.run(applied(webs.map((one, i) => web(`web-${i}`, one)).join('---')))
  return session
}

const applied = (text: string) => `kubectl apply -f - <<'END'\n${text}END`

const IMAGES = ['nginx:1.26', 'nginx:1.27', 'nginx:1.28', 'nginx:1.99', 'nginx:1.29']
const COLOURS = ['red', 'green', 'blue']

/** Those that a machine of a cluster can have: none of them runs Docker's daemon. */
const CLUSTER_FAULTS = faultKinds.filter(
  ({ name }) => !['dockerd-stop', 'pull-rate-limit', 'registry-slow'].includes(name),
)

/** The line that a deed is; undefined where it makes no sense now. */
export function lineOf(session: Session, given: Course, deed: Deed): string | undefined {
  const { n } = deed
  const which = deed.web % given.webs.length
  const name = `web-${which}`
  const worker = `worker-${(deed.worker % given.workers) + 1}`
  const { store } = session.simulation
  switch (deed.do) {
    case 'apply':
      return applied(web(name, { ...given.webs[which]!, replicas: n % 7 }, IMAGES[n % 3]))
    case 'scale':
      return `kubectl scale deployment ${name} --replicas=${n % 8}`
    case 'image':
      return `kubectl set image deployment/${name} web=${IMAGES[n % IMAGES.length]}`
    case 'restart':
    case 'undo':
      return `kubectl rollout ${deed.do} deployment/${name}`
    case 'delete-web':
      return `kubectl delete deployment ${name} --wait=false --cascade=${['background', 'foreground', 'orphan'][n % 3]}`
    case 'delete-pod':
    case 'kill-pod': {
      const pods = store.list(Pod, { scope: 'default' })
      if (pods.length === 0) return undefined
      const how = deed.do === 'kill-pod' ? '--grace-period=0 --force' : '--wait=false'
      return `kubectl delete pod ${pods[n % pods.length]!.value.metadata.name} ${how}`
    }
    case 'config':
      return `kubectl create configmap settings --from-literal=colour=${COLOURS[n % 3]} --dry-run=client -o yaml | kubectl apply -f -`
    case 'job':
      return applied(job(`job-${n % 4}`, given.jobs[n % given.jobs.length]!))
    case 'cronjob':
      return applied(cronJob(`cron-${n % 2}`, ['Allow', 'Forbid', 'Replace'][n % 3]!, given.jobs[0]!))
    case 'daemonset':
      return applied(daemonSet(`agent-${n % 2}`, n % 4 === 0))
    case 'daemonset-image':
      return `kubectl set image daemonset/agent-${n % 2} agent=${IMAGES[n % IMAGES.length]}`
    case 'budget':
      return n % 3 === 0
        ? `kubectl delete pdb ${name} --ignore-not-found`
        : `kubectl create pdb ${name} --selector=app=${name} --${n % 2 ? 'min-available' : 'max-unavailable'}=${n % 4}`
    case 'quota':
      return n % 2 === 0
        ? 'kubectl delete quota limit --ignore-not-found'
        : `kubectl create quota limit --hard=pods=${4 + (n % 12)}`
    case 'cordon':
    case 'uncordon':
      return `kubectl ${deed.do} ${worker}`
    case 'taint':
      return `kubectl taint node ${worker} trouble=yes:${n % 2 ? 'NoExecute' : 'NoSchedule'} --overwrite`
    case 'untaint':
      return `kubectl taint node ${worker} trouble-`
    case 'drain':
      return `kubectl drain ${worker} --ignore-daemonsets --force --delete-emptydir-data --timeout=20s`
    case 'replace':
      return `sim machine remove ${worker} && sleep 3 && sim machine add ${worker}`
    case 'heal':
      return 'sim heal all'
    case 'fault': {
      const kind = CLUSTER_FAULTS[n % CLUSTER_FAULTS.length]!
      const targets = kind.targets(store)
      if (targets.length === 0) return undefined
      const lasting = deed.web === 0 ? ' --for 30s' : ''
      return `sim fault ${kind.name} ${targets[(deed.worker * 7 + n) % targets.length]!.name}${lasting}`
    }
  }
}

/** Waits for the command that still runs; what takes longer than half a minute is given up with Ctrl-C. */
export function freePrompt(session: Session): void {
  for (let i = 0; i < 30 && session.busy; i++) session.advance(session.now + 1_000)
  if (session.busy) session.interrupt()
}

/** Heals all, and takes back what would rightly keep the cluster from rest: wants that no machine can meet, clocks, bounds. */
export function heal(session: Session, given: Course): void {
  const { store } = session.simulation
  freePrompt(session)
  session.run('sim heal all')
  // a replacement that the next line broke off is brought to its end
  for (let i = 1; i <= given.workers; i++)
    if (!store.list(Node).some(({ value }) => value.metadata.name === `worker-${i}`))
      insist(session, `sim machine list | grep -q 'worker-${i} ' || sim machine add worker-${i}`)
  insist(session, 'kubectl delete cronjob,quota,pdb --all --ignore-not-found')
  const nodes = store.list(Node).map(({ value }) => value)
  for (const { metadata, spec } of nodes) {
    if (spec.unschedulable) insist(session, `kubectl uncordon ${metadata.name}`)
    if (spec.taints?.some(({ key }) => key === 'trouble'))
      insist(session, `kubectl taint node ${metadata.name} trouble-`)
  }
  given.webs.forEach((one, i) => {
    const replicas = one.cpuMillis === 900 ? 1 : one.replicas
    insist(session, applied(web(`web-${i}`, { ...one, replicas }, 'nginx:1.29')))
  })
  for (const i of [0, 1])
    insist(session, `kubectl set image daemonset/agent-${i} agent=nginx:1.29 2>/dev/null || kubectl get ds > /dev/null`)
}

/** A control plane that has just been healed needs a moment to answer. */
function insist(session: Session, line: string): void {
  let output = ''
  for (let i = 0; i < 12; i++) {
    output = session.run(line)
    if (session.status.code === 0) return
    session.advance(session.now + 10_000)
  }
  throw new Error(`two minutes after healing still: ${line}\n${output}`)
}
