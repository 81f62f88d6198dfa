/** The line being typed: bash's keys on plain data. What the terminal shows of it is drawn elsewhere. */
export interface EditLine {
  readonly text: string
  readonly cursor: number
  /** Where in the history it is; as many as there are: the new line. */
  readonly place: number
  /** The new line as it was before going up in the history. */
  readonly draft: string
}

export const emptyLine = (history: readonly string[]): EditLine => ({
  text: '',
  cursor: 0,
  place: history.length,
  draft: '',
})

export type Edited =
  | { readonly line: EditLine }
  | { readonly submit: string }
  | { readonly signal: 'interrupt' | 'complete' | 'clear' }
  | undefined

const WORD_LEFT = /\S+\s*$/
const WORD_RIGHT = /^\s*\S+/

/** What a key (as xterm gives it) does to the line; undefined: nothing. */
export function press(line: EditLine, key: string, history: readonly string[]): Edited {
  const { text, cursor } = line
  const left = text.slice(0, cursor)
  const right = text.slice(cursor)
  const to = (next: string, at: number): Edited => ({ line: { ...line, text: next, cursor: at } })
  switch (key) {
    case '\r':
      return { submit: text }
    case '\x03':
      return { signal: 'interrupt' }
    case '\t':
      return { signal: 'complete' }
    case '\x0c':
      return { signal: 'clear' }
    case '\x7f':
    case '\b':
      return cursor === 0 ? undefined : to(left.slice(0, -1) + right, cursor - 1)
    case '\x1b[3~':
    case '\x04':
      return to(left + right.slice(1), cursor)
    case '\x1b[D':
    case '\x02':
      return to(text, Math.max(0, cursor - 1))
    case '\x1b[C':
    case '\x06':
      return to(text, Math.min(text.length, cursor + 1))
    case '\x1b[H':
    case '\x01':
      return to(text, 0)
    case '\x1b[F':
    case '\x05':
      return to(text, text.length)
    case '\x1b[1;5D':
    case '\x1bb':
      return to(text, left.replace(WORD_LEFT, '').length)
    case '\x1b[1;5C':
    case '\x1bf':
      return to(text, cursor + (WORD_RIGHT.exec(right)?.[0].length ?? 0))
    case '\x15':
      return to(right, 0)
    case '\x0b':
      return to(left, cursor)
    case '\x17': {
      const kept = left.replace(WORD_LEFT, '')
      return to(kept + right, kept.length)
    }
    case '\x1b[A':
    case '\x10':
      return recall(line, line.place - 1, history)
    case '\x1b[B':
    case '\x0e':
      return recall(line, line.place + 1, history)
    default:
      return key.startsWith('\x1b') || key < ' ' ? undefined : to(left + key + right, cursor + key.length)
  }
}

function recall(line: EditLine, place: number, history: readonly string[]): Edited {
  if (place < 0 || place > history.length) return undefined
  const draft = line.place === history.length ? line.text : line.draft
  const text = history[place] ?? draft
  return { line: { text, cursor: text.length, place, draft } }
}

/** Puts a completion in place of the last word: all of it when there is one, else what they have in common. */
export function completeWith(line: EditLine, words: readonly string[]): { line: EditLine; choices: readonly string[] } {
  if (words.length === 0) return { line, choices: [] }
  const left = line.text.slice(0, line.cursor)
  const begun = /\S*$/.exec(left)![0]
  const common = words.reduce((a, b) => {
    let n = 0
    while (n < a.length && a[n] === b[n]) n++
    return a.slice(0, n)
  })
  const only = words.length === 1
  const word = only && !/[=/]$/.test(common) ? `${common} ` : common
  if (!word.startsWith(begun)) return { line, choices: only ? [] : words }
  const next = left.slice(0, left.length - begun.length) + word
  return {
    line: { ...line, text: next + line.text.slice(line.cursor), cursor: next.length },
    choices: only || word.length > begun.length ? [] : words,
  }
}
