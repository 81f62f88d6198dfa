import type { Key } from '../engine'
import { diskScope, type Machine } from '../platform/machine/machine'
import { newProcess, type Process } from '../platform/shell/process'

/** What is on every machine, below the files on its disk. */
export const systemFiles = ({ name }: Machine): Readonly<Record<string, string>> => ({
  '/etc/hostname': `${name}\n`,
  '/root/.profile': '',
})

/** A script that root's shell runs on a machine, with its files; what it prints goes under `output`. */
export const rootProcess = (machine: Machine, key: Key<Process>, output: string, script: string): Process =>
  newProcess({
    owner: key,
    machine: machine.name,
    output,
    script,
    shell: 'bash',
    cwd: '/root',
    env: { HOME: '/root', USER: 'root', PATH: '/usr/local/bin:/usr/bin:/bin', HOSTNAME: machine.name },
    mounts: [{ path: '/', scope: diskScope(machine) }],
    base: systemFiles(machine),
    stdin: '',
  })
