import type { BuildOptions } from '../../../docker/build/build'
import { fail } from '../../cli/failure'
import type { Run } from '../run'

/** What becomes of a build's result. */
export interface Output {
  readonly exporter: BuildOptions['exporter']
  readonly push: boolean
  /** Of files: where they go; `-` is standard output. */
  readonly dest: string
}

const IMAGE: Output = { exporter: 'image', push: false, dest: '' }

const failed = (why: string): never => fail(`ERROR: failed to build: ${why}`)

const unsupported = (what: string): never =>
  failed(
    `${what} is not supported for the docker driver.\nSwitch to a different driver, or turn on the containerd image store, and try again.\nLearn more at https://docs.docker.com/go/build-exporters/`,
  )

/** `type=local,dest=out`, `out`, `-`. After ParseExports in docker/buildx. */
function fieldsOf(text: string): ReadonlyMap<string, string> {
  if (!text.includes(',') && !text.startsWith('type='))
    return new Map([
      ['type', text === '-' ? 'tar' : 'local'],
      ['dest', text],
    ])
  return new Map(
    text.split(',').map((field) => {
      const cut = field.indexOf('=')
      if (cut < 0) return failed(`invalid value ${field}`)
      return [field.slice(0, cut).trim().toLowerCase(), field.slice(cut + 1)] as const
    }),
  )
}

const isTrue = (text: string | undefined): boolean => /^(1|t|true)$/i.test(text ?? '')

function outputOf(run: Run, text: string): Output {
  const fields = fieldsOf(text)
  const type = fields.get('type') ?? ''
  const dest = fields.get('dest') ?? ''
  const stat = dest === '' || dest === '-' ? undefined : run.call.files.stat(dest)
  switch (type) {
    case '':
      return failed('type is required for output')
    case 'image':
      if (isTrue(fields.get('push-by-digest')))
        return failed(
          'push-by-digest is currently not implemented for docker driver, please create a new builder instance',
        )
      return { ...IMAGE, push: isTrue(fields.get('push')) }
    case 'registry':
      return { ...IMAGE, push: fields.get('push') === undefined || isTrue(fields.get('push')) }
    case 'cacheonly':
      return { exporter: 'none', push: false, dest: '' }
    case 'docker':
      return dest === '' ? IMAGE : unsupported('Docker exporter')
    case 'oci':
      return unsupported('OCI exporter')
    case 'local':
      if (dest === '') return failed('dest is required for local exporter')
      if (dest === '-') return failed('dest cannot be stdout for local exporter')
      if (stat && !stat.folder) return failed(`destination directory ${dest} is a file`)
      return { exporter: 'local', push: false, dest }
    case 'tar':
      if ((dest === '' || dest === '-') && run.call.terminal)
        return failed('dest file is required for tar exporter. refusing to write to console')
      if (stat?.folder) return failed(`destination file ${dest} is a directory`)
      return { exporter: 'tar', push: false, dest: dest || '-' }
    default:
      return failed(`failed to solve: exporter ${JSON.stringify(type)} could not be found`)
  }
}

/** `--output`, `--push` and `--load` together. After RunBuild in docker/buildx, for the driver that is the daemon itself. */
export function outputsOf(run: Run): Output {
  const given = run.values('output').map((text) => outputOf(run, text))
  const files = given.filter(({ exporter }) => exporter !== 'image')
  const isImage = given.length > files.length || run.on('push') || run.on('load')
  if (files.length > 1 || (files.length > 0 && isImage))
    return failed(
      'multiple outputs currently unsupported by the current BuildKit daemon, please upgrade to version v0.13+ or use a single output',
    )
  const push = run.on('push') || given.some((one) => one.push)
  if (push && run.values('tag').length === 0) return failed('tag is needed when pushing to registry')
  return files[0] ?? { ...IMAGE, push }
}
