import { faceMark } from './mark'
import type { Motion } from './motion'
import { leave, moveTo, scaleTo } from './move'
import { buildTile, dressTile, type PlacedTile, type TileSelection, tilePlace, tileScale } from './tile'
import type { Layer } from './view'

/** Tiles joined, grown, moved and shrunk; used by views whose tiles stand in no machine. */
export function drawTiles(layer: Layer, placed: readonly PlacedTile[], stripes: string, motion: Motion): void {
  const join: TileSelection = layer.selectAll<SVGGElement, PlacedTile>('g.tile').data(placed, (d) => d.mark.id)
  leave(join.exit(), motion.enter)
  const made = join.enter().append('g').attr('class', 'mark tile').attr('role', 'button').attr('tabindex', -1)
  buildTile(made, stripes)
  made.attr('transform', tilePlace).attr('data-at', tilePlace)
  const bodies = made.select<SVGGElement>('.body').attr('data-at', (d) => tileScale(d))
  if (motion.enter > 0) {
    bodies
      .attr('transform', (d) => tileScale(d, 0.2))
      .transition()
      .duration(motion.enter)
      .attr('transform', (d) => tileScale(d))
  } else bodies.attr('transform', (d) => tileScale(d))
  settleTiles(made, join, motion)
}

/** New tiles and those that were there get the looks of now; those that were there move. */
export function settleTiles(made: TileSelection, join: TileSelection, motion: Motion): void {
  const all = made.merge(join)
  all.each(function ({ mark, selected }) {
    faceMark(this, mark, selected)
  })
  all.classed('dim', (d) => d.dimmed)
  dressTile(all)
  scaleTo(join, motion.move)
  moveTo(join, tilePlace, motion.move)
}
