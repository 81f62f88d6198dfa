import { expect, test } from 'vitest'
import { checkDockerfile } from '../../../src/docker/dockerfile'

const told = (source: string) =>
  checkDockerfile(source).notices.map(({ line, path, label }) => `${line} ${path}: ${label}`)

test('what is simplified or not modelled is told with its line', () => {
  const source = `# syntax=docker/dockerfile:1.7-labs
FROM mcr.microsoft.com/windows/servercore:ltsc2025
SHELL ["powershell", "-Command"]
SHELL ["/bin/bash", "-c"]
RUN --security=insecure --network=host --mount=type=ssh a
RUN --mount=type=cache,target=/x --network=none b
ADD https://example.com/a.tar.gz /a
ADD https://github.com/a/b.git#main /b
ADD c.tar /c
`
  expect(told(source)).toEqual([
    '2 FROM: not modelled',
    '3 SHELL: not modelled',
    '5 RUN --security: not modelled',
    '5 RUN --network: simplified',
    '5 RUN --mount: not modelled',
    '7 ADD: simplified',
    '8 ADD: simplified',
  ])
})

test('a file of another frontend is told as such, and not refused for its own words', () => {
  expect(told('# syntax=example/other:1\nFROM a\n')).toContain('1 # syntax: not modelled')
  expect(checkDockerfile('# syntax=example/other:1\nkind: Thing\n')).toMatchObject({
    verdict: 'skipped',
    problem: 'written for the frontend example/other:1',
  })
})

test('a template is skipped, a file that BuildKit refuses is refused with the line', () => {
  expect(checkDockerfile('{{ if x }}\nFROM a\n')).toMatchObject({ verdict: 'skipped', problem: 'a template' })
  expect(checkDockerfile('FROM a\nCOPY b\n', 'web/Dockerfile.dev')).toMatchObject({
    verdict: 'refused',
    line: 2,
    problem: expect.stringMatching(
      /^Dockerfile\.dev:2\n[\s\S]*>>> COPY b\n[\s\S]*ERROR: failed to build: failed to solve: dockerfile parse error on line 2: COPY requires at least two arguments/,
    ),
  })
})
