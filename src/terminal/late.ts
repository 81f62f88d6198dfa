import { docker, dockerGenesis } from '../docker'
import type { Late } from './brought'
import { docker as dockerCommand } from './docker'
import { kubectl } from './kubectl'

/** What `bring` brings. */
export const late: Late = {
  tools: [kubectl, { ...kubectl, name: 'k' }, dockerCommand],
  docker: { room: docker, genesis: dockerGenesis },
}
