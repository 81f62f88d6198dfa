import { DockerContainer } from '../../docker/containers/container'
import { type Change, type Millis, partsOf, type Revision, type World } from '../../engine'
import type { Pod } from '../../kubernetes/kinds/pod'
import { clearingText, type VerdictRow } from '../../kubernetes/scheduler/verdicts'
import { Container, faultKinds, Process } from '../../platform'
import type { BesideView } from '../../terminal/branches'
import type { KeptBranches } from '../../terminal/kept-branches'
import { namedLab } from '../../terminal/lab/lab'
import { type Moment, replay } from '../../terminal/moment'
import { Session } from '../../terminal/session'
import type {
  BranchInfo,
  Deed,
  FileText,
  Marker,
  OutputChunk,
  SchedulingTable,
  SentenceLine,
  Verdict,
  WhyLine,
} from './protocol'

/** The learner's seat as the page's host needs it. */
export interface Seat {
  readonly now: Millis
  readonly revision: Revision
  readonly busy: boolean
  readonly prompt: string
  advance(until: Millis, stop?: () => boolean): void
  submit(line: string): void
  interrupt(): void
  type(keys: string): void
  /** What was printed after chunk `n`. */
  outputSince(n: number): readonly OutputChunk[]
  complete(line: string): readonly string[]
  files(): readonly FileText[]
  saveFile(path: string, text: string): string | undefined
  removeFile(path: string): void
  fault(name: string, target: string): void
  heal(name: string, target: string): void
  faultsFor(key: string): readonly { readonly name: string; readonly about: string; readonly target: string }[]
  worldAt(revision: Revision): World
  revisionAt(at: Millis): Revision
  branchAt(at: Millis): void
  branches(): readonly BranchInfo[]
  deeds(): readonly Deed[]
  toggleDeed(place: number): boolean
  beside(id: string, at: Millis, stop: () => boolean): BesideView | undefined
  switchTo(id: string): void
  undo(): void
  reset(): void
  /** After a line that was run untimed: as it was at the line's end. */
  digest(): string
  /** Of everything up to now. */
  digestNow(): string
  why(key: string, revision: Revision): readonly WhyLine[]
  scheduling(key: string, revision: Revision): SchedulingTable | undefined
  markers(): readonly Marker[]
  nextVisible(after: Millis): Millis | undefined
  run(line: string): string
  sentencesSince(revision: Revision): readonly SentenceLine[]
  /** What came from outside up to a moment. */
  inputsUntil(at: Millis): Moment['inputs']
  /** Does the same again, each at its time. */
  replay(inputs: Moment['inputs']): void
  /** The futures, where there are several. */
  keptBranches(): KeptBranches | undefined
  takeUpBranches(kept: KeptBranches): void
}

const tones = { input: 'input', fault: 'bad', warning: 'doubt', good: 'good' } as const

/** A session of the terminal room in a seat of the page. Throws where there is no such lab. */
export function seatIn({ lab, seed, files }: { lab: string; seed: number; files: readonly FileText[] }): Seat {
  const found = namedLab(lab)
  if ('problem' in found) throw new Error(found.problem)
  const session = new Session({
    lab: found,
    seed,
    files: Object.fromEntries(files.map(({ path, text }) => [path, text])),
  })
  const terminal = Process.key('terminal', 'main')
  /** What stood before a line when it was typed: the folder of that moment. */
  const promptAt = (revision: Revision) => {
    const memory = session.worldAt(revision).get(terminal)?.memory as
      | { environments?: Record<string, { cwd?: string }> }
      | undefined
    const cwd = memory?.environments?.['0']?.cwd ?? '/home/you'
    return session.prompt().replace(/ \S+ \$ $/, ` ${cwd.replace(/^\/home\/you/, '~')} $ `)
  }
  return {
    get now() {
      return session.now
    },
    get revision() {
      return session.revision
    },
    get busy() {
      return session.busy
    },
    get prompt() {
      return session.prompt()
    },
    advance: (until, stop) => session.advance(until, stop),
    submit: (line) => session.submit(line),
    interrupt: () => session.interrupt(),
    type: (keys) => session.type(keys),
    outputSince: (n) =>
      session
        .outputSince(n + 1)
        .map((line) =>
          line.stream === 'in'
            ? { ...line, text: `${promptAt(line.revision - 1)}${line.text.replace(/\n?$/, '\n')}` }
            : line,
        ),
    complete: (line) => session.complete(line),
    files: () => session.files(),
    saveFile: (path, text) => session.saveFile(path, text),
    removeFile: (path) => session.removeFile(path),
    fault: (name, target) => session.fault(name, target),
    heal: (name) => session.heal(name),
    faultsFor: (key) => faultsFor(key, session.worldAt(session.revision)),
    worldAt: (revision) => session.worldAt(revision),
    revisionAt: (at) => session.revisionAt(at),
    branchAt: (at) => session.branchAt(at),
    branches: () =>
      session.branches().map((branch) => ({
        ...branch,
        id: String(branch.id),
        parent: branch.parent === undefined ? undefined : String(branch.parent),
      })),
    switchTo: (id) => session.switchTo(Number(id)),
    deeds: () => session.deeds(),
    toggleDeed: (place) => session.toggleDeed(place),
    beside: (id, at, stop) => session.beside(Number(id), at, stop),
    undo: () => void session.undo(),
    reset: () => session.reset(),
    digest: () => session.restDigest(),
    digestNow: () => session.digest(),
    why: (key, revision) =>
      session.why(key, revision).map(({ input, ...link }, i) => ({ ...link, number: i + 1, root: input })),
    scheduling: (key, revision) => schedulingOf(session, key, revision),
    markers: () =>
      session.markers().map((marker) => ({ at: marker.at, label: marker.label, tone: tones[marker.tone] })),
    nextVisible: (after) => session.nextVisible(after),
    run: (line) => session.runUntimed(line),
    sentencesSince: (revision) => session.sentencesSince(revision),
    inputsUntil: (at) => session.simulation.inputs.filter((input) => input.at <= at).map(({ n: _, ...input }) => input),
    replay: (inputs) => replay(session, inputs),
    keptBranches: () => (session.branches().length > 1 ? session.keptBranches() : undefined),
    takeUpBranches: (kept) => session.takeUpBranches(kept),
  }
}

/** The kubelet's own pods, for instance, never were the scheduler's business. */
function wasScheduled(pod: Change<Pod> | undefined): boolean {
  for (let change = pod; change && change.uid === pod?.uid; change = change.previous)
    if (change.by === 'kube-scheduler') return true
  return false
}

function schedulingOf(session: Session, key: string, revision: Revision): SchedulingTable | undefined {
  if (!wasScheduled(session.worldAt(revision).head<Pod>(key))) return undefined
  const found = session.verdicts(key as ReturnType<typeof Pod.key>, revision)
  if (!found) return undefined
  const { rows, chosen, nominated, rules } = found
  return { key, rules, verdicts: rows.map((row) => verdictOf(row, chosen, nominated)) }
}

const verdictOf = (
  { node, refusal, score, points, plugin, clearing }: VerdictRow,
  chosen: string | undefined,
  nominated: string | undefined,
): Verdict => ({
  node,
  verdict: refusal === undefined ? 'fits' : refusal.reasons.join(', '),
  score,
  chosen: node === chosen,
  nominated: node === nominated && chosen === undefined,
  points: points ?? {},
  plugin,
  clearing: clearing && clearingText(clearing),
})

/** What can be broken about an object: a machine, or a pod by one of its containers. */
function faultsFor(key: string, world: World): { name: string; about: string; target: string }[] {
  const { kind, scope, name } = partsOf(key)
  const uid = kind === 'kubernetes/Pod' ? world.get<Pod>(key)?.metadata.uid : undefined
  const own =
    kind === DockerContainer.id
      ? [Container.key(scope, name)]
      : uid === undefined
        ? []
        : world.list(Container, { owner: uid }).map((container): string => container.key)
  return faultKinds.flatMap((fault) => {
    const target = fault.targets(world).find((one) => one.key === key || own.some((mine) => mine === one.key))
    return target ? [{ name: fault.name, about: fault.about, target: target.name }] : []
  })
}
