import type { World } from '../../engine/kind'
import type { Container } from '../container/container'
import { Cgroup, cgroupKey, PERIOD_MICROS, waitingMicros } from './cgroup'

export interface Delay {
  readonly millis: number
  readonly because: string
}

/**
 * How much longer a request takes because its container is short of processor time: the work of those before it, its own at the
 * pace that the group gets, and periods without quota. undefined: not at all. Requests that meet in a group that has enough do
 * not slow each other down (simplified).
 */
export function requestDelay(world: World, container: Container, workMillis: number): Delay | undefined {
  const { cpuLimitMillis: quota, cpuPeriodMicros = PERIOD_MICROS } = container.spec
  if (quota === undefined && world.list(Cgroup).length === 0) return undefined
  const record = world.get(cgroupKey(container.machine, container.id))
  const waiting = record ? waitingMicros(record, world.now) / 1000 : 0
  if (record && record.rate > 0 && (record.held !== undefined || waiting > 0)) {
    const pace = record.rate / Math.max(record.rate, record.wants)
    const before = waiting / (Math.max(1, record.requests?.rate ?? record.rate) / 1000)
    const millis = before + workMillis / pace - workMillis
    if (millis < 0.5) return undefined
    const queue = before >= 1 ? `${Math.round(before)} ms behind others, ` : ''
    const short = `${record.rate / 1000} of the ${record.wants / 1000} CPUs that it could use`
    return { millis, because: `${queue}its container gets ${short}` }
  }
  if (quota === undefined) return undefined
  // alone, it runs at full speed until the period's quota is gone
  const period = cpuPeriodMicros / 1000
  const allowed = (quota * period) / 1000
  const pauses = Math.ceil(workMillis / allowed) - 1
  if (pauses < 1) return undefined
  const millis = pauses * (period - Math.min(period, allowed))
  if (millis < 0.5) return undefined
  const says = `${workMillis} ms of work, ${allowed} ms of each ${period} ms`
  return { millis, because: `throttled ${pauses} times: ${says}` }
}
