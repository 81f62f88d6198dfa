export type Point = readonly [x: number, y: number]

const CORNER = 7

/** An SVG path along the points, its corners rounded. */
export function roundPath(points: readonly Point[]): string {
  const [first, ...rest] = points
  if (!first) return ''
  let path = `M${at(first)}`
  rest.forEach((corner, i) => {
    const before = points[i]!
    const after = rest[i + 1]
    if (!after) {
      path += `L${at(corner)}`
      return
    }
    const inLength = distance(before, corner)
    const outLength = distance(corner, after)
    const radius = Math.min(CORNER, inLength / 2, outLength / 2)
    if (radius < 0.5) {
      path += `L${at(corner)}`
      return
    }
    path += `L${at(towards(corner, before, radius))}Q${at(corner)} ${at(towards(corner, after, radius))}`
  })
  return path
}

/** Several ways in one path: where they run together nothing is drawn darker than elsewhere. */
export function railPath(ways: readonly (readonly Point[])[]): string {
  return ways.map(roundPath).join('')
}

/** The point at a share 0…1 of the whole way. */
export function pointAlong(points: readonly Point[], share: number): Point {
  const lengths = points.slice(1).map((point, i) => distance(points[i]!, point))
  let left = Math.max(0, Math.min(1, share)) * lengths.reduce((sum, length) => sum + length, 0)
  for (let i = 0; i < lengths.length; i++) {
    const length = lengths[i]!
    if (left <= length && length > 0) return towards(points[i]!, points[i + 1]!, left)
    left -= length
  }
  return points[points.length - 1] ?? [0, 0]
}

function distance(a: Point, b: Point): number {
  const [x, y] = [a[0] - b[0], a[1] - b[1]]
  return Math.sqrt(x * x + y * y)
}

function towards(from: Point, to: Point, by: number): Point {
  const length = distance(from, to)
  if (length === 0) return from
  return [from[0] + ((to[0] - from[0]) * by) / length, from[1] + ((to[1] - from[1]) * by) / length]
}

const round = (n: number) => Math.round(n * 10) / 10
const at = (point: Point) => `${round(point[0])} ${round(point[1])}`
