/** `3 Insufficient cpu, 1 node(s) were unschedulable`: each reason with its count, sorted as text. */
export function countedReasons(reasons: Iterable<string>): string[] {
  const counts = new Map<string, number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].map(([reason, n]) => `${n} ${reason}`).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

/** The text of FailedScheduling. After FitError.Error in framework/types.go. */
export function fitError(given: {
  readonly nodes: number
  readonly preFilterMessage: string
  readonly reasons: readonly string[]
  readonly postFilterMessage: string
}): string {
  if (given.nodes === 0 && given.preFilterMessage === '') return 'no nodes available to schedule pods'
  let text = `0/${given.nodes} nodes are available:`
  if (given.preFilterMessage !== '') text += ` ${given.preFilterMessage}.`
  else if (given.reasons.length > 0) text += ` ${countedReasons(given.reasons).join(', ')}.`
  return given.postFilterMessage === '' ? text : `${text} ${given.postFilterMessage}`
}
