import type { Scene } from '../scenes/scene'
import { type Box, type Grid, gridBelow, gridIn, gutter, plateMiddle } from './grid'
import { type Point, railPath } from './rail'
import { EDGE, type HubSpot, noSide, SIDE, sideAbove, sideLeft, TOP } from './side'

export interface Spot {
  readonly x: number
  readonly y: number
  readonly size: number
}

/** Where everything of the machines view stands, in the drawing's own pixels. */
export interface Places {
  readonly width: number
  readonly height: number
  readonly narrow: boolean
  readonly grid: Grid
  readonly machines: ReadonlyMap<string, Box>
  readonly tiles: ReadonlyMap<string, Spot>
  readonly ghosts: readonly (Spot & { readonly id: string; readonly hue: number; readonly workload: string })[]
  readonly stacks: ReadonlyMap<string, Box>
  readonly tray: Box & { readonly detailed: boolean; readonly more: number }
  readonly rows: ReadonlyMap<string, Box>
  readonly rowsTitle: Point
  readonly ledgers: ReadonlyMap<string, Box>
  readonly hubs: ReadonlyMap<string, HubSpot>
  readonly hubsTitle: Point | undefined
  /** The path that draws all of a hub's branches. */
  readonly rails: ReadonlyMap<string, string>
  /** The way of a request from a hub to a tile: `hub tile` → points. */
  readonly routes: ReadonlyMap<string, readonly Point[]>
}

/** Pure: the same scene and size give the same places. The height grows where the width does not suffice. */
export function placeMachines(scene: Scene, size: { width: number; height: number }): Places {
  const narrow = size.width < 600
  const slots = Math.max(...scene.machines.filter((machine) => !machine.collapsed).map((machine) => machine.slots), 0)
  const stacked = scene.machines.map((machine) => scene.stacks.filter((stack) => stack.machine === machine.name).length)
  const wanted = { count: scene.machines.length, slots: Math.max(slots, Math.max(...stacked, 0) * 2) }
  const side = narrow ? sideAbove(scene, size.width) : sideLeft(scene)
  const area = narrow
    ? { x: EDGE + 10, y: noSide(scene) ? TOP : side.bottom + 14, w: size.width - 2 * EDGE - 10 }
    : noSide(scene)
      ? { x: EDGE, y: TOP, w: size.width - EDGE * 2 }
      : { x: EDGE + SIDE + gutter, y: TOP, w: size.width - EDGE * 2 - SIDE - gutter + 2 }
  const grid = chooseGrid(area, size, narrow, wanted)
  const machines = new Map<string, Box>()
  const gap = scene.machines.length > 24 ? 8 : gutter
  scene.machines.forEach((machine, i) => {
    const column = i % grid.columns
    const row = Math.floor(i / grid.columns)
    machines.set(machine.name, {
      x: area.x + column * (grid.cell.w + gap),
      y: area.y + row * (grid.cell.h + gap),
      ...grid.cell,
    })
  })
  const bottom = area.y + grid.rows * (grid.cell.h + gap) - gap
  const tiles = placeTiles(scene, machines, grid, side.tray)
  const lines = routeAll(scene, { machines, tiles: tiles.spots, hubs: side.hubs, grid, area })
  return {
    width: size.width,
    height: Math.max(size.height, bottom + TOP, side.bottom + TOP),
    narrow,
    grid,
    machines,
    tiles: tiles.spots,
    ghosts: tiles.ghosts,
    stacks: placeStacks(scene, machines, grid),
    tray: { ...side.tray, detailed: tiles.detailed, more: tiles.more },
    rows: side.rows,
    rowsTitle: side.rowsTitle,
    ledgers: side.ledgers,
    hubs: side.hubs,
    hubsTitle: side.hubsTitle,
    ...lines,
  }
}

function chooseGrid(
  area: { y: number; w: number },
  size: { height: number },
  narrow: boolean,
  wanted: { count: number; slots: number },
): Grid {
  if (narrow) return gridBelow(area.w, 1, wanted)
  const grid = gridIn({ w: area.w, h: size.height - TOP - EDGE }, wanted)
  if (wanted.count > 12 || (grid.frame.kind !== 'brief' && grid.fit.size >= (wanted.count > 6 ? 18 : 22))) return grid
  return gridBelow(area.w, area.w >= 420 ? 2 : 1, wanted)
}

/** More ghosts than this the tray never has room for. */
const MOST_GHOSTS = 40

function placeTiles(scene: Scene, machines: ReadonlyMap<string, Box>, grid: Grid, tray: Box) {
  const spots = new Map<string, Spot>()
  const { fit, frame, perRow } = grid
  const smallCount = new Map<string, number>()
  const noteWidths = new Map(
    scene.machines.map((machine) => [
      machine.name,
      (machine.note === '' ? 0 : machine.note.length * 6.4 + 12) + (machine.crown ? 32 : 0),
    ]),
  )
  for (const tile of scene.tiles) {
    const box = tile.machine === undefined ? undefined : machines.get(tile.machine)
    if (!box) continue
    if (tile.small) {
      const before = smallCount.get(tile.machine!) ?? 0
      smallCount.set(tile.machine!, before + 1)
      const size = { full: 12, snug: 12, brief: 8, cell: 5 }[frame.kind]
      const note = frame.kind === 'brief' || frame.kind === 'cell' ? 0 : (noteWidths.get(tile.machine!) ?? 0)
      spots.set(tile.id, {
        x: box.x + box.w - frame.side - note - size - before * (size + 5),
        y: box.y + plateMiddle(frame) - size / 2,
        size,
      })
      continue
    }
    const x = box.x + frame.side + (tile.slot % perRow) * fit.pitchX
    spots.set(tile.id, { x, y: box.y + frame.head + Math.floor(tile.slot / perRow) * fit.pitchY, size: fit.size })
  }
  const waiting = scene.tiles.filter((tile) => tile.machine === undefined)
  const missing = scene.ghosts.reduce((sum, ghost) => sum + ghost.count, 0)
  const total = scene.waiting + missing
  const ghosts = scene.ghosts.flatMap((ghost) =>
    Array.from({ length: Math.min(ghost.count, MOST_GHOSTS) }, (_, n) => ({ ghost, n })),
  )
  const detailed = total === 1 && waiting.length === 1
  const spotOf = traySpots(tray, total, detailed)
  waiting.forEach((tile, i) => {
    const spot = spotOf(i)
    if (spot) spots.set(tile.id, spot)
  })
  const shown = ghosts.flatMap(({ ghost, n }, i) => {
    const spot = spotOf(waiting.length + i)
    return spot ? [{ id: `${ghost.id} ${n}`, hue: ghost.hue, workload: ghost.workload, ...spot }] : []
  })
  return { spots, ghosts: shown, detailed, more: Math.max(0, total - trayRoom(tray, total)) }
}

function trayStep(total: number): number {
  return total <= 4 ? 30 : 17
}
function trayRoom(tray: Box, total: number): number {
  const step = trayStep(total)
  const across = Math.floor((tray.w - 24) / (step + 5))
  return total <= 4 ? across : across * 2
}
function traySpots(tray: Box, total: number, detailed: boolean): (i: number) => Spot | undefined {
  if (detailed) return () => ({ x: tray.x + 14, y: tray.y + 33, size: 34 })
  const size = trayStep(total)
  const across = Math.floor((tray.w - 24) / (size + 5))
  const room = trayRoom(tray, total)
  return (i) => {
    if (i >= room) return undefined
    return { x: tray.x + 14 + (i % across) * (size + 5), y: tray.y + 33 + Math.floor(i / across) * (size + 5), size }
  }
}

function placeStacks(scene: Scene, machines: ReadonlyMap<string, Box>, grid: Grid): Map<string, Box> {
  const stacks = new Map<string, Box>()
  const used = new Map<string, number>()
  const total = new Map<string, number>()
  for (const { machine } of scene.stacks) total.set(machine, (total.get(machine) ?? 0) + 1)
  for (const stack of scene.stacks) {
    const box = machines.get(stack.machine)
    if (!box) continue
    const n = used.get(stack.machine) ?? 0
    used.set(stack.machine, n + 1)
    const { head, side, kind } = grid.frame
    const usual = kind === 'brief' || kind === 'cell' ? 14 : 24
    // many workloads in a small box: thinner bars, but all of them in it
    const h = Math.min(usual, (box.h - head - grid.frame.foot + 2) / total.get(stack.machine)!)
    const thick = Math.max(1.5, h - Math.min(4, h / 3))
    stacks.set(stack.id, { x: box.x + side, y: box.y + head + n * h, w: box.w - 2 * side, h: thick })
  }
  return stacks
}

interface Ground {
  readonly machines: ReadonlyMap<string, Box>
  readonly tiles: ReadonlyMap<string, Spot>
  readonly hubs: ReadonlyMap<string, HubSpot>
  readonly grid: Grid
  readonly area: { readonly x: number; readonly y: number }
}

/**
 * Rails run where nothing stands: from the hub to the channel beside the machines, along the gutter between two rows of
 * them, up or down the gutter before a column, and above a row of tiles to the tile. Several hubs keep apart by lanes.
 */
function routeAll(scene: Scene, ground: Ground): Pick<Places, 'rails' | 'routes'> {
  const rails = new Map<string, string>()
  const routes = new Map<string, readonly Point[]>()
  const machineOf = new Map(scene.tiles.map((tile) => [tile.id, tile.machine]))
  scene.hubs.slice(0, 5).forEach((hub, lane) => {
    const from = ground.hubs.get(hub.id)
    if (!from) return
    const ways: Point[][] = []
    for (const id of hub.endpoints) {
      const spot = ground.tiles.get(id)
      const machine = machineOf.get(id)
      const box = machine === undefined ? undefined : ground.machines.get(machine)
      if (!spot || !box) continue
      const way = wayTo({ from, spot, box, lane, ground })
      ways.push(way)
      routes.set(`${hub.id} ${id}`, way)
    }
    rails.set(hub.id, railPath(ways))
  })
  return { rails, routes }
}

function wayTo({
  from,
  spot,
  box,
  lane,
  ground,
}: {
  from: HubSpot
  spot: Spot
  box: Box
  lane: number
  ground: Ground
}): Point[] {
  const { area, grid } = ground
  const shift = lane * 3.5
  // a service above the machines lets its rail out at the left, where no words stand
  const isOver = from.row !== undefined && from.row.x + from.row.w > area.x
  const channel = area.x - 13 + (isOver ? -shift : shift)
  const target: Point = [spot.x + spot.size / 2, spot.y - 1]
  const above = spot.y - 7 - (lane % 3) * 2.5
  const out = from.y
  const right = from.row && !isOver ? from.row.x + from.row.w + 4 : from.x + from.r
  const start: Point[] = [[isOver ? from.x - from.r : right, from.y]]
  if (box.x - area.x < 1) return [...start, [channel, out], [channel, above], [target[0], above], target]
  const along = gutterNear(from.y, area.y, grid) + shift - 4
  const before = box.x - 13 + shift
  return [...start, [channel, out], [channel, along], [before, along], [before, above], [target[0], above], target]
}

/** The middle of the gutter between two rows of machines that lies nearest to y; with one row, the edge above it. */
function gutterNear(y: number, top: number, grid: Grid): number {
  if (grid.rows < 2) return top - 8
  let best = top + grid.cell.h + gutter / 2
  for (let row = 2; row < grid.rows; row++) {
    const middle = top + row * (grid.cell.h + gutter) - gutter / 2
    if (Math.abs(middle - y) < Math.abs(best - y)) best = middle
  }
  return best
}
