/** How large tiles are, from roomy to a mere cell. Below 26 they bear no label, below 13 no glyph. */
export interface TileFit {
  readonly size: number
  readonly pitchX: number
  readonly pitchY: number
  readonly labels: boolean
}

const sizes = [42, 38, 34, 30, 26, 22, 18, 15, 12, 9, 7, 5] as const

/** From one tile to the next at least so far: a label of five letters needs 44. */
const leastPitch = (size: number) => (size >= 26 ? Math.max(size + 9, 45) : size + Math.max(3, size / 3))
const pitchDown = (size: number) => (size >= 26 ? size + 27 : size + Math.max(3, size / 2.4))

export interface Box {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/** What of a machine's box is not tiles. Snug ones have both bars in one line, brief ones a low plate and no bars, cells a lamp only. */
export interface Frame {
  readonly kind: 'full' | 'snug' | 'brief' | 'cell'
  readonly head: number
  readonly foot: number
  readonly side: number
}
const full: Frame = { kind: 'full', head: 46, foot: 46, side: 16 }
const snug: Frame = { kind: 'snug', head: 36, foot: 24, side: 14 }
const cell: Frame = { kind: 'cell', head: 12, foot: 4, side: 5 }
const brief: Frame = { kind: 'brief', head: 28, foot: 8, side: 10 }

export interface Grid {
  readonly columns: number
  readonly rows: number
  readonly cell: { readonly w: number; readonly h: number }
  readonly frame: Frame
  readonly fit: TileFit
  /** Tiles in one row of a machine. */
  readonly perRow: number
}

/** Where name, lamp and note stand in a machine's plate. */
export const plateMiddle = (frame: Frame) =>
  frame.kind === 'cell' ? 6 : frame.kind === 'brief' ? 15 : frame.kind === 'snug' ? 18 : 21

const GUTTER = 24
/** Taller boxes than this would be mostly empty. */
const TALLEST = 330

export const gutter = GUTTER

interface Wanted {
  readonly count: number
  /** The most slots that any machine needs. */
  readonly slots: number
}

/** Tiles of one size in a box: as many to a row as there is room for, spread over the row. */
function fitOf(size: number, room: number): { fit: TileFit; perRow: number } {
  const perRow = Math.max(1, Math.floor((room - size) / leastPitch(size)) + 1)
  const spread = perRow > 1 ? (room - size) / (perRow - 1) : size
  const pitchX = size >= 26 ? Math.min(spread, Math.max(size * 1.57, 56)) : leastPitch(size)
  return { fit: { size, pitchX, pitchY: pitchDown(size), labels: size >= 26 }, perRow }
}

function fitInto(w: number, h: number, frame: Frame, slots: number): { fit: TileFit; perRow: number } | undefined {
  for (const size of sizes) {
    if (size > w - 2 * frame.side) continue
    const found = fitOf(size, w - 2 * frame.side)
    const rows = Math.floor(
      (h - frame.head - frame.foot + (size >= 26 ? 4 : found.fit.pitchY - size)) / found.fit.pitchY,
    )
    if (found.perRow * rows >= Math.max(slots, 1)) return found
  }
  return undefined
}

/** The full frame where tiles in it are still large enough to bear labels; else the one in which they are largest. */
function frameFor(w: number, h: number, slots: number): [Frame, ReturnType<typeof fitInto>] {
  if (w < 72 || h < 52) return [cell, fitInto(w, h, cell, slots)]
  if (w < 172 || h < 88) return [brief, fitInto(w, h, brief, slots)]
  const inFull = h < 130 ? undefined : fitInto(w, h, full, slots)
  const inSnug = fitInto(w, h, snug, slots)
  const wins = inFull && (inFull.fit.size >= 30 || inFull.fit.size >= (inSnug?.fit.size ?? 0))
  return wins ? [full, inFull] : [snug, inSnug]
}

/** What tiles of a size are worth, in points: each step down costs about as much. */
const worth: Readonly<Record<number, number>> = {
  42: 262,
  38: 255,
  34: 247,
  30: 238,
  26: 228,
  22: 216,
  18: 202,
  15: 190,
  12: 174,
  9: 154,
  7: 136,
  5: 113,
}

/** How far two ratios are apart, 0 for equal ones; twice as much and half as much are equally far (0.67). */
function apart(a: number, b: number): number {
  const times = a > b ? a / b : b / a
  return (2 * (times - 1)) / (times + 1)
}

/** What it costs, in points of the arrangement's score, to show less of each machine. */
const penalties: Readonly<Record<Frame['kind'], number>> = { full: 0, snug: 15, brief: 70, cell: 110 }

/** The arrangement of equal boxes in which tiles are largest and boxes have the best shape. */
export function gridIn(area: { w: number; h: number }, wanted: Wanted): Grid {
  let best: { score: number; grid: Grid } | undefined
  for (let columns = 1; columns <= Math.max(1, wanted.count); columns++) {
    const rows = Math.ceil(wanted.count / columns) || 1
    const gap = wanted.count > 24 ? 8 : GUTTER
    const w = (area.w - (columns - 1) * gap) / columns
    const h = Math.min(TALLEST, (area.h - (rows - 1) * gap) / rows)
    const [frame, found] = frameFor(w, h, wanted.slots)
    if (!found) continue
    const empty = rows * columns - wanted.count
    const shape = apart(w / h, 1.45)
    const score = worth[found.fit.size]! - 60 * shape - (30 * empty) / columns - penalties[frame.kind]
    if (best === undefined || score > best.score)
      best = { score, grid: { columns, rows, cell: { w, h }, frame, ...found } }
  }
  return best?.grid ?? cellsBelow(area.w, wanted)
}

/** More than there is room for: cells as small as they can be, and the page scrolls. */
function cellsBelow(width: number, wanted: Wanted): Grid {
  const columns = Math.max(1, Math.floor((width + 8) / 56))
  const w = (width - (columns - 1) * 8) / columns
  const found = fitOf(7, w - 2 * cell.side)
  const h = cell.head + Math.ceil(Math.max(1, wanted.slots) / found.perRow) * found.fit.pitchY + cell.foot
  return { columns, rows: Math.ceil(wanted.count / columns), cell: { w, h }, frame: cell, ...found }
}

/** Boxes as high as their tiles need, one below the other in so many columns: the page scrolls. */
export function gridBelow(width: number, columns: number, wanted: Wanted): Grid {
  const w = (width - (columns - 1) * GUTTER) / columns
  const { fit, perRow } = fitOf(38, w - 2 * snug.side)
  const lines = Math.max(1, Math.ceil(wanted.slots / perRow))
  const h = snug.head + lines * fit.pitchY + snug.foot
  return { columns, rows: Math.ceil(wanted.count / columns), cell: { w, h }, frame: snug, fit, perRow }
}
