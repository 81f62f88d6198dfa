import { select } from 'd3'
import { shortBytes, shorten } from '../scenes/amount'
import { type NamespacesScene, type SpaceMark, VIRTUAL_MACHINE } from '../scenes/docker-views'
import { CalmDrawing } from './calm-drawing'
import { cut } from './lines'
import { faceMark } from './mark'
import { badge } from './state-badge'
import type { Choose, Layer, Look } from './view'

const EDGE = 22
const PAD = 14
const KERNEL = 40
const GAP = 12
const MOST_ROWS = 3

type MachineSpaces = NamespacesScene['machines'][number]

interface PlacedSpace {
  readonly mark: SpaceMark
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

interface PlacedPart {
  readonly id: string
  readonly kind: 'machine' | 'kernel' | 'guest' | 'vm'
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
  readonly text: string
  readonly more: string
}

/** Containers on one kernel, each with what it sees of the machine; beside them what as many virtual machines would be. */
export class NamespacesDrawing extends CalmDrawing<NamespacesScene> {
  readonly #parts: Layer
  readonly #spaces: Layer

  constructor(svg: SVGSVGElement, choose: Choose) {
    super(svg, choose)
    this.#parts = this.paper.layer('parts')
    this.#spaces = this.paper.layer('spaces')
  }

  protected draw(scene: NamespacesScene, look: Look, width: number): number {
    const placed = place(scene, width)
    this.#drawParts(placed.parts)
    this.#drawSpaces(placed.spaces, look)
    return placed.height
  }

  #drawParts(parts: readonly PlacedPart[]): void {
    const join = this.#parts.selectAll<SVGGElement, PlacedPart>('g').data(parts, (d) => d.id)
    join.exit().remove()
    const made = join.enter().append('g')
    made.append('rect').attr('class', 'box')
    made.append('text').attr('class', 'part-name strong').attr('font-size', 12.5)
    made.append('text').attr('class', 'part-more soft').attr('font-size', 11)
    made.merge(join).each(function ({ kind, x, y, w, h, text, more }) {
      const g = select(this)
      const isFrame = kind === 'machine' || kind === 'vm'
      g.attr('transform', `translate(${x},${y})`)
      g.select('.box')
        .attr('width', w)
        .attr('height', h)
        .attr('rx', isFrame ? 12 : 7)
        .attr('stroke-dasharray', kind === 'vm' || kind === 'guest' ? '5 4' : null)
        .style('fill', kind === 'kernel' ? 'var(--accent-soft)' : isFrame ? 'var(--sunken)' : 'var(--panel)')
        .style('stroke', kind === 'kernel' ? 'var(--accent)' : 'var(--line-strong)')
      const room = Math.floor((w - 24) / 7)
      g.select('.part-name')
        .attr('x', 12)
        .attr('y', isFrame ? 24 : h / 2 + (more === '' ? 4 : -2))
        .text(cut(text, room))
      g.select('.part-more')
        .attr('x', 12)
        .attr('y', isFrame ? 40 : h / 2 + 13)
        .text(cut(more, Math.floor((w - 22) / 5.9)))
    })
  }

  #drawSpaces(placed: readonly PlacedSpace[], look: Look): void {
    const join = this.#spaces.selectAll<SVGGElement, PlacedSpace>('g.space').data(placed, (d) => d.mark.id)
    join.exit().remove()
    const made = join.enter().append('g').attr('class', 'mark space').attr('role', 'button').attr('tabindex', -1)
    made.append('rect').attr('class', 'box').attr('rx', 10)
    made.append('rect').attr('class', 'focus').attr('rx', 12).attr('x', -3).attr('y', -3)
    made.append('g').attr('class', 'badge').attr('transform', 'translate(10,9)')
    made.append('text').attr('class', 'name strong').attr('x', 33).attr('y', 21).attr('font-size', 12.5)
    made.append('g').attr('class', 'rows')
    made.merge(join).each(function ({ mark, x, y, w, h }) {
      const g = select(this)
      const chosen = mark.key === look.selected
      const first = mark.processes[0]
      const title = `container ${mark.name} sees ${first?.command ?? 'nothing'} as process 1, ${first?.outside ?? 0} outside; host name ${mark.hostname}; network ${mark.network}; files ${mark.mounts.join(', ')}`
      faceMark(this, { key: mark.key, title }, chosen)
      const dimmed = look.filter.size > 0 && !look.filter.has(mark.state)
      g.attr('transform', `translate(${x},${y})`).style('opacity', dimmed ? 0.3 : 1)
      g.select('.box')
        .attr('width', w)
        .attr('height', h)
        .style('stroke', chosen ? 'var(--ink)' : `var(--id-${mark.hue})`)
        .attr('stroke-width', chosen ? 2.4 : 1.6)
      g.select('.focus')
        .attr('width', w + 6)
        .attr('height', h + 6)
      badge(g.select<SVGGElement>('.badge'), mark)
      g.select('.name').text(shorten(mark.name, Math.floor((w - 44) / 7.3)))
      const rows = rowsOf(mark)
      const lines = g.select('.rows').selectAll<SVGGElement, (typeof rows)[number]>('g').data(rows)
      lines.exit().remove()
      const fresh = lines.enter().append('g')
      fresh.append('text').attr('class', 'soft label').attr('font-size', 11)
      fresh.append('text').attr('class', 'mono value').attr('font-size', 11).attr('x', 42)
      fresh
        .merge(lines)
        .attr('transform', (_, i) => `translate(12,${40 + i * 16})`)
        .each(function ([label, value]) {
          const row = select(this)
          row.select('.label').text(label)
          row.select('.value').text(shorten(value, Math.floor((w - 64) / 6.8)))
        })
    })
  }
}

/** What it sees, line by line: the processes first, by the numbers inside and outside. */
function rowsOf(mark: SpaceMark): readonly (readonly [label: string, value: string])[] {
  const shown = mark.processes.slice(0, MOST_ROWS)
  const more = mark.processes.length - shown.length
  return [
    ...shown.map(({ inside, outside, command }) => [`PID ${inside}`, `${command} (outside ${outside})`] as const),
    ...(more > 0 ? [['', `and ${more} more`] as const] : []),
    ['host', mark.hostname],
    ['net', mark.network],
    ['files', mark.mounts.join(', ')],
  ]
}

const highOf = (mark: SpaceMark): number => 36 + rowsOf(mark).length * 16

function place(scene: NamespacesScene, width: number) {
  const parts: PlacedPart[] = []
  const spaces: PlacedSpace[] = []
  let y = 20
  for (const machine of scene.machines) y = placeMachine(machine, { width, y }, parts, spaces) + 20
  return { parts, spaces, height: y }
}

function placeMachine(
  machine: MachineSpaces,
  { width, y }: { readonly width: number; readonly y: number },
  parts: PlacedPart[],
  spaces: PlacedSpace[],
): number {
  const narrow = width < 760
  const own = narrow ? width - 2 * EDGE : (width - 3 * EDGE) * 0.62
  const across = Math.max(1, Math.floor((own - 2 * PAD + GAP) / (narrow ? 300 : 236)))
  const w = (own - 2 * PAD - GAP * (across - 1)) / across
  let at = y + 54
  for (let i = 0; i < machine.containers.length; i += across) {
    const row = machine.containers.slice(i, i + across)
    const h = Math.max(...row.map(highOf))
    row.forEach((mark, n) => void spaces.push({ mark, x: EDGE + PAD + n * (w + GAP), y: at, w, h }))
    at += h + GAP
  }
  if (machine.containers.length === 0) at += 40
  const h = at + KERNEL + PAD - y
  const count = machine.containers.length + machine.more
  const told = count === 1 ? '1 container' : `${count} containers`
  const frame = {
    id: `machine ${machine.id}`,
    kind: 'machine' as const,
    x: EDGE,
    y,
    w: own,
    h,
    text: `${machine.name}: ${told}`,
  }
  parts.push({
    ...frame,
    more:
      count === 0
        ? 'run one: docker run -d nginx'
        : `${machine.address}, ${shortBytes(machine.memoryBytes)} in use by them, each starts in about 0.1 s`,
  })
  parts.push({
    id: `kernel ${machine.id}`,
    kind: 'kernel',
    x: EDGE + PAD,
    y: at,
    w: own - 2 * PAD,
    h: KERNEL,
    text: 'one kernel, shared by all',
    more: machine.kernel,
  })
  if (count === 0) return y + h
  const right = narrow ? { x: EDGE, y: y + h + 20, w: own } : { x: EDGE * 2 + own, y, w: width - 3 * EDGE - own }
  const high = placeVirtual(machine, count, right, narrow ? undefined : h, parts)
  return narrow ? right.y + high : y + Math.max(h, high)
}

/** The same applications in virtual machines: each with a kernel of its own over a hypervisor. */
function placeVirtual(
  machine: MachineSpaces,
  count: number,
  { x, y, w }: { readonly x: number; readonly y: number; readonly w: number },
  least: number | undefined,
  parts: PlacedPart[],
): number {
  const shown = machine.containers.slice(0, 3)
  const each = 84
  const inner = 54 + shown.length * (each + GAP) + KERNEL + PAD
  const h = Math.max(inner, least ?? 0)
  const { memoryBytes, bootSeconds } = VIRTUAL_MACHINE
  const id = machine.id
  parts.push({
    id: `vm ${id}`,
    kind: 'vm',
    x,
    y,
    w,
    h,
    text: count === 1 ? 'or 1 virtual machine' : `or ${count} virtual machines`,
    more: `about ${shortBytes(count * memoryBytes)}, ${bootSeconds} s to boot: not modelled`,
  })
  shown.forEach((mark, i) => {
    const top = y + 54 + i * (each + GAP)
    parts.push({
      id: `vm ${id} ${mark.id} app`,
      kind: 'guest',
      x: x + PAD,
      y: top,
      w: w - 2 * PAD,
      h: 34,
      text: shorten(mark.name, 24),
      more: '',
    })
    parts.push({
      id: `vm ${id} ${mark.id} kernel`,
      kind: 'kernel',
      x: x + PAD,
      y: top + 37,
      w: w - 2 * PAD,
      h: KERNEL + 4,
      text: 'a kernel of its own',
      more: 'own disk image, own init, own boot',
    })
  })
  parts.push({
    id: `vm ${id} hypervisor`,
    kind: 'guest',
    x: x + PAD,
    y: y + h - KERNEL - PAD,
    w: w - 2 * PAD,
    h: KERNEL,
    text: 'hypervisor',
    more: count > shown.length ? `and ${count - shown.length} more like these` : 'shares out the machine',
  })
  return h
}
