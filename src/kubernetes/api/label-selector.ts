import type { LabelSelector } from '../kinds/meta'
import { aggregated, type FieldError, invalid, printFieldError } from './field-error'
import { lex, type Token } from './label-lexer'
import { labelValue, qualifiedName } from './name-rules'

export type Operator =
  | 'In'
  | 'NotIn'
  | 'Equals'
  | 'DoubleEquals'
  | 'NotEquals'
  | 'Exists'
  | 'DoesNotExist'
  | 'GreaterThan'
  | 'LessThan'

export interface Requirement {
  readonly key: string
  readonly operator: Operator
  readonly values: readonly string[]
}

/** All requirements must hold. An empty list matches everything. */
export type Selector = readonly Requirement[]
type Labels = Readonly<Record<string, string>> | undefined

const OPERATORS: Readonly<Record<string, Operator>> = {
  in: 'In',
  notin: 'NotIn',
  '=': 'Equals',
  '==': 'DoubleEquals',
  '!=': 'NotEquals',
  '>': 'GreaterThan',
  '<': 'LessThan',
}

/** Reads `app=web,tier in (a,b),!old`. After apimachinery's labels.Parse, its error texts included. */
export function parseSelector(text: string): { readonly selector: Selector } | { readonly error: string } {
  const tokens = lex(text)
  let at = 0
  const look = (): Token => tokens[at] ?? { token: 'EOF', text: '' }
  const take = (): Token => tokens[at++] ?? { token: 'EOF', text: '' }
  /** Between values `in` and `notin` are words like any other. */
  const asValue = ({ token, text }: Token): Token =>
    token === 'in' || token === 'notin' ? { token: 'ident', text } : { token, text }
  const stop = (why: string): never => {
    throw new SelectorError(why)
  }

  const list = (): string[] => {
    const open = asValue(take())
    if (open.token !== '(') stop(`found '${open.text}' expected: '('`)
    const first = asValue(look())
    if (first.token === ')') {
      at++
      return ['']
    }
    if (first.token !== 'ident' && first.token !== ',') stop(`found '${first.text}', expected: ',', ')' or identifier`)
    const found = new Set<string>()
    for (;;) {
      const { token, text } = asValue(take())
      if (token === 'ident') {
        found.add(text)
        const next = asValue(look())
        if (next.token === ')') break
        if (next.token !== ',') stop(`found '${next.text}', expected: ',' or ')'`)
      } else if (token === ',') {
        if (found.size === 0) found.add('')
        while (asValue(look()).token === ',') {
          at++
          found.add('')
        }
        if (asValue(look()).token === ')') {
          found.add('')
          break
        }
      } else stop(`found '${text}', expected: ',', or identifier`)
    }
    if (asValue(take()).token !== ')') stop(`found '${first.text}', expected: ')'`)
    return [...found].sort((a, b) => (a < b ? -1 : 1))
  }

  const exact = (): string[] => {
    const next = asValue(look())
    if (next.token === 'EOF' || next.token === ',') return ['']
    at++
    if (next.token !== 'ident') stop(`found '${next.text}', expected: identifier`)
    return [next.text]
  }

  const requirement = (): Requirement => {
    let word = asValue(take())
    const denied = word.token === '!'
    if (denied) word = asValue(take())
    if (word.token !== 'ident') stop(`found '${word.text}', expected: identifier`)
    const badKey = qualifiedName(word.text)
    if (badKey.length > 0) stop(printFieldError(invalid('key', word.text, badKey.join('; '))))
    const next = asValue(look())
    if (next.token === 'EOF' || next.token === ',' || denied) {
      return { key: word.text, operator: denied ? 'DoesNotExist' : 'Exists', values: [] }
    }
    const { token, text } = take()
    const operator = OPERATORS[token]
    if (operator === undefined) return stop(`found '${text}', expected: in, notin, =, ==, !=, gt, lt`)
    const values = operator === 'In' || operator === 'NotIn' ? list() : exact()
    const problems = checkRequirement({ key: word.text, operator, values })
    if (problems.length > 0) stop(aggregated(problems.map(printFieldError)))
    return { key: word.text, operator, values }
  }

  try {
    return { selector: sorted(readAll(look, take, asValue, requirement)) }
  } catch (error) {
    if (error instanceof SelectorError) return { error: error.message }
    throw error
  }
}

/** Ends the reading of one selector; never leaves this file. */
class SelectorError extends Error {}

function readAll(
  look: () => Token,
  take: () => Token,
  asValue: (token: Token) => Token,
  requirement: () => Requirement,
): Requirement[] {
  const all: Requirement[] = []
  for (;;) {
    const { token, text } = asValue(look())
    if (token === 'EOF') return all
    if (token !== 'ident' && token !== '!')
      throw new SelectorError(`found '${text}', expected: !, identifier, or 'end of string'`)
    try {
      all.push(requirement())
    } catch (error) {
      throw error instanceof SelectorError ? new SelectorError(`unable to parse requirement: ${error.message}`) : error
    }
    const after = asValue(take())
    if (after.token === 'EOF') return all
    if (after.token !== ',') throw new SelectorError(`found '${after.text}', expected: ',' or 'end of string'`)
    const next = asValue(look())
    if (next.token !== 'ident' && next.token !== '!') {
      throw new SelectorError(`found '${next.text}', expected: identifier after ','`)
    }
  }
}

const sorted = (all: readonly Requirement[]): Selector =>
  all
    .map((requirement, i) => ({ requirement, i }))
    .sort((a, b) =>
      a.requirement.key < b.requirement.key ? -1 : a.requirement.key > b.requirement.key ? 1 : a.i - b.i,
    )
    .map(({ requirement }) => requirement)

/** What is wrong with a requirement's key, its number of values, or its values. */
export function checkRequirement({ key, operator, values }: Requirement): FieldError[] {
  const badKey = qualifiedName(key)
  const errors: FieldError[] = badKey.length > 0 ? [invalid('key', key, badKey.join('; '))] : []
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0)
      errors.push(invalid('values', values, "for 'in', 'notin' operators, values set can't be empty"))
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0)
      errors.push(invalid('values', values, 'values set must be empty for exists and does not exist'))
  } else if (values.length !== 1) {
    const said =
      operator === 'GreaterThan' || operator === 'LessThan'
        ? "for 'Gt', 'Lt' operators, exactly one value is required"
        : 'exact-match compatibility requires one single value'
    errors.push(invalid('values', values, said))
  }
  if (operator === 'GreaterThan' || operator === 'LessThan') {
    values.forEach((value, i) => {
      if (!/^[+-]?\d+$/.test(value))
        errors.push(invalid(`values[${i}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer"))
    })
  }
  values.forEach((value, i) => {
    const bad = labelValue(value)
    if (bad.length > 0) errors.push(invalid(`values[${i}][${key}]`, value, bad.join('; ')))
  })
  return errors
}

export function matches(selector: Selector, labels: Labels): boolean {
  for (let i = 0; i < selector.length; i++) if (!meets(selector[i]!, labels)) return false
  return true
}

function meets({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = labels?.[key]
  switch (operator) {
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'In':
    case 'Equals':
    case 'DoubleEquals':
      return value !== undefined && values.includes(value)
    case 'NotIn':
    case 'NotEquals':
      return value === undefined || !values.includes(value)
    case 'GreaterThan':
      return isWhole(value) && Number(value) > Number(values[0])
    case 'LessThan':
      return isWhole(value) && Number(value) < Number(values[0])
  }
}

const isWhole = (value: string | undefined) => value !== undefined && /^[+-]?\d+$/.test(value)

const compiled = new WeakMap<LabelSelector, Selector>()

/** The requirements of a metav1.LabelSelector, compiled once per object. `undefined` matches nothing, `{}` everything. */
export function selectorOf(wanted: LabelSelector): Selector {
  let selector = compiled.get(wanted)
  if (!selector) {
    const all: Requirement[] = Object.entries(wanted.matchLabels ?? {}).map(([key, value]) => ({
      key,
      operator: 'Equals',
      values: [value],
    }))
    for (const { key, operator, values } of wanted.matchExpressions ?? []) {
      all.push({
        key,
        operator: operator as Operator,
        values: (values ?? []).slice().sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
      })
    }
    selector = sorted(all)
    compiled.set(wanted, selector)
  }
  return selector
}

/** Whether labels match a metav1.LabelSelector: none given matches nothing. */
export function labelsMatch(wanted: LabelSelector | undefined, labels: Labels): boolean {
  return wanted !== undefined && matches(selectorOf(wanted), labels)
}

/** The canonical text: sorted by key, values sorted. */
export const printSelector = (selector: Selector): string => selector.map(printRequirement).join(',')

function printRequirement({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'Exists':
      return key
    case 'DoesNotExist':
      return `!${key}`
    case 'Equals':
      return `${key}=${values[0]}`
    case 'DoubleEquals':
      return `${key}==${values[0]}`
    case 'NotEquals':
      return `${key}!=${values[0]}`
    case 'GreaterThan':
      return `${key}>${values[0]}`
    case 'LessThan':
      return `${key}<${values[0]}`
    case 'In':
      return `${key} in (${values.join(',')})`
    case 'NotIn':
      return `${key} notin (${values.join(',')})`
  }
}

/** `metav1.FormatLabelSelector`: none prints `<none>`. */
export function printLabelSelector(wanted: LabelSelector | undefined): string {
  const text = wanted === undefined ? '' : printSelector(selectorOf(wanted))
  return text === '' ? '<none>' : text
}
