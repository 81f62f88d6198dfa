import { humanSize } from '../../../docker/formats/size'
import type { Loaded } from '../../../docker/images/load'
import { parseReference } from '../../../platform/image/reference'
import { textBytes } from '../../../platform/shell/file'
import { fail } from '../../cli/failure'
import { bool, repeated, text } from '../../cli/flags'
import type { Command } from '../command'
import { deliver, inputFile, takesTime, whereTo, wholeInput } from '../transfer'

const platform = text('platform', 'For one platform', { unmodelled: true })
const output = text('output', 'Write to a file, instead of STDOUT', { short: 'o' })

export const save: Command = {
  name: 'save',
  about: 'Save one or more images to a tar archive (streamed to STDOUT by default)',
  usage: '[OPTIONS] IMAGE [IMAGE...]',
  also: 'docker image save, docker save',
  least: 1,
  completes: 'images',
  flags: [output, platform],
  run(run) {
    const path = whereTo(run, 'failed to save image')
    deliver(run, run.ask({ method: 'GET', path: '/images/get', body: { names: [...run.args] } }), path)
    return 0
  },
}

const BAR = '='.repeat(50)

export const load: Command = {
  name: 'load',
  about: 'Load an image from a tar archive or STDIN',
  usage: '[OPTIONS]',
  also: 'docker image load, docker load',
  most: 0,
  flags: [
    text('input', 'Read from tar archive file, instead of STDIN', { short: 'i' }),
    platform,
    bool('quiet', 'Suppress the load output', { short: 'q' }),
  ],
  run(run) {
    const path = run.value('input') ?? ''
    if (path === '' && run.call.stdin.terminal === true) return fail('requested load from stdin, but stdin is empty')
    const archive = path === '' ? wholeInput(run) : inputFile(run, path)
    takesTime(run, textBytes(archive))
    const { layers, lines }: Loaded = run.ask({ method: 'POST', path: '/images/load', body: { archive } })
    if (!run.on('quiet') && run.call.terminal)
      for (const { digest, bytes } of layers) {
        const size = humanSize(bytes)
        run.print(`${digest.slice(7, 19)}: Loading layer [${BAR}>] ${size.padStart(8)}/${size}\n`)
      }
    for (const line of lines) run.print(`${line}\n`)
    return 0
  },
}

export const exportCommand: Command = {
  name: 'export',
  about: "Export a container's filesystem as a tar archive",
  usage: '[OPTIONS] CONTAINER',
  also: 'docker container export, docker export',
  least: 1,
  most: 1,
  completes: 'containers',
  flags: [output],
  run(run) {
    const path = whereTo(run, 'failed to export container')
    deliver(run, run.ask({ method: 'GET', path: `/containers/${run.args[0]}/export` }), path)
    return 0
  },
}

export const importCommand: Command = {
  name: 'import',
  about: 'Import the contents from a tarball to create a filesystem image',
  usage: '[OPTIONS] file|URL|- [REPOSITORY[:TAG]]',
  also: 'docker image import, docker import',
  least: 1,
  flags: [
    repeated('change', 'Apply Dockerfile instruction to the created image', { short: 'c' }),
    text('message', 'Set commit message for imported image', { short: 'm' }),
    platform,
  ],
  run(run) {
    const [source = '', reference = ''] = run.args
    if (/^https?:\/\//.test(source)) {
      run.notice(`docker import: what ${source} holds is not known here`)
      return fail(`docker import: an archive at an address is not modelled here: ${source}`)
    }
    const parsed = reference === '' ? undefined : parseReference(reference)
    if (parsed && 'error' in parsed) return fail(parsed.error)
    const archive = source === '-' ? wholeInput(run) : inputFile(run, source)
    takesTime(run, textBytes(archive))
    const colon = reference.lastIndexOf(':')
    const hasTag = colon > reference.lastIndexOf('/')
    const made: { readonly id: string } = run.ask({
      method: 'POST',
      path: '/images/create',
      query: { fromSrc: '-' },
      body: {
        archive,
        repo: hasTag ? reference.slice(0, colon) : reference,
        tag: hasTag ? reference.slice(colon + 1) : '',
        message: run.value('message') ?? '',
        changes: [...run.values('change')],
      },
    })
    run.print(`${made.id}\n`)
    return 0
  },
}
