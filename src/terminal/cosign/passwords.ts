import type { Json } from '../../engine/json'
import { fail } from '../cli/failure'
import type { Run } from '../docker/run'

/** Ends a command as cosign's main does: the error twice, and a status. */
export function failed(run: Run, why: string, exit: number): number {
  run.error(`Error: ${why}\nerror during command execution: ${why}\n`)
  return exit
}

/** One line that somebody types, or that comes on standard input. */
export function askedFor(run: Run, question: string): string {
  run.error(question)
  return run.loop<Json, string>('', (before) => {
    const { text, ended } = run.takeInput()
    const all = `${before as string}${text}`
    const end = all.indexOf('\n')
    return end >= 0 ? { done: all.slice(0, end) } : ended ? { done: all } : { wait: { input: true }, state: all }
  })
}

/** From COSIGN_PASSWORD; else it is asked for. What is typed is seen here (simplified). */
export function passwordFor(run: Run, question: string): string {
  const given = run.call.env['COSIGN_PASSWORD']
  return given ?? askedFor(run, question)
}

/** A new password: twice the same. */
export function newPassword(run: Run): string {
  if (run.call.env['COSIGN_PASSWORD'] !== undefined) return run.call.env['COSIGN_PASSWORD']
  const first = askedFor(run, 'Enter password for private key: ')
  const second = askedFor(run, 'Enter password for private key again: ')
  if (first === second) return first
  failed(run, 'passwords do not match', 1)
  return fail('')
}
