const MOST_CPUS = 8192

/** `0-2,7` → 0, 1, 2, 7; undefined: it is no such list. */
export function spanOfCpus(text: string): readonly number[] | undefined {
  const found = new Set<number>()
  for (const part of text.split(',')) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part)
    if (!match) return undefined
    const from = Number(match[1])
    const to = Number(match[2] ?? match[1])
    if (from > to || to >= MOST_CPUS) return undefined
    for (let cpu = from; cpu <= to; cpu++) found.add(cpu)
  }
  return [...found].sort((a, b) => a - b)
}
