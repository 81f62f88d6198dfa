import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseSync } from 'vite'
import { expect, test } from 'vitest'

const SRC = join(import.meta.dirname, '..', '..', 'src')

interface Syntax {
  readonly type: string
  readonly start: number
  readonly [part: string]: unknown
}

const isSyntax = (value: unknown): value is Syntax =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'

/** Attributes that are read by people. */
const READ = /^(aria-(label|valuetext|description|roledescription|placeholder)|title|placeholder|alt|label|summary)$/
const LETTER = /\p{L}/u
const PROSE = /\p{L}{2,}[,.:;]? \p{L}/u
/** Two words with a space, and yet not the page's: commands, what tools say, selectors, paths of drawings, fonts. */
const TOLD =
  /^(kubectl|docker|curl|drydock|exit code) |^(button|input)[,:]|^M[\d ]|[[\]{}<>#]|^\(|^light dark$|^[\d.]+px /
const NAME = 'Drydock'

/** Whether this part of an expression becomes a text on the page: the branches of a choice, not what it is chosen by. */
function isShown({ type, operator }: Syntax, part: string): boolean {
  if (type === 'ConditionalExpression') return part !== 'test'
  if (type === 'LogicalExpression') return part === 'right' || operator !== '&&'
  if (type === 'BinaryExpression') return operator === '+'
  return (type === 'TemplateLiteral' && part === 'quasis') || type === 'JSXExpressionContainer'
}

const textOf = (node: Syntax): string | undefined =>
  node.type === 'JSXText'
    ? String(node['value'])
    : node.type === 'Literal' && typeof node['value'] === 'string'
      ? node['value']
      : node.type === 'TemplateElement'
        ? (node['value'] as { raw: string }).raw
        : undefined

/** Texts for people that stand in the code itself, with their lines. */
function looseTexts(file: string, source: string): string[] {
  const found: string[] = []
  const say = (node: Syntax, text: string) =>
    found.push(`${file}:${source.slice(0, node.start).split('\n').length} ${text.trim()}`)
  /** `shown`: what stands here is put on the page as it is. */
  const walk = (node: Syntax, shown: boolean): void => {
    if (/^(Import|TS(?!As|NonNull|Satisfies))/.test(node.type)) return
    // said to programmers
    if (node.type === 'NewExpression' && (node['callee'] as Syntax)['name'] === 'Error') return
    const text = textOf(node)
    if (
      text !== undefined &&
      text.trim() !== NAME &&
      (shown ? LETTER.test(text) : PROSE.test(text) && !TOLD.test(text))
    )
      say(node, text)
    const attribute = node.type === 'JSXAttribute' ? String((node['name'] as Syntax)['name']) : undefined
    if (attribute === 'className' || attribute === 'd') return
    for (const [part, value] of Object.entries(node))
      for (const child of Array.isArray(value) ? value : [value])
        if (isSyntax(child))
          walk(
            child,
            child.type === 'JSXText' ||
              (attribute !== undefined && READ.test(attribute)) ||
              (part === 'children' && child.type === 'JSXExpressionContainer') ||
              (shown && isShown(node, part)),
          )
  }
  const { program, errors } = parseSync(file, source)
  expect(errors).toEqual([])
  walk(program as unknown as Syntax, false)
  return found
}

const files = readdirSync(join(SRC, 'app'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => join(SRC, 'app', path))
  .concat(['main.tsx', 'embed.tsx'].map((path) => join(SRC, path)))
  .map((path) => ({ path: relative(SRC, path), text: readFileSync(path, 'utf8') }))

test('texts for people stand in the catalogue only', () => {
  const loose = files
    .filter(({ path }) => !path.startsWith('app/words/'))
    .flatMap(({ path, text }) => looseTexts(path, text))
  expect(loose).toEqual([])
})

test('what is looked for is found', () => {
  const source = `
    const say = () => desk.say('The link is copied.')
    const X = ({ n, ok }) => <p title="Reset" className="a b">Hello {ok ? 'Yes' : \`\${n} No\`} {n} {f('plain')} <b aria-label={ok ? 'On' : off} /></p>`
  expect(looseTexts('x.tsx', source).map((line) => line.replace(/^\S+ /, ''))).toEqual([
    'The link is copied.',
    'Reset',
    'Hello',
    'Yes',
    'No',
    'On',
  ])
})
