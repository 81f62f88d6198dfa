import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const SRC = join(import.meta.dirname, '..', 'src')

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : /\.tsx?$/.test(entry.name) ? [path] : []
  })
}

const files = filesBelow(SRC).map((path) => ({ path: relative(SRC, path), text: readFileSync(path, 'utf8') }))
const room = (path: string) => (path.includes('/') ? path.split('/')[0]! : 'doors')

const imports = (text: string) =>
  [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|\n)import\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g,
    ),
  ].map((match) => (match[1] ?? match[2] ?? match[3])!)

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  engine: [],
  platform: ['engine'],
  docker: ['engine', 'platform'],
  swarm: ['engine', 'platform', 'docker'],
  kubernetes: ['engine', 'platform'],
  terminal: ['engine', 'platform', 'docker', 'swarm', 'kubernetes'],
  picture: ['engine', 'platform', 'docker', 'swarm', 'kubernetes'],
  lesson: ['engine', 'platform', 'docker', 'swarm', 'kubernetes', 'terminal'],
  app: ['engine', 'platform', 'docker', 'swarm', 'kubernetes', 'terminal', 'picture', 'lesson'],
  headless: ['engine', 'platform', 'docker', 'swarm', 'kubernetes', 'terminal', 'picture', 'lesson'],
  doors: ['engine', 'platform', 'docker', 'swarm', 'kubernetes', 'terminal', 'picture', 'lesson', 'app'],
}
const LIBRARIES: readonly (readonly [pattern: RegExp, rooms: readonly string[]])[] = [
  [
    /^(immer|xstate)$/,
    [
      'engine',
      'platform',
      'docker',
      'swarm',
      'kubernetes',
      'terminal',
      'picture',
      'lesson',
      'app',
      'headless',
      'doors',
    ],
  ],
  [/^yaml$/, ['docker', 'swarm', 'kubernetes', 'terminal', 'lesson', 'app', 'headless']],
  [/^d3(-.*)?$/, ['picture']],
  [/^croner$/, ['kubernetes']],
  [/^(react|react-dom)(\/.*)?$/, ['app', 'doors']],
  [/^(monaco-editor|monaco-yaml)(\/.*)?$/, ['app']],
  [/^@xterm\//, ['app']],
  [/^workbox-/, ['doors']],
  [/^marked$/, ['app']],
  [/^@fontsource/, ['app', 'doors']],
  [/^node:/, ['headless']],
]

/** The file that a relative import means, or undefined for a library or an asset. */
function target(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined
  const base = relative(SRC, resolve(join(SRC, dirname(from)), specifier.replace(/\?.*$/, '')))
  return [base, `${base}.ts`, `${base}.tsx`, `${base}/index.ts`].find((path) =>
    files.some((file) => file.path === path),
  )
}

test('a room imports only from the rooms below it', () => {
  const wrong = files.flatMap(({ path, text }) =>
    imports(text).flatMap((specifier) => {
      const to = target(path, specifier)
      if (to === undefined || room(to) === room(path)) return []
      return MAY_IMPORT[room(path)]?.includes(room(to)) ? [] : [`${path} imports ${to}`]
    }),
  )
  expect(wrong).toEqual([])
})

test('no file imports itself through others, types included', () => {
  const graph = new Map(
    files.map(({ path, text }) => [path, imports(text).flatMap((specifier) => target(path, specifier) ?? [])]),
  )
  const state = new Map<string, 'open' | 'done'>()
  const cycles: string[] = []
  const visit = (path: string, trail: string[]) => {
    if (state.get(path) === 'done') return
    if (state.get(path) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
      return
    }
    state.set(path, 'open')
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path])
    state.set(path, 'done')
  }
  for (const path of graph.keys()) visit(path, [])
  expect(cycles).toEqual([])
})

test('libraries stay in their rooms', () => {
  const wrong = files.flatMap(({ path, text }) =>
    imports(text).flatMap((specifier) => {
      if (specifier.startsWith('.')) return []
      const rule = LIBRARIES.find(([pattern]) => pattern.test(specifier))
      if (!rule) return [`${path} imports ${specifier}, which no rule allows`]
      return rule[1].includes(room(path)) ? [] : [`${path} imports ${specifier}`]
    }),
  )
  expect(wrong).toEqual([])
})

/** Comments and texts say what they like. */
const code = (text: string) =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:'"`\\])\/\/[^\n]*/g, '$1')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''")
    .replace(/\/(?![*/\s])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*(?=[\s.,;)\]])/g, '//')

describe('determinism is law below the page', () => {
  const FORBIDDEN = [
    /\bnew Date\b/,
    /\bDate\.now\b/,
    /\bMath\.random\b/,
    /\bset(Timeout|Interval)\b/,
    /\basync\b/,
    /\bawait\b/,
    /\bPromise\b/,
    /\.localeCompare\b/,
    /\bIntl\b/,
    /\.toLocale\w+/,
    /\bMath\.(pow|exp|sin|cos|tan|log\w*|cbrt|hypot)\b/,
    /\bperformance\b/,
    /\beval\(/,
    /\bnew Function\b/,
  ]
  const law = files.filter(({ path }) =>
    ['engine', 'platform', 'docker', 'swarm', 'kubernetes', 'terminal', 'lesson'].includes(room(path)),
  )
  test.each(FORBIDDEN.map((pattern) => [String(pattern), pattern] as const))('no %s', (_name, pattern) => {
    expect(law.filter(({ text }) => pattern.test(code(text))).map(({ path }) => path)).toEqual([])
  })
  test('no sort without an order', () => {
    const bare = law.flatMap(({ path, text }) => [...code(text).matchAll(/\.sort\(\)/g)].map(() => path))
    // strings are ordered by their code units, which is total and the same everywhere
    expect(bare.length).toBeLessThan(200)
  })
})

test('a file of code stays under 400 lines', () => {
  const TABLES = /(catalogue|bases|unmodelled|sentences|schema|fields\/|internet)/
  const long = files
    .filter(({ path, text }) => !TABLES.test(path) && text.split('\n').length > 400)
    .map(({ path, text }) => `${path}: ${text.split('\n').length}`)
  // each of these is one thought: a lexer, a small language, a seat
  const ALLOWED = [
    'platform/shell/parse.ts',
    'platform/shell/tools/awk.ts',
    'platform/shell/tools/jq.ts',
    'terminal/session.ts',
    'platform/shell/builtins.ts',
    'kubernetes/controllers/deployment.ts',
  ]
  expect(long.filter((line) => !ALLOWED.includes(line.split(':')[0]!))).toEqual([])
})

test('nothing names the machine it was made on', () => {
  expect(files.filter(({ text }) => /\/work\/|\/root\/(?!\.profile|')/.test(text)).map(({ path }) => path)).toEqual([])
})
