import { motionAt } from './motion'
import { type Choose, type Layer, type Look, Paper, type ViewDrawing } from './view'

/** A drawing in which nothing travels: each scene is put where it belongs, and only colours fade. */
export abstract class CalmDrawing<Scene> implements ViewDrawing<Scene> {
  protected readonly paper: Paper
  #drawn = false

  constructor(svg: SVGSVGElement, choose: Choose) {
    this.paper = new Paper(svg, choose)
  }

  show(scene: Scene, look: Look): void {
    const still = !this.#drawn || motionAt(look.pace).fade === 0
    this.#drawn = true
    const height = this.draw(scene, look, look.width / look.scale)
    this.paper.size(look, Math.max(look.height / look.scale, height), still)
    this.paper.keepOneTabStop()
  }

  /** Draws a scene on paper of this width; gives the height that it needs. Both in the drawing's own pixels. */
  protected abstract draw(scene: Scene, look: Look, width: number): number

  frame(): void {}

  still(): void {
    this.paper.stop()
  }

  end(): void {
    this.paper.end()
  }
}

/** A title over a part of a drawing, or (`soft`) a line below one. */
export interface Heading {
  readonly x: number
  readonly y: number
  readonly text: string
  readonly soft?: boolean
}

export function drawHeadings(layer: Layer, headings: readonly Heading[], softSize = 12): void {
  layer
    .selectAll<SVGTextElement, Heading>('text')
    .data(headings)
    .join('text')
    .attr('class', (d) => (d.soft ? 'soft' : 'strong'))
    .attr('font-size', (d) => (d.soft ? softSize : 12.5))
    .attr('x', (d) => d.x)
    .attr('y', (d) => d.y)
    .text((d) => d.text)
}
