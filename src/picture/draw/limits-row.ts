import { type Selection, select } from 'd3'
import { shorten } from '../scenes/amount'
import type { LimitsGroup } from '../scenes/views'
import { faceMark } from './mark'

export interface RowPlace {
  readonly group: LimitsGroup
  readonly scaleMillis: number
  /** A heading above it: the class that begins here. */
  readonly heading: string
  readonly x: number
  readonly y: number
  readonly w: number
  readonly narrow: boolean
  readonly selected: boolean
  readonly dimmed: boolean
  readonly differs: boolean
}

type RowSelection = Selection<SVGGElement, RowPlace, any, any>

const BAR = 10
const GAP = 18

/** Where the parts of a row stand: beside each other, or above. */
export function columnsOf(w: number, narrow: boolean) {
  if (narrow) return { names: w - 14, cpuAt: 12, memoryAt: 12, bar: w - 12 }
  const names = w * 0.27
  const bar = (w - names - GAP) / 2
  return { names, cpuAt: names, memoryAt: names + bar + GAP, bar }
}

/** A group: its name and what holds of it, a bar for the processor and one for memory. */
export function buildLimitsRow(enter: RowSelection, hatch: string): void {
  enter.append('rect').attr('class', 'focus row-hit').attr('x', -8).attr('y', -4).attr('rx', 8)
  enter.append('text').attr('class', 'heading faint').attr('font-size', 11).attr('y', -10)
  enter.append('rect').attr('class', 'hue').attr('width', 4).attr('height', 32).attr('y', 3).attr('rx', 2)
  enter.append('text').attr('class', 'name mono').attr('x', 12).attr('y', 15).attr('font-size', 12.5)
  enter.append('text').attr('class', 'about soft').attr('x', 12).attr('y', 32).attr('font-size', 11)
  for (const name of ['cpu', 'memory']) {
    const bar = enter.append('g').attr('class', name)
    bar.append('rect').attr('class', 'bar-ground').attr('height', BAR).attr('rx', 3)
    bar.append('rect').attr('class', 'bar-held').attr('height', BAR).attr('rx', 3).attr('fill', `url(#${hatch})`)
    bar.append('rect').attr('class', 'bar-cache').attr('height', BAR).attr('rx', 3).style('fill', 'var(--used)')
    bar.append('rect').attr('class', 'bar-used').attr('height', BAR).attr('rx', 3)
    bar
      .append('rect')
      .attr('class', 'bar-asked')
      .attr('y', 0.5)
      .attr('height', BAR - 1)
      .attr('rx', 2.5)
    bar.append('path').attr('class', 'bar-limit').attr('fill', 'none')
    bar
      .append('path')
      .attr('class', 'swap')
      .attr('fill', 'none')
      .attr('stroke-width', 3)
      .style('stroke', 'var(--pulling)')
    bar
      .append('text')
      .attr('class', 'bar-text')
      .attr('y', BAR + 16)
      .attr('font-size', 11)
  }
  enter.append('path').attr('class', 'killed').attr('d', 'M0 9L5.5 0L11 9Z').style('fill', 'var(--oom)')
  enter.append('rect').attr('class', 'differs').attr('x', -8).attr('y', -4).attr('rx', 8)
  enter.append('rect').attr('class', 'ring').attr('x', -8).attr('y', -4).attr('rx', 8)
}

export function dressLimitsRow(rows: RowSelection, fade: number): void {
  rows.each(function (place) {
    const { group, heading, w, narrow, selected, dimmed, differs } = place
    const g = select(this)
    g.attr('class', `mark limits-row${dimmed ? ' dim' : ''}`)
    faceMark(this, group, selected)
    const height = narrow ? 110 : 46
    for (const part of ['.row-hit', '.ring', '.differs'])
      g.select(part)
        .attr('width', w + 16)
        .attr('height', height)
    g.select('.ring').style('display', selected ? '' : 'none')
    g.select('.differs').style('display', differs ? '' : 'none')
    g.select('.heading').text(heading)
    g.select('.hue').style('fill', `var(--id-${group.hue})`)
    const { names, cpuAt, memoryAt, bar } = columnsOf(w, narrow)
    g.select('.name').text(shorten(group.name, Math.floor((names - 44) / 7.6)))
    g.select('.about').text(shorten(group.about, Math.floor((names - 18) / 5.7)))
    g.select('.killed')
      .style('display', group.memory.killed > 0 ? '' : 'none')
      .attr('transform', `translate(${names - 20},5)`)
    cpuBar(g.select('.cpu').attr('transform', `translate(${cpuAt},${narrow ? 40 : 6})`), place, bar)
    memoryBar(g.select('.memory').attr('transform', `translate(${memoryAt},${narrow ? 76 : 6})`), group, bar)
    if (fade === 0) g.interrupt()
  })
}

type BarSelection = Selection<any, unknown, null, undefined>

function cpuBar(bar: BarSelection, { group, scaleMillis }: RowPlace, w: number): void {
  const { used, wants, quota, held, short } = group.cpu
  const x = (millis: number) => Math.max(0, Math.min(1, millis / scaleMillis)) * w
  lay(bar, w, {
    used: x(used),
    held: held === undefined ? 0 : x(wants),
    cache: 0,
    asked: wants > used + 5 ? x(wants) : 0,
  })
  bar.select('.bar-limit').attr('d', quota === undefined ? '' : tick(x(quota)))
  bar.select('.swap').attr('d', '')
  told(bar, short, w, held !== undefined)
}

function memoryBar(bar: BarSelection, { memory }: LimitsGroup, w: number): void {
  const { used, cache, swap, reserved, of, limit, killed, text } = memory
  const x = (bytes: number) => Math.max(0, Math.min(1, bytes / of)) * w
  lay(bar, w, { used: x(used), held: 0, cache: x(used + cache), asked: reserved > 0 ? x(reserved) : 0 })
  bar.select('.bar-limit').attr('d', limit === undefined ? '' : tick(w))
  bar.select('.swap').attr('d', swap > 0 ? `M0 ${BAR + 3}H${x(swap)}` : '')
  told(bar, text, w, killed > 0 || swap > 0)
}

function lay(bar: BarSelection, w: number, parts: { used: number; held: number; cache: number; asked: number }): void {
  bar.select('.bar-ground').attr('width', w)
  bar.select('.bar-used').attr('width', parts.used)
  bar.select('.bar-held').attr('width', parts.held)
  bar
    .select('.bar-cache')
    .attr('width', parts.cache)
    .attr('opacity', 0.4)
    .style('display', parts.cache > parts.used ? '' : 'none')
  bar
    .select('.bar-asked')
    .attr('width', Math.max(0, parts.asked - 1))
    .style('display', parts.asked > 0 ? '' : 'none')
}

const tick = (x: number): string => `M${x - 0.8} -3V${BAR + 3}`

function told(bar: BarSelection, text: string, w: number, warns: boolean): void {
  bar
    .select('.bar-text')
    .attr('class', warns ? 'bar-text warn' : 'bar-text soft')
    .text(fitted(text, w))
}

/** Whole parts of the text, as many as there is room for. */
function fitted(text: string, w: number): string {
  const most = Math.floor(w / 5.7)
  if (text.length <= most) return text
  let kept = ''
  for (const part of text.split(', ')) {
    const next = kept === '' ? part : `${kept}, ${part}`
    if (next.length > most - 2) break
    kept = next
  }
  return kept === '' ? shorten(text, most) : `${kept} …`
}
