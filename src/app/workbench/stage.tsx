import { useEffect, useMemo, useRef } from 'react'
import { clockOf, type ViewId, viewsOf } from '../../picture'
import {
  ControlPlaneDrawing,
  ImagesDrawing,
  LifeCycleDrawing,
  LimitsDrawing,
  type Look,
  MachinesDrawing,
  NamespacesDrawing,
  NetworkDrawing,
  RolloutDrawing,
  StorageDrawing,
  type ViewDrawing,
} from '../../picture/draw'
import { actorOf } from '../desk/actor'
import type { Desk } from '../desk/desk'
import { useDesk, useShown } from '../desk/use-desk'
import { modelText, words } from '../words'
import controls from './controls.module.css'
import { StateMark } from './icons'
import { Pair } from './pair'
import { SceneTable } from './scene-table'
import { Scheduling } from './scheduling'
import styles from './stage.module.css'
import { Tabs } from './tabs'
import { moveByHand, ZoomButtons } from './zoom'

/** `figure`: in somebody else's page, where there is no room for more than the picture. */
export function Stage({ figure = false }: { figure?: boolean }) {
  const asTable = useShown((state) => state.asTable)
  const view = useShown((state) => state.view)
  const presenting = useShown((state) => state.presenting)
  const compared = useShown((state) => state.besideBranch !== undefined)
  const lab = useShown((state) => state.opening.lab)
  const tabs = useMemo(() => viewsOf(lab).map((id) => ({ id, label: words.views[id] })), [lab])
  const desk = useDesk()
  return (
    <section className={styles.stage} aria-label={words.stage.label}>
      <div className={styles.bar}>
        <Tabs
          label={words.stage.views}
          tabs={tabs}
          chosen={view}
          panel="picture-view"
          choose={(id: ViewId) => desk.look(id)}
          className={styles.tabs}
        />
        <span className={styles.grow} />
        <FaultStrip />
        {!figure && !presenting && !asTable && view !== 'scheduling' && <ZoomButtons />}
        {!figure && !presenting && view !== 'scheduling' && (
          <button
            type="button"
            className={`${controls.button} ${styles.asTable}`}
            aria-pressed={asTable}
            onClick={() => desk.set({ asTable: !asTable })}
          >
            {asTable ? words.stage.asPicture : words.stage.asTable}
          </button>
        )}
      </div>
      {view === 'scheduling' ? (
        <Scheduling />
      ) : asTable ? (
        <SceneTable />
      ) : compared ? (
        <Pair here={<Picture key={view} view={view} />} there={<Picture key={view} view={view} beside />} />
      ) : (
        <Picture key={view} view={view} />
      )}
      <div className={styles.foot}>
        <Legend />
        <Caption />
      </div>
    </section>
  )
}

/** The drawing: D3 owns what is inside the svg, this only hands it scenes and sizes. */
function Picture({ view, beside = false }: { view: DrawnView; beside?: boolean }) {
  const desk = useDesk()
  const frame = useRef<HTMLDivElement>(null)
  const svg = useRef<SVGSVGElement>(null)
  useEffect(() => show(desk, { view, beside }, frame.current!, svg.current!), [desk, view, beside])
  const label = words.views[view]
  const zoomed = useShown((state) => state.zoom > 1)
  return (
    <div
      ref={frame}
      className={styles.picture}
      data-picture
      {...(beside ? {} : { id: 'picture-view', role: 'tabpanel' })}
      aria-label={label}
      data-zoomed={zoomed || undefined}
    >
      <svg ref={svg} role="group" aria-label={beside ? words.stage.labelOther(label) : label} {...modelText} />
    </div>
  )
}

type DrawnView = Exclude<ViewId, 'scheduling'>

const drawings: Readonly<
  Record<DrawnView, new (svg: SVGSVGElement, choose: (key: string | undefined) => void) => ViewDrawing<any>>
> = {
  machines: MachinesDrawing,
  images: ImagesDrawing,
  storage: StorageDrawing,
  'life-cycle': LifeCycleDrawing,
  namespaces: NamespacesDrawing,
  rollout: RolloutDrawing,
  network: NetworkDrawing,
  limits: LimitsDrawing,
  'control-plane': ControlPlaneDrawing,
}

const NONE: readonly string[] = []

/** `beside`: what is drawn is the other branch. */
function show(
  desk: Desk,
  { view, beside }: { readonly view: DrawnView; readonly beside: boolean },
  frame: HTMLDivElement,
  svg: SVGSVGElement,
): () => void {
  const drawing = new drawings[view](svg, (key) => desk.select(key))
  const reduced = matchMedia('(prefers-reduced-motion: reduce)')
  let size = { width: 0, height: 0 }
  let last: unknown[] = []
  let playing = true
  let nearness = desk.state.zoom
  const draw = () => {
    if (size.width === 0) return
    const { zoom } = desk.state
    const { selected, filter, speed, held, presenting, at, beside: other } = desk.state
    const from = beside ? other : desk.state
    const scene = view === 'machines' ? from?.scene : from?.viewScene
    const differing = (beside ? other?.differences.there : other?.differences.here) ?? NONE
    const numbers = beside ? [] : desk.state.numbers
    if (scene?.view !== view) return
    if (playing && !desk.state.playing) drawing.still()
    playing = desk.state.playing
    const next = [scene, selected, desk.state.numbers, filter, size, presenting, speed, differing, zoom]
    if (next.every((part, i) => part === last[i])) {
      drawing.frame(at)
      return
    }
    last = next
    const look: Look = {
      width: size.width * zoom,
      height: size.height * zoom,
      // half of what is won makes everything larger, the other half makes room for more of it
      scale: scaleFor(size, presenting, other ? 0.8 : 1) * Math.sqrt(zoom),
      selected,
      filter,
      differing: new Set(differing),
      pace: { speed, reduced: reduced.matches, still: held },
    }
    if (drawing instanceof MachinesDrawing) drawing.number(numbers)
    drawing.show(scene, look)
    drawing.frame(at)
    if (zoom !== nearness) keepMiddle(frame, size, zoom / nearness)
    nearness = zoom
  }
  const observer = new ResizeObserver(() => {
    size = { width: frame.clientWidth, height: frame.clientHeight }
    draw()
  })
  observer.observe(frame)
  const unsubscribe = desk.subscribe(draw)
  const letGo = moveByHand(frame, (by) => desk.zoom(by))
  return () => {
    letGo()
    observer.disconnect()
    unsubscribe()
    drawing.end()
  }
}

/** What was in the middle of the frame is there still when everything has become so many times as large. */
function keepMiddle(frame: HTMLElement, size: { width: number; height: number }, by: number): void {
  frame.scrollLeft = (frame.scrollLeft + size.width / 2) * by - size.width / 2
  frame.scrollTop = (frame.scrollTop + size.height / 2) * by - size.height / 2
}

/** Larger on large screens, and larger still when it is read from the back row; two beside each other may be a little smaller. */
function scaleFor(size: { width: number; height: number }, presenting: boolean, least = 1): number {
  const room = Math.min(size.width / 820, size.height / 480)
  return presenting ? Math.max(least, Math.min(room * 1.1, 2.4)) : Math.max(least, Math.min(room, 1.35))
}

function FaultStrip() {
  const desk = useDesk()
  const faults = useShown((state) => state.scene.faults)
  if (faults.length === 0) return null
  return (
    <div className={styles.faults}>
      {faults.map((fault) => (
        <span key={fault.id} className={styles.fault} title={words.faults.since(clockOf(fault.since))}>
          <span {...modelText}>{fault.says}</span>
          <button
            type="button"
            aria-label={words.faults.healThis(fault.says)}
            onClick={() => void desk.heal(fault.name, fault.target)}
          >
            {words.faults.heal}
          </button>
        </span>
      ))}
    </div>
  )
}

function Legend() {
  const desk = useDesk()
  const legend = useShown((state) => state.scene.legend)
  const filter = useShown((state) => state.filter)
  return (
    <div className={styles.legend} role="group" aria-label={words.stage.legend}>
      {legend.map(({ state, count }) => (
        <button key={state} type="button" aria-pressed={filter.has(state)} onClick={() => desk.toggleFilter(state)}>
          <StateMark state={state} />
          {words.states[state]}
          <small>{count}</small>
        </button>
      ))}
    </div>
  )
}

/** What has just happened, as a sentence. */
function Caption() {
  const line = useShown((state) => {
    const { sentences, at } = state
    return sentences.findLast((one) => one.at <= at)
  })
  if (!line) return <p className={styles.caption} />
  return (
    <p className={styles.caption} {...modelText}>
      <time>{clockOf(line.at)}</time>
      <b>{actorOf(line)}</b> {line.says}
      {line.detail === undefined ? '' : `: ${line.detail}`}
    </p>
  )
}
