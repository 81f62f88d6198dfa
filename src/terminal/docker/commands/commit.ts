import { bool, repeated, text } from '../../cli/flags'
import type { Command } from '../command'

export const commit: Command = {
  name: 'commit',
  about: "Create a new image from a container's changes",
  usage: '[OPTIONS] CONTAINER [REPOSITORY[:TAG]]',
  also: 'docker container commit, docker commit',
  least: 1,
  most: 2,
  completes: 'containers',
  flags: [
    text('author', 'Who made it', { short: 'a' }),
    repeated('change', 'A Dockerfile instruction that changes the configuration', { short: 'c' }),
    text('message', 'A comment', { short: 'm' }),
    bool('pause', 'Pause the container meanwhile', { short: 'p', initial: 'true' }),
  ],
  run(run) {
    const [container = '', reference = ''] = run.args
    const colon = reference.lastIndexOf(':')
    const hasTag = colon > reference.lastIndexOf('/')
    const made = run.ask({
      method: 'POST',
      path: '/commit',
      query: {
        container,
        repo: hasTag ? reference.slice(0, colon) : reference,
        tag: hasTag ? reference.slice(colon + 1) : '',
        author: run.value('author') ?? '',
        comment: run.value('message') ?? '',
        pause: String(run.on('pause')),
      },
      body: { changes: [...run.values('change')] },
    })
    run.print(`${made.Id}\n`)
    return 0
  },
}
