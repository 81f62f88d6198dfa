import { Simulation } from '../../../src/engine'
import { Output } from '../../../src/platform/container/container'
import { File } from '../../../src/platform/shell/file'
import { newProcess, Process } from '../../../src/platform/shell/process'
import { shellController, shellSentences } from '../../../src/platform/shell/shell'
import { type Tool, toolbox } from '../../../src/platform/shell/tool'
import { shellTools } from '../../../src/platform/shell/tools'

export interface Ran {
  readonly out: string
  readonly err: string
  readonly code: number | undefined
  readonly millis: number
  readonly files: Record<string, string>
  readonly simulation: Simulation
}

/** Runs a script as `bash -c` would, in simulated time, and tells what came of it. */
export function sh(
  script: string,
  options: { files?: Record<string, string>; tools?: readonly Tool[]; until?: number; stdin?: string } = {},
): Ran {
  const key = Process.key('here', '1')
  const process = newProcess({
    owner: key,
    machine: 'here',
    output: 'p1',
    script,
    shell: 'bash',
    cwd: '/home',
    stdin: options.stdin,
    env: { HOME: '/home', PATH: '/bin' },
    mounts: [{ path: '/', scope: 'disk' }],
    base: { '/etc/hostname': 'here\n' },
  })
  const files = Object.entries({ '/home/.keep': '', ...options.files })
  const simulation = new Simulation({
    rooms: [
      {
        name: 'shell',
        controllers: [shellController(toolbox([...shellTools, ...(options.tools ?? [])]))],
        doors: [],
        sentences: shellSentences,
      },
    ],
    seed: 1,
    genesis: [
      {
        key: File.key('disk', '/home'),
        value: { what: 'folder', text: '', mode: 0o755, modifiedAt: 0 },
        because: { id: 'test' },
      },
      ...files.map(([path, text]) => ({
        key: File.key('disk', path),
        value: { what: 'file', text, mode: 0o644, modifiedAt: 0 },
        because: { id: 'test' },
      })),
      { key, value: process, because: { id: 'test' } },
    ],
  })
  simulation.run({ until: options.until ?? 3_600_000, stop: () => simulation.store.get(key)?.state === 'exited' })
  const said = (stream: string) =>
    simulation.store
      .list(Output, { scope: 'p1' })
      .filter((c) => c.value.stream === stream)
      .map((c) => c.value.text)
      .join('')
  return {
    out: said('out'),
    err: said('err'),
    code: simulation.store.get(key)?.exitCode,
    millis: simulation.store.head(key)!.at,
    files: Object.fromEntries(
      simulation.store.list(File, { scope: 'disk' }).map((c) => [c.key.slice(19), c.value.text]),
    ),
    simulation,
  }
}
