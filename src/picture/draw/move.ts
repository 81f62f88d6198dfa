import { type Selection, select } from 'd3'
import { type TileSelection, tileScale } from './tile'

/** Marks on their way out are no marks any more: the next scene must not find them. */
export function leave(gone: Selection<any, any, any, any>, enter: number): void {
  gone.attr('class', 'leaving').attr('role', null).attr('tabindex', null).attr('aria-hidden', 'true')
  if (enter > 0) gone.transition().duration(enter).style('opacity', 0).remove()
  else gone.remove()
}

/** Sends marks to their places. One that is on its way there already is left alone; without motion all are put there. */
export function moveTo<D>(marks: Selection<SVGGElement, D, any, any>, place: (d: D) => string, move: number): void {
  marks.each(function (d) {
    const goal = place(d)
    const there = this.getAttribute('data-at') === goal
    if (there && move > 0) return
    this.setAttribute('data-at', goal)
    const mark = select(this)
    if (move > 0) mark.transition().duration(move).attr('transform', goal).style('opacity', 1)
    else if (!there || this.style.opacity !== '1' || this.getAttribute('transform') !== goal)
      mark.interrupt().attr('transform', goal).style('opacity', 1)
  })
}

/** The same for the size of tiles, which grow when they are new. */
export function scaleTo(tiles: TileSelection, move: number): void {
  tiles.each(function (d) {
    const goal = tileScale(d)
    const body = select(this).select<SVGGElement>('.body')
    const node = body.node()!
    const there = node.getAttribute('data-at') === goal
    if (there && move > 0) return
    node.setAttribute('data-at', goal)
    if (node.getAttribute('transform') !== goal) body.interrupt().attr('transform', goal)
  })
}
