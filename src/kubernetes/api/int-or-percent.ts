/** A count, or a share of a total: `2` or `25%`. */
export type IntOrPercent = number | string

/** The number, and whether it is per cent; undefined where it is neither (`"50"` as text is an error). */
export function parseIntOrPercent(
  value: IntOrPercent,
): { readonly value: number; readonly percent: boolean } | undefined {
  if (typeof value === 'number') return { value, percent: false }
  const match = /^([+-]?[0-9]+)%$/.exec(value)
  return match ? { value: Number(match[1]), percent: true } : undefined
}

/** How many of `total` are meant: a percentage is rounded up or down. undefined: neither a number nor a percentage. */
export function scaledValue(value: IntOrPercent, total: number, round: 'up' | 'down'): number | undefined {
  const parsed = parseIntOrPercent(value)
  if (!parsed) return undefined
  if (!parsed.percent) return parsed.value
  const exact = (parsed.value * total) / 100
  return round === 'up' ? Math.ceil(exact) : Math.floor(exact)
}

/** How a flag's text becomes an IntOrString: whole numbers of 32 bits are numbers, the rest stays text. */
export function intOrString(text: string): IntOrPercent {
  const number = /^[+-]?[0-9]+$/.test(text) ? Number(text) : Number.NaN
  return number >= -2147483648 && number <= 2147483647 ? number : text
}
