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
  readonly differs: boolean
  /** Room for the label, in pixels; 0: none. */
  readonly labelWidth: number
}

export type TileSelection = Selection<SVGGElement, PlacedTile, any, any>

/** Tiles are drawn in a box of 42 and scaled. */
const BOX = 42
const CHARACTER = 6.4
/** Smaller tiles bear no glyph when all is well, and no corner. */
const BARE = 13

export const tilePlace = ({ spot }: PlacedTile) => `translate(${round(spot.x)},${round(spot.y)})`
export const tileScale = ({ spot }: PlacedTile, by = 1) =>
  `translate(${round(spot.size / 2)},${round(spot.size / 2)}) scale(${(spot.size / BOX) * by}) translate(-21,-21)`
const round = (n: number) => Math.round(n * 10) / 10

/** The parts that every tile has; the others are made when a state needs them, for hundreds may appear in one frame. */
export function buildTile(enter: TileSelection, stripes: string): void {
  enter.attr('data-stripes', stripes)
  const body = enter.append('g').attr('class', 'body')
  body.append('rect').attr('class', 'base').attr('width', BOX).attr('height', BOX).attr('rx', 9.6)
}

/** State, identity, version, restarts and label, as they are now. */
export function dressTile(tiles: TileSelection): void {
  tiles.each(function (placed) {
    const { mark, spot, selected } = placed
    const { state, hue, version, restarts, broken } = mark
    const look = [state, hue, version, restarts, broken, selected, placed.differs, spot.size, placed.labelWidth].join()
    if (this.getAttribute('data-look') === look) return
    this.setAttribute('data-look', look)
    dress(this, placed)
  })
}

function dress(tile: SVGGElement, placed: PlacedTile): void {
  const { mark, spot, selected } = placed
  const bare = spot.size < BARE
  const ink = `var(--on-${mark.state})`
  const hue = `var(--id-${mark.hue})`
  const glyph = bare && mark.state === 'ready' ? {} : glyphs[mark.state]
  const body = tile.querySelector<SVGGElement>('.body')!
  const base = body.firstElementChild as SVGElement
  base.style.fill = mark.state === 'terminating' ? 'var(--terminating-ground)' : `var(--${mark.state})`
  base.style.stroke = hue
  base.setAttribute('stroke-width', String(Math.max(2.6, Math.min((1.5 * BOX) / spot.size, 7))))
  part(body, 'rect', 'stripes', mark.state === 'terminating', (rect) => {
    set(rect, {
      x: 1,
      y: 1,
      width: BOX - 2,
      height: BOX - 2,
      rx: 8.6,
      fill: `url(#${tile.getAttribute('data-stripes')})`,
    })
  })
  part(body, 'path', 'corner', mark.version > 0 && !bare, (path) => {
    set(path, { d: cornerPath(mark.version) })
    path.style.fill = hue
  })
  part(body, 'path', 'solid', glyph.solid !== undefined, (path) => {
    set(path, { d: glyph.solid!, transform: GLYPH })
    path.style.fill = ink
  })
  part(body, 'path', 'line', glyph.line !== undefined, (path) => {
    set(path, { d: glyph.line!, transform: GLYPH, fill: 'none', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' })
    set(path, { 'stroke-width': glyph.solid ? 1.5 : 2.3, 'stroke-dasharray': glyph.dash ?? 'none' })
    path.style.stroke = ink
  })
  part(body, 'g', 'ticks', mark.restarts > 0 && !bare, (group) => drawTicks(group, mark.restarts, ink))
  part(body, 'g', 'broken', mark.broken !== undefined && !bare, drawBolt)
  part(body, 'rect', 'ring', selected, (rect) => set(rect, { x: -4, y: -4, width: BOX + 8, height: BOX + 8, rx: 12.6 }))
  part(body, 'rect', 'differs', placed.differs, (rect) =>
    set(rect, { x: -4.5, y: -4.5, width: BOX + 9, height: BOX + 9, rx: 13 }),
  )
  const words = labelIn(mark, Math.floor(placed.labelWidth / CHARACTER))
  part(tile, 'text', 'label', words !== '', (text) => {
    set(text, {
      x: spot.size / 2,
      y: spot.size + 15,
      class: 'label soft mono',
      'text-anchor': 'middle',
      'font-size': 10.5,
    })
    text.textContent = words
  })
}

const GLYPH = 'translate(11.4,11.4) scale(1.2)'
const SVG = 'http://www.w3.org/2000/svg'

function set(element: Element, attributes: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
}

/** A part of a tile: there and up to date when it is wanted, else not there. */
function part(
  parent: SVGGElement,
  tag: 'rect' | 'path' | 'g' | 'text',
  name: string,
  wanted: boolean,
  dressPart: (element: SVGElement) => void,
): void {
  let element: SVGElement | null = null
  for (const child of parent.children) if (child.classList.contains(name)) element = child as SVGElement
  if (!wanted) {
    element?.remove()
    return
  }
  if (!element) {
    element = document.createElementNS(SVG, tag)
    element.setAttribute('class', name)
    parent.append(element)
  }
  dressPart(element)
}

function labelIn(mark: TileMark, most: number): string {
  if (most < 3) return ''
  return mark.label.length > most && mark.shortLabel !== undefined ? mark.shortLabel : shorten(mark.label, most)
}

/** Which version of the template: none for the first, then a corner, a band, a double band. */
function cornerPath(version: number): string {
  const kind = (version - 1) % 3
  if (kind === 0) return 'M27.5 1.3h6.2a7 7 0 0 1 7 7v6.2z'
  if (kind === 1) return 'M22.5 1.3h4l14.2 14.2v4z'
  return 'M27.5 1.3h6.2a7 7 0 0 1 7 7v6.2zM20 1.3h3.4l17.3 17.3V22z'
}

/** Broken on purpose: a bolt on the corner, whatever the state says. */
function drawBolt(group: Element): void {
  if (group.childElementCount > 0) return
  const disc = document.createElementNS(SVG, 'circle')
  set(disc, { cx: 3, cy: 3, r: 8.5, fill: 'var(--panel)', 'stroke-width': 1.6 })
  disc.style.stroke = 'var(--unhealthy)'
  const bolt = document.createElementNS(SVG, 'path')
  set(bolt, { d: 'M4.6 -2.6L-0.6 3.9h3.2L1.4 8.6L6.6 2.1H3.4z' })
  bolt.style.fill = 'var(--unhealthy)'
  group.append(disc, bolt)
}

/** Restarts are ticks; from five on, a number. */
function drawTicks(group: Element, restarts: number, ink: string): void {
  group.replaceChildren()
  if (restarts > 4) {
    const text = document.createElementNS(SVG, 'text')
    set(text, { x: 38, y: 38, 'text-anchor': 'end', class: 'mono', 'font-size': 10, 'font-weight': 700 })
    text.style.fill = ink
    text.textContent = String(restarts)
    group.append(text)
    return
  }
  for (let i = 0; i < restarts; i++) {
    const tick = document.createElementNS(SVG, 'rect')
    set(tick, { x: 35 - i * 4.6, y: 32.5, width: 2.6, height: 5.4, rx: 1 })
    tick.style.fill = ink
    group.append(tick)
  }
}
