import type { HubMark, Scene } from '../scenes/scene'
import type { Box } from './grid'
import type { Point } from './rail'

export interface HubSpot {
  readonly x: number
  readonly y: number
  readonly r: number
  /** One line of a list, with its words beside the disc; undefined: a large one, words below. */
  readonly row: Box | undefined
}

/** What stands beside (or above) the machines: what waits, what is wanted, the services, what became of requests. */
export interface Side {
  readonly tray: Box
  readonly rows: ReadonlyMap<string, Box>
  readonly rowsTitle: Point
  readonly ledgers: ReadonlyMap<string, Box>
  readonly hubs: ReadonlyMap<string, HubSpot>
  /** Where the list of services begins; undefined: there is none. */
  readonly hubsTitle: Point | undefined
  readonly bottom: number
}

export const SIDE = 164
export const EDGE = 18
export const TOP = 20
const ROW = 19
const LEDGER = 36
const LARGE = 112
const MOST_LARGE = 2
const TITLE = 28

/** Nothing stands beside the machines: they have all the room. */
export const noSide = ({ orchestrated, hubs, ledger }: Scene): boolean =>
  !orchestrated && hubs.length === 0 && ledger.length === 0

/** The column at the left. Services that nobody sends requests to are one line each. */
export function sideLeft(scene: Scene): Side {
  const tray = { x: EDGE, y: TOP, w: SIDE, h: scene.orchestrated ? 78 : 0 }
  const rowsTitle: Point = [EDGE, scene.orchestrated ? tray.y + tray.h + TITLE : TOP - 18]
  const rows = listed(scene.rows, { x: EDGE, y: rowsTitle[1] + 12, w: SIDE })
  const { large, small } = bySize(scene.hubs)
  let y = rowsTitle[1] + (scene.rows.length === 0 ? 30 : 12 + scene.rows.length * ROW)
  const hubs = new Map<string, HubSpot>()
  const hubsTitle: Point | undefined = small.length > 0 ? [EDGE, y + TITLE - 4] : undefined
  if (hubsTitle) {
    y = hubsTitle[1] + 12
    for (const [id, box] of listed(small, { x: EDGE, y, w: SIDE })) hubs.set(id, rowSpot(box))
    y += small.length * ROW
  }
  y += large.length > 0 ? 14 : 6
  for (const hub of large) {
    hubs.set(hub.id, { x: EDGE + 84, y: y + 27, r: 25, row: undefined })
    y += LARGE
  }
  const ledgers = ledgerBoxes(scene, { x: EDGE, y: y + 2, w: SIDE })
  return { tray, rows, rowsTitle, ledgers, hubs, hubsTitle, bottom: y + ledgers.size * LEDGER }
}

/** The same above the machines, for a telephone held upright: the lists in two columns. */
export function sideAbove(scene: Scene, width: number): Side {
  const half = (width - 2 * EDGE - 14) / 2
  const right = EDGE + half + 14
  const tray = { x: EDGE, y: 14, w: half, h: scene.orchestrated ? 80 : 0 }
  const rowsTitle: Point = [right, 26]
  const rows = listed(scene.rows, { x: right, y: 36, w: half })
  const hubsTitle: Point | undefined = scene.hubs.length > 0 ? [EDGE, tray.y + tray.h + 26] : undefined
  const hubs = new Map(
    [...listed(scene.hubs, { x: EDGE, y: (hubsTitle?.[1] ?? 0) + 10, w: half - 6 })].map(([id, box]) => [
      id,
      rowSpot(box),
    ]),
  )
  const leftEnd = hubsTitle ? hubsTitle[1] + 12 + scene.hubs.length * ROW : tray.y + tray.h
  const rightEnd = 36 + scene.rows.length * ROW
  const ledgers = ledgerBoxes(scene, { x: right, y: rightEnd + 8, w: half })
  return {
    tray,
    rows,
    rowsTitle,
    ledgers,
    hubs,
    hubsTitle,
    bottom: Math.max(leftEnd, rightEnd + 8 + ledgers.size * LEDGER) + 6,
  }
}

/** A single service is large; of several those that requests are sent to, two at most. */
function bySize(hubs: readonly HubMark[]): { large: readonly HubMark[]; small: readonly HubMark[] } {
  const large = hubs.length === 1 ? hubs : hubs.filter((hub) => hub.rate > 0).slice(0, MOST_LARGE)
  return { large, small: hubs.filter((hub) => !large.includes(hub)) }
}

function listed(marks: readonly { readonly id: string }[], at: { x: number; y: number; w: number }): Map<string, Box> {
  return new Map(marks.map((mark, i) => [mark.id, { x: at.x, y: at.y + i * ROW, w: at.w, h: ROW }]))
}

const rowSpot = (row: Box): HubSpot => ({ x: row.x + 6, y: row.y + row.h / 2, r: 6, row })

/** The newest ledgers only: old ones stay in the inspector. */
function ledgerBoxes(scene: Scene, at: { x: number; y: number; w: number }): Map<string, Box> {
  return new Map(
    scene.ledger.slice(-2).map((ledger, i) => [ledger.id, { x: at.x, y: at.y + i * LEDGER, w: at.w, h: LEDGER - 6 }]),
  )
}
