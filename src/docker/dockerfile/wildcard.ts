import { MATCH_WORK_MOST } from './limits'
import { DockerfileError } from './problem'

/** One character of a pattern in `${x#pattern}`: itself, any one, or any number. */
type Part = { readonly char: string } | '?' | '*'

const chars = (text: string): readonly string[] => [...text]

/** Reads a pattern: `*`, `?`, and `\` before `*`, `?`, `\`, `/` and `}`. */
function partsOf(pattern: string): Part[] {
  const parts: Part[] = []
  const all = chars(pattern)
  for (let i = 0; i < all.length; i++) {
    const char = all[i]!
    if (char === '*' || char === '?') parts.push(char)
    else if (char !== '\\') parts.push({ char })
    else {
      const next = all[++i]
      if (next === undefined || !'*?\\/}'.includes(next))
        throw new DockerfileError(
          `invalid pattern (${pattern}) in substitution: invalid escape '\\${next ?? '\uFFFD'}'`,
        )
      parts.push({ char: next })
    }
  }
  return parts
}

/** For each start, where the shortest or longest match from there ends; -1 where none begins. Time is the product of both lengths. */
function ends(parts: readonly Part[], text: readonly string[], longest: boolean): Int32Array {
  if (parts.length * text.length > MATCH_WORK_MOST)
    throw new DockerfileError('the pattern and the value of a substitution are too long to be matched')
  const better = (a: number, b: number) => (a < 0 ? b : b < 0 ? a : longest ? Math.max(a, b) : Math.min(a, b))
  let row = Int32Array.from({ length: text.length + 1 }, (_, i) => i)
  for (let p = parts.length - 1; p >= 0; p--) {
    const part = parts[p]!
    const next = new Int32Array(text.length + 1).fill(-1)
    if (part === '*') next[text.length] = row[text.length]!
    for (let i = text.length - 1; i >= 0; i--) {
      const any = text[i] !== '\n'
      if (part === '*') next[i] = better(row[i]!, any ? next[i + 1]! : -1)
      else if (part === '?' ? any : part.char === text[i]) next[i] = row[i + 1]!
    }
    row = next
  }
  return row
}

/** `${x#pattern}` and `${x##pattern}`. */
export function withoutPrefix(value: string, pattern: string, longest: boolean): string {
  const text = chars(value)
  const end = ends(partsOf(pattern), text, longest)[0]!
  return end < 0 ? value : text.slice(end).join('')
}

/** `${x%pattern}` and `${x%%pattern}`. */
export function withoutSuffix(value: string, pattern: string, longest: boolean): string {
  const text = [...chars(value)].reverse()
  const end = ends(partsOf(pattern).reverse(), text, longest)[0]!
  return end < 0 ? value : text.slice(end).reverse().join('')
}

/** `${x/pattern/by}` and `${x//pattern/by}`: the leftmost match, as long as it can be; all of them, none overlapping. */
export function replaced(value: string, pattern: string, by: string, all: boolean): string {
  const text = chars(value)
  const found = ends(partsOf(pattern), text, true)
  let made = ''
  let at = 0
  let last = -1
  while (at <= text.length) {
    const end = found[at]!
    // an empty match right behind the last one does not count
    if (end >= 0 && !(end === at && at === last)) {
      made += by
      last = end
      if (!all) return made + text.slice(end).join('')
      if (end > at) {
        at = end
        continue
      }
    }
    made += text[at] ?? ''
    at++
  }
  return made
}
