import { type Timer, timeout } from 'd3'
import { type Places, placeMachines } from '../place/machines'
import type { Numbered, Scene, TileMark } from '../scenes/scene'
import { drawBadges } from './badges'
import { buildMachine, dressMachine, type PlacedMachine } from './machine'
import { faceMark } from './mark'
import { MOST_STAGGERED, type Motion, motionAt } from './motion'
import { leave, moveTo } from './move'
import { drawRequests } from './requests'
import { buildRows, buildTray, drawGhosts, drawHubs, drawHubsTitle, drawLedgers, drawRows, drawTray } from './side'
import { drawStacks } from './stacks'
import { buildTile, type PlacedTile, type TileSelection, tilePlace, tileScale } from './tile'
import { settleTiles } from './tiles'
import { type Choose, type Layer, type Look, Paper, type ViewDrawing } from './view'

/** No more new tiles than this in one frame. */
const MOST_NEW = 60

/**
 * The machines view on the page: D3 joins the marks of one scene to those of the last and moves what changed. It owns
 * everything inside its <svg>; React owns what is round it. It has a life: make it once, `show` scenes, `end` it.
 */
export class MachinesDrawing implements ViewDrawing<Scene> {
  readonly #paper: Paper
  readonly #layers: Readonly<
    Record<'rails' | 'machines' | 'side' | 'ghosts' | 'tiles' | 'stacks' | 'hubs' | 'requests' | 'badges', Layer>
  >
  #numbers: readonly Numbered[] = []
  #drawn: ReadonlySet<string> = new Set()
  #rest: Timer | undefined
  #scene: Scene | undefined
  #places: Places | undefined
  #look: Look | undefined

  constructor(svg: SVGSVGElement, choose: Choose) {
    this.#paper = new Paper(svg, choose)
    const layer = (name: string) => this.#paper.layer(name)
    this.#layers = {
      machines: layer('machines'),
      rails: layer('rails'),
      side: layer('side'),
      ghosts: layer('ghosts'),
      stacks: layer('stacks'),
      tiles: layer('tiles'),
      requests: layer('requests'),
      hubs: layer('hubs'),
      badges: layer('badges'),
    }
    buildTray(this.#layers.side)
    buildRows(this.#layers.side)
  }

  /** The numbers of the why-chain, for the next scene. */
  number(numbers: readonly Numbered[]): void {
    this.#numbers = numbers
  }

  /** Draws a scene; what was there in the last one moves to its new place and look. */
  show(scene: Scene, look: Look): void {
    const motion = this.#scene ? motionAt(look.pace) : motionAt({ ...look.pace, still: true })
    const places = placeMachines(scene, { width: look.width / look.scale, height: look.height / look.scale })
    const before = this.#places
    this.#scene = scene
    this.#places = places
    this.#look = look
    this.#paper.size(look, places.height, motion.fade === 0)
    this.#drawMachines(scene, places, look, motion)
    drawTray(this.#layers.side, scene, places)
    drawRows(this.#layers.side, scene, places, look)
    drawHubsTitle(this.#layers.side, places)
    drawLedgers(this.#layers.side, scene, places, look.selected)
    drawGhosts(
      this.#layers.ghosts,
      look.filter.size === 0 || look.filter.has('ghost') ? places.ghosts : [],
      motion.enter,
    )
    this.#drawTiles(scene, places, look, motion, before)
    drawStacks(this.#layers.stacks, scene.stacks, places.stacks, look)
    this.#drawServices(scene, places, look, motion)
    drawBadges(this.#layers.badges, scene, places, this.#numbers)
    this.frame(scene.at)
    this.#paper.keepOneTabStop()
  }

  /** Between two scenes only the requests move on. */
  frame(at: number): void {
    if (this.#scene && this.#places && this.#look)
      drawRequests(this.#layers.requests, this.#scene, this.#places, { at, speed: this.#look.pace.speed })
  }

  still(): void {
    this.#paper.stop()
    if (this.#scene && this.#look) this.show(this.#scene, { ...this.#look, pace: { ...this.#look.pace, still: true } })
  }

  end(): void {
    this.#rest?.stop()
    this.#paper.end()
  }

  #drawMachines(scene: Scene, places: Places, look: Look, motion: Motion): void {
    const placed: PlacedMachine[] = scene.machines.map((mark) => ({
      mark,
      box: places.machines.get(mark.name)!,
      frame: places.grid.frame,
      selected: mark.key === look.selected,
      differs: look.differing.has(mark.id),
    }))
    const join = this.#layers.machines.selectAll<SVGGElement, PlacedMachine>('g.machine').data(placed, (d) => d.mark.id)
    leave(join.exit(), motion.enter)
    const made = join.enter().append('g').attr('role', 'button').attr('tabindex', -1).style('opacity', 0)
    buildMachine(made, `${this.#paper.id}-hatch`, `${this.#paper.id}-tape`)
    made.attr('transform', ({ box }) => `translate(${box.x},${box.y})`)
    made.transition().duration(motion.enter).style('opacity', 1)
    const all = made.merge(join)
    all.each(function ({ mark, selected }) {
      faceMark(this, mark, selected)
    })
    dressMachine(all, motion.move)
    moveTo(join, ({ box }) => `translate(${box.x},${box.y})`, motion.move)
  }

  #drawTiles(scene: Scene, places: Places, look: Look, motion: Motion, before: Places | undefined): void {
    const placed = this.#fewNewcomers(scene.tiles.flatMap((mark) => this.#placed(mark, places, look)))
    const join: TileSelection = this.#layers.tiles
      .selectAll<SVGGElement, PlacedTile>('g.tile')
      .data(placed, (d) => d.mark.id)
    const gone = join.exit<PlacedTile>()
    gone.attr('class', 'leaving').attr('role', null).attr('tabindex', null).attr('aria-hidden', 'true')
    if (motion.enter > 0) {
      gone
        .select<SVGGElement>('.body')
        .transition()
        .duration(motion.enter)
        .attr('transform', (d) => tileScale(d, 0.1))
      gone.transition().duration(motion.enter).style('opacity', 0).remove()
    } else gone.remove()

    const made = join.enter().append('g').attr('class', 'mark tile').attr('role', 'button').attr('tabindex', -1)
    buildTile(made, `${this.#paper.id}-stripe`)
    this.#arrive(made, motion, before ?? places)
    settleTiles(made, join, motion)
  }

  /** A burst of newcomers is spread over some frames, so that none of them is late. */
  #fewNewcomers(placed: readonly PlacedTile[]): readonly PlacedTile[] {
    let room = MOST_NEW
    const now = placed.filter(({ mark }) => this.#drawn.has(mark.id) || room-- > 0)
    this.#drawn = new Set(now.map(({ mark }) => mark.id))
    if (now.length < placed.length) this.#rest ??= timeout(() => this.#drawRest())
    return now
  }

  #drawRest(): void {
    this.#rest = undefined
    if (this.#scene && this.#look) this.show(this.#scene, this.#look)
  }

  /** Newcomers grow in the tray, where they were decided on, and fly to their machine. */
  #arrive(made: TileSelection, motion: Motion, before: Places): void {
    if (motion.enter === 0) {
      made
        .attr('transform', tilePlace)
        .select<SVGGElement>('.body')
        .attr('transform', (d) => tileScale(d))
      if (motion.fade > 0) made.style('opacity', 0).transition().duration(motion.fade).style('opacity', 1)
      return
    }
    const { tray } = before
    made.attr('data-at', tilePlace)
    made.select('.body').attr('data-at', (d) => tileScale(d))
    const delay = (i: number) => Math.min(i, MOST_STAGGERED) * motion.stagger
    made.attr('transform', (d) =>
      d.mark.machine === undefined ? tilePlace(d) : `translate(${tray.x + 14},${tray.y + 36})`,
    )
    made.style('opacity', 0)
    made
      .select<SVGGElement>('.body')
      .attr('transform', (d) => tileScale(d, 0.2))
      .transition()
      .delay((_, i) => delay(i))
      .duration(motion.enter)
      .attr('transform', (d) => tileScale(d))
    made
      .transition()
      .delay((_, i) => delay(i))
      .duration(motion.enter)
      .attr('transform', tilePlace)
      .style('opacity', 1)
  }

  #placed(mark: TileMark, places: Places, look: Look): PlacedTile[] {
    const spot = places.tiles.get(mark.id)
    if (!spot) return []
    const inTray = mark.machine === undefined
    return [
      {
        mark,
        spot,
        selected: mark.key === look.selected,
        dimmed: look.filter.size > 0 && !look.filter.has(mark.state),
        differs: look.differing.has(mark.id),
        labelWidth: mark.small || inTray || !places.grid.fit.labels ? 0 : places.grid.fit.pitchX - 6,
      },
    ]
  }

  #drawServices(scene: Scene, places: Places, look: Look, motion: Motion): void {
    const hubs = scene.hubs.flatMap((mark) => {
      const spot = places.hubs.get(mark.id)
      if (!spot) return []
      const target = mark.chosen === undefined ? undefined : places.tiles.get(mark.chosen)
      const angle = target ? (Math.atan2(target.x - spot.x, spot.y - target.y) * 180) / Math.PI : 45
      return [{ mark, spot, selected: mark.key === look.selected, angle }]
    })
    drawHubs(this.#layers.hubs, hubs, motion.move, 20)
    const few = hubs.length <= 3
    const rails = hubs.filter(({ mark, selected }) => few || selected || mark.rate > 0)
    this.#layers.rails
      .selectAll<SVGPathElement, (typeof hubs)[number]>('path')
      .data(rails, (d) => d.mark.id)
      .join('path')
      .attr('class', (d) => (d.selected ? 'rail lit' : 'rail'))
      .style('stroke', (d) => `var(--id-${d.mark.hue})`)
      .attr('d', (d) => places.rails.get(d.mark.id) ?? '')
  }
}
