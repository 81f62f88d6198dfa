import { docker, dockerGenesis } from '../docker'
import { shellTools } from '../platform/shell/tools'
import { builderTools } from '../platform/shell/tools/builders'
import type { Late } from './brought'
import { cosign } from './cosign'
import { docker as dockerCommand } from './docker'
import { kubectl } from './kubectl'
import { scp } from './scp'
import { sim } from './sim'
import { ssh } from './ssh'

/** What `bring` brings. */
export const late: Late = {
  tools: [...shellTools, sim, ssh, scp, ...builderTools, kubectl, { ...kubectl, name: 'k' }, dockerCommand, cosign],
  docker: { room: docker, genesis: dockerGenesis },
}
