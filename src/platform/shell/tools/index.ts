import type { Tool } from '../tool'
import { awk } from './awk'
import { cat } from './cat'
import { checksums, dd, yes } from './compute'
import { chmod, chown, cp, ln, mkdir, mv, rm, rmdir, touch } from './files'
import { grep } from './grep'
import { htpasswd } from './htpasswd'
import { jq } from './jq'
import { free, mount, nproc } from './kernel'
import { ls } from './ls'
import { networkTools } from './network'
import { registryTool } from './registry'
import { sed } from './sed'
import { sleep } from './sleep'
import { basename, date, dirname, env, hostname, id, printenv, ps, uname, watch, which, whoami, xargs } from './system'
import { base64, cut, head, seq, sort, tail, tee, tr, uniq, wc } from './text'
import { timeout } from './timeout'

/** What comes on standard input is left for the next command: `mkdir -p a && cat > a/b` */
const deaf = (...tools: readonly Tool[]): readonly Tool[] => tools.map((tool) => ({ ...tool, reads: () => false }))

/** The commands that a shell here may have; which of them a container has, its image says. */
export const shellTools: readonly Tool[] = [
  cat,
  ...deaf(ls, mkdir, rm, rmdir, cp, mv, touch, ln, chmod, chown, { ...chown, name: 'chgrp' }),
  grep,
  { ...grep, name: 'egrep' },
  sed,
  awk,
  cut,
  tr,
  sort,
  uniq,
  head,
  tail,
  wc,
  tee,
  base64,
  jq,
  xargs,
  env,
  ...deaf(seq, printenv, date, sleep),
  timeout,
  watch,
  ...deaf(hostname, whoami, id, uname, ps, basename, dirname, which),
  htpasswd,
  registryTool,
  nproc,
  free,
  mount,
  yes,
  dd,
  ...checksums,
  ...networkTools,
]
