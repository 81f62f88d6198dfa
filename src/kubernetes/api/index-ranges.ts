/** More than any Job can work on: a text that names more is not followed. */
const MOST_INDEXES = 100_000

/** Indexes as a Job's status has them: `0-2,5`. undefined: not in this form, beyond `below`, or too many. */
export function parseIndexes(text: string, below: number): ReadonlySet<number> | undefined {
  const indexes = new Set<number>()
  if (text === '') return indexes
  for (const part of text.split(',')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part)
    if (!match) return undefined
    const first = Number(match[1])
    const last = match[2] === undefined ? first : Number(match[2])
    if (last >= below || first > last || last - first + indexes.size >= MOST_INDEXES) return undefined
    for (let index = first; index <= last; index++) indexes.add(index)
  }
  return indexes
}

/** Those of a text that are below the number of completions, whatever else it says. */
export function indexesBelow(text: string | undefined, below: number): Set<number> {
  const kept = new Set<number>()
  for (const part of (text ?? '').split(',')) {
    const [first = '', last = first] = part.split('-')
    if (first === '') continue
    for (let index = Number(first); index <= Number(last) && index < below && kept.size < MOST_INDEXES; index++)
      kept.add(index)
  }
  return kept
}

export function printIndexes(indexes: ReadonlySet<number>): string {
  const sorted = [...indexes].sort((a, b) => a - b)
  const parts: string[] = []
  for (let i = 0; i < sorted.length; ) {
    let end = i
    while (sorted[end + 1] === sorted[end]! + 1) end++
    parts.push(
      end === i ? `${sorted[i]}` : end === i + 1 ? `${sorted[i]},${sorted[end]}` : `${sorted[i]}-${sorted[end]}`,
    )
    i = end + 1
  }
  return parts.join(',')
}
