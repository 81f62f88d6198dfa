import { type Selection, select } from 'd3'
import type { Places } from '../place/machines'
import type { HubSpot } from '../place/side'
import { shorten } from '../scenes/amount'
import type { HubMark, LedgerMark, RowMark, Scene } from '../scenes/scene'
import { faceMark } from './mark'
import { leave } from './move'
import type { Look } from './view'

export type Layer = Selection<SVGGElement, unknown, any, any>

/** The pending tray: what nobody has given a place yet, and what is wanted and not made. */
export function drawTray(layer: Layer, scene: Scene, places: Places): void {
  const { tray } = places
  const waiting = scene.tiles.filter((tile) => tile.machine === undefined)
  layer
    .selectAll('.tray, .tray-title, .tray-name, .tray-note, .rows-title, .rows-none')
    .attr('display', scene.orchestrated ? null : 'none')
  layer.select('.tray').attr('x', tray.x).attr('y', tray.y).attr('width', tray.w).attr('height', tray.h).attr('rx', 12)
  layer
    .select('.tray-title')
    .attr('x', tray.x + 14)
    .attr('y', tray.y + 23)
    .attr('font-size', 12.5)
    .text('Pending')
  const empty = waiting.length + places.ghosts.length === 0
  const first = waiting[0]
  const note = empty ? 'nothing waits for a place' : (first?.note ?? 'wanted, not made yet')
  const beside = tray.x + 62
  layer
    .select('.tray-name')
    .attr('x', beside)
    .attr('y', tray.y + 50)
    .attr('font-size', 11)
    .text(places.tray.detailed && first ? shorten(first.name, 14) : '')
  layer
    .select('.tray-note')
    .attr('x', places.tray.detailed ? beside : empty ? tray.x + 14 : tray.x + tray.w - 14)
    .attr('y', places.tray.detailed ? tray.y + 65 : empty ? tray.y + 50 : tray.y + 23)
    .attr('text-anchor', places.tray.detailed || empty ? 'start' : 'end')
    .attr('font-size', 11)
    .text(
      places.tray.more > 0
        ? `and ${places.tray.more} more`
        : shorten(note, places.tray.detailed ? 16 : empty ? 26 : 14),
    )
}

export function buildTray(layer: Layer): void {
  layer.append('rect').attr('class', 'tray')
  layer.append('text').attr('class', 'tray-title strong')
  layer.append('text').attr('class', 'tray-name mono')
  layer.append('text').attr('class', 'tray-note soft')
}

interface PlacedGhost {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly size: number
  readonly hue: number
  readonly workload: string
}

export function drawGhosts(layer: Layer, ghosts: readonly PlacedGhost[], enter: number): void {
  const join = layer.selectAll<SVGRectElement, PlacedGhost>('rect.ghost').data(ghosts, (ghost) => ghost.id)
  leave(join.exit(), enter)
  const made = join.enter().append('rect').attr('class', 'ghost').attr('fill', 'none').style('opacity', 0)
  made.append('title')
  const all = made.merge(join)
  all
    .attr('x', (d) => d.x)
    .attr('y', (d) => d.y)
    .attr('width', (d) => d.size)
    .attr('height', (d) => d.size)
  all
    .attr('rx', (d) => d.size / 4.4)
    .style('stroke', (d) => `var(--id-${d.hue})`)
    .attr('stroke-width', 2)
    .attr('stroke-dasharray', '4 3')
  all.select('title').text((d) => `wanted, missing: a pod of ${d.workload}`)
  all.transition().duration(enter).style('opacity', 1)
}

export function drawRows(
  layer: Layer,
  scene: Scene,
  places: Places,
  { selected, differing }: Pick<Look, 'selected' | 'differing'>,
): void {
  const [x, y] = places.rowsTitle
  layer.select('.rows-title').attr('x', x).attr('y', y).attr('font-size', 12.5).text('Wanted and ready')
  layer
    .select('.rows-none')
    .attr('x', x)
    .attr('y', y + 20)
    .attr('font-size', 11)
    .text(scene.rows.length === 0 ? 'nothing is asked for yet' : '')
  const join = layer.selectAll<SVGGElement, RowMark>('g.workload').data(scene.rows, (row) => row.id)
  join.exit().remove()
  const made = join.enter().append('g').attr('class', 'mark row workload').attr('role', 'button').attr('tabindex', -1)
  made.append('rect').attr('class', 'row-hit').attr('rx', 5)
  made.append('rect').attr('class', 'focus').attr('rx', 5)
  made
    .append('rect')
    .attr('class', 'chip')
    .attr('width', 10)
    .attr('height', 10)
    .attr('rx', 3)
    .attr('fill', 'none')
    .attr('stroke-width', 2.2)
  made.append('text').attr('class', 'row-name').attr('font-size', 12)
  made.append('text').attr('class', 'row-count mono').attr('font-size', 12).attr('text-anchor', 'end')
  made.merge(join).each(function (row) {
    const box = places.rows.get(row.id)
    const g = select(this)
    if (!box) return
    const met = row.ready === row.wanted
    frameRow(this, row, box, row.key === selected)
    g.classed('differing', differing.has(row.id))
    if (differing.has(row.id)) g.select('.row-hit').style('stroke', 'var(--accent)')
    g.select('.chip').attr('y', 5).attr('x', 1).style('stroke', `var(--id-${row.hue})`)
    g.select('.row-name')
      .attr('x', 19)
      .attr('y', 14.5)
      .text(shorten(row.name, Math.floor((box.w - 80) / 6.2)))
    g.select('.row-count')
      .attr('class', `row-count mono ${met ? 'soft' : 'warn'}`)
      .attr('x', box.w)
      .attr('y', 14.5)
      .text(`${row.ready} of ${row.wanted}`)
  })
}

/** A row at its place, with the frame that shows the pointer, the focus and the choice. */
function frameRow(
  row: SVGGElement,
  face: { readonly key: string; readonly title: string },
  box: { readonly x: number; readonly y: number; readonly w: number; readonly h: number },
  selected: boolean,
): void {
  faceMark(row, face, selected)
  const g = select(row).attr('transform', `translate(${box.x},${box.y})`)
  for (const part of ['.row-hit', '.focus'])
    g.select(part)
      .attr('x', -5)
      .attr('width', box.w + 10)
      .attr('height', box.h)
  g.select('.row-hit')
    .style('stroke', selected ? 'var(--ink)' : 'none')
    .attr('stroke-width', 1.6)
}

/** What became of the requests: how many were sent, how many were lost. */
export function drawLedgers(layer: Layer, scene: Scene, places: Places, selected: string | undefined): void {
  const shown = scene.ledger.filter((ledger) => places.ledgers.has(ledger.id))
  const join = layer.selectAll<SVGGElement, LedgerMark>('g.ledger').data(shown, (ledger) => ledger.id)
  join.exit().remove()
  const made = join.enter().append('g').attr('class', 'mark row ledger').attr('role', 'button').attr('tabindex', -1)
  made.append('rect').attr('class', 'row-hit').attr('rx', 5)
  made.append('rect').attr('class', 'focus').attr('rx', 5)
  made.append('text').attr('class', 'ledger-sent soft').attr('font-size', 11.5).attr('y', 13)
  made.append('text').attr('class', 'ledger-lost').attr('font-size', 11.5).attr('y', 29)
  made.merge(join).each(function (ledger) {
    const box = places.ledgers.get(ledger.id)!
    const g = select(this)
    frameRow(this, ledger, box, ledger.key === selected)
    g.select('.ledger-sent').text(`${grouped(ledger.sent)} requests sent`)
    const worst = ledger.reasons[0]
    const words = `${grouped(ledger.failed)} lost${worst ? `: ${worst.says}` : ''}`
    const lost = ledger.failed === 0 ? 'none lost' : words.length > 27 ? `${words.slice(0, 26)}…` : words
    g.select('.ledger-lost')
      .attr('class', ledger.failed === 0 ? 'ledger-lost soft' : 'ledger-lost warn')
      .text(lost)
  })
}

/** 1804 → 1,804 */
const grouped = (n: number) => String(n).replace(/\B(?=(\d{3})+$)/g, ',')

export function buildRows(layer: Layer): void {
  layer.append('text').attr('class', 'rows-title strong')
  layer.append('text').attr('class', 'rows-none soft')
  layer.append('text').attr('class', 'hubs-title strong')
}

export interface PlacedHub {
  readonly mark: HubMark
  readonly spot: HubSpot
  readonly selected: boolean
  /** Degrees, clockwise from up: where the endpoint chosen last is. */
  readonly angle: number
}

export function drawHubsTitle(layer: Layer, places: Places): void {
  const at = places.hubsTitle
  layer
    .select('.hubs-title')
    .attr('x', at?.[0] ?? 0)
    .attr('y', at?.[1] ?? 0)
    .attr('font-size', 12.5)
    .text(at ? 'Services' : '')
}

export function drawHubs(layer: Layer, hubs: readonly PlacedHub[], move: number, users: number): void {
  const join = layer.selectAll<SVGGElement, PlacedHub>('g.hub').data(hubs, (d) => d.mark.id)
  leave(join.exit(), move)
  const made = join
    .enter()
    .append('g')
    .attr('class', 'mark hub')
    .attr('role', 'button')
    .attr('tabindex', -1)
    .style('opacity', 0)
  buildHub(made)
  made.transition().duration(move).style('opacity', 1)
  if (move === 0) made.merge(join).interrupt().style('opacity', 1)
  made.merge(join).each(function ({ mark, spot, selected, angle }) {
    const g = select(this)
    const { r, row } = spot
    const hue = `var(--id-${mark.hue})`
    g.attr('transform', `translate(${spot.x},${spot.y})`)
    faceMark(this, mark, selected)
    g.select('.feed')
      .attr('d', `M${users - spot.x} 0H${-r}`)
      .style('display', row ? 'none' : '')
    g.select('.disc')
      .attr('r', r)
      .attr('stroke-width', row ? 2 : 2.4)
      .style('stroke', hue)
    g.select('.focus').attr('r', r + 5)
    g.select('.ring')
      .attr('r', r + 4)
      .style('display', selected ? '' : 'none')
    g.select('.axle')
      .attr('r', row ? 1.6 : r / 7)
      .style('fill', hue)
    const rotor = g
      .select<SVGPathElement>('.rotor')
      .attr('d', `M0 0V${-r * 0.76}`)
      .attr('stroke-width', row ? 1.8 : 2.6)
      .style('stroke', hue)
      .style('display', mark.endpoints.length === 0 ? 'none' : '')
    if (move > 0) rotor.transition().duration(move).attr('transform', `rotate(${angle})`)
    else rotor.interrupt().attr('transform', `rotate(${angle})`)
    if (row) wordsBeside(g, mark, row.w)
    else wordsBelow(g, mark, r)
    g.select('.users')
      .attr('x', users - spot.x)
      .attr('y', -14)
      .text(row ? '' : 'users')
    g.select('.rate')
      .attr('x', users - spot.x)
      .attr('y', 20)
      .text(mark.rate > 0 && !row ? `${mark.rate} /s` : '')
  })
}

type HubGroup = Selection<SVGGElement, unknown, null, undefined>

/** One line, as in the list of workloads: the name, and how many endpoints take requests. */
function wordsBeside(g: HubGroup, mark: HubMark, width: number): void {
  g.select('.hub-name')
    .attr('class', 'hub-name')
    .attr('x', 13)
    .attr('y', 4.5)
    .attr('text-anchor', 'start')
    .attr('font-size', 12)
    .text(shorten(mark.name, Math.floor((width - 80) / 6.2)))
  g.select('.hub-address').text('')
  const short = mark.note.replace(/ endpoints$/, '')
  const none = mark.endpoints.length === 0
  g.select('.hub-note')
    .attr('class', `hub-note mono ${none ? 'warn' : 'soft'}`)
    .attr('x', width - 6)
    .attr('y', 4.5)
    .attr('text-anchor', 'end')
    .attr('font-size', 12)
    .text(short)
}

function wordsBelow(g: HubGroup, mark: HubMark, r: number): void {
  const lines: [part: string, kind: string, size: number, text: string][] = [
    ['hub-name', 'strong', 12.5, shorten(`service ${mark.name}`, 24)],
    ['hub-address', 'soft mono', 11, mark.address],
    ['hub-note', mark.endpoints.length === 0 ? 'warn' : 'soft', 11, mark.note],
  ]
  lines.forEach(([part, kind, size, text], i) => {
    g.select(`.${part}`)
      .attr('class', `${part} ${kind}`)
      .attr('x', 0)
      .attr('y', r + 19 + i * 16)
      .attr('text-anchor', 'middle')
      .attr('font-size', size)
      .text(text)
  })
}

function buildHub(made: Selection<SVGGElement, PlacedHub, any, any>): void {
  made.append('path').attr('class', 'feed').attr('stroke-width', 1.4).style('stroke', 'var(--line-strong)')
  made.append('circle').attr('class', 'disc').attr('stroke-width', 2.4).style('fill', 'var(--panel)')
  made.append('path').attr('class', 'rotor').attr('stroke-width', 2.6).attr('stroke-linecap', 'round')
  made.append('circle').attr('class', 'axle')
  made.append('circle').attr('class', 'focus')
  made.append('circle').attr('class', 'ring')
  made.append('text').attr('class', 'hub-name strong').attr('font-size', 12.5)
  made.append('text').attr('class', 'hub-address soft mono').attr('font-size', 11)
  made.append('text').attr('class', 'hub-note soft').attr('font-size', 11)
  made.append('text').attr('class', 'users soft').attr('font-size', 12)
  made.append('text').attr('class', 'rate soft mono').attr('font-size', 11)
}
