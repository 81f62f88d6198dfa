import { rolloutStatus } from '../../../src/terminal/kubectl/rollout-status'
import { type Adapter, type Case, differs } from '../adapter'

function rollout(row: Case): string | undefined {
  const { message, done } = rolloutStatus(row['object'])
  return differs({ message, done }, { message: row['expectMessage'], done: row['expectDone'] })
}

export const rolloutTables: readonly Adapter[] = [{ table: '28-rollout-status', judge: rollout }]
