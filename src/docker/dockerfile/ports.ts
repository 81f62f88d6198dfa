import type { LineRange } from './problem'
import { DockerfileError, quoted } from './problem'
import type { Warnings } from './rules'

/** One argument of EXPOSE as the image's config keeps it: `8080/tcp`, a range as each of its ports. */
export function exposedPorts(argument: string, lines: LineRange, warnings: Warnings): string[] {
  const slash = argument.lastIndexOf('/')
  const [spec, protocol] = slash < 0 ? [argument, 'tcp'] : [argument.slice(0, slash), argument.slice(slash + 1)]
  if (protocol !== protocol.toLowerCase()) warnings.report('ExposeProtoCasing', lines, argument)
  if (spec.includes(':')) warnings.report('ExposeInvalidFormat', lines, argument)
  const port = spec.slice(spec.lastIndexOf(':') + 1)
  if (!['tcp', 'udp', 'sctp'].includes(protocol.toLowerCase())) throw new DockerfileError(`invalid proto: ${protocol}`)
  if (port === '') throw new DockerfileError(`no port specified: ${argument}<empty>`)
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(port)
  const first = Number(match?.[1] ?? Number.NaN)
  const last = Number(match?.[2] ?? first)
  if (!(first <= last && last <= 65_535)) throw new DockerfileError(`invalid containerPort: ${port}`)
  return Array.from({ length: last - first + 1 }, (_, i) => `${first + i}/${protocol.toLowerCase()}`)
}

const SIGNALS =
  'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ'.split(
    ' ',
  )

/** Refuses what is neither the number nor the name of a signal of Linux. */
export function checkSignal(text: string): void {
  const name = text.toUpperCase().replace(/^SIG/, '')
  const realTime = /^RT(MIN(\+(\d|1[0-5]))?|MAX(-(\d|1[0-4]))?)$/.test(name)
  const number = /^\d+$/.test(text) && Number(text) > 0
  if (!number && !realTime && !SIGNALS.includes(name)) throw new DockerfileError(`invalid signal: ${text}`)
}

const SYMBOLIC = /^[ugoa]*([-+=]([rwxXst]*|[ugo]))+(,[ugoa]*([-+=]([rwxXst]*|[ugo]))+)*$/

/** `--chmod`: octal, or symbolic as chmod takes it. */
export function checkMode(text: string): void {
  const octal = /^[0-7]+$/.test(text) && Number.parseInt(text, 8) <= 0o7777
  if (!octal && (text.length > 200 || !SYMBOLIC.test(text)))
    throw new DockerfileError(`invalid chmod parameter: '${text}'. it should be octal string and between 0 and 07777`)
}

/** `--checksum` of ADD, which only one source from the network may have. */
export function checkChecksum(text: string, sources: readonly string[]): void {
  if (sources.length !== 1) throw new DockerfileError("checksum can't be specified for multiple sources")
  if (!isUrl(sources[0]!) && !isGit(sources[0]!)) throw new DockerfileError('checksum requires HTTP(S) or Git sources')
  if (!isGit(sources[0]!) && !/^[a-z0-9]+:[0-9a-f]+$/i.test(text))
    throw new DockerfileError(`invalid checksum digest format: ${quoted(text)}`)
}

/** A repository to clone: its address says so. */
export const isGit = (source: string): boolean =>
  /^(git:\/\/|ssh:\/\/|[A-Za-z0-9_-]+@[^/:]+:|github\.com\/)/.test(source) ||
  /^https?:\/\/[^#?]+\.git([#?].*)?$/.test(source)

/** A file to fetch. */
export const isUrl = (source: string): boolean => /^https?:\/\//.test(source) && !isGit(source)
