import type { SavedArchive } from '../../docker/images/save'
import type { Json } from '../../engine/json'
import { fail } from '../cli/failure'
import type { Run } from './run'

/** Bytes a millisecond between the daemon, the client and the disk. */
const BYTES_PER_MILLISECOND = 250_000

/** Time passes while so many bytes are packed, sent or written. */
export function takesTime(run: Run, bytes: number): void {
  run.loop<boolean, null>(false, (over) =>
    over ? { done: null } : { wait: { millis: 5 + Math.ceil(bytes / BYTES_PER_MILLISECOND) }, state: true },
  )
}

/** Everything on standard input, once it has ended. */
export function wholeInput(run: Run): string {
  return run.loop<string, string>('', (before) => {
    const { text, ended } = run.takeInput()
    const all = before + text
    return ended ? { done: all } : { wait: { input: true }, state: all }
  })
}

/** The text of a file of the client; one that cannot be read ends the command. */
export function inputFile(run: Run, path: string): string {
  const read = run.loop<Json, Json>(null, () => ({ done: run.call.files.read(path) as unknown as Json })) as unknown as
    | { readonly text: string }
    | { readonly error: string }
  return 'text' in read ? read.text : fail(`open ${path}: ${read.error.toLowerCase()}`)
}

const folderOf = (path: string): string => {
  const clean = path.replace(/\/+$/, '')
  const slash = clean.lastIndexOf('/')
  return slash < 0 ? '.' : slash === 0 ? '/' : clean.slice(0, slash)
}

/** What is wrong with a path to write to. After ValidateOutputPath in docker/cli. */
export function outputProblem(run: Run, path: string): string | undefined {
  const folder = folderOf(path)
  return folder === '.' || run.call.files.stat(folder)
    ? undefined
    : `invalid output path: directory ${JSON.stringify(folder)} does not exist`
}

/** `-o FILE`, or standard output unless that is a terminal. `what`: what has failed if it cannot be written. */
export function whereTo(run: Run, what: string): string {
  const path = run.value('output') ?? ''
  if (path === '' && run.call.terminal)
    return fail('cowardly refusing to save to a terminal. Use the -o flag or redirect')
  const problem = path === '' ? undefined : outputProblem(run, path)
  return problem === undefined ? path : fail(`${what}: ${problem}`)
}

/** Writes an archive to a file, or prints it. */
export function deliver(run: Run, { text, bytes }: SavedArchive, path: string): void {
  takesTime(run, bytes)
  if (path === '') return run.print(text)
  const problem = run.loop<Json, Json>(null, () => {
    if (run.call.files.stat(path)?.folder) return { done: `rename .docker_temp_ ${path}: file exists` }
    const failed = run.call.files.write(path, text, { mode: 0o600 })
    return { done: failed ? `open ${path}: ${failed.error.toLowerCase()}` : null }
  })
  if (problem !== null) fail(String(problem))
}
