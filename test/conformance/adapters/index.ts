import type { Adapter } from '../adapter'
import { apiTables } from './api-machinery'

/** Every table that Drydock can be held against. */
export const adapters: readonly Adapter[] = [...apiTables]
