const ESCAPE = String.fromCharCode(27)
/** A mark of a terminal: up so many lines, to the end of the line, a color. */
const MARK = new RegExp(`${ESCAPE}\\[(\\d*)([A-Za-z]|[\\d;]*m)`)

/** What a terminal shows in the end of a text that draws over itself: a transcript holds the last drawing only. */
export function settled(text: string): string {
  if (!text.includes(`${ESCAPE}[`)) return text
  const lines: string[] = ['']
  let at = 0
  let rest = text
  while (rest !== '') {
    const mark = MARK.exec(rest)
    const plain = mark ? rest.slice(0, mark.index) : rest
    for (const [i, part] of plain.split('\n').entries()) {
      if (i > 0) {
        at++
        lines[at] ??= ''
      }
      // a carriage return begins the line anew
      const from = part.lastIndexOf('\r')
      if (from >= 0) lines[at] = part.slice(from + 1)
      else if (part !== '') lines[at] += part
    }
    if (!mark) break
    if (mark[2] === 'A') {
      at = Math.max(0, at - Number(mark[1] || '1'))
      for (let i = at; i < lines.length; i++) lines[i] = ''
    }
    rest = rest.slice(mark.index + mark[0].length)
  }
  while (lines.length > 1 && lines.at(-1) === '' && lines.at(-2) === '') lines.pop()
  return lines.join('\n')
}
