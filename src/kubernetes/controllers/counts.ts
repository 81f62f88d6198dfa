/** The counts above zero: the API leaves zeros out of a status. */
export function positive<T extends Readonly<Record<string, number>>>(counts: T): Partial<T> {
  const kept: Record<string, number> = {}
  for (const name in counts) if (counts[name]! > 0) kept[name] = counts[name]!
  return kept as Partial<T>
}
