import { syntaxOf } from './directives'
import type { Instruction } from './instruction'
import type { Dockerfile } from './parse'
import { isGit, isUrl } from './ports'

/** Something in a Dockerfile that Drydock does less with than BuildKit. */
export interface Notice {
  readonly line: number
  /** The instruction, with its flag: `RUN --security`. */
  readonly path: string
  readonly label: 'simplified' | 'not modelled'
  readonly text: string
}

/** The frontend of another language that the file asks for by `# syntax=`, if it does. */
export function foreignFrontend(source: string): string | undefined {
  const value = syntaxOf(source)?.value
  return value === undefined || /^(docker\.io\/)?docker\/dockerfile(-upstream)?([:@]|$)/.test(value) ? undefined : value
}

/** Each thing in the file that is simplified or not modelled, in the order of the file. */
export function fieldNotices(file: Dockerfile): Notice[] {
  const notices: Notice[] = []
  for (const { from, instructions } of file.stages) {
    if (/windows|nanoserver|servercore/i.test(`${from.image} ${from.platform ?? ''}`))
      notices.push({
        line: from.lines.start,
        path: 'FROM',
        label: 'not modelled',
        text: 'Windows containers are not modelled: machines run Linux',
      })
    for (const one of instructions) notices.push(...labels(one).map((rest) => ({ line: one.lines.start, ...rest })))
  }
  return notices
}

function labels(one: Instruction): Omit<Notice, 'line'>[] {
  const made: Omit<Notice, 'line'>[] = []
  const missing = (path: string, text: string) => made.push({ path, label: 'not modelled', text })
  const less = (path: string, text: string) => made.push({ path, label: 'simplified', text })
  if (one.kind === 'RUN') {
    if (one.security !== 'sandbox') missing('RUN --security', 'rights of a build step are not modelled')
    if (one.devices.length > 0) missing('RUN --device', 'devices of a build step are not modelled')
    if (one.network === 'host') less('RUN --network', 'the network of the machine is taken as the default one')
    if (one.mounts.some((mount) => /(^|,)type=ssh(,|$)/i.test(mount)))
      missing('RUN --mount', 'agents of SSH are not modelled')
  }
  if (one.kind === 'SHELL' && !/(^|\/)(sh|ash|dash|bash)$/.test(one.words[0]!))
    missing('SHELL', `${one.words[0]} is not modelled: its commands are not understood`)
  if (one.kind === 'ADD') {
    if (one.sources.some(isGit)) less('ADD', 'what a repository holds is not known: its files are made up')
    else if (one.sources.some(isUrl)) less('ADD', 'what an address holds is not known: its file is made up')
  }
  return made
}
