import type { LineRange, Problem } from './problem'

/** The lines around a place in the file, the place marked, as BuildKit prints them under an error [solver/errdefs/source.go]. */
export function excerpt(name: string, source: string, ranges: readonly LineRange[]): string {
  const lines = source.split('\n')
  const first = Math.min(...ranges.map(({ start }) => start))
  if (ranges.length === 0 || first < 1 || first > lines.length) return ''
  let start = first
  let end = Math.min(lines.length, Math.max(...ranges.map((range) => range.end)))
  const wanted = start === end ? 4 : 2
  for (let around = 0; around < wanted; around++) {
    if (start > 1) {
      start--
      around++
    }
    if (end !== lines.length) {
      end++
      around++
    }
  }
  const marked = (line: number) => ranges.some((range) => range.start <= line && line <= range.end)
  const shown = lines.slice(start - 1, end).map((text, i) => {
    const line = start + i
    return ` ${String(line).padStart(3)} | ${marked(line) ? '>>>' : '   '} ${text.replace(/\r$/, '')}`
  })
  const rule = '-'.repeat(20)
  return [`${name}:${first}`, rule, ...shown, rule, ''].join('\n')
}

/** What `docker build` prints at its end when the file is refused. */
export const failure = (name: string, source: string, { message, lines }: Problem): string =>
  `${excerpt(name, source, lines)}ERROR: failed to build: failed to solve: ${message}`
