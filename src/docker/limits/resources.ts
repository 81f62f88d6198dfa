import { PERIOD_MICROS } from '../../platform/cpu/cgroup'
import { proportionalWeight } from '../../platform/cpu/weight'
import type { Machine } from '../../platform/machine/machine'
import type { HostConfig } from '../containers/container'
import { spanOfCpus } from './cpuset'
import { effectiveSwap, swapMax } from './memory-swap'

const LEAST_MEMORY = 6 * 1024 * 1024

type Resources = Pick<
  HostConfig,
  | 'Memory'
  | 'MemorySwap'
  | 'MemoryReservation'
  | 'NanoCpus'
  | 'CpuPeriod'
  | 'CpuQuota'
  | 'CpuShares'
  | 'CpusetCpus'
  | 'PidsLimit'
>

/** What the daemon refuses of limits. After verifyPlatformContainerResources in moby's daemon_unix.go. */
export function resourceProblem(given: Resources, machine: Pick<Machine, 'cpuMillis'>): string | undefined {
  const { Memory, MemorySwap, MemoryReservation, NanoCpus, CpuPeriod, CpuQuota, CpuShares, CpusetCpus } = given
  const cpus = Math.max(1, Math.floor(machine.cpuMillis / 1000))
  if (Memory !== 0 && Memory < LEAST_MEMORY) return 'Minimum memory limit allowed is 6MB'
  if (Memory > 0 && MemorySwap > 0 && MemorySwap < Memory)
    return 'Minimum memoryswap limit should be larger than memory limit, see usage'
  if (Memory === 0 && MemorySwap > 0)
    return 'You should always set the Memory limit when using Memoryswap limit, see usage'
  if (MemoryReservation !== 0 && MemoryReservation < LEAST_MEMORY) return 'Minimum memory reservation allowed is 6MB'
  if (Memory > 0 && MemoryReservation > 0 && Memory < MemoryReservation)
    return 'Minimum memory limit can not be less than memory reservation limit, see usage'
  if (NanoCpus > 0 && CpuPeriod > 0) return 'Conflicting options: Nano CPUs and CPU Period cannot both be set'
  if (NanoCpus > 0 && CpuQuota > 0) return 'Conflicting options: Nano CPUs and CPU Quota cannot both be set'
  if (NanoCpus < 0 || NanoCpus > cpus * 1e9)
    return `range of CPUs is from 0.01 to ${cpus.toFixed(2)}, as there are only ${cpus} CPUs available`
  if (CpuShares < 0) return 'The shares cannot be a negative number'
  if (CpuPeriod !== 0 && (CpuPeriod < 1000 || CpuPeriod > 1_000_000))
    return 'CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)'
  if (CpuQuota > 0 && CpuQuota < 1000) return 'CPU cfs quota can not be less than 1ms (i.e. 1000)'
  if (CpusetCpus !== '') {
    const wanted = spanOfCpus(CpusetCpus)
    if (!wanted) return `Invalid value ${CpusetCpus} for cpuset cpus`
    if (wanted.some((cpu) => cpu >= cpus))
      return `Requested CPUs are not available - requested ${CpusetCpus}, available: 0-${cpus - 1}`
  }
  return undefined
}

/** What is accepted with a warning. */
export function warningsOf({ NetworkMode, PortBindings, PublishAllPorts }: HostConfig): readonly string[] {
  const publishes = Object.keys(PortBindings).length > 0 || PublishAllPorts
  return NetworkMode === 'host' && publishes ? ['Published ports are discarded when using host network mode'] : []
}

/** What of its limits concerns the processor, for the runtime. */
export function processorLimits({ NanoCpus, CpuPeriod, CpuQuota, CpuShares, CpusetCpus }: Resources) {
  const quota =
    NanoCpus > 0 ? NanoCpus / 1e6 : CpuQuota > 0 ? (1000 * CpuQuota) / (CpuPeriod || PERIOD_MICROS) : undefined
  const cpuset = CpusetCpus === '' ? undefined : spanOfCpus(CpusetCpus)
  return {
    cpuLimitMillis: quota,
    ...(CpuPeriod > 0 && { cpuPeriodMicros: CpuPeriod }),
    ...(CpuShares > 0 && { cpuWeight: proportionalWeight(CpuShares) }),
    ...(cpuset && { cpuset }),
  }
}

/** What of its limits concerns memory: a limit and no word on swap allow as much swap as memory. */
export function memoryLimits({ Memory, MemorySwap }: Resources) {
  const swap = swapMax(effectiveSwap(Memory, MemorySwap), Memory)
  return {
    memoryLimitBytes: Memory > 0 ? Memory : undefined,
    ...(Memory > 0 && 'bytes' in swap && swap.bytes >= 0 && { swapBytes: swap.bytes }),
  }
}
