import { parseSelector } from '../../kubernetes'
import { fail } from '../cli/failure'

const OPERATORS: Readonly<Record<string, string>> = {
  In: 'In',
  NotIn: 'NotIn',
  NotEquals: 'NotIn',
  Exists: 'Exists',
  DoesNotExist: 'DoesNotExist',
}

/** A label selector of the command line as an object has it. After metav1.ParseToLabelSelector. */
export function selectorFlag(text: string): unknown {
  const parsed = parseSelector(text)
  if ('error' in parsed)
    return fail(`error: couldn't parse the selector string ${JSON.stringify(text)}: ${parsed.error}`)
  const labels: Record<string, string> = {}
  const expressions: unknown[] = []
  for (const { key, operator, values } of parsed.selector) {
    if (operator === 'Equals' || operator === 'DoubleEquals') labels[key] = values[0] ?? ''
    else if (operator in OPERATORS)
      expressions.push({ key, operator: OPERATORS[operator], ...(values.length > 0 && { values }) })
    else fail(`error: ${JSON.stringify(operator)} is not a valid label selector operator`)
  }
  return {
    ...(Object.keys(labels).length > 0 && { matchLabels: labels }),
    ...(expressions.length > 0 && { matchExpressions: expressions }),
  }
}
