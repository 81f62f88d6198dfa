import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { libraryOf, readScenario, scenarioSchema } from '../../src/lesson'

const good = `title: A lesson
topic: Kubernetes
level: 1
minutes: 3
lab: kubernetes
seed: 1
about: Short.
steps:
  - title: One
    text: Do it.
    solution: kubectl get pods
    checks:
      - text: It is done
        terminating: 0
`
const problem = (source: string) => {
  const read = readScenario('x', source)
  return 'problem' in read ? read.problem : ''
}

test('lessons come in the order of their numbers', () => {
  const texts = Object.fromEntries(['e10-x', 'e9-x', 'e1-x'].map((id) => [`${id}/scenario.yaml`, good]))
  expect(libraryOf(texts).scenarios.map(({ id }) => id)).toEqual(['e1-x', 'e9-x', 'e10-x'])
})

describe('a scenario file', () => {
  test('is read with what may be left out', () => {
    expect(readScenario('x', good)).toMatchObject({ id: 'x', files: [], steps: [{ hints: [], bet: undefined }] })
  })

  test.each([
    ['unknown field', good.replace('level: 1', 'level: 1\nscript: alert(1)'), 'scenario.script: unknown field'],
    ['wrong type', good.replace('level: 1', 'level: one'), 'scenario.level: a whole number from 1 to 5 is needed'],
    ['missing', good.replace('about: Short.\n', ''), 'scenario.about: a text of at most 2000 characters is needed'],
    [
      'no test',
      good.replace('terminating: 0', 'after: evicted'),
      /checks\[0\]: exactly one of available, .* is needed$/,
    ],
    ['two tests', good.replace('terminating: 0', 'terminating: 0\n        answered: 5'), /exactly one of/],
    [
      'a field that is neither',
      good.replace('terminating: 0', 'field: {of: pod/x, path: .a}'),
      /exactly one of is, least/,
    ],
    ['no such view', good.replace('    text: Do', '    view: maps\n    text: Do'), /view: .*machines, images, storage/],
    ['not a name', good.replace('terminating: 0', 'absent: "<script>"'), /absent: not a name$/],
    ['a prototype', good.replace('level: 1', 'level: 1\n__proto__: {a: 1}'), 'scenario.__proto__: unknown field'],
    ['too long', `${good}#${'x'.repeat(200_001)}`, 'a scenario has at most 200000 characters'],
    ['too deep', `a: ${'['.repeat(5_000)}`, 'yaml: exceeded max depth of 100'],
    [
      'no option',
      good.replace('solution:', 'bet: {question: q, options: [a], answer: 1, explain: e}\n    solution:'),
      /no such option/,
    ],
  ])('with something wrong is refused: %s', (_, source, said) => {
    expect(problem(source)).toMatch(said)
  })
})

test('the JSON Schema beside the scenarios is the one that they are read by', () => {
  const path = join(import.meta.dirname, '..', '..', 'scenarios', 'scenario.schema.json')
  const text = `${JSON.stringify(scenarioSchema(), null, 2)}\n`
  if (process.env['UPDATE_GOLDEN']) writeFileSync(path, text)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(text))
})
