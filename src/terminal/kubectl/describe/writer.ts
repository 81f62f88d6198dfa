import { dateParts, parseRfc3339 } from '../../../engine/time'
import { alignTabs } from '../../cli/table'

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const pad = (n: number) => String(n).padStart(2, '0')

/** `Wed, 15 Jan 2025 09:00:07 +0000` */
export function rfc1123(time: string | null | undefined): string {
  const epoch = time ? parseRfc3339(time) : undefined
  if (epoch === undefined) return 'Mon, 01 Jan 0001 00:00:00 +0000'
  const d = dateParts(epoch)
  return `${DAYS[d.weekday]}, ${pad(d.day)} ${MONTHS[d.month - 1]} ${d.year} ${pad(d.hour)}:${pad(d.minute)}:${pad(d.second)} +0000`
}

/** Lines of a description: keys and values with tabs between, two blanks a level. */
export class Writer {
  #text = ''
  /** Blocks that have been aligned already: later lines do not change them. */
  #done = ''

  write(level: number, line: string): void {
    this.#text += `${'  '.repeat(level)}${line}\n`
  }

  /** Ends a block: what follows has columns of its own. */
  flush(): void {
    this.#done += alignTabs(this.#text)
    this.#text = ''
  }

  /** Lines as they are, tabs and all. */
  get raw(): string {
    return this.#done + this.#text
  }

  get aligned(): string {
    this.flush()
    return this.#done
  }
}

const sortedKeys = (map: Readonly<Record<string, unknown>>) => Object.keys(map).sort((a, b) => (a < b ? -1 : 1))

/** One a line, the first behind its title; continuation lines begin with an empty cell. */
export function writeMany(w: Writer, title: string, lines: readonly string[]): void {
  if (lines.length === 0) {
    w.write(0, `${title}:\t<none>`)
    return
  }
  lines.forEach((line, i) => {
    w.write(0, i === 0 ? `${title}:\t${line}` : `\t${line}`)
  })
}

/** Labels on one line: `a=b,c=d`. */
export const labelsLine = (labels: Readonly<Record<string, string>> | undefined): string =>
  sortedKeys(labels ?? {})
    .map((key) => `${key}=${labels![key]}`)
    .join(',') || '<none>'

export const writeLabels = (w: Writer, title: string, labels: Readonly<Record<string, string>> | undefined): void =>
  writeMany(
    w,
    title,
    sortedKeys(labels ?? {}).map((key) => `${key}=${labels![key]}`),
  )

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'
const LONGEST_ANNOTATION = 140

export function writeAnnotations(
  w: Writer,
  title: string,
  annotations: Readonly<Record<string, string>> | undefined,
): void {
  const keys = sortedKeys(annotations ?? {}).filter((key) => key !== LAST_APPLIED)
  if (keys.length === 0) {
    w.write(0, `${title}:\t<none>`)
    return
  }
  keys.forEach((key, i) => {
    const value = annotations![key]!
    const lead = i === 0 ? `${title}:\t` : '\t'
    if (key.length + value.length + 2 <= LONGEST_ANNOTATION && !value.includes('\n')) {
      w.write(0, `${lead}${key}: ${value}`)
      return
    }
    w.write(0, `${lead}${key}:`)
    for (const line of value.split('\n'))
      w.write(0, `\t  ${line.length > LONGEST_ANNOTATION - 2 ? `${line.slice(0, LONGEST_ANNOTATION - 2)}...` : line}`)
  })
}

interface TolerationLike {
  readonly key?: string
  readonly operator?: string
  readonly value?: string
  readonly effect?: string
  readonly tolerationSeconds?: number
}

export function writeTolerations(w: Writer, title: string, tolerations: readonly TolerationLike[] | undefined): void {
  const sorted = (tolerations ?? [])
    .map((one, i) => ({ one, i }))
    .sort((a, b) =>
      (a.one.key ?? '') < (b.one.key ?? '') ? -1 : (a.one.key ?? '') > (b.one.key ?? '') ? 1 : a.i - b.i,
    )
  writeMany(
    w,
    title,
    sorted.map(({ one }) => {
      let text = one.key ?? ''
      if (one.value) text += `=${one.value}`
      if (one.effect) text += `:${one.effect}`
      if (one.operator === 'Exists' && !one.value) text += one.key || one.effect ? ' op=Exists' : 'op=Exists'
      if (one.tolerationSeconds !== undefined) text += ` for ${one.tolerationSeconds}s`
      return text
    }),
  )
}

/** `ReplicaSet/web-594b9ccbbd` */
export function controllerOf(metadata: any): string | undefined {
  const owner = metadata.ownerReferences?.find((one: any) => one.controller)
  return owner && `${owner.kind}/${owner.name}`
}

export const title = (flag: boolean | undefined) => (flag ? 'True' : 'False')
