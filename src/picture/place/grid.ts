/** How large tiles are, from roomy to a mere cell. Below 26 they bear no label, below 13 no glyph. */
export interface TileFit {
  readonly size: number
  readonly pitchX: number
  readonly pitchY: number
  readonly labels: boolean
}

const fits: readonly TileFit[] = [42, 38, 34, 30, 26, 22, 18, 15, 12, 9, 7, 5].map((size) => ({
  size,
  pitchX: size >= 26 ? Math.max(size * 1.55, 56) : size + Math.max(3, size / 3),
  pitchY: size >= 26 ? size + 26 : size + Math.max(3, size / 2.4),
  labels: size >= 26,
}))

export interface Box {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/** What of a machine's box is not tiles. Brief machines have a low plate and no bars. */
export interface Frame {
  readonly brief: boolean
  readonly head: number
  readonly foot: number
  readonly side: number
}
const full: Frame = { brief: false, head: 46, foot: 46, side: 16 }
const brief: Frame = { brief: true, head: 28, foot: 8, side: 10 }

export interface Grid {
  readonly columns: number
  readonly rows: number
  readonly cell: { readonly w: number; readonly h: number }
  readonly frame: Frame
  readonly fit: TileFit
  /** Tiles in one row of a machine. */
  readonly perRow: number
}

const GUTTER = 24
/** Taller boxes than this would be mostly empty. */
const TALLEST = 330

export const gutter = GUTTER

interface Wanted {
  readonly count: number
  /** The most slots that any machine needs. */
  readonly slots: number
}

function fitInto(w: number, h: number, frame: Frame, slots: number): { fit: TileFit; perRow: number } | undefined {
  for (const fit of fits) {
    const perRow = Math.floor((w - 2 * frame.side + (fit.pitchX - fit.size)) / fit.pitchX)
    const rows = Math.floor((h - frame.head - frame.foot + (fit.labels ? 0 : fit.pitchY - fit.size)) / fit.pitchY)
    if (perRow > 0 && perRow * rows >= Math.max(slots, 1)) return { fit, perRow }
  }
  return undefined
}

/** The arrangement of equal boxes in which tiles are largest and boxes have the best shape. */
export function gridIn(area: { w: number; h: number }, wanted: Wanted): Grid {
  let best: { score: number; grid: Grid } | undefined
  for (let columns = 1; columns <= Math.max(1, wanted.count); columns++) {
    const rows = Math.ceil(wanted.count / columns) || 1
    const gap = wanted.count > 24 ? 8 : GUTTER
    const w = (area.w - (columns - 1) * gap) / columns
    const h = Math.min(TALLEST, (area.h - (rows - 1) * gap) / rows)
    const frame = w >= 180 && h >= 130 ? full : brief
    const found = fitInto(w, h, frame, wanted.slots)
    if (!found) continue
    const empty = rows * columns - wanted.count
    const shape = Math.abs(w / h - 1.35)
    const score = found.fit.size * 10 - shape * 22 - empty * 14 + (frame.brief ? -60 : 0)
    if (best === undefined || score > best.score) best = { score, grid: { columns, rows, cell: { w, h }, frame, ...found } }
  }
  return best?.grid ?? { columns: 1, rows: wanted.count, cell: { w: area.w, h: 140 }, frame: full, fit: fits[3]!, perRow: 1 }
}

/** Boxes as high as their tiles need, one below the other in so many columns: the page scrolls. */
export function gridBelow(width: number, columns: number, wanted: Wanted): Grid {
  const w = (width - (columns - 1) * GUTTER) / columns
  const fit = fits[1]!
  const perRow = Math.max(1, Math.floor((w - 2 * full.side + (fit.pitchX - fit.size)) / fit.pitchX))
  const lines = Math.max(1, Math.ceil(wanted.slots / perRow))
  const h = full.head + lines * fit.pitchY + full.foot
  return { columns, rows: Math.ceil(wanted.count / columns), cell: { w, h }, frame: full, fit, perRow }
}
