import type { Places } from '../place/machines'
import { type Point, pointAlong } from '../place/rail'
import type { RequestMark, Scene } from '../scenes/scene'
import type { Layer } from './side'

/** A request is over in some milliseconds; its dot takes so long on the reader's own clock, so that it can be followed. */
const FLIGHT = 1100
/** A request that failed stays where it failed, for a look. */
const LINGER = 700
/** A ledger tells of its requests four times a second: dots start so much later, so that none appears in mid-way. */
const LATE = 280

interface Dot {
  readonly id: string
  readonly point: Point
  readonly end: RequestMark['end']
  readonly failed: boolean
}

export function drawRequests(layer: Layer, scene: Scene, places: Places, clock: { at: number; speed: number }): void {
  const dots = scene.requests.flatMap((request) => dotOf(request, scene, places, clock))
  const join = layer.selectAll<SVGCircleElement, Dot>('circle').data(dots, (dot) => dot.id)
  join.exit().remove()
  join
    .enter()
    .append('circle')
    .attr('class', 'request')
    .merge(join)
    .attr('cx', (dot) => dot.point[0])
    .attr('cy', (dot) => dot.point[1])
    .attr('r', (dot) => (dot.failed ? 4.6 : 3.8))
    .attr('stroke-width', (dot) => (dot.end === 'timed-out' && dot.failed ? 1.8 : 0))
    .style('stroke', 'var(--timed-out)')
    .style('fill', (dot) =>
      !dot.failed ? 'var(--request)' : dot.end === 'refused' ? 'var(--refused)' : 'var(--ground)',
    )
}

function dotOf(request: RequestMark, scene: Scene, places: Places, clock: { at: number; speed: number }): Dot[] {
  const flight = FLIGHT * Math.max(1, clock.speed)
  const share = (clock.at - LATE - request.at) / flight
  const failed = request.end !== 'answered' && share >= 1
  if (share < 0 || share > (request.end === 'answered' ? 1 : 1 + LINGER / FLIGHT)) return []
  const way = wayOf(request, scene, places)
  if (way.length === 0) return []
  return [{ id: request.id, point: pointAlong(way, share), end: request.end, failed }]
}

function wayOf(request: RequestMark, scene: Scene, places: Places): readonly Point[] {
  const spot = places.hubs.get(request.hub)
  const hub = scene.hubs.find((mark) => mark.id === request.hub)
  if (!spot || !hub) return []
  const way = request.tile === undefined ? undefined : places.routes.get(`${hub.id} ${request.tile}`)
  const toHub: Point[] = spot.row
    ? []
    : [
        [20, spot.y],
        [spot.x, spot.y],
      ]
  return way ? [...toHub, ...way] : toHub
}
