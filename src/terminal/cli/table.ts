const GAP = 3
const SMALLEST = 6

/** Control characters as they are shown: `^[` for escape. A cell ends at its first line break. */
function shown(cell: string): string {
  const end = cell.search(/[\f\n\r]/)
  const line = end < 0 ? cell : `${cell.slice(0, end)}...`
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return line.replace(/\u001b/g, '^[').replace(/\r/g, '\\r')
}

/**
 * Rows as kubectl's tables: each cell but the last is padded to its column's longest + 3, at least 6. `widths` keeps the
 * widest seen, so that a watch goes on in the same columns.
 */
export function alignRows(rows: readonly (readonly (string | number)[])[], widths: number[] = []): string {
  const cells = rows.map((row) => row.map((cell) => shown(String(cell))))
  for (const row of cells) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, SMALLEST - GAP, lengthOf(cell))
    })
  }
  return cells
    .map((row) => `${row.map((cell, i) => (i === row.length - 1 ? cell : padded(cell, widths[i]! + GAP))).join('')}\n`)
    .join('')
}

/** Characters as a terminal counts them. */
const lengthOf = (text: string) => [...text].length
const padded = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - lengthOf(text)))

/**
 * Text with tabs as Go's tabwriter sets it: a column is a run of lines next to each other that have a cell there (ended
 * by a tab), and is as wide as its longest cell plus the padding. The last cell of a line belongs to no column.
 */
export function alignTabs(text: string, padding = 2, smallest = 0): string {
  const lines = text.split('\n').map((line) => line.split('\t'))
  const widths = lines.map(() => [] as number[])
  const setColumn = (from: number, to: number, column: number): void => {
    for (let i = from; i < to; i++) {
      if (lines[i]!.length - 1 <= column) continue
      let end = i
      let width = smallest
      while (end < to && lines[end]!.length - 1 > column) {
        width = Math.max(width, lengthOf(lines[end]![column]!) + padding)
        end++
      }
      // a column whose cells are all empty takes no room
      const empty = lines.slice(i, end).every((line) => line[column] === '')
      for (let j = i; j < end; j++) widths[j]![column] = empty && smallest === 0 ? padding : width
      setColumn(i, end, column + 1)
      i = end - 1
    }
  }
  setColumn(0, lines.length, 0)
  return lines
    .map((line, i) => line.map((cell, c) => (c === line.length - 1 ? cell : padded(cell, widths[i]![c]!))).join(''))
    .join('\n')
}
