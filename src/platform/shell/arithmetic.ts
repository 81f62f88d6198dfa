/** Shell arithmetic: C's integers and operators over variables. `set` is called for assignments. Throws ArithmeticProblem. */
export class ArithmeticProblem extends Error {}

interface Variables {
  get(name: string): string
  set(name: string, value: string): void
}

const BINARY: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
]
const DEEPEST = 100

export function arithmetic(expression: string, variables: Variables, depth = 0): number {
  if (depth > DEEPEST) throw new ArithmeticProblem('expression recursion level exceeded')
  const tokens =
    expression.match(
      /0[xX][0-9a-fA-F]+|\d+#[0-9a-zA-Z]+|\d+|[A-Za-z_][A-Za-z0-9_]*|\*\*|<<=|>>=|[-+*/%&|^]=|<<|>>|<=|>=|==|!=|&&|\|\||\+\+|--|[-+*/%&|^~!<>=?:(),]|\S/g,
    ) ?? []
  let at = 0
  let live = true
  let nesting = 0
  const fail = (): never => {
    throw new ArithmeticProblem(
      `${expression}: syntax error: operand expected (error token is "${tokens[at] ?? expression.trim()}")`,
    )
  }
  const valueOf = (name: string): number => {
    const text = variables.get(name).trim()
    if (text === '') return 0
    return /^-?\d+$/.test(text) ? Number(text) : arithmetic(text, variables, depth + 1)
  }
  const assign = (name: string, value: number): number => {
    if (live) variables.set(name, String(value))
    return value
  }
  const comma = (): number => {
    let value = assignment()
    while (tokens[at] === ',') {
      at++
      value = assignment()
    }
    return value
  }
  const assignment = (): number => {
    const name = tokens[at]
    const operator = tokens[at + 1]
    if (name && /^[A-Za-z_]/.test(name) && operator && /^([-+*/%&|^]|<<|>>)?=$/.test(operator)) {
      at += 2
      const right = assignment()
      return assign(name, operator === '=' ? right : combine(operator.slice(0, -1), valueOf(name), right))
    }
    return ternary()
  }
  const ternary = (): number => {
    const condition = binary(0)
    if (tokens[at] !== '?') return condition
    at++
    const was = live
    live = was && condition !== 0
    const yes = assignment()
    if (tokens[at++] !== ':') fail()
    live = was && condition === 0
    const no = assignment()
    live = was
    return condition !== 0 ? yes : no
  }
  const combine = (operator: string, left: number, right: number): number => {
    switch (operator) {
      case '+':
        return left + right
      case '-':
        return left - right
      case '*':
        return left * right
      case '/':
      case '%':
        if (right === 0) {
          if (!live) return 0
          throw new ArithmeticProblem(`${expression}: division by 0 (error token is "${tokens[at - 1]}")`)
        }
        return operator === '/' ? Math.trunc(left / right) : left % right
      case '<<':
        return Number(BigInt.asIntN(64, BigInt(left) << BigInt(right & 63)))
      case '>>':
        return Number(BigInt(left) >> BigInt(right & 63))
      case '&':
        return Number(BigInt(left) & BigInt(right))
      case '|':
        return Number(BigInt(left) | BigInt(right))
      case '^':
        return Number(BigInt(left) ^ BigInt(right))
      case '<':
        return left < right ? 1 : 0
      case '>':
        return left > right ? 1 : 0
      case '<=':
        return left <= right ? 1 : 0
      case '>=':
        return left >= right ? 1 : 0
      case '==':
        return left === right ? 1 : 0
      default:
        return left !== right ? 1 : 0
    }
  }
  const binary = (level: number): number => {
    if (level === BINARY.length) return power()
    let left = binary(level + 1)
    for (;;) {
      const operator = tokens[at]
      if (operator === undefined || !BINARY[level]!.includes(operator)) return left
      at++
      if (operator === '&&' || operator === '||') {
        const was = live
        live = was && (operator === '&&' ? left !== 0 : left === 0)
        const right = binary(level + 1)
        live = was
        left = operator === '&&' ? (left !== 0 && right !== 0 ? 1 : 0) : left !== 0 || right !== 0 ? 1 : 0
      } else left = combine(operator, left, binary(level + 1))
    }
  }
  const power = (): number => {
    const base = unary()
    if (tokens[at] !== '**') return base
    at++
    const exponent = power()
    if (exponent < 0)
      throw new ArithmeticProblem(`${expression}: exponent less than 0 (error token is "${tokens[at - 1]}")`)
    let value = 1
    for (let i = 0; i < Math.min(exponent, 64); i++) value *= base
    return value
  }
  const unary = (): number => {
    if (++nesting > DEEPEST) throw new ArithmeticProblem('expression recursion level exceeded')
    try {
      const token = tokens[at++]
      if (token === undefined) return fail()
      if (token === '-') return -unary()
      if (token === '+') return unary()
      if (token === '!') return unary() === 0 ? 1 : 0
      if (token === '~') return -unary() - 1
      if (token === '++' || token === '--') {
        const name = tokens[at++]
        if (!name) return fail()
        return assign(name, valueOf(name) + (token === '++' ? 1 : -1))
      }
      if (token === '(') {
        const value = comma()
        if (tokens[at++] !== ')') fail()
        return value
      }
      const based = /^(\d+)#(.+)$/.exec(token)
      if (based) return Number.parseInt(based[2]!, Number(based[1]))
      if (/^0[xX]/.test(token)) return Number.parseInt(token, 16)
      if (/^0\d+$/.test(token)) return Number.parseInt(token, 8)
      if (/^\d+$/.test(token)) return Number(token)
      if (/^[A-Za-z_]/.test(token)) {
        const value = valueOf(token)
        if (tokens[at] === '++' || tokens[at] === '--') assign(token, value + (tokens[at++] === '++' ? 1 : -1))
        return value
      }
      at--
      return fail()
    } finally {
      nesting--
    }
  }
  if (tokens.length === 0) return 0
  const value = comma()
  if (at < tokens.length) fail()
  return Object.is(value, -0) ? 0 : value
}
