import type { Places } from '../place/machines'
import type { Numbered, Scene } from '../scenes/scene'
import type { Layer } from './side'

interface Badge {
  readonly id: string
  readonly number: number
  readonly root: boolean
  readonly x: number
  readonly y: number
}

/** The numbers of the why-chain on the marks concerned, so that text and picture tell one story. */
export function drawBadges(layer: Layer, scene: Scene, places: Places, numbers: readonly Numbered[]): void {
  const used = new Map<string, number>()
  const badges = numbers.flatMap((one): Badge[] => {
    const spot = spotOf(one.key, scene, places)
    if (!spot) return []
    const before = used.get(spot.of) ?? 0
    used.set(spot.of, before + 1)
    return [{ id: String(one.number), number: one.number, root: one.root, x: spot.x + before * 15, y: spot.y }]
  })
  const join = layer.selectAll<SVGGElement, Badge>('g.badge').data(badges, (badge) => badge.id)
  join.exit().remove()
  const made = join.enter().append('g')
  made.append('circle').attr('r', 9)
  made.append('text').attr('y', 3.8)
  const all = made.merge(join)
  all.attr('class', (badge) => (badge.root ? 'badge root' : 'badge')).attr('transform', (badge) => `translate(${badge.x},${badge.y})`)
  all.select('text').text((badge) => badge.number)
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
    return { of: machine.id, x: box.x + frame.side + 13 + machine.name.length * 8.15 + 16, y: box.y + (frame.brief ? 15 : 21) }
  }
  return undefined
}
