import { archiveEntries, archiveFile } from '../../../image/archive'
import type { Entry } from '../../../image/entry'
import type { Tool, ToolCall } from '../../tool'
import { folder, type Job, jobTool, pack, wordsOf } from './job'

const MOST_ENTRIES = 20_000

function collect(call: ToolCall, names: readonly string[], root: string): Entry[] | { readonly error: string } {
  const found: Entry[] = []
  const take = (path: string) => {
    const file = call.files.entry(`${root}/${path}`)
    if (!file || found.length >= MOST_ENTRIES) return
    const clean = path.replace(/^(\.?\/)+/, '')
    if (clean !== '' && clean !== '.') found.push({ path: `/${clean}`, ...file })
    if (file.what === 'folder') for (const name of call.files.list(`${root}/${path}`) ?? []) take(`${path}/${name}`)
  }
  for (const name of names) {
    if (!call.files.entry(`${root}/${name}`))
      return {
        error: `tar: ${name}: Cannot stat: No such file or directory\ntar: Exiting with failure status due to previous errors\n`,
      }
    take(name)
  }
  return found
}

const STRANGE = 'tar: This does not look like a tar archive\ntar: Exiting with failure status due to previous errors\n'

/** Packs and unpacks; an archive that came from the internet is not known inside: a folder of its name comes out. */
function plan(call: ToolCall): Job {
  const [, first = '', ...more] = call.argv
  const args = /^[a-zA-Z]+$/.test(first) ? [`-${first}`, ...more] : [first, ...more]
  const letters = args.filter((arg) => /^-[a-zA-Z]+$/.test(arg)).join('')
  const file = args.flatMap((arg, i) =>
    /^-[a-zA-Z]*f$/.test(arg) || arg === '--file' ? [args[i + 1] ?? ''] : /^--file=/.test(arg) ? [arg.slice(7)] : [],
  )[0]
  const { values, rest } = wordsOf(args, [
    '-C',
    '--directory',
    '--strip-components',
    '--exclude',
    ...args.filter((arg) => /^-[a-zA-Z]*f$/.test(arg)),
    '--file',
  ])
  const root = call.files.resolve(values.get('-C') ?? values.get('--directory') ?? '.')
  if (letters.includes('c') || args.includes('--create')) {
    const entries = collect(call, rest, root)
    if ('error' in entries) return [{ millis: 10, error: entries.error, exit: 2 }]
    const target = file ?? ''
    if (target === '' || target === '-')
      return [
        { millis: 5, error: 'tar: Refusing to write archive contents to terminal (missing -f option?)\n', exit: 2 },
      ]
    const packed = /[zjJ]/.test(letters) || /\.(gz|tgz|xz|bz2|zst)$/.test(target)
    return [
      {
        millis: 20 + entries.length / 10,
        effect: (now) => void now.files.put(target, archiveFile(entries, now.now, packed)),
      },
    ]
  }
  if (file === undefined || file === '-') return [{ millis: 30 }]
  const entry = call.files.entry(file)
  if (!entry)
    return [
      {
        millis: 5,
        error: `tar: ${file}: Cannot open: No such file or directory\ntar: Error is not recoverable: exiting now\n`,
        exit: 2,
      },
    ]
  const entries = archiveEntries(entry)
  if (letters.includes('t'))
    return entries
      ? [{ millis: 10, print: entries.map(({ path }) => `${path.slice(1)}\n`).join('') }]
      : [{ millis: 5, error: STRANGE, exit: 2 }]
  if (!call.files.stat(root)?.folder)
    return [
      {
        millis: 5,
        error: `tar: ${root}: Cannot open: No such file or directory\ntar: Error is not recoverable: exiting now\n`,
        exit: 2,
      },
    ]
  const strip = Number(values.get('--strip-components') ?? 0)
  if (!entries) {
    const isDownload = entry.bytes !== undefined || entry.text.includes('is not simulated')
    if (!isDownload) return [{ millis: 5, error: STRANGE, exit: 2 }]
    const name = file
      .split('/')
      .at(-1)!
      .replace(/\.(tar(\.\w+)?|tgz|txz)$/, '')
    call.notice(`tar: what ${file} holds is not known here; its files are made up`)
    return [
      {
        millis: 150,
        effect: (now) => {
          const at = strip > 0 ? root : `${root}/${name}`
          pack(now, `${at}/${name.replace(/[-_.]?v?\d.*$/, '') || name}`, 8_400_000, `of ${name}`, 0o755)
          pack(now, `${at}/${name}.pack`, entry.bytes ?? 4_000_000, `rest of ${name}`)
        },
      },
    ]
  }
  return [
    {
      millis: 20 + entries.length / 10,
      effect: (now) => {
        for (const { path, ...one } of entries) {
          const parts = path.slice(1).split('/').slice(strip)
          if (parts.length === 0 || parts.includes('..')) continue
          const at = `${root}/${parts.join('/')}`
          folder(now, at.slice(0, at.lastIndexOf('/')) || '/')
          if (one.what !== 'folder' || !now.files.stat(at)) now.files.put(at, one)
        }
      },
    },
  ]
}

export const tar: Tool = jobTool('tar', 'packs and unpacks archives', plan)
