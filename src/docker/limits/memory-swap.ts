/**
 * memory.swap.max of cgroup v2 from Docker's limit for memory and swap together; −1 is no limit, 0 leaves it unset. After
 * ConvertMemorySwapToCgroupV2Value in opencontainers/cgroups.
 */
export function swapMax(memorySwap: number, memory: number): { readonly bytes: number } | { readonly error: string } {
  if (memorySwap === 0 || memorySwap === -1) return { bytes: memorySwap }
  if (memory === -1) return { bytes: memorySwap }
  if (memory === 0) return { error: 'unable to set swap limit without memory limit' }
  if (memory < 0) return { error: `invalid memory value: ${memory}` }
  if (memorySwap < memory) return { error: 'memory+swap limit should be >= memory limit' }
  return { bytes: memorySwap - memory }
}

/** What the engine makes of `--memory-swap` where it is left out: as much swap as memory. */
export const effectiveSwap = (memory: number, memorySwap: number): number =>
  memory > 0 && memorySwap === 0 ? 2 * memory : memorySwap
