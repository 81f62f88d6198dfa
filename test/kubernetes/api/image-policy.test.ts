import { expect, test } from 'vitest'
import { fits } from '../../../src/kubernetes/api/admission-plugins/image-policy'

// cases of glob_test.go of the policy-controller, and of its documentation
test.each([
  ['**', 'registry:5000/a/b@sha256:0', true],
  ['*', 'alpine', true],
  ['*', 'you/alpine', false],
  ['registry:5000/*', 'registry:5000/shop', true],
  ['registry:5000/*', 'registry:5000/shop/web', false],
  ['registry:5000/**', 'registry:5000/shop/web', true],
  ['**/nginx*', 'index.docker.io/library/nginx', true],
  ['gcr.io/*/app', 'gcr.io/team/app', true],
  ['gcr.io/*/app', 'gcrXio/team/app', false],
  ['registry:5000/shop', 'registry:5000/shop2', false],
  ['', 'x', false],
  ['', '', true],
])('the pattern %s and the image %s', (glob, name, fit) => {
  expect(fits(glob, name)).toBe(fit)
})

test('a hostile pattern takes no time', () => {
  const began = performance.now()
  expect(fits('**a'.repeat(160), `${'a'.repeat(200)}b`)).toBe(false)
  expect(performance.now() - began).toBeLessThan(500)
})
