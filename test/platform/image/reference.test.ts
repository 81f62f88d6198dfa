import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  familiarForm,
  familiarName,
  fullForm,
  localName,
  parseAny,
  parseReference,
  parseStrict,
  repositoryOf,
  splitDomain,
  withDefaultTag,
} from '../../../src/platform/image/reference'

const cases = (name: string): any[] =>
  JSON.parse(readFileSync(new URL(`../../conformance/cases/docker/${name}.json`, import.meta.url), 'utf8')).cases

describe('strict parse', () => {
  test.each(cases('reference-parse-strict'))('$text', (row) => {
    const parsed = parseStrict(row.text)
    if (row.error) expect(parsed).toEqual({ error: row.error })
    else {
      if ('error' in parsed) throw new Error(parsed.error)
      expect(repositoryOf(parsed.reference)).toBe(row.name)
      expect(parsed.reference.domain).toBe(row.domain)
      expect(parsed.reference.tag ?? '').toBe(row.tag)
      expect(parsed.reference.digest ?? '').toBe(row.digest)
    }
  })
})

test.each(cases('reference-normalise'))('normalises $text', (row) => {
  const parsed = parseReference(row.text)
  if ('error' in parsed) throw new Error(parsed.error)
  expect(familiarName(parsed.reference)).toBe(row.familiar)
  expect(repositoryOf(parsed.reference)).toBe(row.full)
  expect(parsed.reference.domain).toBe(row.domain)
  expect(parsed.reference.path).toBe(row.path)
})

test.each(cases('reference-valid-names'))('accepts or refuses $text', (row) => {
  expect('error' in parseReference(row.text)).toBe(!row.ok)
})

test.each(cases('reference-parse-any'))('reads $text', (row) => {
  const parsed = parseAny(row.text)
  if ('error' in parsed) throw new Error(parsed.error)
  expect('digest' in parsed ? parsed.digest : fullForm(parsed.reference)).toBe(row.result)
  expect('digest' in parsed).toBe(row.isDigestOnly)
})

test.each(cases('reference-split-host'))('splits $text', (row) => {
  expect(splitDomain(row.text)).toEqual({ domain: row.domain, remainder: row.path })
})

test.each(cases('reference-docker-ref'))('$text is pulled as $result', (row) => {
  const parsed = parseReference(row.text)
  if ('error' in parsed) throw new Error(parsed.error)
  expect(fullForm(withDefaultTag(parsed.reference))).toBe(row.result)
})

test('the name on a machine is the familiar one with its tag', () => {
  expect(localName('docker.io/library/nginx')).toBe('nginx:latest')
  expect(localName('registry.k8s.io/pause:3.10')).toBe('registry.k8s.io/pause:3.10')
  expect(localName('Nginx')).toBe('Nginx')
})

test('upper case is told as such', () => {
  expect(parseReference('INVALID')).toEqual({
    error: 'invalid reference format: repository name (library/INVALID) must be lowercase',
  })
  const parsed = parseReference('nginx:1.27')
  expect('reference' in parsed && familiarForm(parsed.reference)).toBe('nginx:1.27')
})
