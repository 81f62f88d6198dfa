import { describe, expect, test } from 'vitest'
import { explanationAt, proposalsAt } from '../../src/docker/dockerfile'

const FILE = `ARG VERSION=22
FROM node:22 AS build
ENV HOME_OF_ALL=/app
# a comment
RUN --mount=type=cache,target=/root \\
    npm ci
COPY --from=build /app /app
`
/** At the end of the text, as one types. */
const typed = (text: string) => {
  const lines = text.split('\n')
  return proposalsAt(text, lines.length, lines.at(-1)!.length + 1, ['nginx', 'redis']).map(({ label }) => label)
}

describe('what may stand at the cursor', () => {
  test('at the beginning of a line an instruction, of a continued line none', () => {
    expect(typed(`${FILE}E`)).toEqual(expect.arrayContaining(['FROM', 'ENV', 'ENTRYPOINT', 'EXPOSE']))
    expect(typed(`${FILE}RUN a && \\\n  b`)).toEqual([])
    expect(typed(`${FILE}# E`)).toEqual([])
    expect(typed('ONBUILD ')).not.toContain('FROM')
  })
  test('the flags of the instruction, also on its second line', () => {
    expect(typed('RUN --')).toEqual(['--mount', '--network', '--security', '--device'])
    expect(typed('COPY --')).toContain('--from')
    expect(typed('ADD --')).not.toContain('--from')
    expect(typed('CMD --')).toEqual([])
    expect(typed('HEALTHCHECK --interval=5s \\\n  --')).toContain('--retries')
  })
  test('stages above and images; declared variables; kinds of mounts', () => {
    expect(typed(`${FILE}FROM `)).toEqual(['build', 'nginx', 'redis'])
    expect(typed(`${FILE}COPY --from=b`)).toEqual(['build', 'nginx', 'redis'])
    expect(typed(`${FILE}RUN echo $`)).toEqual(['VERSION', 'HOME_OF_ALL'])
    expect(typed(`${FILE}RUN echo \${HO`)).toContain('HOME_OF_ALL')
    expect(typed('RUN --mount=type=')).toContain('type=secret,id=')
  })
  test('nonsense and hostile text are no trouble', () => {
    expect(typed('\\\n'.repeat(20_000))).toBeInstanceOf(Array)
    expect(proposalsAt('', 99, 99, [])).toBeInstanceOf(Array)
    expect(explanationAt('', 99, 99)).toBeUndefined()
  })
})

describe('what stands there', () => {
  test('instructions and flags are explained, other words not', () => {
    expect(explanationAt(FILE, 2, 2)).toMatchObject({ from: 1, to: 5, text: expect.stringContaining('Begins a stage') })
    expect(explanationAt(FILE, 5, 7)).toMatchObject({ from: 5, text: expect.stringContaining('type=cache') })
    expect(explanationAt(FILE, 7, 9)?.text).toContain('a stage by name')
    expect(explanationAt(FILE, 6, 6)).toBeUndefined()
    expect(explanationAt(FILE, 4, 4)).toBeUndefined()
  })
})
