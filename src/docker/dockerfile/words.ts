const BLANK = /[\t\v\f\r ]+/
const isSpace = (char: string) => /\s/.test(char)

/** Cut at blanks, as FROM, EXPOSE, COPY and VOLUME take their arguments. */
export const cutAtBlanks = (text: string): string[] => (text === '' ? [] : text.split(BLANK))

/** Cut once: the first word, and the rest with its blanks. */
export function cutOnce(text: string): readonly [string] | readonly [string, string] {
  const match = BLANK.exec(text)
  return match === null ? [text] : [text.slice(0, match.index), text.slice(match.index + match[0].length)]
}

/** Words with their quotes and escapes still in them, as ENV, LABEL and ARG take theirs [buildkit parser/line_parsers.go parseWords]. */
export function quotedWords(text: string, escape: string): string[] {
  const words: string[] = []
  let word = ''
  let quote = ''
  let quotedOnce = false
  const end = () => {
    if (quotedOnce || word !== '') words.push(word)
    word = ''
    quotedOnce = false
  }
  const chars = [...text]
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i]!
    if (quote === '' && isSpace(char)) {
      end()
      continue
    }
    if (char === escape && quote !== "'") {
      if (i + 1 === chars.length) break
      word += char + chars[++i]!
      continue
    }
    if (quote === '' && (char === "'" || char === '"')) {
      quote = char
      quotedOnce = true
    } else if (char === quote) quote = ''
    word += char
  }
  end()
  return words
}

/** The flags that stand before the arguments, without their quotes, and what follows them [parser/split_command.go]. */
export function leadingFlags(text: string): { readonly flags: readonly string[]; readonly rest: string } {
  const flags: string[] = []
  let at = 0
  for (;;) {
    while (at < text.length && isSpace(text[at]!)) at++
    if (!text.startsWith('--', at)) return { flags, rest: text.slice(at) }
    let word = ''
    let quote = ''
    for (; at < text.length; at++) {
      const char = text[at]!
      if (quote === '' && isSpace(char)) break
      if (char === '\\') {
        if (at + 1 < text.length) word += text[++at]!
      } else if (quote === '' && (char === "'" || char === '"')) quote = char
      else if (char === quote) quote = ''
      else word += char
    }
    if (word === '--') return { flags, rest: text.slice(at) }
    flags.push(word)
  }
}

/** The strings of a JSON array; undefined if the text is no JSON array, `mixed` if it holds anything but strings. */
export function execForm(text: string): readonly string[] | 'mixed' | undefined {
  const trimmed = text.trim()
  if (!trimmed.startsWith('[')) return undefined
  let value: unknown
  try {
    value = JSON.parse(trimmed)
  } catch {
    return undefined
  }
  if (!Array.isArray(value)) return undefined
  return value.every((one) => typeof one === 'string') ? value : 'mixed'
}
