import { directivesOf, syntaxOf } from '../../../src/docker/dockerfile/directives'
import { expand } from '../../../src/docker/dockerfile/expand'
import { heredocMark, heredocMarks } from '../../../src/docker/dockerfile/heredoc'
import { patternMatcher } from '../../../src/docker/dockerfile/ignore'
import { parseDockerfile } from '../../../src/docker/dockerfile/parse'
import { attempt } from '../../../src/docker/dockerfile/problem'
import { execForm } from '../../../src/docker/dockerfile/words'
import { type Adapter, type Case, type CaseFile, differs } from '../adapter'

const sorted = (names: readonly string[]) => [...names].sort()
const variables = (row: Case, file: CaseFile) =>
  new Map(Object.entries((row['env'] ?? file['env']) as Record<string, string>))

/** Compares what a reading gave with the row's field, or holds an error against the row's own. */
function held<T>(row: Case, read: () => T, compared: (value: T) => string | undefined): string | undefined {
  const made = attempt(read)
  const want = row['error'] ?? row['errorContains']
  if (!('problem' in made))
    return want === undefined ? compared(made.value) : `got no error but ${JSON.stringify(made.value)}`
  const { message } = made.problem
  if (want === undefined) return `got the error ${message}`
  return want === true || message.includes(want) ? undefined : differs(message, want)
}

function directive(row: Case): string | undefined {
  const text = row['dockerfile'] as string
  const found =
    row['directive'] === 'syntax'
      ? syntaxOf(text)
      : directivesOf(text.split('\n')).find(({ name }) => name === row['directive'])
  return (
    differs(found?.value ?? null, row['value']) ??
    (row['line'] === undefined ? undefined : differs(found?.line, row['line']))
  )
}

function heredoc(row: Case): string | undefined {
  if (row['line'] !== undefined)
    return differs(
      heredocMarks(row['line']).map(({ name }) => name),
      row['names'],
    )
  return held(
    row,
    () => heredocMark(row['word']),
    (mark) => differs(mark?.name ?? null, row['name']),
  )
}

function execFormJson(row: Case): string | undefined {
  const got = execForm(row['text'])
  return row['execForm'] === false ? differs(Array.isArray(got), false) : differs(got, row['args'])
}

function instructionError(row: Case): string | undefined {
  const got = parseDockerfile(row['dockerfile'])
  if (!('problem' in got)) return 'it was read without an error'
  return got.problem.message.includes(row['errorContains'])
    ? undefined
    : differs(got.problem.message, row['errorContains'])
}

export const dockerfileTables: readonly Adapter[] = [
  { table: 'dockerfile-directives', judge: directive },
  {
    table: 'dockerfile-env-word',
    judge: (row, file) =>
      held(
        row,
        () => expand(row['text'], variables(row, file)).text,
        (text) => differs(text, row['result']),
      ),
  },
  {
    table: 'dockerfile-env-split-words',
    judge: (row, file) =>
      held(
        row,
        () => expand(row['text'], variables(row, file)).words,
        (words) => differs(words, row['words']),
      ),
  },
  {
    table: 'dockerfile-env-matches',
    judge: (row, file) =>
      held(
        row,
        () => expand(row['text'], variables(row, file)),
        ({ text, matched, unmatched }) =>
          differs([text, sorted(matched), sorted(unmatched)], [row['result'], row['matched'], row['unmatched']]),
      ),
  },
  { table: 'dockerfile-exec-form-json', judge: execFormJson },
  { table: 'dockerfile-heredoc', judge: heredoc },
  { table: 'dockerfile-instruction-errors', judge: instructionError },
  {
    table: 'dockerignore-match',
    judge: (row) =>
      held(
        row,
        () => patternMatcher(row['patterns']).matches(row['path']),
        (matches) => differs(matches, row['excluded']),
      ),
  },
  {
    table: 'dockerignore-single-pattern',
    judge: (row) =>
      held(
        row,
        () => patternMatcher([row['pattern']]).matches(row['path']),
        (matches) => differs(matches, row['match']),
      ),
  },
]
