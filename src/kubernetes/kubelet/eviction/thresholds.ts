import { parseDuration } from '../../api/duration'
import { parseQuantity, quantityValue } from '../../api/quantity'

export type Signal =
  | 'memory.available'
  | 'allocatableMemory.available'
  | 'nodefs.available'
  | 'nodefs.inodesFree'
  | 'imagefs.available'
  | 'imagefs.inodesFree'
  | 'containerfs.available'
  | 'containerfs.inodesFree'
  | 'pid.available'

/** An amount, or a share of what there is. */
export type Value = { readonly quantity: string } | { readonly percentage: number }

/** Below `value` for `graceMillis`, pods are evicted until there is `minReclaim` more than that. */
export interface Threshold {
  readonly signal: Signal
  readonly value: Value
  readonly graceMillis: number
  readonly minReclaim?: Value
}

/** The kubelet's settings of the same names. */
export interface EvictionConfig {
  readonly evictionHard: Readonly<Record<string, string>>
  readonly evictionSoft: Readonly<Record<string, string>>
  readonly evictionSoftGracePeriod: Readonly<Record<string, string>>
  readonly evictionMinimumReclaim: Readonly<Record<string, string>>
}

type Pressure = 'MemoryPressure' | 'DiskPressure' | 'PIDPressure'

/** Which condition of the node a signal stands for, and which resource is told to be low. */
export const SIGNALS: Readonly<Record<Signal, { readonly condition: Pressure; readonly resource: string }>> = {
  'memory.available': { condition: 'MemoryPressure', resource: 'memory' },
  'allocatableMemory.available': { condition: 'MemoryPressure', resource: 'memory' },
  'nodefs.available': { condition: 'DiskPressure', resource: 'ephemeral-storage' },
  'nodefs.inodesFree': { condition: 'DiskPressure', resource: 'inodes' },
  'imagefs.available': { condition: 'DiskPressure', resource: 'ephemeral-storage' },
  'imagefs.inodesFree': { condition: 'DiskPressure', resource: 'inodes' },
  'containerfs.available': { condition: 'DiskPressure', resource: 'ephemeral-storage' },
  'containerfs.inodesFree': { condition: 'DiskPressure', resource: 'inodes' },
  'pid.available': { condition: 'PIDPressure', resource: 'pids' },
}

const isSignal = (text: string): text is Signal => Object.hasOwn(SIGNALS, text)

/** `150Mi`, `10%`; undefined: it switches the signal off (0 % and 100 %). */
function valueOf(text: string): Value | undefined | { readonly error: string } {
  if (text.endsWith('%')) {
    const percent = Number(text.slice(0, -1))
    if (Number.isNaN(percent)) return { error: `eviction percentage threshold ${text} is no number` }
    if (percent === 0 || percent === 100) return undefined
    if (percent < 0) return { error: `eviction percentage threshold ${text} must be >= 0%` }
    if (percent > 100) return { error: `eviction percentage threshold ${text} must be <= 100%` }
    return { percentage: percent / 100 }
  }
  const quantity = parseQuantity(text)
  if (!quantity || quantity.nanos <= 0n) return { error: `eviction threshold ${text} must be positive` }
  return { quantity: text }
}

/** The thresholds of a configuration, or what is wrong with it. After ParseThresholdConfig. */
export function parseThresholds(config: EvictionConfig): readonly Threshold[] | { readonly error: string } {
  const found: Threshold[] = []
  const reclaims: Record<string, Value> = {}
  for (const [signal, text] of Object.entries(config.evictionMinimumReclaim)) {
    const value = valueOf(text)
    if (!isSignal(signal)) return { error: `unknown eviction signal ${signal}` }
    if (value && 'error' in value) return value
    if (value) reclaims[signal] = value
  }
  for (const [part, isSoft] of [
    ['evictionHard', false],
    ['evictionSoft', true],
  ] as const) {
    for (const [signal, text] of Object.entries(config[part])) {
      if (!isSignal(signal)) return { error: `unknown eviction signal ${signal}` }
      const value = valueOf(text)
      if (value === undefined) continue
      if ('error' in value) return value
      let graceMillis = 0
      if (isSoft) {
        const grace = config.evictionSoftGracePeriod[signal]
        const nanos = grace === undefined ? undefined : parseDuration(grace)
        if (nanos === undefined)
          return { error: `grace period must be specified for the soft eviction threshold ${signal}` }
        if (nanos < 0) return { error: `invalid eviction grace period specified: ${grace}, must be a positive value` }
        graceMillis = nanos
      }
      const minReclaim = reclaims[signal]
      found.push({ signal, value, graceMillis, ...(minReclaim && { minReclaim }) })
    }
  }
  return found
}

/** A hard limit of memory holds for what pods may have together too. After addAllocatableThresholds. */
export function withAllocatable(thresholds: readonly Threshold[]): readonly Threshold[] {
  const more = thresholds
    .filter(({ signal, graceMillis }) => signal === 'memory.available' && graceMillis === 0)
    .map((threshold): Threshold => ({ ...threshold, signal: 'allocatableMemory.available' }))
  return [...more, ...thresholds]
}

/** Memory first; what nothing can be taken back from last. After byEvictionPriority. */
export function inEvictionOrder(thresholds: readonly Threshold[]): readonly Threshold[] {
  const rank = ({ signal }: Threshold) =>
    signal === 'memory.available' || signal === 'allocatableMemory.available' ? 0 : signal === 'pid.available' ? 2 : 1
  return thresholds
    .map((one, i) => ({ one, i }))
    .sort((a, b) => rank(a.one) - rank(b.one) || a.i - b.i)
    .map(({ one }) => one)
}

/** A threshold's value in bytes (or pieces) where there is so much in all. */
export const amountOf = (value: Value, capacity: number): number =>
  'quantity' in value ? quantityValue(value.quantity) : Math.floor(capacity * value.percentage)

/** What the kubelet does when nothing else is configured. */
const DEFAULTS: EvictionConfig = {
  evictionHard: {
    'memory.available': '100Mi',
    'nodefs.available': '10%',
    'nodefs.inodesFree': '5%',
    'imagefs.available': '15%',
    'imagefs.inodesFree': '5%',
  },
  evictionSoft: {},
  evictionSoftGracePeriod: {},
  evictionMinimumReclaim: {},
}

let defaults: readonly Threshold[] | undefined

export function defaultThresholds(): readonly Threshold[] {
  if (!defaults) {
    const parsed = parseThresholds(DEFAULTS)
    defaults = 'error' in parsed ? [] : parsed
  }
  return defaults
}
