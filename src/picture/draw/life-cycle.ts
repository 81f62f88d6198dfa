import { select } from 'd3'
import type { Point } from '../place/rail'
import { shorten } from '../scenes/amount'
import type { LifeCycleScene, LifeState, LifeStep } from '../scenes/docker-views'
import { CalmDrawing } from './calm-drawing'
import { cut, linesOf } from './lines'
import { faceMark } from './mark'
import { badge } from './state-badge'
import type { Choose, Layer, Look } from './view'

const CHIP = 22
const MOST_CHIPS = 6

interface PlacedState {
  readonly state: LifeState
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/** Where the states stand, in shares of the paper; a state that is new to this list goes to a row of its own. */
const WIDE: Readonly<Record<string, Point>> = {
  created: [0.01, 0.36],
  running: [0.36, 0.36],
  paused: [0.36, 0.01],
  exited: [0.74, 0.36],
  dead: [0.74, 0.86],
}
const NARROW: Readonly<Record<string, Point>> = {
  created: [0.04, 0.05],
  running: [0.04, 0.36],
  paused: [0.58, 0.2],
  exited: [0.04, 0.69],
  dead: [0.58, 0.86],
}

/** The states of the runtime's own machine, its steps as arrows, and the containers where they stand. */
export class LifeCycleDrawing extends CalmDrawing<LifeCycleScene> {
  readonly #head: Layer
  readonly #steps: Layer
  readonly #states: Layer
  readonly #chips: Layer

  constructor(svg: SVGSVGElement, choose: Choose) {
    super(svg, choose)
    this.#head = this.paper.layer('head')
    this.#steps = this.paper.layer('steps')
    this.#states = this.paper.layer('states')
    this.#chips = this.paper.layer('chips')
    this.#head.append('text').attr('class', 'strong').attr('font-size', 12.5).attr('x', 22).attr('y', 30)
  }

  protected draw(scene: LifeCycleScene, look: Look, width: number): number {
    const narrow = width < 600
    const height = Math.max(look.height / look.scale, narrow ? 680 : 470)
    const placed = placeStates(scene.states, { width, height, narrow })
    this.#head.select('text').text(cut(scene.chosen?.says ?? 'No container yet', Math.floor(width / 7)))
    this.#drawSteps(scene, placed, narrow)
    this.#drawStates([...placed.values()], scene, narrow)
    this.#drawChips([...placed.values()], look, narrow)
    return height
  }

  #drawStates(placed: readonly PlacedState[], scene: LifeCycleScene, narrow: boolean): void {
    const join = this.#states.selectAll<SVGGElement, PlacedState>('g.state').data(placed, (d) => d.state.id)
    join.exit().remove()
    const made = join.enter().append('g').attr('class', 'state')
    made.append('rect').attr('class', 'box').attr('rx', 12)
    made.append('text').attr('class', 'state-name strong').attr('x', 14).attr('y', 22).attr('font-size', 13)
    made.append('g').attr('class', 'about')
    made.merge(join).each(function ({ state, x, y, w, h }) {
      const g = select(this)
      const here = scene.chosen?.state === state.id
      g.attr('transform', `translate(${x},${y})`)
      g.select('.box')
        .attr('width', w)
        .attr('height', h)
        .attr('stroke-width', here ? 2.6 : 1.2)
        .style('stroke', here ? 'var(--accent)' : '')
        .style('fill', here ? 'var(--accent-soft)' : '')
      g.select('.state-name').text(state.id)
      g.select('.about')
        .selectAll<SVGTextElement, string>('text')
        .data(linesOf(state.about, Math.floor((w - 20) / 5.9), narrow ? 3 : 2))
        .join('text')
        .attr('class', 'soft')
        .attr('font-size', 11)
        .attr('x', 14)
        .attr('y', (_, i) => 38 + i * 14)
        .text((d) => d)
    })
  }

  #drawChips(placed: readonly PlacedState[], look: Look, narrow: boolean): void {
    const chips = placed.flatMap(({ state, x, y, w, h }) => {
      const shown = state.containers.slice(-most(narrow))
      return shown.map((container, i) => ({
        container,
        x: x + 14,
        y: y + h - (shown.length - i) * CHIP - 2,
        w: w - 20,
      }))
    })
    const join = this.#chips.selectAll<SVGGElement, (typeof chips)[number]>('g.chip').data(chips, (d) => d.container.id)
    join.exit().remove()
    const made = join.enter().append('g').attr('class', 'mark chip').attr('role', 'button').attr('tabindex', -1)
    for (const part of ['row-hit', 'focus'])
      made.append('rect').attr('class', part).attr('x', -4).attr('y', -3).attr('height', CHIP).attr('rx', 6)
    made.append('g').attr('class', 'badge')
    made.append('text').attr('x', 23).attr('y', 12).attr('font-size', 11.5)
    made.merge(join).each(function ({ container, x, y, w }) {
      const g = select(this)
      const chosen = container.key === look.selected
      const dimmed = look.filter.size > 0 && !look.filter.has(container.state)
      const words = container.note === '' ? container.name : `${container.name}, ${container.note}`
      faceMark(this, { key: container.key, title: `container ${container.name}: ${container.word}` }, chosen)
      g.attr('transform', `translate(${x},${y})`).style('opacity', dimmed ? 0.3 : 1)
      for (const part of ['.row-hit', '.focus']) g.select(part).attr('width', w)
      g.select('.focus').style('stroke', chosen ? 'var(--ink)' : '')
      badge(g.select<SVGGElement>('.badge'), container)
      g.select('text')
        .attr('class', chosen ? 'strong' : '')
        .text(shorten(words, Math.floor((w - 24) / 6.6)))
    })
  }

  #drawSteps({ steps, chosen }: LifeCycleScene, placed: ReadonlyMap<string, PlacedState>, narrow: boolean): void {
    const drawn = steps.flatMap((step) => {
      const from = placed.get(step.from)
      const to = placed.get(step.to)
      return from && to
        ? [
            {
              step,
              way: wayOf(step, from, to, betweenThem(from, to, [...placed.values()]), narrow),
              lit: chosen?.step === step.id,
            },
          ]
        : []
    })
    const join = this.#steps.selectAll<SVGGElement, (typeof drawn)[number]>('g').data(drawn, (d) => d.step.id)
    join.exit().remove()
    const made = join.enter().append('g')
    made.append('path').attr('class', 'way').attr('fill', 'none')
    made.append('path').attr('class', 'tip')
    made.append('text').attr('class', 'halo').attr('font-size', 11)
    made.merge(join).each(function ({ step, way, lit }) {
      const g = select(this)
      const ink = lit ? 'var(--accent)' : 'var(--line-strong)'
      g.select('.way')
        .attr('d', way.path)
        .attr('stroke-width', lit ? 2.8 : 1.5)
        .style('stroke', ink)
      g.select('.tip').attr('d', way.tip).style('fill', ink)
      g.select('text')
        .attr('class', lit ? 'halo strong' : 'halo soft')
        .attr('text-anchor', way.anchor)
      const words = inTwos(step.events)
      g.select('text')
        .selectAll<SVGTSpanElement, string>('tspan')
        .data(words)
        .join('tspan')
        .attr('x', way.label[0])
        .attr('y', (_, i) => way.label[1] + i * 13 - (way.anchor === 'middle' ? 0 : (words.length - 1) * 6.5))
        .text((d) => d)
    })
  }
}

const most = (narrow: boolean): number => (narrow ? 3 : MOST_CHIPS)
const chipsOf = ({ containers }: LifeState, narrow: boolean): number => Math.min(containers.length, most(narrow))

/** `exit, kill,` `oom, lose` */
const inTwos = (events: readonly string[]): readonly string[] => {
  const lines: string[] = []
  for (let i = 0; i < events.length; i += 2)
    lines.push(events.slice(i, i + 2).join(', ') + (i + 2 < events.length ? ',' : ''))
  return lines
}

function placeStates(
  states: readonly LifeState[],
  { width, height, narrow }: { readonly width: number; readonly height: number; readonly narrow: boolean },
): Map<string, PlacedState> {
  const w = narrow ? Math.min(150, width * 0.38) : Math.min(200, width * 0.23)
  const places = narrow ? NARROW : WIDE
  let extra = 0
  return new Map(
    states.map((state) => {
      const [left, top] = places[state.id] ?? [0.05 + 0.3 * extra++, 0.9]
      const chips = chipsOf(state, narrow)
      const h = (narrow ? 84 : 62) + (chips > 0 ? chips * CHIP + 6 : 0)
      return [state.id, { state, x: 22 + left * (width - 44), y: 48 + top * (height - 70), w, h }]
    }),
  )
}

/** What a straight arrow would run across. */
const betweenThem = (from: PlacedState, to: PlacedState, all: readonly PlacedState[]): readonly PlacedState[] => {
  const [a, b] = [middle(from), middle(to)]
  return all.filter((one) => {
    if (one === from || one === to) return false
    const [x, y] = middle(one)
    const level = Math.abs(b[0] - a[0]) > Math.abs(b[1] - a[1])
    return level
      ? (x - a[0]) * (x - b[0]) < 0 && Math.abs(one.y - from.y) < 30 && Math.abs(one.y - to.y) < 30
      : (y - a[1]) * (y - b[1]) < 0 && Math.abs(one.x - from.x) < 30 && Math.abs(one.x - to.x) < 30
  })
}

interface Way {
  readonly path: string
  readonly tip: string
  readonly label: Point
  readonly anchor: 'start' | 'middle' | 'end'
}

/** An arrow from side to side of two boxes, bent a little to its right, so that there and back are two; a step to itself is a loop. */
function wayOf(
  step: LifeStep,
  from: PlacedState,
  to: PlacedState,
  between: readonly PlacedState[],
  narrow: boolean,
): Way {
  if (step.from === step.to) {
    const x = from.x + from.w
    const y = from.y + 12
    const room = narrow ? 16 : 22
    return {
      path: `M${x} ${y}c${room} -14 ${room} 36 0 24`,
      tip: arrow([x + 1, y + 24], [-1, -0.35]),
      label: [x + room - (narrow ? 0 : 2), y - 6],
      anchor: 'middle',
    }
  }
  if (between.length > 0) return narrow ? besideThem(from, to, between) : belowThem(from, to, between)
  const a = middle(from)
  const b = middle(to)
  const along = unit([b[0] - a[0], b[1] - a[1]])
  const right: Point = [-along[1], along[0]]
  const start = border(from, a, b, right, SHIFT)
  const end = border(to, b, a, right, SHIFT)
  const control: Point = [(start[0] + end[0]) / 2 + right[0] * SHIFT, (start[1] + end[1]) / 2 + right[1] * SHIFT]
  const level = Math.abs(along[0]) > 0.8
  const off = level && right[1] > 0 ? 18 : 8
  return {
    path: `M${start[0]} ${start[1]}Q${control[0]} ${control[1]} ${end[0]} ${end[1]}`,
    tip: arrow(end, unit([end[0] - control[0], end[1] - control[1]])),
    label: [control[0] + right[0] * off, control[1] + right[1] * off],
    anchor: level ? 'middle' : right[0] < 0 ? 'end' : 'start',
  }
}

/** Two arrows between the same boxes stand so far to the right of the middle, each as it looks. */
const SHIFT = 13

/** Round what stands between, from below to below. */
function belowThem(from: PlacedState, to: PlacedState, between: readonly PlacedState[]): Way {
  const floor = Math.max(...[from, to, ...between].map(({ y, h }) => y + h)) + 30
  const start: Point = [from.x + from.w / 2, from.y + from.h + 2]
  const end: Point = [to.x + to.w * 0.28, to.y + to.h + 2]
  return {
    path: `M${start[0]} ${start[1]}C${start[0]} ${floor + 14} ${end[0]} ${floor + 14} ${end[0]} ${end[1]}`,
    tip: arrow(end, [0, -1]),
    label: [(start[0] + end[0]) / 2, floor - 6],
    anchor: 'middle',
  }
}

/** Round what stands between, at its right side. */
function besideThem(from: PlacedState, to: PlacedState, between: readonly PlacedState[]): Way {
  const wall = Math.max(...[from, to, ...between].map(({ x, w }) => x + w)) + 16
  const start: Point = [from.x + from.w + 2, from.y + 16]
  const end: Point = [to.x + to.w + 2, to.y + to.h - 14]
  return {
    path: `M${start[0]} ${start[1]}C${wall + 10} ${start[1]} ${wall + 10} ${end[1]} ${end[0]} ${end[1]}`,
    tip: arrow(end, [-1, 0]),
    label: [wall + 6, end[1] - 70],
    anchor: 'start',
  }
}

const middle = ({ x, y, w, h }: PlacedState): Point => [x + w / 2, y + h / 2]

function unit([x, y]: Point): Point {
  const length = Math.sqrt(x * x + y * y) || 1
  return [x / length, y / length]
}

/** Where the line from a box's middle to a point leaves the box. */
function border({ w, h }: PlacedState, [x, y]: Point, towards: Point, right: Point, shift: number): Point {
  const from: Point = [x + right[0] * shift, y + right[1] * shift]
  const [dx, dy] = unit([towards[0] - from[0], towards[1] - from[1]])
  const left = dx === 0 ? Number.POSITIVE_INFINITY : ((dx > 0 ? x + w / 2 : x - w / 2) - from[0]) / dx
  const up = dy === 0 ? Number.POSITIVE_INFINITY : ((dy > 0 ? y + h / 2 : y - h / 2) - from[1]) / dy
  const t = Math.min(left, up) + 2
  return [from[0] + dx * t, from[1] + dy * t]
}

function arrow([x, y]: Point, [dx, dy]: Point): string {
  const back: Point = [x - dx * 9, y - dy * 9]
  return `M${x} ${y}L${back[0] - dy * 4.5} ${back[1] + dx * 4.5}L${back[0] + dy * 4.5} ${back[1] - dx * 4.5}z`
}
