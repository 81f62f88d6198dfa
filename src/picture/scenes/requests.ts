import type { Millis, World } from '../../engine'
import { Pod } from '../../kubernetes/kinds/pod'
import type { Container, Sandbox } from '../../platform/container/container'
import { Ledger, loadKey, type Sample } from '../../platform/network/ledger'
import type { LedgerMark, RequestMark } from './scene'

/** More dots than this at once nobody can follow: of more, every so-manyth is shown. */
const MOST_DOTS = 70
/** How many versions of a ledger are looked back through. */
const DEEPEST = 80

export interface Traffic {
  readonly requests: readonly RequestMark[]
  readonly ledger: readonly LedgerMark[]
  /** By service label (`service/web`): requests a second from outside, and the pod chosen last. */
  readonly rates: ReadonlyMap<string, number>
  readonly chosen: ReadonlyMap<string, string>
}

/** Requests on their way at the moment shown, sampled; and what became of all of them. */
export function trafficOf(world: World, windowMillis: Millis): Traffic {
  const requests: RequestMark[] = []
  const rates = new Map<string, number>()
  const chosen = new Map<string, string>()
  const targets = new TargetFinder(world)
  const ledgers = world.list(Ledger)
  for (const change of ledgers) {
    const since = world.now - windowMillis
    const samples = change.value.at < since ? [] : recentSamples(world, change.key, since)
    const step = Math.max(1, Math.ceil(samples.length / MOST_DOTS))
    for (const sample of samples) {
      const service = serviceOf(sample)
      const tile = targets.tileOf(sample)
      if (service !== undefined && tile !== undefined) chosen.set(service, tile)
      if (sample.n % step !== 0) continue
      requests.push({
        id: `${change.value.name} ${sample.n}`,
        hub: service ?? '',
        tile,
        at: sample.at,
        millis: sample.millis,
        end: endOf(sample),
        why: sample.because,
      })
    }
    const load = world.get(loadKey(change.value.name))
    const last = samples[samples.length - 1]
    const service = last && serviceOf(last)
    if (load && service !== undefined && !change.value.ended)
      rates.set(service, (rates.get(service) ?? 0) + load.requestsPerSecond)
  }
  return { requests, ledger: ledgers.map(({ uid, key, value }) => ledgerMark(uid, key, value)), rates, chosen }
}

/** Samples made at or after `since`, oldest first, out of the ledger's newer versions. */
function recentSamples(world: World, key: string, since: Millis): Sample[] {
  const found = new Map<number, Sample>()
  let change = world.head<Ledger>(key)
  for (let deep = 0; change && deep < DEEPEST; deep++, change = change.previous) {
    if (change.value === undefined || change.value.at < since) break
    for (const sample of change.value.samples) if (sample.at >= since) found.set(sample.n, sample)
  }
  return [...found.values()].sort((a, b) => a.n - b.n)
}

const serviceOf = (sample: Sample) => sample.hops.find((hop) => hop.key?.startsWith('service/'))?.key

function endOf(sample: Sample): RequestMark['end'] {
  if (sample.ok) return 'answered'
  return sample.result === 'timed out' || sample.result === 'no route to host' ? 'timed-out' : 'refused'
}

/** Which tile a request went to: by the container that answered, the sandbox that refused, or the pod that was picked. */
class TargetFinder {
  readonly #world: World
  #byUid: Map<string, string> | undefined
  #byName: Map<string, string> | undefined

  constructor(world: World) {
    this.#world = world
  }

  tileOf(sample: Sample): string | undefined {
    const rule = sample.hops.findIndex((hop) => hop.key?.startsWith('service/'))
    for (const hop of sample.hops.slice(Math.max(0, rule))) {
      if (hop.key?.startsWith('platform/Container/')) {
        const container = this.#world.get<Container>(hop.key)
        const owner = container?.spec.labels['owner']
        return owner === undefined ? this.#world.head(hop.key)?.uid : this.#pod(owner)
      }
      if (hop.key?.startsWith('platform/Sandbox/')) return this.#pod(this.#world.get<Sandbox>(hop.key)?.owner ?? '')
    }
    const picked = /picked pod\/([^\s,]+)/.exec(sample.hops[rule]?.because ?? '')?.[1]
    if (picked === undefined) return undefined
    this.#byName ??= new Map(this.#world.list(Pod).map((pod) => [pod.value.metadata.name, pod.uid]))
    return this.#byName.get(picked)
  }

  #pod(uid: string): string | undefined {
    this.#byUid ??= new Map(this.#world.list(Pod).map((pod) => [pod.value.metadata.uid, pod.uid]))
    return this.#byUid.get(uid)
  }
}

function ledgerMark(id: string, key: string, ledger: Ledger): LedgerMark {
  const reasons = Object.entries(ledger.failures)
    .map(([says, { count }]) => ({ says, count }))
    .sort((a, b) => b.count - a.count || (a.says < b.says ? -1 : 1))
  const { name, sent, ok, failed } = ledger
  const lost = reasons.map(({ says, count }) => `${count} ${says}`).join(', ')
  return {
    id,
    key,
    name,
    title: `${name}: ${sent} requests sent, ${ok} went well, ${failed} failed${lost === '' ? '' : `: ${lost}`}`,
    sent,
    ok,
    failed,
    reasons,
  }
}
