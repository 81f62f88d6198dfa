import type { Selection } from 'd3'
import type { Spot } from '../place/machines'
import { shorten } from '../scenes/amount'
import type { TileMark } from '../scenes/scene'
import { glyphs } from './glyphs'

export interface PlacedTile {
  readonly mark: TileMark
  readonly spot: Spot
  readonly selected: boolean
  readonly dimmed: boolean
  /** Room for the label, in pixels; 0: none. */
  readonly labelWidth: number
}

export type TileSelection = Selection<SVGGElement, PlacedTile, any, any>

/** Tiles are drawn in a box of 42 and scaled. */
const BOX = 42
const CHARACTER = 6.4

export const tilePlace = ({ spot }: PlacedTile) => `translate(${round(spot.x)},${round(spot.y)})`
export const tileScale = ({ spot }: PlacedTile, by = 1) =>
  `translate(${round(spot.size / 2)},${round(spot.size / 2)}) scale(${(spot.size / BOX) * by}) translate(-21,-21)`
const round = (n: number) => Math.round(n * 10) / 10

/** The parts of a new tile; what they look like is set by `dressTile`. */
export function buildTile(enter: TileSelection, stripes: string): void {
  enter.append('text').attr('class', 'label soft mono').attr('text-anchor', 'middle').attr('font-size', 10.5)
  const body = enter.append('g').attr('class', 'body')
  body.append('rect').attr('class', 'base').attr('width', BOX).attr('height', BOX).attr('rx', 9.6)
  body
    .append('rect')
    .attr('class', 'stripes')
    .attr('x', 1)
    .attr('y', 1)
    .attr('width', BOX - 2)
    .attr('height', BOX - 2)
    .attr('rx', 8.6)
    .attr('fill', `url(#${stripes})`)
  body.append('path').attr('class', 'corner')
  body.append('path').attr('class', 'solid').attr('transform', 'translate(11.4,11.4) scale(1.2)')
  body
    .append('path')
    .attr('class', 'line')
    .attr('transform', 'translate(11.4,11.4) scale(1.2)')
    .attr('fill', 'none')
    .attr('stroke-linecap', 'round')
    .attr('stroke-linejoin', 'round')
  body.append('g').attr('class', 'ticks')
  body
    .append('rect')
    .attr('class', 'focus')
    .attr('x', -5)
    .attr('y', -5)
    .attr('width', BOX + 10)
    .attr('height', BOX + 10)
    .attr('rx', 13.5)
  body
    .append('rect')
    .attr('class', 'ring')
    .attr('x', -4)
    .attr('y', -4)
    .attr('width', BOX + 8)
    .attr('height', BOX + 8)
    .attr('rx', 12.6)
}

/** State, identity, version, restarts and label, as they are now. */
export function dressTile(tiles: TileSelection): void {
  tiles.each(function (placed) {
    const tile = selectIn(this)
    const { mark, spot, selected } = placed
    const look = [mark.state, mark.hue, mark.version, mark.restarts, selected, spot.size, placed.labelWidth].join()
    if (this.getAttribute('data-look') === look) return
    this.setAttribute('data-look', look)
    const zoom = BOX / spot.size
    const bare = spot.size < 13
    tile('.base')
      .style('fill', fillOf(mark))
      .style('stroke', `var(--id-${mark.hue})`)
      .attr('stroke-width', Math.max(2.6, Math.min(1.5 * zoom, 7)))
    tile('.stripes').style('opacity', mark.state === 'terminating' ? '1' : '0')
    tile('.corner')
      .attr('d', cornerPath(mark.version))
      .style('fill', `var(--id-${mark.hue})`)
      .style('display', bare ? 'none' : null)
    const glyph = glyphs[mark.state]
    const ink = `var(--on-${mark.state})`
    tile('.solid')
      .attr('d', glyph.solid ?? null)
      .style('fill', ink)
      .style('display', bare && mark.state === 'ready' ? 'none' : null)
    tile('.line')
      .attr('d', glyph.line ?? null)
      .attr('stroke-dasharray', glyph.dash ?? null)
      .attr('stroke-width', glyph.solid ? 1.5 : 2.3)
      .style('stroke', ink)
      .style('display', bare && mark.state === 'ready' ? 'none' : null)
    tile('.ring').style('display', selected ? null : 'none')
    const label = labelIn(mark, Math.floor(placed.labelWidth / CHARACTER))
    tile('.label')
      .attr('x', spot.size / 2)
      .attr('y', spot.size + 15)
      .text(label)
    drawTicks(this, mark)
  })
}

function labelIn(mark: TileMark, most: number): string {
  if (most < 3) return ''
  return mark.label.length > most && mark.shortLabel !== undefined ? mark.shortLabel : shorten(mark.label, most)
}

function selectIn(element: Element) {
  return (selector: string) => {
    const found = element.querySelector(selector) as SVGElement
    const chain = {
      attr(name: string, value: string | number | null) {
        if (value === null) found.removeAttribute(name)
        else if (found.getAttribute(name) !== String(value)) found.setAttribute(name, String(value))
        return chain
      },
      style(name: string, value: string | null) {
        if (value === null) found.style.removeProperty(name)
        else if (found.style.getPropertyValue(name) !== value) found.style.setProperty(name, value)
        return chain
      },
      text(value: string) {
        if (found.textContent !== value) found.textContent = value
        return chain
      },
    }
    return chain
  }
}

function fillOf(mark: TileMark): string {
  return mark.state === 'terminating' ? 'var(--terminating-ground)' : `var(--${mark.state})`
}

/** Which version of the template: none for the first, then a corner, a band, a double band. */
function cornerPath(version: number): string {
  if (version <= 0) return ''
  const kind = (version - 1) % 3
  if (kind === 0) return 'M27.5 1.3h6.2a7 7 0 0 1 7 7v6.2z'
  if (kind === 1) return 'M22.5 1.3h4l14.2 14.2v4z'
  return 'M27.5 1.3h6.2a7 7 0 0 1 7 7v6.2zM20 1.3h3.4l17.3 17.3V22z'
}

/** Restarts are ticks; from five on, a number. */
function drawTicks(element: SVGGElement, mark: TileMark): void {
  const group = element.querySelector('.ticks')!
  const wanted = `${mark.restarts} ${mark.state}`
  if (group.getAttribute('data-drawn') === wanted) return
  group.setAttribute('data-drawn', wanted)
  group.replaceChildren()
  const ink = `var(--on-${mark.state})`
  if (mark.restarts > 4) {
    const text = document.createElementNS('http://www.w3.org/2000/svg', 'text')
    text.setAttribute('x', '38')
    text.setAttribute('y', '38')
    text.setAttribute('text-anchor', 'end')
    text.setAttribute('class', 'mono')
    text.setAttribute('font-size', '10')
    text.setAttribute('font-weight', '700')
    text.style.fill = ink
    text.textContent = String(mark.restarts)
    group.append(text)
    return
  }
  for (let i = 0; i < mark.restarts; i++) {
    const tick = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
    tick.setAttribute('x', String(35 - i * 4.6))
    tick.setAttribute('y', '32.5')
    tick.setAttribute('width', '2.6')
    tick.setAttribute('height', '5.4')
    tick.setAttribute('rx', '1')
    tick.style.fill = ink
    group.append(tick)
  }
}
