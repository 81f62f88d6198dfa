import { describe, expect, test } from 'vitest'
import { Book, differencesOf, machinesScene } from '../../src/picture/scenes'
import { Yard } from './build'

const sceneOf = (yard: Yard) => machinesScene(yard.store, new Book().follow(yard.store))

function shop(): Yard {
  const yard = new Yard().machine('worker-1').node('worker-1').machine('worker-2').node('worker-2')
  return yard.pod('web-1', { node: 'worker-1' }).pod('web-2', { node: 'worker-2' })
}

describe('two futures at the same moment', () => {
  test('the same world differs in nothing', () => {
    expect(differencesOf(sceneOf(shop()), sceneOf(shop()))).toEqual({ here: [], there: [], says: [] })
  })

  test('machines and pods that stand otherwise are named on both sides, those of one side on that side', () => {
    const here = sceneOf(shop().pod('web-3', { node: 'worker-1' }))
    const there = sceneOf(shop().machine('worker-2', { power: 'off', powerSince: 5 }).pod('web-4'))
    const { here: mine, there: theirs, says } = differencesOf(here, there)
    expect(says).toContain('worker-2: here in order, there without power')
    expect(says.filter((line) => line.startsWith('web-3'))).toEqual([
      expect.stringMatching(/^web-3: here .* on worker-1, not there$/),
    ])
    expect(says.filter((line) => line.startsWith('web-4'))).toEqual([
      expect.stringMatching(/^web-4: not here, there .* without a machine$/),
    ])
    const idOf = (scene: typeof here, name: string) =>
      [...scene.tiles, ...scene.machines].find((mark) => mark.name === name)!.id
    expect(mine).toContain(idOf(here, 'web-3'))
    expect(theirs).toContain(idOf(there, 'web-4'))
    expect(mine).toContain(idOf(here, 'worker-2'))
    expect(theirs).toContain(idOf(there, 'worker-2'))
    expect([...mine, ...theirs]).not.toContain(idOf(here, 'web-1'))
  })

  test('hundreds of differences are told in forty sentences', () => {
    const many = shop()
    for (let i = 0; i < 45; i++) many.pod(`more-${i}`, { node: 'worker-1' })
    const { here, says } = differencesOf(sceneOf(many), sceneOf(shop()))
    expect(here.length).toBeGreaterThanOrEqual(45)
    expect(says).toHaveLength(41)
    expect(says.at(-1)).toMatch(/^and \d+ more$/)
  })
})
