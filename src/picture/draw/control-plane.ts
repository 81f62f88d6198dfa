import { select } from 'd3'
import type { Point } from '../place/rail'
import { clockOf, shorten } from '../scenes/amount'
import type { Actor, ControlPlaneScene, LogLine } from '../scenes/views'
import { faceMark } from './mark'
import { motionAt } from './motion'
import { type Choose, curve, type Layer, type Look, onCurve, Paper, type ViewDrawing } from './view'

const EDGE = 20
const BOX = 34
/** Narrower than this, the components stand under the API server. Pixels. */
const STACKED_BELOW = 520
/** A message takes some milliseconds; its dot takes so long on the reader's own clock. */
const FLIGHT = 900

interface PlacedActor {
  readonly actor: Actor
  readonly x: number
  readonly y: number
  readonly w: number
  /** Where its messages leave, and where they reach the API server. */
  readonly from: Point
  readonly to: Point
}

/** Components round the API server; dots are what they read from it and write to it; in the middle the log that etcd keeps. */
export class ControlPlaneDrawing implements ViewDrawing<ControlPlaneScene> {
  readonly #paper: Paper
  readonly #lines: Layer
  readonly #actors: Layer
  readonly #centre: Layer
  readonly #dots: Layer
  #places = new Map<string, PlacedActor>()
  #last: { scene: ControlPlaneScene; look: Look } | undefined

  constructor(svg: SVGSVGElement, choose: Choose) {
    this.#paper = new Paper(svg, choose)
    this.#lines = this.#paper.layer('lines')
    this.#actors = this.#paper.layer('actors')
    this.#centre = this.#paper.layer('centre')
    this.#dots = this.#paper.layer('dots')
    buildCentre(this.#centre)
  }

  show(scene: ControlPlaneScene, look: Look): void {
    const still = !this.#last || motionAt(look.pace).fade === 0
    this.#last = { scene, look }
    const width = look.width / look.scale
    const left = scene.actors.filter((actor) => actor.side === 'left')
    const right = scene.actors.filter((actor) => actor.side === 'right')
    const rows = Math.max(left.length, right.length)
    const { height, side, centre, top, step } = (width < STACKED_BELOW ? stacked : beside)(
      width,
      look.height / look.scale,
      rows,
    )
    this.#places = new Map(
      [
        ...column(left, { x: EDGE, w: side, top, step }, height, centre, 1),
        ...column(right, { x: width - EDGE - side, w: side, top, step }, height, centre, -1),
      ].map((placed) => [placed.actor.id, placed]),
    )
    this.#paper.size(look, height, still)
    this.#drawActors([...this.#places.values()], look)
    drawCentre(this.#centre, scene, look, centre)
    this.frame(scene.at)
    this.#paper.keepOneTabStop()
  }

  frame(at: number): void {
    if (!this.#last) return
    const { scene, look } = this.#last
    const flight = FLIGHT * Math.max(1, look.pace.speed)
    const dots = scene.arcs.flatMap((arc) => {
      const placed = this.#places.get(arc.actor)
      const share = (at - arc.at) / flight
      return placed && share >= 0 && share <= 1 ? [{ arc, placed, share }] : []
    })
    const join = this.#dots.selectAll<SVGGElement, (typeof dots)[number]>('g').data(dots, (d) => d.arc.id)
    join.exit().remove()
    const made = join.enter().append('g')
    made.append('circle')
    made
      .merge(join)
      .attr('transform', ({ arc, placed, share }) => {
        const [x, y] =
          arc.way === 'write' ? onCurve(placed.from, placed.to, share) : onCurve(placed.to, placed.from, share)
        return `translate(${x},${y})`
      })
      .each(function ({ arc }) {
        const g = select(this)
        g.select('circle')
          .attr('r', arc.way === 'write' ? 4.6 : 3)
          .style('fill', arc.way === 'write' ? 'var(--accent)' : 'var(--panel)')
          .style('stroke', 'var(--accent)')
          .attr('stroke-width', arc.way === 'write' ? 0 : 1.6)
      })
  }

  still(): void {
    this.#paper.stop()
  }

  end(): void {
    this.#paper.end()
  }

  #drawActors(placed: readonly PlacedActor[], look: Look): void {
    this.#lines
      .selectAll<SVGPathElement, PlacedActor>('path')
      .data(placed, (d) => d.actor.id)
      .join('path')
      .attr('fill', 'none')
      .attr('stroke-width', (d) => (d.actor.awake ? 1.8 : 1.1))
      .style('stroke', (d) => (d.actor.awake ? 'var(--accent)' : 'var(--line)'))
      .attr('d', (d) => curve(d.from, d.to))
    const join = this.#actors.selectAll<SVGGElement, PlacedActor>('g.actor').data(placed, (d) => d.actor.id)
    join.exit().remove()
    const made = join.enter().append('g').attr('class', 'actor')
    made.append('rect').attr('class', 'box').attr('height', BOX).attr('rx', 9)
    made
      .append('rect')
      .attr('class', 'focus')
      .attr('x', -3)
      .attr('y', -3)
      .attr('height', BOX + 6)
      .attr('rx', 11)
    made.append('text').attr('class', 'actor-name strong').attr('x', 12).attr('y', 15).attr('font-size', 12)
    made.append('text').attr('class', 'soft actor-about').attr('x', 12).attr('y', 28).attr('font-size', 10.8)
    made.merge(join).each(function ({ actor, x, y, w }) {
      const g = select(this)
      const chosen = actor.key !== undefined && actor.key === look.selected
      g.attr('transform', `translate(${x},${y})`).attr('class', actor.key === undefined ? 'actor' : 'mark actor')
      if (actor.key !== undefined) {
        g.attr('role', 'button').attr('tabindex', -1)
        faceMark(this, { key: actor.key, title: `${actor.label}: ${actor.about}` }, chosen)
      }
      g.select('.box')
        .attr('width', w)
        .attr('stroke-dasharray', actor.still ? '5 4' : null)
        .style('stroke', actor.awake || chosen ? 'var(--accent)' : '')
      g.select('.focus').attr('width', w + 6)
      g.select('.actor-name').text(shorten(actor.label, Math.floor((w - 20) / 6.8)))
      g.select('.actor-about')
        .attr('class', actor.still ? 'actor-about warn' : 'actor-about soft')
        .style('fill', actor.wrote === undefined ? '' : 'var(--accent)')
        .text(cut(actor.wrote === undefined ? actor.about : `wrote ${actor.wrote}`, Math.floor((w - 20) / 6.1)))
    })
  }
}

const cut = (text: string, most: number) => (text.length <= most ? text : `${text.slice(0, most - 1)}…`)

/** The API server's box, 60 high, and the log, which stands under it or, on a phone, under everything. */
interface Centre {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly log: { readonly y: number; readonly h: number }
  /** The components stand below it, not at its sides. */
  readonly above: boolean
}

interface Layout {
  readonly height: number
  /** The width of a component's box. */
  readonly side: number
  readonly centre: Centre
  /** Where the components begin, and their distance; left out: in the middle of the height, as far apart as there is room. */
  readonly top?: number
  readonly step?: number
}

function beside(width: number, room: number, rows: number): Layout {
  const height = Math.max(room, rows * (BOX + 10) + 40)
  const narrow = width < 600
  const side = narrow ? 108 : Math.min(200, width * 0.225)
  const x = EDGE + side + (narrow ? 20 : 52)
  return { height, side, centre: { x, y: 24, w: width - 2 * x, log: { y: 98, h: height - 122 }, above: false } }
}

/** On a phone there is no room between two columns: the API server is on top, the log at the foot. */
function stacked(width: number, room: number, rows: number): Layout {
  const top = 112
  const step = BOX + 8
  const log = top + rows * step + 12
  const height = Math.max(room, log + 34 + 6 * 21 + 16)
  const side = (width - 2 * EDGE - 24) / 2
  const centre = { x: EDGE, y: 16, w: width - 2 * EDGE, log: { y: log, h: height - log - 16 }, above: true }
  return { height, side, centre, top, step }
}

function column(
  actors: readonly Actor[],
  { x, w, ...fixed }: { x: number; w: number; top: number | undefined; step: number | undefined },
  height: number,
  centre: Centre,
  towards: 1 | -1,
): PlacedActor[] {
  const step = fixed.step ?? Math.min(BOX + 26, (height - 40) / Math.max(1, actors.length))
  const top = fixed.top ?? (height - step * (actors.length - 1) - BOX) / 2
  const off = (i: number) => (i - (actors.length - 1) / 2) * 4
  return actors.map((actor, i) => {
    const y = top + i * step
    const middle = y + BOX / 2
    const from: Point = [towards === 1 ? x + w : x, middle]
    const to: Point = centre.above
      ? [centre.x + centre.w / 2 - towards * 5, centre.y + 60]
      : [towards === 1 ? centre.x : centre.x + centre.w, centre.y + 30 + off(i)]
    return { actor, x, y, w, from, to }
  })
}

function buildCentre(layer: Layer): void {
  layer.append('rect').attr('class', 'box api').attr('rx', 12)
  layer.append('text').attr('class', 'api-name strong').attr('text-anchor', 'middle').attr('font-size', 13.5)
  layer.append('text').attr('class', 'api-about soft').attr('text-anchor', 'middle').attr('font-size', 11)
  layer.append('rect').attr('class', 'box etcd').attr('rx', 12)
  layer.append('text').attr('class', 'etcd-name strong').attr('font-size', 12)
  layer.append('text').attr('class', 'etcd-about soft').attr('text-anchor', 'end').attr('font-size', 11)
}

function drawCentre(layer: Layer, scene: ControlPlaneScene, look: Look, { x, y, w, log }: Centre): void {
  const middle = x + w / 2
  layer
    .select('.api')
    .attr('x', x)
    .attr('y', y)
    .attr('width', w)
    .attr('height', 60)
    .style('stroke', scene.trouble === undefined ? 'var(--accent)' : 'var(--unhealthy)')
    .attr('stroke-width', 2)
  layer
    .select('.api-name')
    .attr('x', middle)
    .attr('y', y + 27)
    .text('kube-apiserver')
  layer
    .select('.api-about')
    .attr('x', middle)
    .attr('y', y + 45)
    .text(scene.trouble ?? (w > 250 ? 'everybody watches it, and writes to it only' : 'all go through it'))
  layer.select('.etcd').attr('x', x).attr('y', log.y).attr('width', w).attr('height', log.h)
  layer
    .select('.etcd-name')
    .attr('x', x + 14)
    .attr('y', log.y + 22)
    .text('etcd')
  layer
    .select('.etcd-about')
    .attr('x', x + w - 14)
    .attr('y', log.y + 22)
    .text(`revision ${scene.revision}`)
  const rows = Math.max(0, Math.floor((log.h - 34) / 21))
  const lines = scene.log.slice(0, rows)
  const join = layer.selectAll<SVGGElement, LogLine>('g.entry').data(lines, (d) => String(d.revision))
  join.exit().remove()
  const made = join.enter().append('g').attr('class', 'mark entry').attr('role', 'button').attr('tabindex', -1)
  made.append('rect').attr('class', 'row-hit').attr('x', -6).attr('y', -14).attr('height', 20).attr('rx', 5)
  made.append('rect').attr('class', 'focus').attr('x', -6).attr('y', -14).attr('height', 20).attr('rx', 5)
  made.append('text').attr('class', 'entry-at mono').attr('font-size', 10.5).style('fill', 'var(--accent)')
  made.append('text').attr('class', 'entry-name mono').attr('font-size', 11)
  made.append('text').attr('class', 'entry-by soft').attr('text-anchor', 'end').attr('font-size', 10.8)
  made.merge(join).each(function (entry, i) {
    const g = select(this)
    const by = w > 330 ? entry.by : ''
    g.attr('transform', `translate(${x + 14},${log.y + 44 + i * 21})`)
    const title = `revision ${entry.revision} at ${clockOf(entry.at)}: ${entry.name}, by ${entry.by}`
    faceMark(this, { key: entry.key, title }, entry.key === look.selected)
    for (const part of ['.row-hit', '.focus']) g.select(part).attr('width', w - 16)
    g.select('.row-hit')
      .style('stroke', entry.key === look.selected ? 'var(--ink)' : 'none')
      .attr('stroke-width', 1.4)
    g.select('.entry-at').text(clockOf(entry.at))
    g.select('.entry-name')
      .attr('x', 56)
      .text(shorten(entry.name, Math.max(6, Math.floor((w - 92 - by.length * 5.8) / 6.7))))
    g.select('.entry-by')
      .attr('x', w - 28)
      .text(by)
  })
}
