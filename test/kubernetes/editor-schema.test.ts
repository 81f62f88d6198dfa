import { expect, test } from 'vitest'
import { editorSchema, resources } from '../../src/kubernetes'

const schema = editorSchema() as any

test('every kind that can be made is one of the choices, told by apiVersion and kind', () => {
  const kinds = schema.oneOf.map((one: any) => `${one.properties.apiVersion.enum[0]} ${one.properties.kind.enum[0]}`)
  const made = resources.filter(({ verbs }) => verbs.includes('create'))
  expect(kinds).toEqual(made.map((one) => `${one.group === '' ? '' : `${one.group}/`}${one.version} ${one.kind}`))
})

test('every type that is referred to is defined, and the same type once', () => {
  const text = JSON.stringify(schema)
  const names = new Set([...text.matchAll(/"#\/definitions\/([^"]+)"/g)].map(([, name]) => name))
  expect([...names].sort()).toEqual(Object.keys(schema.definitions).sort())
  expect([...names].filter((name) => /^(PodSpec|Container|ObjectMeta)(-\d+)?$/.test(name!)).sort()).toContain('PodSpec')
  expect([...names].filter((name) => name!.startsWith('PodSpec'))).toEqual(['PodSpec'])
})

test('a field says what Drydock makes of it', () => {
  const policy = schema.oneOf.find((one: any) => one.title === 'Service').properties.spec
  const spec = schema.definitions[policy.allOf[0].$ref.replace('#/definitions/', '')]
  expect(spec.properties.trafficDistribution.description).toMatch(/Drydock: simplified: PreferSameNode/)
})
