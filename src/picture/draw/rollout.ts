import { curveStepAfter, line, type Selection } from 'd3'
import { clockOf, shorten } from '../scenes/amount'
import type { RolloutChosen, RolloutScene } from '../scenes/views'
import { faceMark } from './mark'
import { motionAt } from './motion'
import type { PlacedTile } from './tile'
import { drawTiles } from './tiles'
import { type Choose, type Layer, type Look, Paper, type ViewDrawing } from './view'

const EDGE = 28
const HEAD = 58
const TILE = 34
const PITCH = 44

interface Ghost {
  readonly id: string
  readonly x: number
  readonly y: number
}

/** Old and new versions as columns; below, how many existed and were ready, between the two limits. */
export class RolloutDrawing implements ViewDrawing<RolloutScene> {
  readonly #paper: Paper
  readonly #head: Layer
  readonly #columns: Layer
  readonly #tiles: Layer
  readonly #chart: Layer
  #last: { scene: RolloutScene; look: Look } | undefined

  constructor(svg: SVGSVGElement, choose: Choose) {
    this.#paper = new Paper(svg, choose)
    this.#head = this.#paper.layer('head')
    this.#head.append('text').attr('class', 'title strong')
    this.#head.append('text').attr('class', 'strategy soft')
    this.#columns = this.#paper.layer('columns')
    this.#tiles = this.#paper.layer('tiles')
    this.#chart = this.#paper.layer('chart')
    buildChart(this.#chart)
  }

  show(scene: RolloutScene, look: Look): void {
    const motion = this.#last ? motionAt(look.pace) : motionAt({ ...look.pace, still: true })
    this.#last = { scene, look }
    const width = look.width / look.scale
    const chosen = scene.chosen
    const title = chosen ? chosen.title : 'There is no Deployment yet'
    this.#head
      .select('.title')
      .attr('x', EDGE)
      .attr('y', 36)
      .attr('font-size', 15)
      .text(shorten(title, Math.floor((width - EDGE * 2) / 8.4)))
    this.#head
      .select('.strategy')
      .attr('x', EDGE)
      .attr('y', 55)
      .attr('font-size', 12)
      .text(
        chosen
          ? `${chosen.wanted} wanted · ${chosen.strategy}`
          : 'kubectl create deployment web --image=nginx --replicas=10 makes one.',
      )
    this.#drawChoices(scene, width)
    const bottom = this.#drawColumns(chosen, look, width, scene.choices.length > 1 ? 104 : 78, motion)
    const chartHeight = Math.max(96, look.height / look.scale - bottom - 46)
    const height = Math.max(look.height / look.scale, bottom + chartHeight + 46)
    this.#paper.size(look, height, motion.fade === 0)
    this.#chart.style('display', chosen ? '' : 'none')
    if (chosen)
      drawChart(this.#chart, chosen, scene.at, { x0: EDGE + 8, x1: width - EDGE, y0: height - 34, top: bottom + 20 })
    this.#paper.keepOneTabStop()
  }

  frame(): void {}

  still(): void {
    this.#paper.stop()
    if (this.#last) this.show(this.#last.scene, { ...this.#last.look, pace: { ...this.#last.look.pace, still: true } })
  }

  end(): void {
    this.#paper.end()
  }

  /** Other Deployments, to look at instead. */
  #drawChoices(scene: RolloutScene, width: number): void {
    const others = scene.choices.filter((choice) => choice.key !== scene.chosen?.key).slice(0, 8)
    let x = width - EDGE
    const placed = others
      .slice()
      .reverse()
      .map((choice) => {
        const name = shorten(choice.name, 14)
        const w = name.length * 6.8 + 18
        x -= w + 6
        return { ...choice, name, w, x: x + 6 }
      })
      .filter((choice) => choice.x > EDGE)
    const join = this.#head.selectAll<SVGGElement, (typeof placed)[number]>('g.choice').data(placed, (d) => d.key)
    join.exit().remove()
    const made = join.enter().append('g').attr('class', 'mark choice').attr('role', 'button').attr('tabindex', -1)
    made.append('rect').attr('class', 'box').attr('height', 22).attr('rx', 11)
    made.append('rect').attr('class', 'focus').attr('height', 26).attr('y', -2).attr('x', -2).attr('rx', 13)
    made.append('text').attr('class', 'soft').attr('y', 15).attr('font-size', 11.5).attr('text-anchor', 'middle')
    const all = made.merge(join)
    all.attr('transform', (d) => `translate(${d.x},66)`)
    all.each(function ({ key, name }) {
      faceMark(this, { key, title: `Deployment ${name}` }, false)
    })
    all.select('.box').attr('width', (d) => d.w)
    all.select('.focus').attr('width', (d) => d.w + 4)
    all
      .select('text')
      .attr('x', (d) => d.w / 2)
      .text((d) => d.name)
  }

  #drawColumns(
    chosen: RolloutChosen | undefined,
    look: Look,
    width: number,
    top: number,
    motion: ReturnType<typeof motionAt>,
  ): number {
    const columns = chosen?.columns ?? []
    const columnWidth = (width - EDGE * 2) / Math.max(1, columns.length)
    const perRow = Math.max(2, Math.floor((columnWidth - 24) / PITCH))
    const counts = columns.map((column) => column.tiles.length + column.ghosts)
    const most = Math.max(1, ...counts)
    const squeeze = most > perRow * 4 ? Math.sqrt((perRow * 4) / most) : 1
    const pitch = PITCH * squeeze
    const across = Math.max(2, Math.floor((columnWidth - 24) / pitch))
    const rows = Math.max(1, Math.ceil(most / across))
    const spotOf = (column: number, i: number) => ({
      x: EDGE + column * columnWidth + (i % across) * pitch,
      y: top + HEAD + Math.floor(i / across) * pitch,
      size: TILE * squeeze,
    })
    const join = this.#columns.selectAll<SVGGElement, (typeof columns)[number]>('g.column').data(columns, (d) => d.id)
    join.exit().remove()
    const made = join.enter().append('g').attr('class', 'mark column').attr('role', 'button').attr('tabindex', -1)
    made.append('rect').attr('class', 'focus').attr('x', -8).attr('y', -18).attr('height', 54).attr('rx', 8)
    made.append('text').attr('class', 'column-name mono strong').attr('font-size', 13)
    made.append('text').attr('class', 'column-image soft mono').attr('y', 17).attr('font-size', 11)
    made.append('text').attr('class', 'column-note soft').attr('y', 33).attr('font-size', 12)
    const all = made.merge(join)
    all.attr('transform', (_, i) => `translate(${EDGE + i * columnWidth},${top + 6})`)
    all.each(function ({ key, name, image, note }) {
      faceMark(this, { key, title: `ReplicaSet ${name}, ${image}, ${note}` }, key === look.selected)
    })
    all.select('.focus').attr('width', columnWidth - 16)
    all.select('.column-name').text((d) => shorten(d.name, Math.floor((columnWidth - 20) / 8)))
    all.select('.column-image').text((d) => shorten(d.image, Math.floor((columnWidth - 20) / 6.6)))
    all.select('.column-note').text((d) => d.note)

    const placed = columns.flatMap((column, c) =>
      column.tiles.map(
        (mark, i): PlacedTile => ({
          mark,
          spot: spotOf(c, i),
          selected: mark.key === look.selected,
          dimmed: look.filter.size > 0 && !look.filter.has(mark.state),
          differs: look.differing.has(mark.id),
          labelWidth: 0,
        }),
      ),
    )
    drawTiles(this.#tiles, placed, `${this.#paper.id}-stripe`, motion)
    const ghosts = columns.flatMap((column, c) =>
      Array.from(
        { length: column.ghosts },
        (_, i): Ghost => ({ id: `${column.id} ${i}`, ...spotOf(c, column.tiles.length + i) }),
      ),
    )
    this.#tiles
      .selectAll<SVGRectElement, Ghost>('rect.ghost')
      .data(ghosts, (d) => d.id)
      .join('rect')
      .attr('class', 'ghost')
      .attr('x', (d) => d.x)
      .attr('y', (d) => d.y)
      .attr('width', TILE * squeeze)
      .attr('height', TILE * squeeze)
      .attr('rx', (TILE * squeeze) / 4.4)
      .attr('fill', 'none')
      .attr('stroke-width', 2)
      .attr('stroke-dasharray', '4 3')
      .style('stroke', `var(--id-${chosen?.hue ?? 6})`)
    return top + HEAD + rows * pitch
  }
}

function buildChart(chart: Layer): void {
  for (const name of ['ground', 'most', 'least', 'existing', 'ready', 'now'])
    chart.append('path').attr('class', `chart-${name}`).attr('fill', 'none')
  chart.select('.chart-ground').attr('stroke-width', 1.2).style('stroke', 'var(--line)')
  for (const name of ['most', 'least'])
    chart
      .select(`.chart-${name}`)
      .attr('stroke-width', 1.3)
      .attr('stroke-dasharray', '5 4')
      .style('stroke', 'var(--line-strong)')
  chart.select('.chart-existing').attr('stroke-width', 1.7).style('stroke', 'var(--ink-faint)')
  chart.select('.chart-ready').attr('stroke-width', 2.6).style('stroke', 'var(--ready)')
  chart.select('.chart-now').attr('stroke-width', 2).style('stroke', 'var(--accent)')
  chart.append('text').attr('class', 'most-label soft halo').attr('text-anchor', 'end').attr('font-size', 11)
  chart.append('text').attr('class', 'least-label soft halo').attr('text-anchor', 'end').attr('font-size', 11)
  chart.append('text').attr('class', 'existing-label soft halo').attr('font-size', 11)
  chart.append('text').attr('class', 'ready-label strong halo').attr('font-size', 11).style('fill', 'var(--good-ink)')
  chart
    .append('text')
    .attr('class', 'now-label mono')
    .attr('text-anchor', 'middle')
    .attr('font-size', 11)
    .style('fill', 'var(--accent)')
  chart.append('text').attr('class', 'lost-label soft').attr('font-size', 11.5)
}

function drawChart(
  chart: Layer,
  chosen: RolloutChosen,
  at: number,
  room: { x0: number; x1: number; y0: number; top: number },
): void {
  const { x0, x1, y0, top } = room
  const highest = Math.max(chosen.mayExist, ...chosen.history.map((step) => step.existing), 1)
  const y = (n: number) => y0 - ((y0 - top) * n) / (highest + 0.6)
  const span = Math.max(20_000, (at - chosen.since) * 1.18)
  const x = (time: number) => x0 + ((x1 - x0) * (time - chosen.since)) / span
  const last = chosen.history[chosen.history.length - 1]
  const steps = last ? [...chosen.history, { ...last, at: Math.max(at, last.at) }] : []
  const path = (value: (step: (typeof steps)[number]) => number) =>
    line<(typeof steps)[number]>()
      .x((step) => x(step.at))
      .y((step) => y(value(step)))
      .curve(curveStepAfter)(steps)
  set(chart, '.chart-ground', `M${x0} ${y0}H${x1}`)
  set(chart, '.chart-most', `M${x0} ${y(chosen.mayExist)}H${x1}`)
  set(chart, '.chart-least', `M${x0} ${y(chosen.mustBeReady)}H${x1}`)
  set(
    chart,
    '.chart-existing',
    path((step) => step.existing),
  )
  set(
    chart,
    '.chart-ready',
    path((step) => step.ready),
  )
  set(chart, '.chart-now', `M${x(at)} ${top - 6}V${y0}`)
  label(chart, '.most-label', x1, y(chosen.mayExist) - 5, `may exist: ${chosen.mayExist}`)
  label(chart, '.least-label', x1, y(chosen.mustBeReady) - 5, `must be ready: ${chosen.mustBeReady}`)
  const taken = [y(chosen.mayExist) - 5, y(chosen.mustBeReady) - 5]
  const beside = (n: number, offsets: readonly number[]) => {
    const at = offsets.map((offset) => y(n) + offset).find((one) => taken.every((other) => Math.abs(one - other) > 11))
    taken.push(at ?? y(n) + 4)
    return taken[taken.length - 1]!
  }
  const isOne = last?.existing === last?.ready
  const existing = last && !isOne ? beside(last.existing, [4, -5, 13, -16, 26]) : 0
  const ready = last ? beside(last.ready, [4, 13, -5, 26, -16, 39]) : 0
  label(chart, '.existing-label', x(at) + 8, existing, last && !isOne ? `existing ${last.existing}` : '')
  label(chart, '.ready-label', x(at) + 8, ready, last ? `ready ${last.ready}${isOne ? ` of ${last.ready}` : ''}` : '')
  label(chart, '.now-label', x(at), y0 + 17, clockOf(at, false))
  label(chart, '.lost-label', x0, y0 + 17, chosen.lost ?? '')
}

function set(chart: Selection<SVGGElement, unknown, null, undefined>, part: string, d: string | null): void {
  chart.select(part).attr('d', d ?? '')
}
function label(chart: Layer, part: string, x: number, y: number, text: string): void {
  chart.select(part).attr('x', x).attr('y', y).text(text)
}
