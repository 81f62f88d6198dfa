import { select } from 'd3'
import { shorten, storedBytes } from '../scenes/amount'
import type { BuildMark, BuildStepMark, ImageLayer, ImageMark, ImagesScene } from '../scenes/docker-views'
import { CalmDrawing, drawHeadings, type Heading } from './calm-drawing'
import { cut } from './lines'
import { faceMark } from './mark'
import type { Choose, Layer, Look } from './view'

const EDGE = 22
const TOP = 58
const IMAGE = 58
const STEP = 40
const GAP = 34
/** Below this there is room for one column only. */
const WIDE = 760
/** However small it is, a layer can be seen and pointed at. */
const LEAST = 5
const BAR = 18

interface PlacedLayer {
  readonly layer: ImageLayer
  readonly x: number
  readonly w: number
}
interface PlacedImage {
  readonly mark: ImageMark
  readonly y: number
  readonly w: number
  readonly layers: readonly PlacedLayer[]
}

const stamps: Readonly<
  Record<BuildStepMark['stamp'], { readonly text: string; readonly fill: string; readonly ink: string }>
> = {
  cached: { text: 'CACHED', fill: 'var(--good-soft)', ink: 'var(--good-ink)' },
  built: { text: 'built', fill: 'var(--accent-soft)', ink: 'var(--accent)' },
  running: { text: 'runs', fill: 'var(--pulling)', ink: 'var(--on-pulling)' },
  waiting: { text: 'waits', fill: 'var(--sunken)', ink: 'var(--ink-soft)' },
  failed: { text: 'failed', fill: 'var(--warn-soft)', ink: 'var(--warn-ink)' },
  canceled: { text: 'canceled', fill: 'var(--sunken)', ink: 'var(--ink-soft)' },
}

/** Images as bars of their layers, the same layer in the same hue; beside them the newest build with its stamps. */
export class ImagesDrawing extends CalmDrawing<ImagesScene> {
  readonly #heads: Layer
  readonly #images: Layer
  readonly #moving: Layer
  readonly #steps: Layer

  constructor(svg: SVGSVGElement, choose: Choose) {
    super(svg, choose)
    this.#heads = this.paper.layer('heads')
    this.#images = this.paper.layer('images')
    this.#moving = this.paper.layer('moving')
    this.#steps = this.paper.layer('steps')
  }

  protected draw(scene: ImagesScene, look: Look, width: number): number {
    const beside = scene.build !== undefined && width >= WIDE
    const left = beside ? (width - 2 * EDGE - GAP) * 0.54 : width - 2 * EDGE
    const images = placeImages(scene, left)
    const below = TOP + images.length * IMAGE + scene.moving.length * 26 + 14
    const at = beside ? { x: EDGE + left + GAP, y: TOP } : { x: EDGE, y: below + 36 }
    const stepsWidth = beside ? width - EDGE - at.x : left
    const height = Math.max(below, scene.build ? at.y + scene.build.steps.length * STEP : 0) + 20
    this.#drawHeads(scene, at, stepsWidth)
    this.#drawImages(images, look)
    this.#drawMoving(scene, left, TOP + images.length * IMAGE)
    this.#drawSteps(scene.build, at, stepsWidth, look)
    return height
  }

  #drawHeads(
    { images, bytes, bytesApart, build, more }: ImagesScene,
    at: { x: number; y: number },
    room: number,
  ): void {
    const apart = storedBytes(bytesApart)
    const saved = apart === storedBytes(bytes) ? '' : `, ${apart} if layers were not shared`
    const heads: Heading[] = [
      { x: EDGE, y: 28, text: images.length === 0 ? 'No images here yet' : 'Images and their layers' },
      {
        x: EDGE,
        y: 44,
        text:
          images.length === 0
            ? 'docker pull or docker build brings some'
            : `${storedBytes(bytes)} on disk${saved}${more > 0 ? `; and ${more} more` : ''}`,
        soft: true,
      },
      ...(build
        ? [
            { x: at.x, y: at.y - 30, text: cut(`Build of ${build.name}`, Math.floor(room / 7)) },
            { x: at.x, y: at.y - 14, text: cut(build.says, Math.floor(room / 6)), soft: true },
          ]
        : []),
    ]
    drawHeadings(this.#heads, heads, 11.5)
  }

  #drawImages(placed: readonly PlacedImage[], look: Look): void {
    const join = this.#images.selectAll<SVGGElement, PlacedImage>('g.image').data(placed, (d) => d.mark.id)
    join.exit().remove()
    const made = join.enter().append('g').attr('class', 'mark image').attr('role', 'button').attr('tabindex', -1)
    made
      .append('rect')
      .attr('class', 'focus')
      .attr('rx', 8)
      .attr('x', -6)
      .attr('y', -15)
      .attr('height', IMAGE - 6)
    made.append('text').attr('class', 'image-name mono').attr('font-size', 12.5)
    made.append('text').attr('class', 'image-note soft').attr('font-size', 11).attr('text-anchor', 'end')
    made.append('g').attr('class', 'bar')
    made.merge(join).each(function ({ mark, y, w, layers }) {
      const g = select(this)
      const chosen = mark.key === look.selected
      faceMark(this, { key: mark.key, title: titleOf(mark) }, chosen)
      g.attr('transform', `translate(${EDGE},${y})`)
      g.select('.focus')
        .attr('width', w + 12)
        .style('stroke', chosen ? 'var(--ink)' : '')
      const note = noteOf(mark, w)
      const name = mark.machine === '' ? mark.name : `${mark.name} on ${mark.machine}`
      g.select('.image-name')
        .attr('class', mark.dangling ? 'image-name mono faint' : 'image-name mono')
        .text(
          shorten(
            mark.dangling ? `<none> ${mark.short}` : name,
            Math.max(8, Math.floor((w - note.length * 6 - 12) / 7.6)),
          ),
        )
      g.select('.image-note').attr('x', w).text(note)
      g.select<SVGGElement>('.bar')
        .selectAll<SVGRectElement, PlacedLayer>('rect')
        .data(layers)
        .join((enter) => {
          const rect = enter.append('rect').attr('rx', 3).attr('y', 8).attr('height', BAR)
          rect.append('title')
          return rect
        })
        .attr('x', (d) => d.x)
        .attr('width', (d) => d.w)
        .style(
          'fill',
          (d) => `color-mix(in srgb, var(--id-${d.layer.hue}) ${d.layer.images > 1 ? 62 : 22}%, var(--panel))`,
        )
        .style('stroke', (d) => `var(--id-${d.layer.hue})`)
        .attr('stroke-width', 1.2)
        .select('title')
        .text(
          ({ layer }) =>
            `${layer.id.slice(7, 19)}: ${storedBytes(layer.bytes)}${layer.images > 1 ? `, shared by ${layer.images} images` : ''}`,
        )
    })
  }

  #drawMoving({ moving }: ImagesScene, w: number, top: number): void {
    const join = this.#moving.selectAll<SVGGElement, (typeof moving)[number]>('g').data(moving, (d) => d.id)
    join.exit().remove()
    const made = join.enter().append('g')
    made.append('text').attr('class', 'soft').attr('font-size', 11.5)
    made.append('rect').attr('class', 'bar-ground').attr('y', 5).attr('height', 5).attr('rx', 2.5)
    made.append('rect').attr('class', 'bar-used').attr('y', 5).attr('height', 5).attr('rx', 2.5)
    made.merge(join).each(function ({ says, share }, i) {
      const g = select(this)
      g.attr('transform', `translate(${EDGE},${top + 6 + i * 26})`)
      g.select('text').text(cut(says, Math.floor(w / 6.2)))
      g.select('.bar-ground').attr('width', w)
      g.select('.bar-used').attr('width', Math.max(2, w * share))
    })
  }

  #drawSteps(build: BuildMark | undefined, at: { x: number; y: number }, w: number, look: Look): void {
    const steps = build?.steps ?? []
    const join = this.#steps.selectAll<SVGGElement, BuildStepMark>('g.step').data(steps, (d) => d.id)
    join.exit().remove()
    const made = join.enter().append('g').attr('class', 'mark step').attr('role', 'button').attr('tabindex', -1)
    made
      .append('path')
      .attr('class', 'rail')
      .attr('d', `M31 22V${STEP + 1}`)
      .style('stroke', 'var(--line-strong)')
    made
      .append('rect')
      .attr('class', 'focus')
      .attr('rx', 8)
      .attr('x', -5)
      .attr('y', -3)
      .attr('height', STEP - 3)
    made.append('rect').attr('class', 'stamp').attr('width', 62).attr('height', 21).attr('rx', 6)
    made
      .append('text')
      .attr('class', 'stamp-text')
      .attr('x', 31)
      .attr('y', 14.5)
      .attr('font-size', 10.5)
      .attr('font-weight', 700)
      .attr('text-anchor', 'middle')
    made.append('text').attr('class', 'step-name mono').attr('x', 74).attr('y', 11).attr('font-size', 11.5)
    made.append('text').attr('class', 'step-why soft').attr('x', 74).attr('y', 26).attr('font-size', 11)
    made.merge(join).each(function (step, i) {
      const g = select(this)
      const { text, fill, ink } = stamps[step.stamp]
      const seconds = step.millis > 0 ? `${(step.millis / 1000).toFixed(1)} s` : ''
      const why = [seconds, step.why].filter((part) => part !== '').join(': ')
      g.attr('transform', `translate(${at.x},${at.y + i * STEP})`)
      faceMark(
        this,
        { key: build!.key, title: `${step.name}: ${text}${why === '' ? '' : `, ${why}`}` },
        build!.key === look.selected,
      )
      g.select('.rail').style('display', i === steps.length - 1 ? 'none' : '')
      g.select('.focus').attr('width', w + 8)
      g.select('.stamp').style('fill', fill)
      g.select('.stamp-text').style('fill', ink).text(text)
      g.select('.step-name').text(cut(step.name, Math.floor((w - 78) / 7)))
      g.select('.step-why').text(cut(why, Math.floor((w - 78) / 5.9)))
    })
  }
}

/** The widest image fills the width; a layer is as wide as it is large, but never too small to see. */
function placeImages({ images }: ImagesScene, room: number): readonly PlacedImage[] {
  const widest = Math.max(1, ...images.map(({ bytes }) => bytes))
  const most = Math.max(0, ...images.map(({ layers }) => layers.length))
  const share = (room - most * (LEAST + 2)) / widest
  return images.map((mark, i) => {
    let x = 0
    const layers = mark.layers.map((layer): PlacedLayer => {
      const w = LEAST + layer.bytes * share
      const placed = { layer, x, w }
      x += w + 2
      return placed
    })
    return { mark, y: TOP + 12 + i * IMAGE, w: room, layers }
  })
}

function noteOf({ bytes, users, also }: ImageMark, room: number): string {
  const used = users.length === 0 ? '' : `, ${users.length} ${users.length === 1 ? 'container' : 'containers'}`
  const names = also.length === 0 || room < 320 ? '' : `, also ${also.length} ${also.length === 1 ? 'name' : 'names'}`
  return `${storedBytes(bytes)}${used}${names}`
}

function titleOf({ name, short, bytes, layers, users, also, dangling }: ImageMark): string {
  const shared = layers.filter(({ images }) => images > 1).length
  return [
    `image ${dangling ? `without a name, ${short}` : name}, ${storedBytes(bytes)} in ${layers.length} layers`,
    shared > 0 ? `${shared} of them shared with other images` : '',
    also.length > 0 ? `also called ${also.join(', ')}` : '',
    users.length > 0 ? `used by ${users.join(', ')}` : 'used by no container',
  ]
    .filter((part) => part !== '')
    .join('; ')
}
