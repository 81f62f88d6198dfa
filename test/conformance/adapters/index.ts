import type { Adapter } from '../adapter'
import { apiTables } from './api-machinery'
import { batchTables } from './batch'
import { deploymentTables } from './deployment'
import { dockerTables } from './docker'
import { dockerfileTables } from './dockerfile'
import { kubectlTables } from './kubectl'
import { kubeletTables } from './kubelet'
import { patchTables } from './patches'
import { rolloutTables } from './rollout'
import { schedulerTables } from './scheduler'

/** Every table that Drydock can be held against. */
export const adapters: readonly Adapter[] = [
  ...apiTables,
  ...patchTables,
  ...kubectlTables,
  ...kubeletTables,
  ...rolloutTables,
  ...schedulerTables,
  ...deploymentTables,
  ...batchTables,
  ...dockerfileTables,
  ...dockerTables,
]
