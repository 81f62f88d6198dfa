import { select } from 'd3'
import type { Point } from '../place/rail'
import { clockOf, shorten } from '../scenes/amount'
import type { Actor, ControlPlaneScene, LogLine } from '../scenes/views'
import { faceMark } from './mark'
import { motionAt } from './motion'
import { type Choose, curve, type Layer, type Look, onCurve, Paper, type ViewDrawing } from './view'

const EDGE = 20
const BOX = 34
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
    const height = Math.max(look.height / look.scale, rows * (BOX + 10) + 40)
    const narrow = width < 600
    const side = narrow ? 108 : Math.min(200, width * 0.225)
    const centre = {
      x: EDGE + side + (narrow ? 20 : 52),
      w: width - 2 * (EDGE + side + (narrow ? 20 : 52)),
      y: 24,
      h: height - 48,
    }
    this.#places = new Map(
      [
        ...column(left, EDGE, side, height, centre, 1),
        ...column(right, width - EDGE - side, side, height, centre, -1),
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
        .text(cut(actor.wrote === undefined ? actor.about : `wrote ${actor.wrote}`, Math.floor((w - 20) / 5.7)))
    })
  }
}

const cut = (text: string, most: number) => (text.length <= most ? text : `${text.slice(0, most - 1)}…`)

function column(
  actors: readonly Actor[],
  x: number,
  w: number,
  height: number,
  centre: { x: number; w: number; y: number; h: number },
  towards: 1 | -1,
): PlacedActor[] {
  const step = Math.min(BOX + 26, (height - 40) / Math.max(1, actors.length))
  const top = (height - step * (actors.length - 1) - BOX) / 2
  return actors.map((actor, i) => {
    const y = top + i * step
    const middle = y + BOX / 2
    const from: Point = [towards === 1 ? x + w : x, middle]
    const to: Point = [
      towards === 1 ? centre.x : centre.x + centre.w,
      centre.y + 30 + (i - (actors.length - 1) / 2) * 4,
    ]
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

function drawCentre(
  layer: Layer,
  scene: ControlPlaneScene,
  look: Look,
  { x, y, w, h }: { x: number; y: number; w: number; h: number },
): void {
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
  layer
    .select('.etcd')
    .attr('x', x)
    .attr('y', y + 74)
    .attr('width', w)
    .attr('height', h - 74)
  layer
    .select('.etcd-name')
    .attr('x', x + 14)
    .attr('y', y + 96)
    .text('etcd')
  layer
    .select('.etcd-about')
    .attr('x', x + w - 14)
    .attr('y', y + 96)
    .text(`revision ${scene.revision}`)
  const rows = Math.max(0, Math.floor((h - 74 - 34) / 21))
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
    g.attr('transform', `translate(${x + 14},${y + 118 + i * 21})`)
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
