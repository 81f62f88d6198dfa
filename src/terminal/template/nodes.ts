/** What stands in an action: after text/template/parse's nodes. `at`: its place in the text, as errors tell it. */
export type Operand =
  | { readonly type: 'dot' | 'nil'; readonly at: number }
  | {
      readonly type: 'bool' | 'number' | 'string'
      readonly at: number
      readonly source: string
      readonly value: unknown
    }
  | { readonly type: 'field'; readonly at: number; readonly path: readonly string[] }
  | { readonly type: 'variable'; readonly at: number; readonly name: string; readonly path: readonly string[] }
  | { readonly type: 'function'; readonly at: number; readonly name: string }
  | { readonly type: 'group'; readonly at: number; readonly pipeline: Pipeline }
  | { readonly type: 'chain'; readonly at: number; readonly operand: Operand; readonly path: readonly string[] }

export interface Command {
  readonly at: number
  readonly operands: readonly Operand[]
}

export interface Pipeline {
  readonly at: number
  /** Variables that get the value. */
  readonly declares: readonly string[]
  /** `=`: they are there already. */
  readonly assigns: boolean
  readonly commands: readonly Command[]
}

export type TemplateNode =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'action'; readonly pipeline: Pipeline }
  | {
      readonly type: 'if' | 'with' | 'range'
      readonly pipeline: Pipeline
      readonly body: readonly TemplateNode[]
      readonly otherwise: readonly TemplateNode[]
    }
  | { readonly type: 'template'; readonly at: number; readonly name: string; readonly pipeline: Pipeline | undefined }
  | { readonly type: 'break' | 'continue' }

const dotted = (path: readonly string[]) => path.map((name) => `.${name}`).join('')

/** As it would be written. */
export function printOperand(operand: Operand): string {
  switch (operand.type) {
    case 'dot':
      return '.'
    case 'nil':
      return 'nil'
    case 'field':
      return dotted(operand.path)
    case 'variable':
      return operand.name + dotted(operand.path)
    case 'function':
      return operand.name
    case 'group':
      return `(${printPipeline(operand.pipeline)})`
    case 'chain':
      return printOperand(operand.operand) + dotted(operand.path)
    default:
      return operand.source
  }
}

export const printCommand = ({ operands }: Command): string => operands.map(printOperand).join(' ')

export function printPipeline({ declares, assigns, commands }: Pipeline): string {
  const head = declares.length > 0 ? `${declares.join(', ')} ${assigns ? '=' : ':='} ` : ''
  return head + commands.map(printCommand).join(' | ')
}
