import { describe, expect, test } from 'vitest'
import { gridIn } from '../../src/picture/place/grid'
import { placeMachines } from '../../src/picture/place/machines'
import { pointAlong, roundPath } from '../../src/picture/place/rail'
import { Book, machinesScene } from '../../src/picture/scenes'
import { running, Yard } from './build'

function sceneWith(machines: number, pods: number, services = 1) {
  const yard = new Yard()
  for (let m = 0; m < machines; m++) yard.machine(`m${m}`).node(`m${m}`)
  for (let p = 0; p < pods; p++) yard.pod(`p${p}`, { node: `m${p % machines}`, status: running(true) })
  for (let s = 0; s < services; s++)
    yard.service(
      `s${s}`,
      Array.from({ length: Math.min(pods, 4) }, (_, i) => ({ pod: `p${i}`, ready: true })),
    )
  yard.deployment('web', 8)
  return machinesScene(yard.store, new Book().follow(yard.store))
}

interface Box {
  x: number
  y: number
  w: number
  h: number
}
const inside = (inner: Box, outer: Box) =>
  inner.x >= outer.x - 0.5 &&
  inner.y >= outer.y - 0.5 &&
  inner.x + inner.w <= outer.x + outer.w + 0.5 &&
  inner.y + inner.h <= outer.y + outer.h + 0.5
const apart = (a: Box, b: Box) =>
  a.x + a.w <= b.x + 0.5 || b.x + b.w <= a.x + 0.5 || a.y + a.h <= b.y + 0.5 || b.y + b.h <= a.y + 0.5
const square = (spot: { x: number; y: number; size: number }): Box => ({
  x: spot.x,
  y: spot.y,
  w: spot.size,
  h: spot.size,
})

const rooms: [name: string, width: number, height: number][] = [
  ['desktop', 808, 484],
  ['small', 800, 264],
  ['telephone', 390, 300],
  ['large', 1400, 900],
]
const loads: [machines: number, pods: number][] = [
  [1, 0],
  [1, 12],
  [4, 20],
  [4, 120],
  [6, 40],
  [12, 100],
  [40, 200],
  [120, 600],
]

describe.each(rooms)('%s', (_, width, height) => {
  test.each(loads)('%i machines with %i pods: nothing overlaps, everything is on the paper', (machines, pods) => {
    const scene = sceneWith(machines, pods)
    const places = placeMachines(scene, { width, height })
    const paper = { x: 0, y: 0, w: places.width, h: places.height }
    const boxes = [...places.machines.values()]
    expect(boxes).toHaveLength(machines)
    for (const box of boxes) expect(inside(box, paper)).toBe(true)
    for (let i = 0; i < boxes.length; i++)
      for (let j = i + 1; j < boxes.length; j++) expect(apart(boxes[i]!, boxes[j]!)).toBe(true)
    const byMachine = new Map<string, Box[]>()
    for (const tile of scene.tiles) {
      const spot = square(places.tiles.get(tile.id)!)
      expect(inside(spot, places.machines.get(tile.machine!)!)).toBe(true)
      const others = byMachine.get(tile.machine!) ?? []
      for (const other of others) expect(apart(spot, other)).toBe(true)
      byMachine.set(tile.machine!, [...others, spot])
    }
  })
})

describe('rails', () => {
  test('each endpoint has a way from its hub, which ends at the tile', () => {
    const scene = sceneWith(4, 8)
    const places = placeMachines(scene, { width: 808, height: 484 })
    const hub = scene.hubs[0]!
    for (const id of hub.endpoints) {
      const way = places.routes.get(`${hub.id} ${id}`)!
      const spot = places.tiles.get(id)!
      expect(way[way.length - 1]).toEqual([spot.x + spot.size / 2, spot.y - 1])
    }
    expect(places.rails.get(hub.id)).toMatch(/^M/)
  })

  test('rails run beside machines, not across them', () => {
    const scene = sceneWith(4, 16)
    const places = placeMachines(scene, { width: 808, height: 484 })
    const hub = scene.hubs[0]!
    const target = new Map(scene.tiles.map((tile) => [tile.id, tile.machine!]))
    for (const id of hub.endpoints) {
      const way = places.routes.get(`${hub.id} ${id}`)!
      for (const [name, box] of places.machines) {
        if (name === target.get(id)) continue
        for (let share = 0; share <= 1; share += 0.02) {
          const [x, y] = pointAlong(way, share)
          expect(x > box.x && x < box.x + box.w && y > box.y && y < box.y + box.h).toBe(false)
        }
      }
    }
  })

  test.each([
    [0, [0, 0]],
    [0.25, [5, 0]],
    [0.5, [10, 0]],
    [1, [10, 10]],
    [2, [10, 10]],
  ])('the point at %d of a way', (share, point) => {
    expect(
      pointAlong(
        [
          [0, 0],
          [10, 0],
          [10, 10],
        ],
        share,
      ),
    ).toEqual(point)
  })

  test('corners are rounded, straight ends are not', () => {
    expect(
      roundPath([
        [0, 0],
        [20, 0],
        [20, 20],
      ]),
    ).toBe('M0 0L13 0Q20 0 20 7L20 20')
    expect(
      roundPath([
        [0, 0],
        [20, 0],
      ]),
    ).toBe('M0 0L20 0')
    expect(roundPath([])).toBe('')
  })
})

describe('tray', () => {
  test('one that waits is shown with its name; many get smaller, and the rest is counted', () => {
    const yard = new Yard().machine('m').node('m')
    yard.pod('one')
    const place = () =>
      placeMachines(machinesScene(yard.store, new Book().follow(yard.store)), { width: 808, height: 484 })
    expect(place().tray).toMatchObject({ detailed: true, more: 0 })
    for (let i = 0; i < 30; i++) yard.pod(`p${i}`)
    const { tray, tiles } = place()
    expect(tray.detailed).toBe(false)
    expect(tray.more).toBe(31 - tiles.size)
    expect(tray.more).toBeGreaterThan(0)
    for (const spot of tiles.values()) expect(inside(square(spot), tray)).toBe(true)
  })
})

describe('grid', () => {
  test('four machines of a usual stage stand two by two with labelled tiles', () => {
    const grid = gridIn({ w: 586, h: 446 }, { count: 4, slots: 5 })
    expect([grid.columns, grid.rows, grid.frame.kind, grid.fit.labels]).toEqual([2, 2, 'full', true])
  })
  test('more pods make smaller tiles, never more room', () => {
    const sizeFor = (slots: number) => gridIn({ w: 586, h: 446 }, { count: 4, slots }).fit.size
    expect(sizeFor(5)).toBeGreaterThanOrEqual(sizeFor(10))
    expect(sizeFor(10)).toBeGreaterThan(sizeFor(40))
  })
})
