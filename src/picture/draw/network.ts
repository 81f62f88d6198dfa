import { select } from 'd3'
import { type Point, pointAlong, roundPath } from '../place/rail'
import { shorten } from '../scenes/amount'
import type { NetworkEdge, NetworkNode, NetworkScene } from '../scenes/views'
import { drawHeadings, type Heading } from './calm-drawing'
import { faceMark } from './mark'
import { motionAt } from './motion'
import type { PlacedTile } from './tile'
import { drawTiles } from './tiles'
import { type Choose, type Layer, type Look, Paper, type ViewDrawing } from './view'

const EDGE = 26
const TOP = 58
const TILE = 30
const PITCH_X = 46
const PITCH_Y = 60
const BOX = 46
const FLIGHT = 1100
const LATE = 280

interface PlacedEdge {
  readonly edge: NetworkEdge
  readonly way: readonly Point[]
}

interface PlacedNode {
  readonly node: NetworkNode
  readonly x: number
  readonly y: number
  readonly w: number
}

/** One row a service: its door, its name, and the pods behind it on a rail. Pods that no service knows come last. */
export class NetworkDrawing implements ViewDrawing<NetworkScene> {
  readonly #paper: Paper
  readonly #heads: Layer
  readonly #edges: Layer
  readonly #nodes: Layer
  readonly #tiles: Layer
  readonly #dots: Layer
  #ways = new Map<string, readonly Point[]>()
  #last: { scene: NetworkScene; look: Look } | undefined

  constructor(svg: SVGSVGElement, choose: Choose) {
    this.#paper = new Paper(svg, choose)
    this.#heads = this.#paper.layer('heads')
    this.#edges = this.#paper.layer('edges')
    this.#nodes = this.#paper.layer('nodes')
    this.#tiles = this.#paper.layer('tiles')
    this.#dots = this.#paper.layer('dots')
  }

  show(scene: NetworkScene, look: Look): void {
    const motion = this.#last ? motionAt(look.pace) : motionAt({ ...look.pace, still: true })
    this.#last = { scene, look }
    const width = look.width / look.scale
    const placed = placeNetwork(scene, width)
    this.#ways = new Map(placed.edges.map(({ edge, way }) => [edge.id, way]))
    this.#paper.size(look, Math.max(look.height / look.scale, placed.height), motion.fade === 0)
    drawHeadings(this.#heads, placed.heads)
    this.#drawNodes(placed.nodes, look)
    // what the chosen one does not reach fades
    const chosen = scene.tiles.find(({ key }) => key === look.selected)?.id
    const shut = new Set(scene.ways.filter(({ from, open }) => from === chosen && !open).map(({ to }) => to))
    const tiles = scene.tiles.flatMap((mark): PlacedTile[] => {
      const at = placed.tiles.get(mark.id)
      const dimmed = (look.filter.size > 0 && !look.filter.has(mark.state)) || shut.has(mark.id)
      return at
        ? [
            {
              mark,
              spot: { x: at[0], y: at[1], size: TILE },
              selected: mark.key === look.selected,
              dimmed,
              differs: look.differing.has(mark.id),
              labelWidth: PITCH_X,
            },
          ]
        : []
    })
    drawTiles(this.#tiles, tiles, `${this.#paper.id}-stripe`, motion)
    this.#drawEdges(placed.edges, look)
    this.frame(scene.at)
    this.#paper.keepOneTabStop()
  }

  frame(at: number): void {
    if (!this.#last) return
    const { scene, look } = this.#last
    const flight = FLIGHT * Math.max(1, look.pace.speed)
    const dots = scene.requests.flatMap((request) => {
      const way = this.#ways.get(`${request.hub} ${request.tile}`)
      const share = (at - LATE - request.at) / flight
      return way && share >= 0 && share <= 1.5 ? [{ request, share, point: pointAlong(way, share) }] : []
    })
    this.#dots
      .selectAll<SVGCircleElement, (typeof dots)[number]>('circle')
      .data(dots, (d) => d.request.id)
      .join('circle')
      .attr('r', 4)
      .attr('cx', (d) => d.point[0])
      .attr('cy', (d) => d.point[1])
      .style('display', (d) => (d.share > 1 && d.request.end === 'answered' ? 'none' : ''))
      .style('fill', (d) =>
        d.share < 1 ? 'var(--request)' : d.request.end === 'refused' ? 'var(--refused)' : 'var(--ground)',
      )
      .style('stroke', 'var(--timed-out)')
      .attr('stroke-width', (d) => (d.share > 1 && d.request.end === 'timed-out' ? 1.8 : 0))
  }

  still(): void {
    this.#paper.stop()
    if (this.#last) this.show(this.#last.scene, { ...this.#last.look, pace: { ...this.#last.look.pace, still: true } })
  }

  end(): void {
    this.#paper.end()
  }

  #drawNodes(placed: readonly PlacedNode[], look: Look): void {
    const join = this.#nodes.selectAll<SVGGElement, PlacedNode>('g.node').data(placed, (d) => d.node.id)
    join.exit().remove()
    const made = join.enter().append('g').attr('class', 'mark node').attr('role', 'button').attr('tabindex', -1)
    made.append('rect').attr('class', 'box').attr('rx', 10)
    made.append('rect').attr('class', 'focus').attr('rx', 12)
    made.append('text').attr('class', 'node-name').attr('font-size', 12.5).attr('x', 12)
    made.append('text').attr('class', 'node-address soft mono').attr('font-size', 10.8).attr('x', 12).attr('y', 36)
    made.append('text').attr('class', 'node-note').attr('font-size', 11).attr('text-anchor', 'end').attr('y', 20)
    made.merge(join).each(function ({ node, x, y, w }) {
      const g = select(this)
      const door = node.kind === 'door'
      const h = door ? 32 : BOX
      const chosen = node.key === look.selected
      g.attr('transform', `translate(${x},${y - h / 2})`)
      const title = door
        ? `${node.note}: ${node.name}, ${node.address}`
        : `${node.kind} ${node.name}, ${node.dns}, ${node.note}`
      faceMark(this, { key: node.key, title }, chosen)
      g.select('.box')
        .attr('width', w)
        .attr('height', h)
        .style('stroke', chosen ? 'var(--ink)' : `var(--id-${node.hue})`)
        .attr('stroke-width', chosen ? 2.4 : 1.8)
      g.select('.focus')
        .attr('x', -3)
        .attr('y', -3)
        .attr('width', w + 6)
        .attr('height', h + 6)
      const note = door || w < 150 ? '' : node.note
      g.select('.node-name')
        .attr('class', door ? 'node-name mono strong' : 'node-name strong')
        .attr('y', door ? 21 : 20)
        .attr('font-size', door && node.name.length > 6 ? 11 : 12.5)
        .text(shorten(node.name, Math.floor((w - 20 - note.length * 5.6) / (door ? 6.6 : 7.3))))
      g.select('.node-address').text(door ? '' : addressIn(node.address, Math.floor((w - 20) / 6.6)))
      g.select('.node-note')
        .attr('x', w - 12)
        .attr('class', node.warns ? 'node-note warn' : 'node-note soft')
        .text(note)
    })
  }

  #drawEdges(placed: readonly PlacedEdge[], look: Look): void {
    const join = this.#edges.selectAll<SVGGElement, PlacedEdge>('g').data(placed, (d) => d.edge.id)
    join.exit().remove()
    const made = join.enter().append('g')
    made.append('path').attr('class', 'edge').attr('fill', 'none')
    made.append('title')
    made
      .append('path')
      .attr('class', 'cross')
      .attr('fill', 'none')
      .attr('stroke-width', 2.2)
      .attr('stroke-linecap', 'round')
      .style('stroke', 'var(--refused)')
    made.merge(join).each(function ({ edge, way }) {
      const g = select(this)
      // Where edges run together the shared part is drawn by all of them: each draws its own drop only, the first the rail.
      const [x, y] = way[way.length - 1]!
      const lit = edge.to === look.selected || edge.to.endsWith(look.selected ?? ' ')
      g.select('.edge')
        .attr('d', roundPath(way))
        .attr('stroke-width', lit ? 2.4 : 1.7)
        .attr('stroke-dasharray', edge.state === 'ready' ? null : edge.state === 'waiting' ? '2 5' : '6 5')
        .style(
          'stroke',
          edge.state === 'cut'
            ? 'var(--refused)'
            : edge.state === 'waiting'
              ? 'var(--line-strong)'
              : `var(--id-${edge.hue})`,
        )
      g.select('title').text(edge.says)
      g.select('.cross').attr('d', edge.state === 'cut' ? `M${x - 5} ${y - 9}l10 10M${x + 5} ${y - 9}l-10 10` : '')
    })
    // What gets through lies above what does not.
    this.#edges.selectAll<SVGGElement, PlacedEdge>('g').sort((a, b) => order[a.edge.state] - order[b.edge.state])
  }
}

/** Without its port where there is no room for both. */
const addressIn = (address: string, room: number) =>
  address.length <= room ? address : shorten(address.slice(0, address.indexOf(':') >>> 0), room)

const order: Readonly<Record<NetworkEdge['state'], number>> = { waiting: 0, cut: 1, ready: 2 }

const DOOR_PITCH = 38

interface Placed {
  readonly heads: readonly Heading[]
  readonly nodes: readonly PlacedNode[]
  readonly tiles: ReadonlyMap<string, Point>
  readonly edges: readonly PlacedEdge[]
  readonly height: number
}

function placeNetwork(scene: NetworkScene, width: number): Placed {
  const narrow = width < 600
  const longest = Math.max(0, ...scene.doors.map((door) => door.name.length))
  const doorW = longest > 6 ? Math.min(longest * 6.8 + 24, narrow ? 92 : 130) : narrow ? 58 : 64
  const doors = scene.doors.length > 0
  const serviceX = doors ? EDGE + doorW + (narrow ? 22 : 70) : EDGE
  const serviceW = narrow ? 104 : Math.min(216, width * 0.28)
  const tilesX = serviceX + serviceW + (narrow ? 22 : 64)
  const across = Math.max(1, Math.floor((width - EDGE - tilesX + (PITCH_X - TILE)) / PITCH_X))
  const nodes: PlacedNode[] = []
  const tiles = new Map<string, Point>()
  const edges: PlacedEdge[] = []
  let y = TOP
  const rowOf = (ids: readonly string[]) => {
    ids.forEach((id, i) => {
      if (!tiles.has(id)) tiles.set(id, [tilesX + (i % across) * PITCH_X, y + 6 + Math.floor(i / across) * PITCH_Y])
    })
    return Math.max(1, Math.ceil(ids.length / across)) * PITCH_Y
  }
  for (const service of scene.services) {
    const own = scene.edges.filter((edge) => edge.from === service.id)
    const high = rowOf(own.map((edge) => edge.to))
    const middle = y + 6 + TILE / 2
    nodes.push({ node: service, x: serviceX, y: middle, w: serviceW })
    const leading = scene.doors.filter((door) =>
      scene.edges.some((edge) => edge.from === door.id && edge.to === service.id),
    )
    leading.forEach((door, i) => {
      const at = middle + i * DOOR_PITCH
      nodes.push({ node: door, x: EDGE, y: at, w: doorW })
      const edge = scene.edges.find((one) => one.from === door.id)!
      edges.push({
        edge,
        way:
          at === middle
            ? [
                [EDGE + doorW, at],
                [serviceX, middle],
              ]
            : [
                [EDGE + doorW, at],
                [serviceX - 20, at],
                [serviceX - 20, middle],
                [serviceX, middle],
              ],
      })
    })
    for (const edge of own) {
      const spot = tiles.get(edge.to)
      if (!spot) continue
      const [x, top] = spot
      const start: Point = [serviceX + serviceW, middle]
      // a container may be in several networks: their rails keep apart
      const lane = service.kind === 'network' ? (scene.services.indexOf(service) % 4) * 3 : 0
      const rail = top - 6 - (service.kind === 'network' ? lane : 3)
      const spine = tilesX - (narrow ? 12 : 26) + lane
      edges.push({ edge, way: [start, [spine, middle], [spine, rail], [x + TILE / 2, rail], [x + TILE / 2, top - 1]] })
    }
    y += Math.max(high, leading.length * DOOR_PITCH + 8) + 12
  }
  const rest = scene.tiles.filter((tile) => !tiles.has(tile.id)).map((tile) => tile.id)
  const isEmpty = scene.services.length === 0 && scene.tiles.length === 0
  const heads: Heading[] = isEmpty
    ? [{ x: EDGE, y: 34, text: scene.heads.none, soft: true }]
    : [
        { x: EDGE, y: 34, text: doors ? scene.heads.doors : '' },
        { x: serviceX, y: 34, text: scene.heads.services },
        { x: tilesX, y: 34, text: scene.heads.tiles },
      ]
  if (rest.length > 0) {
    y += 6
    heads.push({ x: serviceX, y: y + 26, text: scene.heads.rest })
    y += rowOf(rest)
  }
  return { heads, nodes, tiles, edges, height: y + 12 }
}
