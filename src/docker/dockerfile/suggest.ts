const FARTHEST = 2

/** The nearest of the options by Levenshtein distance, if it is nearer than three and the word is none of them [buildkit util/suggest]. */
export function suggestion(word: string, options: readonly string[], caseSensitive = true): string | undefined {
  if (word.length > 100) return undefined
  const asked = caseSensitive ? word : word.toLowerCase()
  let best: string | undefined
  let least = FARTHEST + 1
  for (const given of options) {
    const option = caseSensitive ? given : given.toLowerCase()
    if (option === asked) return undefined
    if (Math.abs(option.length - asked.length) >= least) continue
    const far = distance(asked, option)
    if (far < least) {
      least = far
      best = option
    }
  }
  if (best === undefined || caseSensitive) return best
  return word === word.toUpperCase() && word !== asked ? best.toUpperCase() : best
}

/** The message, and what was perhaps meant. */
export function withSuggestion(
  message: string,
  word: string,
  options: readonly string[],
  caseSensitive = true,
): string {
  const near = suggestion(word, options, caseSensitive)
  return near === undefined ? message : `${message} (did you mean ${near}?)`
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}
