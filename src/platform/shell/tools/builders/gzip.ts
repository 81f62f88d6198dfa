import { GZIP_SHARE, gunzipped, gzipped } from '../../../image/archive'
import { bytesOf, type File, textBytes } from '../../file'
import type { Tool, ToolCall } from '../../tool'
import { type Job, jobTool, wordsOf } from './job'

/** What an opaque file's content is called once it is packed: its bytes and its content follow. */
const PACK = 'gzip of '
/** Bytes a millisecond on one CPU: packed, and unpacked. */
const PACKS = 60_000
const UNPACKS = 300_000

const plainName = (name: string): string | undefined =>
  /\.t(ar\.)?gz$/.test(name)
    ? name.replace(/\.t(ar\.)?gz$/, '.tar')
    : name.endsWith('.gz')
      ? name.slice(0, -3)
      : undefined

const packed = (file: File): File =>
  file.bytes === undefined
    ? { ...file, text: gzipped(file.text) }
    : { ...file, bytes: Math.ceil(file.bytes * GZIP_SHARE), content: `${PACK}${file.bytes} ${file.content}` }

/** undefined: it was not packed. */
function unpacked(file: File): File | undefined {
  const text = gunzipped(file.text)
  if (text !== undefined) return { ...file, text }
  const [, bytes, content] = /^gzip of (\d+) (.*)$/s.exec(file.content ?? '') ?? []
  return bytes === undefined ? undefined : { ...file, bytes: Number(bytes), content: content! }
}

/** `gzip`, `gunzip`, `zcat`: what is packed is known by its first line (see image/archive). Left out: levels change nothing, no other formats. */
function plan(name: string): (call: ToolCall) => Job {
  return (call) => {
    const { flags, rest } = wordsOf(call.argv.slice(1))
    const letters = [...flags].filter((one) => /^-[a-z0-9]+$/.test(one)).join('')
    const unpacks = name !== 'gzip' || letters.includes('d') || flags.has('--decompress')
    const toOutput = name === 'zcat' || letters.includes('c') || flags.has('--stdout')
    const keeps = letters.includes('k') || flags.has('--keep')
    const fails = (error: string, exit = 1): Job => [{ millis: 3, error: `${name}: ${error}\n`, exit }]
    const turned = (text: string) => (unpacks ? gunzipped(text) : gzipped(text))
    const takes = (text: string) => Math.ceil(textBytes(text) / (unpacks ? UNPACKS : PACKS)) + 1
    if (rest.length === 0 || rest[0] === '-') {
      if (!unpacks && call.terminal)
        return fails('compressed data not written to a terminal. Use -f to force compression.\nFor help, type: gzip -h')
      const text = turned(call.stdin.text)
      if (text === undefined)
        return fails(call.stdin.text === '' ? 'stdin: unexpected end of file' : 'stdin: not in gzip format')
      return [{ cpuMillis: takes(call.stdin.text), print: text }]
    }
    const jobs: Job[] = rest.map((path): Job => {
      const file = call.files.entry(path)
      if (!file) return fails(`${path}: No such file or directory`)
      if (file.what === 'folder') return fails(`${path} is a directory -- ignored`, 2)
      if (!unpacks && path.endsWith('.gz')) return fails(`${path} already has .gz suffix -- unchanged`, 2)
      const target = unpacks ? plainName(path) : `${path}.gz`
      if (target === undefined && !toOutput) return fails(`${path}: unknown suffix -- ignored`, 2)
      const made = unpacks ? unpacked(file) : packed(file)
      if (made === undefined) return fails(`${path}: not in gzip format`)
      const cpuMillis = Math.ceil(bytesOf(file) / (unpacks ? UNPACKS : PACKS)) + 1
      if (toOutput) return [{ cpuMillis, print: made.text }]
      return [
        {
          cpuMillis,
          effect: (now) => {
            now.files.put(target!, made)
            if (!keeps) now.files.remove(path)
          },
        },
      ]
    })
    const failed = jobs.find((job) => 'at' in job && job.some(({ exit }) => exit !== undefined))
    return failed ?? jobs.flatMap((job) => ('at' in job ? job : []))
  }
}

const reads = (argv: readonly string[]): boolean => argv.slice(1).every((word) => word.startsWith('-'))
const tool = (name: string, about: string): Tool => jobTool(name, about, plan(name), reads)

export const gzipTools: readonly Tool[] = [
  tool('gzip', 'compresses files (-d -c -k)'),
  tool('gunzip', 'unpacks what gzip has compressed'),
  tool('zcat', 'prints what gzip has compressed'),
]
