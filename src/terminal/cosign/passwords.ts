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

/** From COSIGN_PASSWORD; else all of what is piped in, or lines that somebody types, which are seen here (simplified). */
function password(run: Run, questions: readonly string[]): readonly string[] {
  const known = run.call.env['COSIGN_PASSWORD']
  if (known !== undefined) return [known]
  const first = run.loop<Json, { readonly text: string; readonly ended: boolean }>(null, () => ({
    done: run.takeInput(),
  }))
  if (first.ended) return [first.text]
  let rest = first.text
  return questions.map((question) => {
    run.error(question)
    const all = run.loop<Json, string>(rest, (before) => {
      const text = `${before as string}${run.takeInput().text}`
      return text.includes('\n') ? { done: text } : { wait: { input: true }, state: text }
    })
    rest = all.slice(all.indexOf('\n') + 1)
    return all.slice(0, all.indexOf('\n'))
  })
}

export const passwordFor = (run: Run, question: string): string => password(run, [question])[0]!

/** A new password: twice the same. */
export function newPassword(run: Run): string {
  const [first = '', second = first] = password(run, [
    'Enter password for private key: ',
    'Enter password for private key again: ',
  ])
  if (first === second) return first
  failed(run, 'passwords do not match', 1)
  return fail('')
}
