import type { Command } from './command'
import { apiResources, apiVersions, clusterInfo, options, version } from './commands/about'
import { absent, auth } from './commands/absent'
import { apply } from './commands/apply'
import { attach } from './commands/attach'
import { autoscale } from './commands/autoscale'
import { config } from './commands/config'
import { cp } from './commands/cp'
import { create } from './commands/create'
import { deleteCommand } from './commands/delete'
import { describe } from './commands/describe'
import { diff } from './commands/diff'
import { drain } from './commands/drain'
import { edit } from './commands/edit'
import { events } from './commands/events'
import { exec } from './commands/exec'
import { explain } from './commands/explain'
import { expose } from './commands/expose'
import { get } from './commands/get'
import { kustomize } from './commands/kustomize'
import { annotate, label } from './commands/label'
import { logs } from './commands/logs'
import { cordon, taint, uncordon } from './commands/node'
import { patch } from './commands/patch'
import { portForward } from './commands/port-forward'
import { replace } from './commands/replace'
import { rollout } from './commands/rollout'
import { runCommand } from './commands/run'
import { scale } from './commands/scale'
import { set } from './commands/set'
import { top } from './commands/top'
import { wait } from './commands/wait'

/** Every command: one line each, in the order of `kubectl --help`. */
export const commands: readonly Command[] = [
  create,
  expose,
  runCommand,
  set,
  explain,
  get,
  edit,
  deleteCommand,
  rollout,
  scale,
  autoscale,
  clusterInfo,
  top,
  cordon,
  uncordon,
  drain,
  taint,
  describe,
  logs,
  attach,
  exec,
  portForward,
  cp,
  events,
  diff,
  apply,
  patch,
  replace,
  wait,
  kustomize,
  label,
  annotate,
  config,
  auth,
  apiResources,
  apiVersions,
  version,
  options,
  ...absent,
]
