import { PathError, type PathNode, parsePath } from './jsonpath-parse'

interface Options {
  /** A field that is not there gives nothing instead of an error. */
  readonly missingAllowed: boolean
}

/** What a template prints of a value; or why it cannot. */
export function evaluateTemplate(
  template: string,
  value: unknown,
  options: Options = { missingAllowed: true },
): { readonly text: string } | { readonly error: string } {
  try {
    return { text: render(parsePath(template), [value], options) }
  } catch (error) {
    if (error instanceof PathError) return { error: error.message }
    throw error
  }
}

/** The values that a template's only expression finds. */
export function findValues(
  template: string,
  value: unknown,
): { readonly values: readonly unknown[] } | { readonly error: string } {
  try {
    const found: unknown[] = []
    for (const node of parsePath(template))
      if (node.type === 'list') found.push(...evaluateList([value], node.nodes, { missingAllowed: true }))
    return { values: found }
  } catch (error) {
    if (error instanceof PathError) return { error: error.message }
    throw error
  }
}

function render(nodes: readonly PathNode[], input: readonly unknown[], options: Options): string {
  let text = ''
  for (const node of nodes) {
    if (node.type === 'text') text += node.text
    else if (node.type === 'range')
      for (const one of evaluateList(input, node.over, options)) text += render(node.body, [one], options)
    else if (node.type === 'list') text += evaluateList(input, node.nodes, options).map(printed).join(' ')
  }
  return text
}

function printed(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === undefined) return ''
  return JSON.stringify(value)
}

function evaluateList(input: readonly unknown[], nodes: readonly PathNode[], options: Options): readonly unknown[] {
  let current = input
  for (const node of nodes) current = step(current, node, options)
  return current
}

function step(input: readonly unknown[], node: PathNode, options: Options): readonly unknown[] {
  switch (node.type) {
    case 'field':
      return field(input, node.name, options)
    case 'slice':
      return input.flatMap((value) => slice(value, node))
    case 'wildcard':
      return input.flatMap(children)
    case 'recursive':
      return input.flatMap(descend)
    case 'union':
      return node.parts.flatMap((part) => evaluateList(input, part, options))
    case 'filter':
      return input.flatMap((value) => filter(value, node, options))
    case 'literal':
      return [node.value]
    case 'text':
      return [node.text]
    case 'list':
      return evaluateList(input, node.nodes, options)
    case 'range':
      return input
  }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function field(input: readonly unknown[], name: string, options: Options): readonly unknown[] {
  if (input.length === 0) return input
  if (name === '') return input
  const found: unknown[] = []
  for (const value of input)
    if (isMap(value) && Object.hasOwn(value, name) && value[name] !== undefined) found.push(value[name])
  if (found.length === 0 && !options.missingAllowed) throw new PathError(`${name} is not found`)
  return found
}

function children(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return isMap(value) ? Object.values(value).filter((one) => one !== undefined) : []
}

/** The value and all below it that have something inside. */
function descend(value: unknown): readonly unknown[] {
  const inside = children(value)
  return inside.length === 0 ? [] : [value, ...inside.flatMap(descend)]
}

function slice(value: unknown, node: Extract<PathNode, { type: 'slice' }>): readonly unknown[] {
  if (value === null || value === undefined) return []
  if (!Array.isArray(value)) throw new PathError(`${printed(value)} is not array or slice`)
  const size = value.length
  let from = node.from ?? 0
  if (from < 0) from += size
  let to = node.to ?? size
  if (to < 0 || (to === 0 && node.single)) to += size
  if (from === to) return []
  if (from >= size || from < 0) throw new PathError(`array index out of bounds: index ${from}, length ${size}`)
  if (to > size || to < 0) throw new PathError(`array index out of bounds: index ${to - 1}, length ${size}`)
  if (from > to) throw new PathError(`starting index ${from} is greater than ending index ${to}`)
  const by = node.by ?? 1
  if (by <= 0) throw new PathError('step must be > 0')
  const found: unknown[] = []
  for (let i = from; i < to; i += by) found.push(value[i])
  return found
}

function filter(value: unknown, node: Extract<PathNode, { type: 'filter' }>, options: Options): readonly unknown[] {
  if (value === null || value === undefined) return []
  if (!Array.isArray(value)) throw new PathError(`${printed(value)} is not array or slice and cannot be filtered`)
  return value.filter((item) => {
    if (node.operator === 'exists') return evaluateList([item], node.left, { missingAllowed: true }).length > 0
    const left = evaluateList([item], node.left, options)
    if (left.length === 0) return false
    if (left.length > 1) throw new PathError('can only compare one element at a time')
    const right = evaluateList([item], node.right, options)
    if (right.length === 0) return false
    if (right.length > 1) throw new PathError('can only compare one element at a time')
    return compares(left[0], node.operator, right[0])
  })
}

function compares(left: unknown, operator: string, right: unknown): boolean {
  if (operator === '==') return left === right
  if (operator === '!=') return left !== right
  if (typeof left !== typeof right || (typeof left !== 'number' && typeof left !== 'string')) {
    throw new PathError('incompatible types for comparison')
  }
  const [a, b] = [left as number, right as number]
  if (operator === '<') return a < b
  if (operator === '>') return a > b
  return operator === '<=' ? a <= b : a >= b
}
