import { plateMiddle } from '../place/grid'
import type { Places } from '../place/machines'
import type { Numbered, Scene } from '../scenes/scene'
import type { Layer } from './side'

interface Badge {
  readonly id: string
  readonly text: string
  readonly root: boolean
  readonly x: number
  readonly y: number
}

const HEIGHT = 18

/** The numbers of the why-chain on the marks concerned, so that text and picture tell one story. */
export function drawBadges(layer: Layer, scene: Scene, places: Places, numbers: readonly Numbered[]): void {
  const join = layer
    .selectAll<SVGGElement, Badge>('g.badge')
    .data(badgesOf(scene, places, numbers), (badge) => badge.id)
  join.exit().remove()
  const made = join.enter().append('g')
  made
    .append('rect')
    .attr('height', HEIGHT)
    .attr('rx', HEIGHT / 2)
    .attr('y', -HEIGHT / 2)
  made.append('text').attr('y', 3.8)
  const all = made.merge(join)
  all
    .attr('class', (badge) => (badge.root ? 'badge root' : 'badge'))
    .attr('transform', (badge) => `translate(${badge.x},${badge.y})`)
  const width = (badge: Badge) => Math.max(HEIGHT, badge.text.length * 6.6 + 9)
  all
    .select('rect')
    .attr('width', width)
    .attr('x', (badge) => -width(badge) + HEIGHT / 2)
  all
    .select('text')
    .attr('x', (badge) => HEIGHT / 2 - width(badge) / 2)
    .text((badge) => badge.text)
}

/** One badge a mark, with all of its numbers. */
function badgesOf(scene: Scene, places: Places, numbers: readonly Numbered[]): Badge[] {
  const marks = new Map<string, { x: number; y: number; numbers: number[]; root: boolean }>()
  for (const one of numbers) {
    const spot = spotOf(one.key, scene, places)
    if (!spot) continue
    const mark = marks.get(spot.of)
    if (mark) {
      mark.numbers.push(one.number)
      mark.root ||= one.root
    } else marks.set(spot.of, { x: spot.x, y: spot.y, numbers: [one.number], root: one.root })
  }
  return [...marks].map(([id, mark]) => ({ id, text: inWords(mark.numbers), root: mark.root, x: mark.x, y: mark.y }))
}

/** `4`, `1–3`, `1,4`. */
function inWords(numbers: readonly number[]): string {
  const [first, last] = [numbers[0]!, numbers[numbers.length - 1]!]
  if (numbers.length > 1 && last - first === numbers.length - 1) return `${first}–${last}`
  return numbers.join(',')
}

function spotOf(key: string, scene: Scene, places: Places): { of: string; x: number; y: number } | undefined {
  const tile = scene.tiles.find((mark) => mark.key === key)
  const spot = tile && places.tiles.get(tile.id)
  if (tile && spot) return { of: tile.id, x: spot.x + spot.size + 1, y: spot.y - 1 }
  const hub = scene.hubs.find((mark) => mark.key === key)
  const disc = hub && places.hubs.get(hub.id)
  if (hub && disc) return { of: hub.id, x: disc.x + disc.r * 0.8, y: disc.y - disc.r * 0.8 }
  const row = scene.rows.find((mark) => mark.key === key)
  const line = row && places.rows.get(row.id)
  if (row && line) return { of: row.id, x: line.x + 24 + row.name.length * 6.2 + 9, y: line.y + 10 }
  const machine = scene.machines.find((mark) => mark.key === key || key === `kubernetes/Node//${mark.name}`)
  const box = machine && places.machines.get(machine.name)
  if (machine && box) {
    const { frame } = places.grid
    return {
      of: machine.id,
      x: box.x + frame.side + 13 + machine.name.length * 8.15 + 16,
      y: box.y + plateMiddle(frame),
    }
  }
  return undefined
}
