import { docker, dockerGenesis } from '../docker'
import { builderTools } from '../platform/shell/tools/builders'
import type { Late } from './brought'
import { docker as dockerCommand } from './docker'
import { kubectl } from './kubectl'

/** What `bring` brings. */
export const late: Late = {
  tools: [...builderTools, kubectl, { ...kubectl, name: 'k' }, dockerCommand],
  docker: { room: docker, genesis: dockerGenesis },
}
