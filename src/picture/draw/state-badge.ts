import type { Selection } from 'd3'
import type { Hue } from '../scenes/scene'
import type { State } from '../scenes/state-words'
import { glyphs } from './glyphs'

/** A small tile of 16 by 16: identity by its border, state by fill and glyph. */
export function badge(
  g: Selection<SVGGElement, unknown, any, any>,
  { state, hue }: { readonly state: State; readonly hue: Hue },
): void {
  g.selectChildren().remove()
  const { line, solid, dash } = glyphs[state]
  const ink = `var(--on-${state})`
  g.append('rect')
    .attr('width', 16)
    .attr('height', 16)
    .attr('rx', 4)
    .attr('stroke-width', 1.8)
    .style('fill', state === 'terminating' ? 'var(--terminating-ground)' : `var(--${state})`)
    .style('stroke', `var(--id-${hue})`)
  if (line !== undefined)
    g.append('path')
      .attr('d', line)
      .attr('transform', 'translate(2,2) scale(0.75)')
      .attr('fill', 'none')
      .attr('stroke-width', 2.2)
      .attr('stroke-dasharray', dash ?? null)
      .style('stroke', ink)
  if (solid !== undefined)
    g.append('path').attr('d', solid).attr('transform', 'translate(2,2) scale(0.75)').style('fill', ink)
}
