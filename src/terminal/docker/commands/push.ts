import { LocalImage } from '../../../platform/image/image'
import { familiarName, parseReference } from '../../../platform/image/reference'
import { fail } from '../../cli/failure'
import { bool, text } from '../../cli/flags'
import type { Command } from '../command'
import { authFor } from '../credentials'
import { isRefusal, type Run, refusalText } from '../run'

interface Told {
  readonly lines: readonly string[]
  readonly error?: string
}

function pushOne(run: Run, name: string): void {
  const quiet = run.on('quiet')
  const say = (lines: readonly string[]) => {
    if (!quiet) for (const line of lines) run.call.print(`${line}\n`)
  }
  const request = { method: 'POST', path: `/images/${name}/push`, query: authFor(run.call, name) } as const
  const reply = run.try(request, ({ lines }: Told) => say(lines))
  if (isRefusal(reply)) return fail(refusalText(reply))
  const { lines, error } = reply.body as Told
  if (!quiet) for (const line of lines) run.print(`${line}\n`)
  if (error !== undefined) return fail(error)
}

export const push: Command = {
  name: 'push',
  about: 'Upload an image to a registry',
  usage: '[OPTIONS] NAME[:TAG]',
  also: 'docker image push, docker push',
  least: 1,
  most: 1,
  completes: 'images',
  flags: [
    bool('all-tags', 'Push all tags of an image to the repository', { short: 'a' }),
    bool('disable-content-trust', 'Skip image signing', { initial: 'true', unmodelled: true }),
    text('platform', 'Push a platform-specific manifest', { unmodelled: true }),
    bool('quiet', 'Suppress verbose output', { short: 'q' }),
  ],
  run(run) {
    const [name = ''] = run.args
    const parsed = parseReference(name)
    if ('error' in parsed) return fail(parsed.error)
    const { tag, digest } = parsed.reference
    if (run.on('all-tags') && (tag !== undefined || digest !== undefined))
      return fail("tag can't be used with --all-tags/-a")
    if (run.on('all-tags')) {
      const names = run.loop<readonly string[], readonly string[]>([], () => ({
        done: tagsOf(run, familiarName(parsed.reference)),
      }))
      if (names.length === 0)
        return fail(
          `Error response from daemon: An image does not exist locally with the tag: ${familiarName(parsed.reference)}`,
        )
      for (const one of names) pushOne(run, one)
      return 0
    }
    if (tag === undefined && !run.on('quiet')) run.print('Using default tag: latest\n')
    pushOne(run, name)
    if (run.on('quiet')) run.print(`${fullName(name)}\n`)
    return 0
  },
}

const fullName = (name: string): string => {
  const parsed = parseReference(name)
  if ('error' in parsed) return name
  const { domain, path, tag = 'latest' } = parsed.reference
  return `${domain}/${path}:${tag}`
}

const tagsOf = (run: Run, repository: string): readonly string[] =>
  run.call.world
    .list(LocalImage, { scope: run.call.from.machine })
    .map(({ value }) => value.reference)
    .filter((reference) => reference.startsWith(`${repository}:`))
