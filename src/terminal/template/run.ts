import { TemplateError } from './error'
import { type Builtin, CallError } from './functions'
import {
  type Command,
  type Operand,
  type Pipeline,
  printCommand,
  printOperand,
  printPipeline,
  type TemplateNode,
} from './nodes'
import type { Parsed } from './parse'
import { goText, Int, isMap, type Method, sortedEntries, truth, typeOf } from './values'

const MOST_CHARACTERS = 1_000_000
const MOST_STEPS = 500_000
const DEEPEST = 200

/** No value was handed on by the command before. */
const missing = Symbol('missing')

type Left = 'break' | 'continue' | undefined

interface Variable {
  readonly name: string
  value: unknown
}

/** What a node is called in an error, and where it stands. */
interface Place {
  readonly at: number
  readonly text: () => string
}

/** One execution of a template: after text/template's exec.go. Throws a TemplateError; what was printed until then stays in `text`. */
export class Execution {
  text = ''
  readonly #parsed: Parsed
  readonly #functions: Readonly<Record<string, Builtin>>
  readonly #missingIsError: boolean
  #name: string
  #variables: Variable[] = []
  #place: Place | undefined
  #steps = 0
  #depth = 0

  constructor(parsed: Parsed, functions: Readonly<Record<string, Builtin>>, missingIsError: boolean) {
    this.#parsed = parsed
    this.#functions = functions
    this.#missingIsError = missingIsError
    this.#name = parsed.name
  }

  start(data: unknown): void {
    this.#variables = [{ name: '$', value: data }]
    this.#all(this.#parsed.templates.get(this.#parsed.name)!, data)
  }

  #fail(message: string): never {
    const { name, text } = this.#parsed
    if (!this.#place) throw new TemplateError(`template: ${this.#name}: ${message}`)
    const { at } = this.#place
    const before = text.slice(0, at)
    const line = before.split('\n').length
    const column = at - (before.lastIndexOf('\n') + 1)
    throw new TemplateError(
      `template: ${name}:${line}:${column}: executing ${JSON.stringify(this.#name)} at <${this.#place.text()}>: ${message}`,
    )
  }

  #at(operand: Operand): void {
    this.#place = { at: operand.at, text: () => printOperand(operand) }
  }

  #step(): void {
    if (++this.#steps > MOST_STEPS) this.#fail(`more than ${MOST_STEPS} steps`)
  }

  #print(text: string): void {
    this.text += text
    if (this.text.length > MOST_CHARACTERS) this.#fail(`more than ${MOST_CHARACTERS} characters of output`)
  }

  #all(nodes: readonly TemplateNode[], dot: unknown): Left {
    for (const node of nodes) {
      const left = this.#one(node, dot)
      if (left) return left
    }
    return undefined
  }

  #one(node: TemplateNode, dot: unknown): Left {
    this.#step()
    switch (node.type) {
      case 'text':
        this.#print(node.text)
        return undefined
      case 'action': {
        const value = this.#pipeline(node.pipeline, dot)
        if (node.pipeline.declares.length === 0) this.#print(isNothing(value) ? '<no value>' : goText(value))
        return undefined
      }
      case 'break':
      case 'continue':
        return node.type
      case 'template':
        this.#template(node, dot)
        return undefined
      case 'range':
        return this.#inside(() => this.#range(node, dot))
      default:
        return this.#inside(() => {
          const value = this.#pipeline(node.pipeline, dot)
          if (!truth(value)) return this.#all(node.otherwise, dot)
          return this.#all(node.body, node.type === 'with' ? value : dot)
        })
    }
  }

  /** Variables made inside end with it. */
  #inside<T>(act: () => T): T {
    const before = this.#variables.length
    const found = act()
    this.#variables.length = before
    return found
  }

  #range(node: Extract<TemplateNode, { pipeline: Pipeline; body: unknown }>, dot: unknown): Left {
    const { pipeline } = node
    const value = this.#pipeline(pipeline, dot)
    const entries = this.#entries(value)
    if (entries.length === 0) return this.#all(node.otherwise, dot)
    const mark = this.#variables.length
    const [first, second] = pipeline.declares
    for (const [key, item] of entries) {
      this.#step()
      if (pipeline.assigns) {
        if (second !== undefined) this.#assign(second, item)
        if (first !== undefined) this.#assign(first, second === undefined ? item : key)
      } else {
        if (first !== undefined) this.#variables.push({ name: first, value: second === undefined ? item : key })
        if (second !== undefined) this.#variables.push({ name: second, value: item })
      }
      const left = this.#all(node.body, item)
      this.#variables.length = mark
      if (left === 'break') break
    }
    return undefined
  }

  #entries(value: unknown): readonly (readonly [unknown, unknown])[] {
    if (isNothing(value)) return []
    if (Array.isArray(value)) return value.map((item, i) => [new Int(i), item] as const)
    if (isMap(value)) return sortedEntries(value)
    if (!(value instanceof Int)) return this.#fail(`range can't iterate over ${goText(value)}`)
    if (value.value > MOST_STEPS) return this.#fail(`more than ${MOST_STEPS} steps`)
    return Array.from({ length: Math.max(0, value.value) }, (_, i) => [new Int(i), new Int(i)] as const)
  }

  #assign(name: string, value: unknown): void {
    const found = this.#variables.findLast((one) => one.name === name)
    if (!found) this.#fail(`undefined variable: ${name}`)
    found!.value = value
  }

  #template(node: Extract<TemplateNode, { type: 'template' }>, dot: unknown): void {
    const { name, pipeline, at } = node
    this.#place = {
      at,
      text: () => `{{template ${JSON.stringify(name)}${pipeline ? ` ${printPipeline(pipeline)}` : ''}}}`,
    }
    const found = this.#parsed.templates.get(name)
    if (!found) return this.#fail(`template ${JSON.stringify(name)} not defined`)
    if (this.#depth >= DEEPEST) return this.#fail(`exceeded maximum template depth (${DEEPEST})`)
    const value = pipeline ? this.#pipeline(pipeline, dot) : undefined
    const [variables, caller] = [this.#variables, this.#name]
    this.#depth++
    this.#variables = [{ name: '$', value }]
    this.#name = name
    this.#all(found, value)
    this.#name = caller
    this.#variables = variables
    this.#depth--
  }

  #pipeline(pipeline: Pipeline, dot: unknown): unknown {
    this.#place = { at: pipeline.at, text: () => printPipeline(pipeline) }
    let value: unknown = missing
    for (const command of pipeline.commands) value = this.#command(command, dot, value)
    // range gives its variables other values itself
    for (const name of pipeline.declares) {
      if (pipeline.assigns) this.#assign(name, value)
      else this.#variables.push({ name, value })
    }
    return value
  }

  #command(command: Command, dot: unknown, piped: unknown): unknown {
    this.#step()
    const [first, ...rest] = command.operands
    if (first!.type === 'function') return this.#function(first!.name, command, rest, dot, piped)
    this.#at(first!)
    const hasArguments = rest.length > 0 || piped !== missing
    if (first!.type === 'field' || first!.type === 'variable' || first!.type === 'chain') {
      const given = () => this.#arguments(rest, dot, piped)
      return this.#path(first!, dot, hasArguments ? given : undefined)
    }
    if (hasArguments) this.#fail(`can't give argument to non-function ${printOperand(first!)}`)
    if (first!.type === 'nil') this.#fail('nil is not a command')
    return this.#operand(first!, dot)
  }

  #arguments(operands: readonly Operand[], dot: unknown, piped: unknown): unknown[] {
    const values = operands.map((operand) => this.#operand(operand, dot))
    return piped === missing ? values : [...values, piped]
  }

  #function(name: string, command: Command, rest: readonly Operand[], dot: unknown, piped: unknown): unknown {
    this.#at(command.operands[0]!)
    const count = rest.length + (piped === missing ? 0 : 1)
    if (name === 'and' || name === 'or') {
      if (count < 1) this.#fail(`wrong number of args for ${name}: want at least 1 got 0`)
      let value: unknown
      for (const operand of rest) {
        value = this.#operand(operand, dot)
        if (truth(value) === (name === 'or')) return value
      }
      return piped === missing ? value : piped
    }
    const { least, most, run } = this.#functions[name]!
    if (count < least || count > (most ?? count))
      this.#fail(`wrong number of args for ${name}: want ${most === undefined ? 'at least ' : ''}${least} got ${count}`)
    const given = this.#arguments(rest, dot, piped)
    if (name === 'printf' && typeof given[0] !== 'string') {
      if (rest[0]) this.#at(rest[0])
      this.#fail(
        isNothing(given[0])
          ? 'invalid value; expected string'
          : rest[0]?.type === 'number'
            ? `expected string; found ${rest[0].source}`
            : `wrong type for value; expected string; got ${typeOf(given[0])}`,
      )
    }
    return this.#called(name, command, () => run(...given))
  }

  #called(name: string, command: Command | Operand, act: () => unknown): unknown {
    try {
      return act()
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      this.#place = {
        at: command.at,
        text: () => ('operands' in command ? printCommand(command) : printOperand(command)),
      }
      return this.#fail(`error calling ${name}: ${error.message}`)
    }
  }

  #operand(operand: Operand, dot: unknown): unknown {
    this.#at(operand)
    switch (operand.type) {
      case 'dot':
        return dot
      case 'nil':
        return null
      case 'field':
      case 'variable':
      case 'chain':
        return this.#path(operand, dot)
      case 'group':
        return this.#pipeline(operand.pipeline, dot)
      case 'function':
        return this.#function(operand.name, { at: operand.at, operands: [operand] }, [], dot, missing)
      default:
        return operand.value
    }
  }

  #path(
    operand: Extract<Operand, { path: readonly string[] }>,
    dot: unknown,
    given?: () => readonly unknown[],
  ): unknown {
    let value: unknown = dot
    if (operand.type === 'variable') value = this.#variables.findLast((one) => one.name === operand.name)?.value
    if (operand.type === 'chain') value = this.#operand(operand.operand, dot)
    this.#at(operand)
    const { path } = operand
    if (path.length === 0 && given) this.#fail(`can't give argument to non-function ${printOperand(operand)}`)
    path.forEach((name, i) => {
      value = this.#field(value, name, operand, i === path.length - 1 ? given : undefined)
    })
    return value
  }

  #field(value: unknown, name: string, operand: Operand, given?: () => readonly unknown[]): unknown {
    if (value === undefined)
      return this.#missingIsError ? this.#fail(`nil data; no entry for key ${JSON.stringify(name)}`) : undefined
    if (value === null) return this.#fail(`nil pointer evaluating interface {}.${name}`)
    if (!isMap(value)) return this.#fail(`can't evaluate field ${name} in type interface {}`)
    const found = Object.hasOwn(value, name) ? value[name] : undefined
    if (typeof found === 'function') {
      const values = given?.() ?? []
      return this.#called(name, operand, () => (found as Method)(...values))
    }
    if (given) return this.#fail(`${name} is not a method but has arguments`)
    if (found === undefined && this.#missingIsError)
      return this.#fail(`map has no entry for key ${JSON.stringify(name)}`)
    return found
  }
}

const isNothing = (value: unknown): boolean => value === undefined || value === null
