import { ranked } from '../../../src/kubernetes/kubelet/eviction/ranking'
import {
  inEvictionOrder,
  parseThresholds,
  type Signal,
  type Threshold,
  type Value,
  withAllocatable,
} from '../../../src/kubernetes/kubelet/eviction/thresholds'
import { type Adapter, type Case, differs } from '../adapter'

const MEBIBYTE = 1024 ** 2

const signalOf = (signal: string): Threshold => ({ signal: signal as Signal, value: { quantity: '1' }, graceMillis: 0 })

/** As the table writes thresholds: what they are compared with is told beside the signal. */
const flat = ({ signal, value, graceMillis, minReclaim }: Threshold) => ({
  signal,
  operator: 'LessThan',
  ...value,
  gracePeriodSeconds: graceMillis / 1000,
  ...(minReclaim && { minReclaim }),
})

const bySignal = (a: { signal: string; gracePeriodSeconds: number }, b: typeof a) =>
  a.signal < b.signal ? -1 : a.signal > b.signal ? 1 : a.gracePeriodSeconds - b.gracePeriodSeconds

function ranking(row: Case, resource: string): string | undefined {
  const pods = (row['pods'] as readonly Record<string, any>[]).map((pod) => ({
    pod: {
      metadata: { name: pod['name'] },
      spec: {
        priority: pod['priority'],
        containers: [
          {
            name: 'c',
            resources: {
              requests: {
                memory: `${pod['memoryRequestMi'] ?? 0}Mi`,
                'ephemeral-storage': `${pod['ephemeralRequestMi'] ?? 0}Mi`,
              },
            },
          },
        ],
      },
    } as any,
    memoryBytes: (pod['memoryUsageMi'] ?? 0) * MEBIBYTE,
    diskBytes: ((pod['rootfsMi'] ?? 0) + (pod['logsMi'] ?? 0) + (pod['volumesMi'] ?? 0)) * MEBIBYTE,
    processes: pod['processes'] ?? 0,
  }))
  const got = ranked(resource, pods, row['by']).map(({ pod }) => pod.metadata.name)
  return differs(got, row['expectEvictedFirstToLast'])
}

function eviction(row: Case): string | undefined {
  switch (row.op) {
    case 'parse-thresholds': {
      const got = parseThresholds(row as any)
      if (row['expectError']) return 'error' in got ? undefined : differs(got, 'an error')
      return 'error' in got
        ? got.error
        : differs(got.map(flat).sort(bySignal), [...row['expectThresholds']].sort(bySignal))
    }
    case 'rank-memory':
      return ranking(row, 'memory')
    case 'rank-disk':
      return ranking(row, 'ephemeral-storage')
    case 'rank-process':
      return ranking(row, 'pids')
    case 'order-signals':
      return differs(
        inEvictionOrder((row['signals'] as readonly string[]).map(signalOf)).map(({ signal }) => signal),
        row['expect'],
      )
    case 'add-allocatable-thresholds': {
      const given = (row['thresholds'] as readonly any[]).map(
        ({ signal, value, gracePeriodSeconds, minReclaim }): Threshold => ({
          signal,
          value: { quantity: value } as Value,
          graceMillis: gracePeriodSeconds * 1000,
          minReclaim: { quantity: minReclaim },
        }),
      )
      const got = withAllocatable(given).map(({ signal, value, graceMillis, minReclaim }) => ({
        signal,
        value: 'quantity' in value ? value.quantity : '',
        gracePeriodSeconds: graceMillis / 1000,
        minReclaim: minReclaim && 'quantity' in minReclaim ? minReclaim.quantity : '',
      }))
      return differs(got, row['expect'])
    }
  }
  return `unknown op ${row.op}`
}

export const kubeletTables: readonly Adapter[] = [{ table: '27-eviction', judge: eviction }]
