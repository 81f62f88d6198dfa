import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { clockOf, shorten } from '../../picture'
import { readTime } from '../../picture/read-time'
import { branchName } from '../desk/branch-name'
import { speeds } from '../desk/player'
import { useDesk, useShown } from '../desk/use-desk'
import type { Marker } from '../session/protocol'
import { modelText, words } from '../words'
import controls from '../workbench/controls.module.css'
import { Icon, Solid } from '../workbench/icons'
import { fitLabels, spanFor, spokenTime } from './scale'
import styles from './timeline.module.css'

/** The foot of the page: play, the line of time with its markers, branches, the clock. */
export function Timeline() {
  const desk = useDesk()
  return (
    <footer className={styles.time} aria-label={words.timeline.label}>
      <div className={styles.play}>
        <button
          type="button"
          className={`${controls.icon} ${styles.previous}`}
          aria-label={words.timeline.previous}
          aria-keyshortcuts="ArrowLeft"
          onClick={() => desk.previousChange()}
        >
          <Solid name="previous" />
        </button>
        <PlayButton />
        <button
          type="button"
          className={`${controls.button} ${styles.next}`}
          aria-keyshortcuts="ArrowRight"
          onClick={() => void desk.nextChange()}
        >
          {words.timeline.next}
        </button>
        <Speed />
      </div>
      <Line />
      <div className={styles.end}>
        <UndoButton />
        <button
          type="button"
          className={controls.icon}
          aria-label={words.timeline.reset}
          title={words.timeline.resetTitle}
          onClick={() => void desk.reset()}
        >
          <Icon name="reset" />
        </button>
        <Clock />
      </div>
    </footer>
  )
}

function PlayButton() {
  const desk = useDesk()
  const playing = useShown((state) => state.playing)
  return (
    <button
      type="button"
      className={styles.round}
      aria-label={playing ? words.timeline.pause : words.timeline.play}
      aria-keyshortcuts="Space"
      onClick={() => desk.toggle()}
    >
      <Solid name={playing ? 'pause' : 'play'} />
    </button>
  )
}

function UndoButton() {
  const desk = useDesk()
  const nothing = useShown((state) => !state.markers.some((marker) => marker.tone === 'input' || marker.tone === 'bad'))
  return (
    <button
      type="button"
      className={controls.icon}
      aria-label={words.timeline.undo}
      title={words.timeline.undoTitle}
      disabled={nothing}
      onClick={() => void desk.undo()}
    >
      <Icon name="undo" />
    </button>
  )
}

function Speed() {
  const desk = useDesk()
  const speed = useShown((state) => state.speed)
  const written = (value: number) => (value === 0.25 ? '¼×' : value === 0.5 ? '½×' : `${value}×`)
  return (
    <select
      className={styles.speed}
      aria-label={words.timeline.speed}
      value={speed}
      onChange={(event) => desk.setSpeed(Number(event.target.value))}
    >
      {speeds.map((value) => (
        <option key={value} value={value}>
          {written(value)}
        </option>
      ))}
    </select>
  )
}

function Line() {
  const desk = useDesk()
  const now = useShown((state) => state.now)
  const at = useShown((state) => Math.round(state.at / 50) * 50)
  const markers = useShown((state) => state.markers)
  const line = useRef<HTMLDivElement>(null)
  const width = useWidth(line)
  const span = spanFor(now)
  const share = (time: number) => `${Math.min(100, (100 * time) / span)}%`
  return (
    <div ref={line} className={styles.line}>
      <Markers markers={markers} span={span} width={width} />
      <div className={styles.track}>
        <div className={styles.been} style={{ width: share(now) }} />
        <div className={styles.played} style={{ width: share(at) }} />
      </div>
      <input
        className={styles.range}
        type="range"
        aria-label={words.timeline.time}
        aria-valuetext={words.timeline.of(spokenTime(at), spokenTime(now))}
        min={0}
        max={Math.round(span)}
        step={1}
        value={Math.round(at)}
        onChange={(event) => desk.seek(Number(event.target.value))}
        onPointerDown={() => desk.grab()}
        onPointerUp={() => desk.release()}
        onPointerCancel={() => desk.release()}
        onKeyDown={(event) => {
          if (event.key === 'ArrowRight' || event.key === 'ArrowUp') void desk.nextChange()
          else if (event.key === 'ArrowLeft' || event.key === 'ArrowDown') desk.previousChange()
          else return
          event.preventDefault()
          event.stopPropagation()
        }}
      />
      <Branches />
    </div>
  )
}

/** What went wrong is told first, then what people did, then that all is well again. */
const weights: Readonly<Record<Marker['tone'], number>> = { bad: 3, doubt: 2, input: 1, good: 0 }

function Markers({ markers, span, width }: { markers: readonly Marker[]; span: number; width: number }) {
  const desk = useDesk()
  const marks = useMemo(
    () =>
      markers.slice(-120).map((marker) => ({ marker, text: shorten(marker.label, 26), x: (marker.at / span) * width })),
    [markers, span, width],
  )
  const labels = fitLabels(
    marks.map(({ x, text, marker }) => ({ x, width: text.length * 6, weight: weights[marker.tone] })),
    width,
  )
  return (
    <>
      <div className={styles.labels} aria-hidden="true" {...modelText}>
        {labels.map(({ index, left }) => (
          <span key={index} style={{ left }}>
            {marks[index]!.text}
          </span>
        ))}
      </div>
      {marks.map(({ marker, x }, i) => (
        <button
          key={`${marker.at} ${i}`}
          type="button"
          tabIndex={-1}
          className={`${styles.marker} ${marker.tone === 'input' ? '' : styles[marker.tone]}`}
          style={{ left: x }}
          {...modelText}
          aria-label={`${clockOf(marker.at)}: ${marker.label}`}
          title={`${clockOf(marker.at)}: ${marker.label}`}
          onClick={() => desk.seek(marker.at)}
        />
      ))}
    </>
  )
}

function Branches() {
  const desk = useDesk()
  const branches = useShown((state) => state.branches)
  const beside = useShown((state) => state.besideBranch)
  return (
    <ul aria-label={words.timeline.branches} className={branches.length > 1 ? styles.branches : 'visually-hidden'}>
      {branches.map((branch) => (
        <li key={branch.id}>
          <button
            type="button"
            tabIndex={branches.length > 1 ? 0 : -1}
            aria-current={branch.current}
            onClick={() => !branch.current && void desk.switchTo(branch.id)}
          >
            <Icon name="fork" size={12} />
            <span {...modelText}>{branchName(branch)}</span>
          </button>
          {!branch.current && (
            <button
              type="button"
              className={styles.compare}
              aria-pressed={branch.id === beside}
              aria-label={words.timeline.compare(branch.label)}
              title={words.timeline.compareTitle}
              onClick={() => desk.compare(branch.id === beside ? undefined : branch.id)}
            >
              <Icon name="beside" size={12} />
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}

function Clock() {
  const desk = useDesk()
  const at = useShown((state) => Math.floor(state.at / 100) * 100)
  const past = useShown((state) => state.past)
  const playing = useShown((state) => state.playing)
  const [typed, setTyped] = useState<string | undefined>()
  const take = () => {
    const time = typed === undefined ? undefined : readTime(typed)
    setTyped(undefined)
    if (time !== undefined) desk.go(time)
  }
  return (
    <div className={styles.clock}>
      <input
        aria-label={words.timeline.goTo}
        value={typed ?? clockOf(at)}
        onFocus={(event) => {
          setTyped(clockOf(at))
          event.target.select()
        }}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => setTyped(undefined)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            take()
            event.currentTarget.blur()
          } else if (event.key === 'Escape') event.currentTarget.blur()
          event.stopPropagation()
        }}
      />
      {past ? (
        <button type="button" onClick={() => desk.live()}>
          {words.timeline.backToLive}
        </button>
      ) : (
        <p>{playing ? words.timeline.live : words.timeline.atPresent}</p>
      )}
    </div>
  )
}

function useWidth(of: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => setWidth(of.current?.clientWidth ?? 0), [of])
  useEffect(() => {
    const observer = new ResizeObserver(() => setWidth(of.current?.clientWidth ?? 0))
    if (of.current) observer.observe(of.current)
    return () => observer.disconnect()
  }, [of])
  return width
}
