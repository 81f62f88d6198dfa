import { interrupt, type Selection, select } from 'd3'
import type { Point } from '../place/rail'
import type { State } from '../scenes/state-words'
import styles from './drawing.module.css'
import { walk } from './keyboard'
import type { Pace } from './motion'

export interface Look {
  readonly width: number
  readonly height: number
  /** Everything so many times as large: for presenting and for large screens. */
  readonly scale: number
  readonly pace: Pace
  readonly selected: string | undefined
  /** States to show plainly; the others fade. Empty: all. */
  readonly filter: ReadonlySet<State | 'ghost'>
  /** Marks (by id) that stand otherwise in the branch beside this one: outlined. */
  readonly differing: ReadonlySet<string>
}

export type Choose = (key: string | undefined) => void
export type Svg = Selection<SVGSVGElement, unknown, null, undefined>
export type Layer = Selection<SVGGElement, unknown, null, undefined>

let drawings = 0

/** What every drawing has: its <svg>, patterns, keys and clicks, and how to stop. */
export class Paper {
  readonly svg: Svg
  readonly id = `drawing-${++drawings}`

  constructor(svg: SVGSVGElement, choose: Choose) {
    this.svg = select(svg).attr('class', styles.drawing!)
    buildPatterns(this.svg.append('defs'), this.id)
    this.svg.on('click', (event: MouseEvent) =>
      choose((event.target as Element).closest('[data-key]')?.getAttribute('data-key') ?? undefined),
    )
    this.svg.on('keydown', (event: KeyboardEvent) => walk(svg, event, choose))
  }

  layer(name: string): Layer {
    return this.svg.append('g').attr('class', `layer-${name}`)
  }

  /** Sets the paper's size; `height` in the drawing's own pixels. */
  size(look: Look, height: number, still: boolean): void {
    this.svg
      .attr('viewBox', `0 0 ${look.width / look.scale} ${height}`)
      .attr('width', look.width)
      .attr('height', Math.round(height * look.scale))
      .classed(styles.still!, still)
  }

  /** Ends every motion at once. */
  stop(): void {
    this.svg.classed(styles.still!, true)
    this.svg.selectAll<SVGElement, unknown>('*').each(function () {
      interrupt(this)
    })
  }

  /** Roving tabindex: the picture is one stop of the Tab key, arrows go from mark to mark. */
  keepOneTabStop(): void {
    const root = this.svg.node()!
    if (root.querySelector('[tabindex="0"]')) return
    root.querySelector('.mark')?.setAttribute('tabindex', '0')
  }

  end(): void {
    this.stop()
    this.svg.on('click', null).on('keydown', null)
    this.svg.selectChildren().remove()
  }
}

function buildPatterns(defs: Selection<SVGDefsElement, unknown, null, undefined>, id: string): void {
  const pattern = (name: string, size: number) =>
    defs
      .append('pattern')
      .attr('id', `${id}-${name}`)
      .attr('width', size)
      .attr('height', size)
      .attr('patternUnits', 'userSpaceOnUse')
      .attr('patternTransform', 'rotate(45)')
  pattern('hatch', 7).append('path').attr('d', 'M0 0V7').attr('stroke-width', 2).style('stroke', 'var(--line-strong)')
  pattern('stripe', 5)
    .append('path')
    .attr('d', 'M0 0V5')
    .attr('stroke-width', 2.2)
    .style('stroke', 'var(--terminating)')
  const tape = pattern('tape', 12)
  tape.append('rect').attr('width', 12).attr('height', 12).style('fill', 'var(--pulling)')
  tape.append('rect').attr('width', 6).attr('height', 12).style('fill', 'var(--ink)')
}

/** A drawing of one view: give it scenes; between two of them only its clock goes on. */
export interface ViewDrawing<Scene> {
  show(scene: Scene, look: Look): void
  frame(at: number): void
  still(): void
  end(): void
}

/** An S from one point to another, leaving and arriving level. */
export function curve([x0, y0]: Point, [x1, y1]: Point): string {
  const middle = (x0 + x1) / 2
  return `M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}`
}

/** The point at a share of that S. */
export function onCurve([x0, y0]: Point, [x1, y1]: Point, share: number): Point {
  const t = Math.max(0, Math.min(1, share))
  const middle = (x0 + x1) / 2
  const u = 1 - t
  const bend = (a: number, b: number, c: number, d: number) =>
    u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d
  return [bend(x0, middle, middle, x1), bend(y0, y0, y1, y1)]
}
