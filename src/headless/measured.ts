/** What one run of a benchmark in a fresh process measures. */
export interface Measured {
  readonly cpuMillis: number
  readonly wallMillis: number
  readonly simMillis: number
  readonly heapMb: number
  readonly maxBlockMillis: number
  readonly phases?: Readonly<Record<string, number>>
}
