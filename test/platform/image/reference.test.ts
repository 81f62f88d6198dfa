import { expect, test } from 'vitest'
import { familiarForm, localName, parseReference } from '../../../src/platform/image/reference'

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
