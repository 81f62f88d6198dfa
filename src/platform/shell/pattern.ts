/**
 * Shell patterns (`*`, `?`, `[…]`) over text in which quoted characters are marked by a backslash. Matching is linear in
 * practice: the last star is retried, never all of them.
 */
export function matchPattern(pattern: string, text: string): boolean {
  let p = 0
  let t = 0
  let star = -1
  let mark = 0
  while (t < text.length) {
    const step = p < pattern.length ? one(pattern, p, text[t]!) : 0
    if (pattern[p] === '*') {
      star = p++
      mark = t
    } else if (step > 0) {
      p += step
      t++
    } else if (star >= 0) {
      p = star + 1
      t = ++mark
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}

/** How much of the pattern matches one character; 0 when it does not. */
function one(pattern: string, p: number, c: string): number {
  const head = pattern[p]
  if (head === '?') return 1
  if (head === '\\') return pattern[p + 1] === c ? 2 : 0
  if (head !== '[') return head === c ? 1 : 0
  let end = p + 1
  if (pattern[end] === '!' || pattern[end] === '^') end++
  if (pattern[end] === ']') end++
  while (end < pattern.length && pattern[end] !== ']') {
    if (pattern[end] === '[' && pattern[end + 1] === ':') end = pattern.indexOf(':]', end) + 1 || pattern.length
    end++
  }
  if (end >= pattern.length) return c === '[' ? 1 : 0
  let inner = pattern.slice(p + 1, end)
  const negated = inner[0] === '!' || inner[0] === '^'
  if (negated) inner = inner.slice(1)
  return inClass(inner, c) !== negated ? end - p + 1 : 0
}

const CLASSES: Record<string, RegExp> = {
  alpha: /[A-Za-z]/,
  digit: /[0-9]/,
  alnum: /[A-Za-z0-9]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /\s/,
  punct: /[!-/:-@[-`{-~]/,
  xdigit: /[0-9A-Fa-f]/,
}

function inClass(inner: string, c: string): boolean {
  for (let i = 0; i < inner.length; i++) {
    const named = /^\[:([a-z]+):\]/.exec(inner.slice(i))
    if (named) {
      if (CLASSES[named[1]!]?.test(c)) return true
      i += named[0].length - 1
      continue
    }
    const low = inner[i] === '\\' ? inner[++i]! : inner[i]!
    if (inner[i + 1] === '-' && i + 2 < inner.length) {
      const high = inner[i + 2]!
      if (c >= low && c <= high) return true
      i += 2
    } else if (c === low) return true
  }
  return false
}

export const hasPattern = (text: string): boolean => /(^|[^\\])(\\\\)*[*?[]/.test(text)

export const unescapePattern = (text: string): string => text.replace(/\\(.)/gs, '$1')

/** Marks every special character of plain text as itself. */
export const literalPattern = (text: string): string => text.replace(/[\\*?[\]]/g, '\\$&')
