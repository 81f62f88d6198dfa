import { describe, expect, test } from 'vitest'
import { cacheVerdicts } from '../../../src/docker/dockerfile/cache'
import type { ContextFile } from '../../../src/docker/dockerfile/context'
import { ignorePatterns, patternMatcher } from '../../../src/docker/dockerfile/ignore'
import { parseDockerfile } from '../../../src/docker/dockerfile/parse'
import { planBuild } from '../../../src/docker/dockerfile/plan'
import { type BuildInputs, verticesOf } from '../../../src/docker/dockerfile/vertices'

const file = (path: string, digest = path, mode = 0o100644): ContextFile => ({ path, digest, mode })
const CONTEXT = [
  file('package.json'),
  file('package-lock.json'),
  file('src', '', 0o40755),
  file('src/a.js'),
  file('src/b.md'),
]

interface Given extends Partial<BuildInputs> {
  readonly args?: Readonly<Record<string, string>>
}

function woven(source: string, { args = {}, ...inputs }: Given = {}) {
  const parsed = parseDockerfile(source)
  if ('problem' in parsed) throw new Error(parsed.problem.message)
  const planned = planBuild(parsed.file, { buildArgs: new Map(Object.entries(args)) })
  if ('problem' in planned) throw new Error(planned.problem.message)
  return verticesOf(planned.plan, { context: CONTEXT, imageDigest: (image) => `digest of ${image}`, ...inputs })
}

function vertices(source: string, given: Given = {}) {
  const made = woven(source, given)
  if ('problem' in made) throw new Error(made.problem.message)
  return made.vertices
}

/** What the second build says of its steps after the first. */
function again(source: string, given: Given, changed = source) {
  return cacheVerdicts(vertices(changed, given), vertices(source)).map((one) => (one.cached ? 'cached' : one.because))
}

const NODE = `FROM node:22
WORKDIR /app
COPY package*.json ./
RUN npm ci
COPY . .
CMD ["node", "src/a.js"]
`

describe('what a changed thing costs', () => {
  test.each<[string, Given, string[]]>([
    ['nothing', {}, ['cached', 'cached', 'cached', 'cached', 'cached']],
    [
      'a source',
      { context: CONTEXT.map((one) => (one.path === 'src/a.js' ? file(one.path, 'new') : one)) },
      ['cached', 'cached', 'cached', 'cached', 'files'],
    ],
    [
      'the lock file',
      { context: CONTEXT.map((one) => (one.path === 'package-lock.json' ? file(one.path, 'new') : one)) },
      ['cached', 'cached', 'files', 'before', 'files'],
    ],
    [
      'rights of a file',
      { context: CONTEXT.map((one) => (one.path === 'src/a.js' ? file(one.path, one.digest, 0o100755) : one)) },
      ['cached', 'cached', 'cached', 'cached', 'files'],
    ],
    ['the base image', { imageDigest: () => 'new' }, ['base', 'before', 'before', 'before', 'before']],
    [
      'a file that is left out',
      { context: [...CONTEXT, file('a.log')], ignored: patternMatcher(ignorePatterns('*.log')) },
      ['cached', 'cached', 'cached', 'cached', 'cached'],
    ],
  ])('%s', (_name, given, want) => {
    expect(again(NODE, given)).toEqual(want)
  })

  test('metadata is in no key; a variable is in that of each RUN after it, an ARG from its line on', () => {
    expect(again(NODE, {}, NODE.replace('CMD', 'LABEL a=b\nEXPOSE 80\nCMD'))).toEqual(Array(5).fill('cached'))
    const source = 'FROM a\nRUN one\nARG V=1\nCOPY src /x\nRUN two\n'
    expect(again(source, { args: { V: '2' } })).toEqual(['cached', 'cached', 'cached', 'variables'])
    expect(again(source, {}, source.replace('RUN one', 'ENV x=y\nRUN one'))).toEqual([
      'cached',
      'variables',
      'before',
      'variables',
    ])
  })

  test('a copy with --link does not go by what is below it', () => {
    const source = 'FROM a\nRUN one\nCOPY --link src /x\n'
    expect(again(source, {}, source.replace('one', 'two'))).toEqual(['cached', 'command', 'cached'])
    expect(again(source.replace('--link ', ''), {}, 'FROM a\nRUN two\nCOPY src /x\n')).toEqual([
      'cached',
      'command',
      'before',
    ])
  })

  test('COPY --from goes by content once that is known', () => {
    const source = 'FROM a AS b\nRUN make\nFROM scratch\nCOPY --from=b /x /x\n'
    const contentOf = () => 'the same'
    const first = vertices(source, { contentOf })
    const anew = vertices(source.replace('make', 'make all'), { contentOf })
    expect(cacheVerdicts(anew, first).map(({ cached }) => cached)).toEqual([true, false, true])
    expect(again(source, {}, source.replace('make', 'make all'))).toEqual(['cached', 'command', 'files'])
  })
})

test('names of the steps, and what they need', () => {
  const source = `FROM go AS build\nWORKDIR /src\nCOPY . .\nRUN go build\nFROM scratch\nCOPY --from=build /src/a /a\n`
  expect(vertices(source).map(({ name, needs }) => [name, needs])).toEqual([
    ['[build 1/4] FROM go', []],
    ['[build 2/4] WORKDIR /src', [0]],
    ['[build 3/4] COPY . .', [1]],
    ['[build 4/4] RUN go build', [2]],
    ['[stage-1 1/1] COPY --from=build /src/a /a', [3]],
  ])
})

test('a source that is not there is an error with its place, a wildcard that fits nothing is none', () => {
  const made = woven('FROM a\nCOPY nothing /x\n')
  expect(made).toMatchObject({
    problem: {
      message: expect.stringMatching(
        /^failed to compute cache key: failed to calculate checksum of ref \w{25}::\w{25}: "\/nothing": not found$/,
      ),
      lines: [{ start: 2, end: 2 }],
    },
  })
  expect(vertices('FROM a\nCOPY nothing* ../src/a.js /x/\nCOPY --exclude=*.md src /y\n')).toHaveLength(3)
})

test('--exclude and patterns choose what is in the key', () => {
  const source = 'FROM a\nCOPY --exclude=*.md src /y\n'
  const touched = (path: string) => CONTEXT.map((one) => (one.path === path ? file(path, 'new') : one))
  expect(again(source, { context: touched('src/b.md') })).toEqual(['cached', 'cached'])
  expect(again(source, { context: touched('src/a.js') })).toEqual(['cached', 'files'])
})
