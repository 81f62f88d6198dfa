import { type Selection, select } from 'd3'
import { type Box, type Frame, plateMiddle } from '../place/grid'
import { shorten } from '../scenes/amount'
import type { Bar, MachineMark } from '../scenes/scene'
import { arrowOutPath, brokenLinkPath, crownPath } from './glyphs'

export interface PlacedMachine {
  readonly mark: MachineMark
  readonly box: Box
  readonly frame: Frame
  readonly selected: boolean
  readonly differs: boolean
}
export type MachineSelection = Selection<SVGGElement, PlacedMachine, any, any>

const CHARACTER = 8.15
const shownIf = (shown: boolean) => (shown ? '' : 'none')

export function buildMachine(enter: MachineSelection, hatch: string, tape: string): void {
  enter.append('rect').attr('class', 'focus')
  enter.append('rect').attr('class', 'box')
  enter.append('rect').attr('class', 'hatch').attr('fill', `url(#${hatch})`)
  enter.append('rect').attr('class', 'tape').attr('fill', `url(#${tape})`).attr('height', 5)
  enter.append('path').attr('class', 'lamp')
  enter.append('text').attr('class', 'name mono strong')
  enter.append('text').attr('class', 'note').attr('text-anchor', 'end')
  enter.append('path').attr('class', 'crown').attr('d', crownPath).style('fill', 'var(--accent)')
  enter
    .append('path')
    .attr('class', 'sign')
    .attr('fill', 'none')
    .attr('stroke-width', 1.7)
    .attr('stroke-linecap', 'round')
    .attr('stroke-linejoin', 'round')
    .style('stroke', 'var(--warn-ink)')
  enter.append('text').attr('class', 'foot soft').attr('font-size', 11.5)
  for (const name of ['cpu', 'memory']) buildBar(enter.append('g').attr('class', name))
  enter.append('rect').attr('class', 'ring')
}

function buildBar(bar: MachineSelection): void {
  bar.append('text').attr('class', 'faint bar-label').attr('font-size', 11).attr('y', 7.6)
  bar
    .append('text')
    .attr('class', 'soft mono bar-text')
    .attr('font-size', 10.5)
    .attr('y', 7.6)
    .attr('text-anchor', 'end')
  bar.append('rect').attr('class', 'bar-ground').attr('height', 8).attr('rx', 4)
  bar.append('rect').attr('class', 'bar-used').attr('height', 8).attr('rx', 4)
  bar.append('rect').attr('class', 'bar-asked').attr('y', 0.5).attr('height', 7).attr('rx', 3.5)
  bar.append('path').attr('class', 'bar-limit')
}

export function dressMachine(machines: MachineSelection, move: number): void {
  machines.each(function ({ mark, box, frame, selected, differs }) {
    const g = select(this)
    g.attr('class', `mark machine ${mark.look}${differs ? ' differing' : ''}`)
    const { w, h } = box
    const radius = Math.min(12, h / 8)
    for (const part of ['.box', '.hatch']) g.select(part).attr('width', w).attr('height', h).attr('rx', radius)
    for (const part of ['.focus', '.ring'])
      g.select(part)
        .attr('x', -3.5)
        .attr('y', -3.5)
        .attr('width', w + 7)
        .attr('height', h + 7)
        .attr('rx', radius + 3.5)
    g.select('.ring').style('display', shownIf(selected))
    const cell = frame.kind === 'cell'
    const brief = cell || frame.kind === 'brief'
    const middle = plateMiddle(frame)
    g.select('.lamp')
      .attr('d', lampPath(mark.lamp, frame.side + (cell ? 2 : 0), middle))
      .attr('transform', cell ? `translate(3.5,3) scale(0.5)` : null)
      .style(
        'fill',
        mark.lamp === 'good' ? 'var(--ready)' : mark.lamp === 'bad' ? 'var(--unhealthy)' : 'var(--pulling)',
      )
    const noteRoom = brief || mark.note === '' ? 0 : mark.note.length * 7 + 14
    const room = w - frame.side * 2 - 14 - (mark.crown && mark.note === '' ? 26 : 0) - noteRoom - (brief ? 10 : 18)
    const size = brief ? 11 : 13.5
    g.select('.name')
      .attr('x', frame.side + 13)
      .attr('y', middle + size / 3)
      .attr('font-size', size)
      .text(cell ? '' : shorten(mark.name, Math.max(3, Math.floor(room / (CHARACTER * (size / 13.5))))))
    g.select('.note')
      .attr('class', mark.warns ? 'note warn' : 'note soft')
      .attr('x', w - frame.side)
      .attr('y', middle + 4)
      .attr('font-size', 11.5)
      .text(brief ? '' : mark.note)
    const crownX = mark.note === '' || brief ? w - frame.side - 19 : w - frame.side - noteRoom - 12
    g.select('.crown')
      .style('display', shownIf(mark.crown && !cell))
      .attr('transform', `translate(${crownX},${middle - 7})`)
    const sign = mark.look === 'cut-off' ? brokenLinkPath : mark.look === 'draining' ? arrowOutPath : ''
    g.select('.sign')
      .attr('d', sign)
      .attr(
        'transform',
        mark.look === 'draining' ? `translate(${w - 8},${h / 2 - 9}) scale(1.15)` : `translate(-8,${h / 2 - 8})`,
      )
    const taped = mark.look === 'cordoned' || mark.look === 'draining'
    g.select('.tape')
      .attr('y', middle + (brief ? 8 : 13))
      .attr('width', w)
      .style('display', shownIf(taped))
    const bars = !brief && mark.foot === undefined
    g.select('.foot')
      .attr('x', frame.side)
      .attr('y', h - (frame.kind === 'snug' ? 11 : 17))
      .text(brief ? '' : cut(mark.foot ?? '', Math.floor((w - 2 * frame.side) / 5.6)))
    const inner = w - 2 * frame.side
    const half = (inner - 14) / 2
    const snug = frame.kind === 'snug'
    dressBar(
      g.select('.cpu'),
      mark.cpu,
      { x: frame.side, y: h - (snug ? 18 : 37), w: snug ? half : inner, shown: bars },
      move,
    )
    dressBar(
      g.select('.memory'),
      mark.memory,
      { x: frame.side + (snug ? half + 14 : 0), y: h - (snug ? 18 : 20), w: snug ? half : inner, shown: bars },
      move,
    )
  })
}

/** A sentence ends early; only names are shortened in the middle. */
const cut = (text: string, most: number) => (text.length <= most ? text : `${text.slice(0, most - 1)}…`)

function lampPath(lamp: MachineMark['lamp'], x: number, y: number): string {
  if (lamp === 'bad') return `M${x - 4.4} ${y - 4.4}h8.8v8.8h-8.8z`
  if (lamp === 'doubt') return `M${x} ${y - 5.6}l5.4 9.6h-10.8z`
  return `M${x - 4.8} ${y}a4.8 4.8 0 1 0 9.6 0a4.8 4.8 0 1 0 -9.6 0z`
}

function dressBar(
  bar: Selection<SVGGElement, unknown, any, any>,
  of: Bar,
  at: { x: number; y: number; w: number; shown: boolean },
  move: number,
): void {
  bar.style('display', shownIf(at.shown))
  if (!at.shown) return
  const wide = at.w > 190
  const left = wide ? 50 : 30
  const words = at.w > 160 ? of.text : ''
  const width = Math.max(10, at.w - left - (wide ? 84 : words === '' ? 0 : 80))
  bar.attr('transform', `translate(${at.x},${at.y})`)
  bar.select('.bar-label').text(wide ? of.label : of.label.slice(0, 3))
  bar.select('.bar-text').attr('x', at.w).text(words)
  bar.select('.bar-ground').attr('x', left).attr('width', width)
  const used = bar.select<SVGRectElement>('.bar-used').attr('x', left)
  const asked = bar.select<SVGRectElement>('.bar-asked').attr('x', left + 0.5)
  glide(used, width * of.used, move)
  glide(asked, Math.max(0, width * of.requested - 1), move)
  asked.style('display', shownIf(of.requested > 0.005))
  const tick = of.limit === undefined ? '' : `M${left + width * of.limit} -1.5v11`
  bar.select('.bar-limit').attr('d', tick)
}

function glide(rect: Selection<SVGRectElement, unknown, any, any>, width: number, move: number): void {
  const node = rect.node()
  if (!node) return
  const rounded = Math.round(width * 10) / 10
  if (node.getAttribute('data-to') === String(rounded)) return
  node.setAttribute('data-to', String(rounded))
  if (move > 0) rect.transition().duration(move).attr('width', rounded)
  else rect.interrupt().attr('width', rounded)
}
