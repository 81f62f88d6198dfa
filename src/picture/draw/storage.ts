import { select } from 'd3'
import type { Point } from '../place/rail'
import { filesOf, shorten, storedBytes } from '../scenes/amount'
import type { DrumMark, MountMark, StorageContainer, StorageScene } from '../scenes/docker-views'
import { CalmDrawing, drawHeadings } from './calm-drawing'
import { cut, linesOf } from './lines'
import { faceMark } from './mark'
import { badge } from './state-badge'
import { type Choose, curve, type Layer, type Look } from './view'

const EDGE = 22
const TOP = 58
const ROW = 17
const OWN = 20
const GAP = 16
const DRUM = { w: 40, h: 44, pitch: 82 }
/** An image may have dozens of layers: so many are drawn, the lowest as one. */
const MOST_LAYERS = 7

interface PlacedContainer {
  readonly mark: StorageContainer
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
  readonly layers: readonly {
    readonly id: string
    readonly y: number
    readonly h: number
    readonly hue: number
    readonly says: string
  }[]
  readonly mounts: readonly (MountMark & { readonly y: number })[]
}

interface PlacedDrum {
  readonly drum: DrumMark
  readonly x: number
  readonly y: number
  readonly w: number
}

interface PlacedLine {
  readonly id: string
  readonly way: readonly [Point, Point]
  readonly readOnly: boolean
  readonly lit: boolean
  readonly says: string
}

/** Containers with their layers at the left, drums at the right: what is in a drum is not in the container. */
export class StorageDrawing extends CalmDrawing<StorageScene> {
  readonly #heads: Layer
  readonly #lines: Layer
  readonly #containers: Layer
  readonly #drums: Layer

  constructor(svg: SVGSVGElement, choose: Choose) {
    super(svg, choose)
    this.#heads = this.paper.layer('heads')
    this.#lines = this.paper.layer('lines')
    this.#containers = this.paper.layer('containers')
    this.#drums = this.paper.layer('drums')
  }

  protected draw(scene: StorageScene, look: Look, width: number): number {
    const placed = place(scene, width, look.selected)
    drawHeadings(this.#heads, placed.heads)
    this.#drawContainers(placed.containers, look)
    this.#drawDrums(placed.drums, look)
    this.#drawLines(placed.lines)
    return placed.height
  }

  #drawContainers(placed: readonly PlacedContainer[], look: Look): void {
    const join = this.#containers.selectAll<SVGGElement, PlacedContainer>('g.container').data(placed, (d) => d.mark.id)
    join.exit().remove()
    const made = join.enter().append('g').attr('class', 'mark container').attr('role', 'button').attr('tabindex', -1)
    made.append('rect').attr('class', 'box').attr('rx', 10)
    made.append('rect').attr('class', 'focus').attr('rx', 12).attr('x', -3).attr('y', -3)
    made.append('g').attr('class', 'badge').attr('transform', 'translate(10,9)')
    made.append('text').attr('class', 'name strong').attr('x', 33).attr('y', 21).attr('font-size', 12.5)
    made.append('text').attr('class', 'word soft').attr('y', 21).attr('font-size', 11).attr('text-anchor', 'end')
    made.append('g').attr('class', 'stack')
    made.append('g').attr('class', 'plugs')
    made.merge(join).each(function (one) {
      const { mark, x, y, w, h } = one
      const g = select(this)
      const chosen = mark.key === look.selected
      const own = mark.readOnly ? 'read-only' : `${filesOf(mark.writtenFiles)}, ${storedBytes(mark.writtenBytes)}`
      const title = `container ${mark.name}, ${mark.word}: own layer ${own} over ${mark.layers.length} layers of ${mark.image}`
      faceMark(this, { key: mark.key, title }, chosen)
      const dimmed = look.filter.size > 0 && !look.filter.has(mark.state)
      g.attr('transform', `translate(${x},${y})`).style('opacity', dimmed ? 0.3 : 1)
      g.select('.box')
        .attr('width', w)
        .attr('height', h)
        .style('stroke', chosen ? 'var(--ink)' : '')
        .attr('stroke-width', chosen ? 2 : 1.2)
      g.select('.focus')
        .attr('width', w + 6)
        .attr('height', h + 6)
      badge(g.select<SVGGElement>('.badge'), mark)
      const word = w < 190 ? '' : cut(mark.word, 20)
      g.select('.name').text(shorten(mark.name, Math.floor((w - 50 - word.length * 6) / 7.3)))
      g.select('.word')
        .attr('x', w - 12)
        .text(word)
      drawStack(g.select<SVGGElement>('.stack'), one, own)
      drawPlugs(g.select<SVGGElement>('.plugs'), one)
    })
  }

  #drawDrums(placed: readonly PlacedDrum[], look: Look): void {
    const join = this.#drums.selectAll<SVGGElement, PlacedDrum>('g.drum').data(placed, (d) => d.drum.id)
    join.exit().remove()
    const made = join.enter().append('g').attr('class', 'drum')
    for (const part of ['row-hit', 'focus'])
      made
        .append('rect')
        .attr('class', part)
        .attr('rx', 10)
        .attr('x', -5)
        .attr('y', -7)
        .attr('height', DRUM.pitch - 12)
    made.append('g').attr('class', 'body')
    made.append('g').attr('class', 'words')
    made.merge(join).each(function ({ drum, x, y, w }) {
      const g = select(this)
      const chosen = drum.key !== undefined && drum.key === look.selected
      g.attr('transform', `translate(${x},${y})`).attr('class', drum.key === undefined ? 'drum' : 'mark drum')
      if (drum.key !== undefined) {
        g.attr('role', 'button').attr('tabindex', -1)
        faceMark(
          this,
          {
            key: drum.key,
            title: `${KINDS[drum.kind]} ${drum.name}: ${filesOf(drum.files)}, ${storedBytes(drum.bytes)}, ${usersOf(drum)}; ${drum.fate}`,
          },
          chosen,
        )
      }
      for (const part of ['.row-hit', '.focus']) g.select(part).attr('width', w + 10)
      drawDrum(g.select<SVGGElement>('.body'), drum, chosen)
      const across = Math.floor((w - DRUM.w - 14) / 6)
      const name = drum.machine === '' ? drum.name : `${drum.name} on ${drum.machine}`
      const lines = [
        { text: shorten(name, Math.floor((w - DRUM.w - 14) / 7)), kind: 'mono strong', size: 12 },
        {
          text: cut(`${KINDS[drum.kind]}, ${filesOf(drum.files)}, ${storedBytes(drum.bytes)}`, across),
          kind: 'soft',
          size: 11,
        },
        ...linesOf(drum.fate, across, 2).map((text) => ({
          text,
          kind: drum.users === 0 && drum.kind === 'anonymous' ? 'warn' : 'soft',
          size: 11,
        })),
      ]
      g.select('.words')
        .selectAll<SVGTextElement, (typeof lines)[number]>('text')
        .data(lines)
        .join('text')
        .attr('x', DRUM.w + 14)
        .attr('y', (_, i) => 9 + i * 14.5)
        .attr('font-size', (d) => d.size)
        .attr('class', (d) => d.kind)
        .text((d) => d.text)
    })
  }

  #drawLines(lines: readonly PlacedLine[]): void {
    const join = this.#lines.selectAll<SVGGElement, PlacedLine>('g').data(lines, (d) => d.id)
    join.exit().remove()
    const made = join.enter().append('g')
    made.append('path').attr('fill', 'none')
    made.append('title')
    made.merge(join).each(function ({ way, readOnly, lit, says }) {
      const g = select(this)
      g.select('path')
        .attr('d', curve(...way))
        .attr('stroke-width', lit ? 2.6 : 1.6)
        .attr('stroke-dasharray', readOnly ? '5 4' : null)
        .style('stroke', lit ? 'var(--ink)' : 'var(--line-strong)')
      g.select('title').text(says)
    })
  }
}

const KINDS = {
  named: 'volume',
  anonymous: 'anonymous volume',
  bind: 'folder of the machine',
  memory: 'memory',
} as const

const usersOf = ({ users }: DrumMark): string =>
  users === 0 ? 'mounted by nobody' : users === 1 ? 'mounted by one container' : `mounted by ${users} containers`

function drawStack(layer: Layer, { mark, layers, w }: PlacedContainer, own: string): void {
  layer.selectChildren().remove()
  layer
    .append('rect')
    .attr('x', 10)
    .attr('y', 34)
    .attr('width', w - 20)
    .attr('height', OWN)
    .attr('rx', 4)
    .attr('stroke-width', 1.6)
    .attr('stroke-dasharray', mark.readOnly ? '4 3' : null)
    .style('fill', mark.writtenBytes > 0 ? 'var(--accent-soft)' : 'var(--panel)')
    .style('stroke', 'var(--accent)')
  layer
    .append('text')
    .attr('x', 18)
    .attr('y', 48)
    .attr('font-size', 11)
    .text(
      cut(
        `${w < 190 ? '' : 'own layer: '}${own}${w < 260 || mark.readOnly ? '' : ', lost with rm'}`,
        Math.floor((w - 36) / 6),
      ),
    )
  for (const { y, h, hue, says } of layers) {
    const rect = layer
      .append('rect')
      .attr('x', 10)
      .attr('y', y)
      .attr('width', w - 20)
      .attr('height', h)
      .attr('rx', 2.5)
      .attr('fill-opacity', 0.28)
      .attr('stroke-width', 1.2)
      .style('fill', `var(--id-${hue})`)
      .style('stroke', `var(--id-${hue})`)
    rect.append('title').text(says)
  }
}

function drawPlugs(layer: Layer, { mounts, w }: PlacedContainer): void {
  layer.selectChildren().remove()
  for (const { path, y, readOnly } of mounts) {
    layer
      .append('text')
      .attr('class', 'mono soft')
      .attr('x', w - 16)
      .attr('y', y + 4)
      .attr('text-anchor', 'end')
      .attr('font-size', 11)
      .text(shorten(`${path}${readOnly ? ' ro' : ''}`, Math.floor((w - 30) / 6.8)))
    layer
      .append('circle')
      .attr('cx', w)
      .attr('cy', y)
      .attr('r', 4)
      .style('fill', 'var(--panel)')
      .style('stroke', 'var(--line-strong)')
      .attr('stroke-width', 1.8)
  }
}

/** A drum, filled by what is in it; a folder of the machine is a box, memory is dashed. */
function drawDrum(layer: Layer, { kind, files, bytes, users }: DrumMark, chosen: boolean): void {
  layer.selectChildren().remove()
  const { w, h } = DRUM
  const level = files === 0 ? 0 : Math.min(h - 14, 7 + Math.log10(bytes + 1) * 3.4)
  const stroke = chosen ? 'var(--ink)' : users === 0 ? 'var(--line-strong)' : 'var(--accent)'
  const rim = kind === 'bind' ? 0 : 6
  const side = (top: number) =>
    rim === 0
      ? `M0 ${top}H${w}V${h}H0z`
      : `M0 ${top}V${h - rim}a${w / 2} ${rim} 0 0 0 ${w} 0V${top}a${w / 2} ${rim} 0 0 1 ${-w} 0z`
  layer.append('path').attr('d', side(rim)).style('fill', 'var(--panel)')
  if (level > 0)
    layer
      .append('path')
      .attr('d', side(h - rim - level))
      .style('fill', 'var(--accent)')
      .attr('fill-opacity', 0.34)
  const outline = layer
    .append('path')
    .attr(
      'd',
      rim === 0
        ? `M0 0H${w}V${h}H0z`
        : `M0 ${rim}V${h - rim}a${w / 2} ${rim} 0 0 0 ${w} 0V${rim}a${w / 2} ${rim} 0 0 0 ${-w} 0a${w / 2} ${rim} 0 0 0 ${w} 0`,
    )
    .attr('fill', 'none')
    .attr('stroke-width', chosen ? 2.4 : 1.7)
    .attr('stroke-dasharray', kind === 'memory' ? '4 3' : null)
  outline.style('stroke', stroke)
}

function place(scene: StorageScene, width: number, selected: string | undefined) {
  const narrow = width < 600
  const w = narrow ? Math.min(180, width * 0.44) : Math.min(330, width * 0.36)
  const drumW = narrow ? width - EDGE * 2 - w - 26 : Math.min(360, width * 0.4)
  const drumX = width - EDGE - drumW
  let y = TOP
  const containers = scene.containers.map((mark): PlacedContainer => {
    let at = 34 + OWN + 3
    const layers = shownLayers(mark).map((one) => {
      const h = Math.max(5, Math.min(16, Math.sqrt(one.bytes) / 650))
      const placed = { id: one.id, y: at, h, hue: one.hue, says: one.says }
      at += h + 2
      return placed
    })
    at += mark.mounts.length > 0 ? 10 : 0
    const mounts = mark.mounts.map((mount, i) => ({ ...mount, y: at + i * ROW }))
    const h = at + mounts.length * ROW + (mounts.length > 0 ? -4 : 8)
    const placed = { mark, x: EDGE, y, w, h, layers, mounts }
    y += h + GAP
    return placed
  })
  const drums = scene.drums.map((drum, i): PlacedDrum => ({ drum, x: drumX, y: TOP + 8 + i * DRUM.pitch, w: drumW }))
  const byId = new Map(drums.map((one) => [one.drum.id, one]))
  const lines = containers.flatMap(({ mark, x, y: top, w: wide, mounts }) =>
    mounts.flatMap((mount): PlacedLine[] => {
      const drum = byId.get(mount.drum)
      if (!drum) return []
      const lit = selected !== undefined && (mark.key === selected || drum.drum.key === selected)
      const says = `${mark.name} sees ${drum.drum.name} at ${mount.path}${mount.readOnly ? ', read-only' : ''}`
      return [
        {
          id: mount.id,
          way: [
            [x + wide + 4, top + mount.y],
            [drum.x - 4, drum.y + DRUM.h / 2],
          ],
          readOnly: mount.readOnly,
          lit,
          says,
        },
      ]
    }),
  )
  const empty = scene.containers.length === 0 && scene.drums.length === 0
  const heads = empty
    ? [{ x: EDGE, y: 34, text: 'No containers and no volumes yet: docker run -v data:/data alpine', soft: true }]
    : [
        { x: EDGE, y: 34, text: 'Containers', soft: false },
        { x: drumX, y: 34, text: narrow ? 'Data beside them' : 'Where data lives beside them', soft: false },
        ...(scene.more > 0 ? [{ x: EDGE, y: y + 10, text: `and ${scene.more} more, in the table`, soft: true }] : []),
      ]
  const height = Math.max(y, TOP + drums.length * DRUM.pitch) + 24
  return { containers, drums, lines, heads, height }
}

/** The uppermost first, as they lie; what is more than there is room for is one layer at the bottom. */
function shownLayers({ layers, image }: StorageContainer) {
  const told = layers
    .map((layer, i) => ({ ...layer, says: `layer ${i + 1} of ${image}: ${storedBytes(layer.bytes)}` }))
    .reverse()
  if (told.length <= MOST_LAYERS) return told
  const rest = told.slice(MOST_LAYERS - 1)
  const bytes = rest.reduce((sum, layer) => sum + layer.bytes, 0)
  return [
    ...told.slice(0, MOST_LAYERS - 1),
    { ...rest.at(-1)!, bytes, says: `${rest.length} layers of ${image}: ${storedBytes(bytes)}` },
  ]
}
