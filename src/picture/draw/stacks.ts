import { select } from 'd3'
import type { Box } from '../place/grid'
import { shorten } from '../scenes/amount'
import type { StackMark } from '../scenes/scene'
import { faceMark } from './mark'
import type { Layer, Look } from './view'

/** Narrower than this, or lower than a line of text, there is room for the bar and its number only; or for the bar. */
const WIDE = 110
const NUMBERED = { width: 38, height: 9 }
const LINE = 16

/** Too many pods for tiles: one bar a workload, its parts as long as so many pods are in a state. */
export function drawStacks(
  layer: Layer,
  stacks: readonly StackMark[],
  boxes: ReadonlyMap<string, Box>,
  look: Look,
): void {
  const join = layer.selectAll<SVGGElement, StackMark>('g.stack').data(stacks, (stack) => stack.id)
  join.exit().remove()
  const made = join.enter().append('g').attr('class', 'mark stack').attr('role', 'button').attr('tabindex', -1)
  made.append('rect').attr('class', 'chip').attr('fill', 'none').attr('stroke-width', 2).attr('rx', 3)
  made.append('text').attr('class', 'stack-name').attr('x', 16).attr('y', 14).attr('font-size', 11.5)
  made.append('text').attr('class', 'stack-total mono strong').attr('text-anchor', 'end')
  made.append('g').attr('class', 'parts')
  made.append('rect').attr('class', 'focus').attr('rx', 5)
  made.merge(join).each(function (stack) {
    const box = boxes.get(stack.id)
    if (!box) return
    const g = select(this)
    const wide = box.w >= WIDE && box.h >= LINE
    const numbered = wide || (box.w >= NUMBERED.width && box.h >= NUMBERED.height)
    const left = wide ? 86 : 1
    const bar = wide || !numbered ? box.w : box.w - 8 - 6 * String(stack.total).length
    const width = wide ? box.w - left - 36 : bar - 2
    g.attr('transform', `translate(${box.x},${box.y})`)
    faceMark(this, stack, stack.key === look.selected)
    const chip = wide
      ? { x: 0, y: 5, width: 9, height: 9 }
      : { x: 0, y: box.h / 14, width: bar, height: box.h * (6 / 7) }
    for (const [name, value] of Object.entries(chip)) g.select('.chip').attr(name, value)
    g.select('.chip').style('stroke', `var(--id-${stack.hue})`)
    g.select('.stack-name').text(wide ? shorten(stack.name, 10) : '')
    g.select('.stack-total')
      .attr('x', box.w)
      .attr('y', wide ? 14 : box.h / 2 + 3.4)
      .attr('font-size', wide ? 11 : 9.5)
      .text(numbered ? stack.total : '')
    g.select('.focus')
      .attr('x', -3)
      .attr('y', -1)
      .attr('width', box.w + 6)
      .attr('height', box.h + 2)
    let x = left
    const parts = stack.counts.map(({ state, count }) => {
      const part = {
        state,
        x,
        w: Math.max(1.5, (width * count) / stack.total),
        dim: look.filter.size > 0 && !look.filter.has(state),
      }
      x += part.w
      return part
    })
    g.select('.parts')
      .selectAll<SVGRectElement, (typeof parts)[number]>('rect')
      .data(parts, (part) => part.state)
      .join('rect')
      .attr('x', (part) => part.x)
      .attr('y', wide ? 4 : box.h / 7)
      .attr('height', wide ? box.h - 8 : Math.max(1, (box.h * 5) / 7))
      .attr('width', (part) => part.w)
      .style('fill', (part) => `var(--${part.state})`)
      .style('opacity', (part) => (part.dim ? 0.15 : 1))
  })
}
