/**
 * Go's text/template for the tools that have it as an output format: actions, pipelines, if, with, range with break and continue, define,
 * block, template, variables, comments, trim markers and all built-in functions, with Go's words for what is wrong. Data are plain values as
 * JSON gives them (numbers are float64); functions among them are methods. Left out: complex numbers, channels, range over functions.
 */
import { TemplateError } from './error'
import { type Builtin, builtins } from './functions'
import { parseTemplate } from './parse'
import { Execution } from './run'

export { CallError } from './functions'
export { goText } from './values'

export interface TemplateOptions {
  /** What the template is called in errors. */
  readonly name: string
  /** A field that is not there is an error. */
  readonly missingIsError?: boolean
  /** Functions besides the built-in ones. */
  readonly functions?: Readonly<Record<string, Builtin>>
}

/** What a template prints of data; `error` says why it stopped, after `text`. `parsing`: it could not even be read. */
export interface Executed {
  readonly text: string
  readonly error?: string
  readonly parsing?: boolean
}

export function executeTemplate(template: string, data: unknown, options: TemplateOptions): Executed {
  const functions = { ...builtins, ...options.functions }
  let parsed: ReturnType<typeof parseTemplate>
  try {
    parsed = parseTemplate(options.name, template, new Set([...Object.keys(functions), 'and', 'or']))
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    return { text: '', error: error.message, parsing: true }
  }
  const execution = new Execution(parsed, functions, options.missingIsError === true)
  try {
    execution.start(data)
    return { text: execution.text }
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    return { text: execution.text, error: error.message }
  }
}
