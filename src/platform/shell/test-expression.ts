import { matchPattern } from './pattern'
import type { Files } from './tool'

export interface TestWord {
  readonly text: string
  /** Written without quotes or expansions: may be an operator. */
  readonly plain: boolean
}

/** A malformed expression; its text follows `bash: `. */
export class TestProblem extends Error {}

/** `[[ … ]]` (patterns on the right of `==`, `=~`, `&&`, `||`). */
export function testExpression(words: readonly TestWord[], files: Files, isSet: (name: string) => boolean): boolean {
  let at = 0
  const is = (text: string) => words[at]?.plain && words[at]!.text === text
  const or = (): boolean => {
    let value = and()
    while (is('||')) {
      at++
      value = and() || value
    }
    return value
  }
  const and = (): boolean => {
    let value = not()
    while (is('&&')) {
      at++
      value = not() && value
    }
    return value
  }
  const not = (): boolean => {
    if (is('!')) {
      at++
      return !not()
    }
    if (is('(')) {
      at++
      const value = or()
      at++
      return value
    }
    const first = words[at++]?.text ?? ''
    if (/^-[a-z]$/.test(first) && words[at] && !(words[at]!.plain && /^(&&|\|\||\))$/.test(words[at]!.text))) {
      return unary(first, words[at++]!.text, files, isSet)
    }
    const operator = words[at]
    if (!operator?.plain || /^(&&|\|\||\))$/.test(operator.text)) return first !== ''
    at++
    const second = words[at++]?.text ?? ''
    if (operator.text === '==' || operator.text === '=') return matchPattern(second, first)
    if (operator.text === '!=') return !matchPattern(second, first)
    if (operator.text === '=~') return matchesExpression(second, first)
    return binary(first, operator.text, second)
  }
  return or()
}

function matchesExpression(expression: string, text: string): boolean {
  try {
    return new RegExp(expression.slice(0, 1000)).test(text.slice(0, 100_000))
  } catch {
    throw new TestProblem('syntax error in conditional expression')
  }
}

export function unary(operator: string, word: string, files: Files, isSet: (name: string) => boolean): boolean {
  switch (operator) {
    case '-z':
      return word === ''
    case '-n':
      return word !== ''
    case '-v':
      return isSet(word)
    case '-t':
      return false
    case '-e':
    case '-a':
      return files.stat(word) !== undefined
    case '-f':
      return files.stat(word)?.folder === false
    case '-d':
      return files.stat(word)?.folder === true
    case '-s':
      return (files.stat(word)?.size ?? 0) > 0
    case '-x':
      return ((files.stat(word)?.mode ?? 0) & 0o111) !== 0
    case '-r':
    case '-w':
      return files.stat(word) !== undefined
    case '-L':
    case '-h':
    case '-S':
    case '-p':
      return false
    default:
      throw new TestProblem(`${operator}: unary operator expected`)
  }
}

export function binary(left: string, operator: string, right: string): boolean {
  if (operator === '=' || operator === '==') return left === right
  if (operator === '!=') return left !== right
  if (operator === '<') return left < right
  if (operator === '>') return left > right
  const compare: Record<string, (a: number, b: number) => boolean> = {
    '-eq': (a, b) => a === b,
    '-ne': (a, b) => a !== b,
    '-lt': (a, b) => a < b,
    '-le': (a, b) => a <= b,
    '-gt': (a, b) => a > b,
    '-ge': (a, b) => a >= b,
  }
  const how = compare[operator]
  if (!how) throw new TestProblem(`${operator}: binary operator expected`)
  for (const word of [left, right])
    if (!/^\s*[-+]?\d+\s*$/.test(word)) throw new TestProblem(`${word}: integer expression expected`)
  return how(Number(left), Number(right))
}

/** `test` and `[`: POSIX's rules by the number of arguments, then `-a`, `-o`, `!` and parentheses. */
export function testCommand(args: readonly string[], files: Files, isSet: (name: string) => boolean): boolean {
  if (args.length === 0) return false
  if (args.length === 1) return args[0] !== ''
  if (args.length === 2) {
    if (args[0] === '!') return args[1] === ''
    return unary(args[0]!, args[1]!, files, isSet)
  }
  if (args.length === 3 && args[0] !== '!' && args[0] !== '(' && args[1] !== '-a' && args[1] !== '-o') {
    return binary(args[0]!, args[1]!, args[2]!)
  }
  const or = args.lastIndexOf('-o')
  if (or > 0 && or < args.length - 1) {
    return testCommand(args.slice(0, or), files, isSet) || testCommand(args.slice(or + 1), files, isSet)
  }
  const and = args.lastIndexOf('-a')
  if (and > 0 && and < args.length - 1) {
    return testCommand(args.slice(0, and), files, isSet) && testCommand(args.slice(and + 1), files, isSet)
  }
  if (args[0] === '!') return !testCommand(args.slice(1), files, isSet)
  if (args[0] === '(' && args[args.length - 1] === ')') return testCommand(args.slice(1, -1), files, isSet)
  throw new TestProblem('too many arguments')
}
