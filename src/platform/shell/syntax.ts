/** The grammar's tree. Nodes are numbers into one array, so that a running script is a stack of numbers: plain data. */
export type NodeId = number

export type Part =
  /** Unquoted text: may be split, globbed, tilde-expanded. */
  | { readonly text: string }
  | { readonly quoted: string }
  | { readonly double: readonly Part[] }
  | { readonly param: Param }
  /** `$(…)` or backquotes: the script inside. */
  | { readonly command: string }
  | { readonly arithmetic: Word }

export interface Param {
  readonly name: string
  /** `[…]` of an array; '@' and '*' are all items. */
  readonly index?: Word
  readonly length?: boolean
  /** `:-` `-` `:=` `=` `:?` `?` `:+` `+` `%` `%%` `#` `##` `/` `//` `:` `^^` `,,` `^` `,` */
  readonly operator?: string
  readonly word?: Word
  readonly second?: Word
}

export type Word = readonly Part[]

export interface Redirect {
  readonly fd: number
  readonly kind: '<' | '>' | '>>' | '>|' | '<<' | '<<<' | '>&' | '<&' | '&>' | '&>>'
  readonly target: Word
}

export interface Assignment {
  readonly name: string
  readonly index?: Word
  readonly append: boolean
  readonly value: Word
  readonly items?: readonly Word[]
}

export type Node =
  | { readonly type: 'list'; readonly items: readonly { readonly node: NodeId; readonly background: boolean }[] }
  | { readonly type: 'and-or'; readonly first: NodeId; readonly rest: readonly (readonly ['&&' | '||', NodeId])[] }
  | { readonly type: 'pipeline'; readonly negated: boolean; readonly stages: readonly NodeId[] }
  | {
      readonly type: 'simple'
      readonly assignments: readonly Assignment[]
      readonly words: readonly Word[]
      readonly redirects: readonly Redirect[]
      readonly line: number
    }
  | { readonly type: 'subshell' | 'group'; readonly body: NodeId; readonly redirects: readonly Redirect[] }
  | {
      readonly type: 'if'
      readonly clauses: readonly (readonly [condition: NodeId, body: NodeId])[]
      readonly otherwise: NodeId | undefined
      readonly redirects: readonly Redirect[]
    }
  | {
      readonly type: 'for'
      readonly name: string
      readonly words: readonly Word[] | undefined
      readonly body: NodeId
      readonly redirects: readonly Redirect[]
    }
  | {
      readonly type: 'counted-for'
      readonly init: string
      readonly condition: string
      readonly step: string
      readonly body: NodeId
      readonly redirects: readonly Redirect[]
    }
  | {
      readonly type: 'while'
      readonly until: boolean
      readonly condition: NodeId
      readonly body: NodeId
      readonly redirects: readonly Redirect[]
    }
  | {
      readonly type: 'case'
      readonly word: Word
      readonly items: readonly {
        readonly patterns: readonly Word[]
        readonly body: NodeId | undefined
        readonly through: boolean
      }[]
      readonly redirects: readonly Redirect[]
    }
  | { readonly type: 'function'; readonly name: string; readonly body: NodeId }
  /** `[[ … ]]`: words and operators as written. */
  | { readonly type: 'test'; readonly words: readonly Word[] }
  /** `(( … ))` */
  | { readonly type: 'arithmetic'; readonly expression: string }

export interface Script {
  readonly nodes: readonly Node[]
  readonly root: NodeId
}

/** What the parser says of text that is no script. `unfinished`: more lines could make it one. */
export interface SyntaxProblem {
  readonly problem: string
  readonly line: number
  readonly unfinished: boolean
}
