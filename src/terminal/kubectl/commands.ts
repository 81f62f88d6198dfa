import type { Command } from './command'
import { apply } from './commands/apply'
import { deleteCommand } from './commands/delete'
import { describe } from './commands/describe'
import { apiResources, apiVersions, clusterInfo, version } from './commands/discovery'
import { events } from './commands/events'
import { exec } from './commands/exec'
import { explain } from './commands/explain'
import { get } from './commands/get'
import { logs } from './commands/logs'
import { patch } from './commands/patch'
import { rollout } from './commands/rollout'
import { scale } from './commands/scale'
import { wait } from './commands/wait'

/** Every command: one line each. */
export const commands: readonly Command[] = [
  explain,
  get,
  deleteCommand,
  rollout,
  scale,
  clusterInfo,
  describe,
  logs,
  exec,
  events,
  apply,
  patch,
  wait,
  apiResources,
  apiVersions,
  version,
]
