const CONTEXT = 3
/** Texts that differ in more than this many lines times lines are told as replaced whole. */
const MOST_CELLS = 4_000_000

interface Edit {
  readonly mark: ' ' | '-' | '+'
  readonly line: string
}

/** What differs, as `diff -u` tells it below its two head lines; '' where nothing does. */
export function unifiedDiff(before: string, after: string): string {
  const edits = editsOf(linesOf(before), linesOf(after))
  if (edits.every(({ mark }) => mark === ' ')) return ''
  return hunksOf(edits).join('')
}

const linesOf = (text: string): readonly string[] => {
  const lines = text.split('\n')
  if (lines[lines.length - 1] === '') lines.pop()
  return lines
}

/** The longest common run of lines stays; at a change lines go before others come. */
function editsOf(a: readonly string[], b: readonly string[]): readonly Edit[] {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const kept = (lines: readonly string[]): Edit[] => lines.map((line) => ({ mark: ' ', line }))
  return [
    ...kept(a.slice(0, start)),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...kept(a.slice(a.length - end)),
  ]
}

function middle(a: readonly string[], b: readonly string[]): readonly Edit[] {
  if (a.length * b.length > MOST_CELLS)
    return [...a.map((line): Edit => ({ mark: '-', line })), ...b.map((line): Edit => ({ mark: '+', line }))]
  const width = b.length + 1
  const common = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] =
        a[i] === b[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!)
  const edits: Edit[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      edits.push({ mark: ' ', line: a[i++]! })
      j++
    } else if (i < a.length && (j === b.length || common[(i + 1) * width + j]! >= common[i * width + j + 1]!))
      edits.push({ mark: '-', line: a[i++]! })
    else edits.push({ mark: '+', line: b[j++]! })
  }
  return edits
}

function hunksOf(edits: readonly Edit[]): readonly string[] {
  const hunks: string[] = []
  let from = 0
  while (from < edits.length) {
    const first = edits.findIndex(({ mark }, i) => i >= from && mark !== ' ')
    if (first < 0) break
    let last = first
    for (let i = first; i < edits.length && i <= last + 2 * CONTEXT; i++) if (edits[i]!.mark !== ' ') last = i
    const begin = Math.max(from, first - CONTEXT)
    const end = Math.min(edits.length, last + CONTEXT + 1)
    hunks.push(hunk(edits, begin, end))
    from = end
  }
  return hunks
}

function hunk(edits: readonly Edit[], begin: number, end: number): string {
  const count = (marks: string, to: readonly Edit[]) => to.filter(({ mark }) => marks.includes(mark)).length
  const [before, inside] = [edits.slice(0, begin), edits.slice(begin, end)]
  const range = (marks: string) => {
    const size = count(marks, inside)
    const start = count(marks, before) + (size === 0 ? 0 : 1)
    return size === 1 ? `${start}` : `${start},${size}`
  }
  const body = inside.map(({ mark, line }) => `${mark}${line}\n`).join('')
  return `@@ -${range(' -')} +${range(' +')} @@\n${body}`
}
