import { fail } from '../cli/failure'
import { authFor } from './credentials'
import type { Run } from './run'
import { isRefusal, refusalText } from './run'

interface Lines {
  readonly lines: readonly string[]
}

/** Pulls an image and shows how it goes on; the last line is its full name, which `run` leaves out. */
export function pullImage(
  run: Run,
  reference: string,
  how: { readonly quiet: boolean; readonly where: 'out' | 'err' },
): string {
  const say = (line: string) => (how.where === 'out' ? run.call.print : run.call.printError)(`${line}\n`)
  const reply = run.try(
    { method: 'POST', path: '/images/create', query: { fromImage: reference, ...authFor(run.call, reference) } },
    (body: Lines) => {
      if (!how.quiet) for (const line of body.lines) say(line)
    },
  )
  if (isRefusal(reply)) return fail(refusalText(reply))
  const { lines } = reply.body as Lines
  const shown = lines.slice(0, -1)
  if (!how.quiet)
    for (const line of shown)
      (how.where === 'out' ? (text: string) => run.print(text) : (text: string) => run.error(text))(`${line}\n`)
  return lines.at(-1) ?? ''
}
