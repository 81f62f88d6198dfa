import { type Selection, select } from 'd3'
import { shorten } from '../scenes/amount'
import type { LimitsGroup, LimitsMachine, LimitsScene } from '../scenes/views'
import { buildLimitsRow, columnsOf, dressLimitsRow, type RowPlace } from './limits-row'
import { faceMark } from './mark'
import { motionAt } from './motion'
import { leave, moveTo } from './move'
import { type Choose, type Layer, type Look, Paper, type ViewDrawing } from './view'

const EDGE = 22
const PAD = 16
const HEAD = 96
const GAP = 18
/** Below this width the bars of a group stand one above the other. */
const NARROW = 620

interface MachinePlace {
  readonly mark: LimitsMachine
  readonly y: number
  readonly w: number
  readonly h: number
  readonly selected: boolean
}

/** A segment of a machine's bar: what one group has of it. */
interface Segment {
  readonly id: string
  readonly from: number
  readonly share: number
  readonly colour: string
}

/** Each machine a panel: what it has as two bars in which each group has its part, and the groups below with their limits. */
export class LimitsDrawing implements ViewDrawing<LimitsScene> {
  readonly #paper: Paper
  readonly #machines: Layer
  readonly #rows: Layer
  readonly #foot: Layer
  #last: { scene: LimitsScene; look: Look } | undefined

  constructor(svg: SVGSVGElement, choose: Choose) {
    this.#paper = new Paper(svg, choose)
    this.#machines = this.#paper.layer('machines')
    this.#rows = this.#paper.layer('rows')
    this.#foot = this.#paper.layer('foot')
    this.#foot.append('text').attr('class', 'soft').attr('font-size', 12)
  }

  show(scene: LimitsScene, look: Look): void {
    const motion = this.#last ? motionAt(look.pace) : motionAt({ ...look.pace, still: true })
    this.#last = { scene, look }
    const width = look.width / look.scale
    const { machines, rows, height } = placed(scene, width, look)
    this.#paper.size(look, Math.max(look.height / look.scale, height), motion.fade === 0)
    this.#drawMachines(machines, motion.move)
    const join = this.#rows.selectAll<SVGGElement, RowPlace>('g.limits-row').data(rows, (d) => d.group.id)
    leave(join.exit(), motion.enter)
    const made = join.enter().append('g').attr('role', 'button').attr('tabindex', -1)
    buildLimitsRow(made, `${this.#paper.id}-hatch`)
    const all = made.merge(join)
    dressLimitsRow(all, motion.fade)
    moveTo(all, (d) => `translate(${d.x},${d.y})`, motion.move)
    this.#foot
      .select('text')
      .attr('x', EDGE)
      .attr('y', height - 14)
      .text(
        scene.machines.length === 0
          ? 'No machine runs yet.'
          : scene.more > 0
            ? `${scene.more} more machines, on which nothing is short`
            : '',
      )
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

  #drawMachines(machines: readonly MachinePlace[], move: number): void {
    const join = this.#machines
      .selectAll<SVGGElement, MachinePlace>('g.limits-machine')
      .data(machines, (d) => d.mark.id)
    join.exit().remove()
    const made = join
      .enter()
      .append('g')
      .attr('class', 'mark limits-machine')
      .attr('role', 'button')
      .attr('tabindex', -1)
    made.append('rect').attr('class', 'focus').attr('x', -3.5).attr('y', -3.5).attr('rx', 15)
    made.append('rect').attr('class', 'box').attr('rx', 12)
    made.append('text').attr('class', 'name mono strong').attr('x', PAD).attr('y', 25).attr('font-size', 13.5)
    made.append('text').attr('class', 'more soft').attr('y', 25).attr('font-size', 11.5).attr('text-anchor', 'end')
    for (const name of ['cpu', 'memory']) {
      const bar = made.append('g').attr('class', name)
      bar.append('text').attr('class', 'soft bar-text').attr('font-size', 11.5)
      bar.append('rect').attr('class', 'bar-ground').attr('y', 6).attr('height', 12).attr('rx', 3)
      bar.append('g').attr('class', 'segments')
      bar.append('path').attr('class', 'ticks').attr('stroke-width', 1.2).style('stroke', 'var(--panel)')
    }
    for (const name of ['cpu-scale', 'memory-scale'])
      made
        .append('text')
        .attr('class', `${name} faint`)
        .attr('font-size', 11)
        .attr('y', HEAD - 11)
    made.append('rect').attr('class', 'ring').attr('x', -3.5).attr('y', -3.5).attr('rx', 15)
    const all = made.merge(join)
    moveTo(all, (d) => `translate(${EDGE},${d.y})`, move)
    all.each(function ({ mark, w, h, selected }) {
      const g = select(this)
      faceMark(this, mark, selected)
      g.select('.box').attr('width', w).attr('height', h)
      for (const part of ['.focus', '.ring'])
        g.select(part)
          .attr('width', w + 7)
          .attr('height', h + 7)
      g.select('.ring').style('display', selected ? '' : 'none')
      g.select('.name').text(shorten(mark.name, Math.floor((w - 140) / 8.2)))
      g.select('.more')
        .attr('x', w - PAD)
        .text(mark.on ? (mark.more > 0 ? `${mark.more} more at rest` : '') : 'no power')
      const { cpuAt, memoryAt } = columnsOf(w - PAD * 2, w - PAD * 2 < NARROW)
      const scale = mark.scaleMillis / 1000
      const isShown = mark.groups.length > 0
      g.select('.cpu-scale')
        .attr('x', PAD + cpuAt)
        .text(isShown ? `a whole bar: ${scale} ${scale === 1 ? 'CPU' : 'CPUs'}` : '')
      g.select('.memory-scale')
        .attr('x', PAD + memoryAt)
        .text(isShown && memoryAt > cpuAt ? 'a whole bar: the limit, or the machine' : '')
      const half = (w - PAD * 3) / 2
      machineBar(g.select('.cpu'), PAD, half, mark.cpuText, cpuSegments(mark), mark.cpuMillis / 1000)
      machineBar(g.select('.memory'), PAD * 2 + half, half, mark.memoryText, memorySegments(mark), 0)
    })
  }
}

function machineBar(
  bar: Selection<any, unknown, null, undefined>,
  x: number,
  w: number,
  text: string,
  segments: readonly Segment[],
  parts: number,
): void {
  bar.attr('transform', `translate(${x},44)`)
  bar
    .select('.bar-text')
    .text(shorten(text, Math.floor(w / 6.1)))
    .attr('y', 0)
  bar.select('.bar-ground').attr('width', w)
  bar
    .select('.segments')
    .selectAll<SVGRectElement, Segment>('rect')
    .data(segments, (d) => d.id)
    .join('rect')
    .attr('y', 6)
    .attr('height', 12)
    .attr('x', (d) => d.from * w)
    .attr('width', (d) => Math.max(0, d.share * w - (d.share * w > 3 ? 1 : 0)))
    .style('fill', (d) => d.colour)
  // one tick a CPU, where they can be told apart
  const ticks =
    parts > 1 && parts <= 32 ? Array.from({ length: Math.ceil(parts) - 1 }, (_, i) => ((i + 1) * w) / parts) : []
  bar.select('.ticks').attr('d', ticks.map((at) => `M${at} 6v12`).join(''))
}

function stacked(
  parts: readonly { readonly id: string; readonly share: number; readonly colour: string }[],
): Segment[] {
  let from = 0
  return parts.map(({ id, share, colour }) => {
    const room = Math.max(0, Math.min(share, 1 - from))
    from += room
    return { id, from: from - room, share: room, colour }
  })
}

const hueOf = (group: LimitsGroup): string => `var(--id-${group.hue})`

function cpuSegments({ groups, usedMillis, cpuMillis }: LimitsMachine): Segment[] {
  const known = groups.reduce((sum, { cpu }) => sum + cpu.used, 0)
  return stacked([
    ...groups.map((group) => ({ id: group.id, share: group.cpu.used / cpuMillis, colour: hueOf(group) })),
    { id: 'others', share: Math.max(0, usedMillis - known) / cpuMillis, colour: 'var(--used)' },
  ])
}

function memorySegments({ groups, usedBytes, memoryBytes }: LimitsMachine): Segment[] {
  const known = groups.reduce((sum, { memory }) => sum + memory.used, 0)
  return stacked([
    ...groups.map((group) => ({ id: group.id, share: group.memory.used / memoryBytes, colour: hueOf(group) })),
    { id: 'others', share: Math.max(0, usedBytes - known) / memoryBytes, colour: 'var(--used)' },
  ])
}

function placed(scene: LimitsScene, width: number, look: Look) {
  const machines: MachinePlace[] = []
  const rows: RowPlace[] = []
  const w = width - EDGE * 2
  const narrow = w - PAD * 2 < NARROW
  const rowHeight = narrow ? 116 : 50
  let y = EDGE
  for (const mark of scene.machines) {
    const top = y
    y += mark.groups.length === 0 ? HEAD - 22 : HEAD + 6
    let slice = ''
    for (const group of mark.groups) {
      const heading = group.slice === slice ? '' : group.slice
      slice = group.slice
      if (heading !== '') y += 22
      rows.push({
        group,
        scaleMillis: mark.scaleMillis,
        heading,
        x: EDGE + PAD,
        y,
        w: w - PAD * 2,
        narrow,
        selected: group.key === look.selected,
        dimmed: look.filter.size > 0 && !look.filter.has(group.state),
        differs: look.differing.has(group.id),
      })
      y += rowHeight
    }
    y += mark.groups.length > 0 ? 8 : 0
    machines.push({ mark, y: top, w, h: y - top, selected: mark.key === look.selected })
    y += GAP
  }
  return { machines, rows, height: y + 24 }
}
