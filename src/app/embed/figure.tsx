import { useEffect, useRef } from 'react'
import type { Desk } from '../desk/desk'
import { DeskContext, useDesk } from '../desk/use-desk'
import { TerminalPane } from '../terminal-pane/terminal-pane'
import { Timeline } from '../timeline/timeline'
import { words } from '../words'
import { shareLink } from '../workbench/share'
import { Speaker } from '../workbench/speaker'
import { Stage } from '../workbench/stage'
import { correspond } from './correspondence'
import styles from './figure.module.css'

export interface FigureWishes {
  readonly controls: boolean
  readonly autoplay: boolean
  readonly terminal: boolean
  /** The only page that may give orders; undefined: any that holds the frame. */
  readonly origin: string | undefined
}

/** A figure in somebody's page: the picture and its time, to look at. It runs only while it is in view. */
export function Figure({ desk, wishes }: { desk: Desk; wishes: FigureWishes }) {
  return (
    <DeskContext value={desk}>
      <Inside {...wishes} />
    </DeskContext>
  )
}

function Inside({ controls, autoplay, terminal, origin }: FigureWishes) {
  const desk = useDesk()
  const figure = useRef<HTMLDivElement>(null)
  useEffect(() => onlyInView(desk, figure.current!, autoplay), [desk, autoplay])
  useEffect(() => correspond(desk, origin), [desk, origin])
  const open = async () => {
    const { link } = await shareLink(desk)
    window.open(link, '_blank', 'noopener')
  }
  return (
    <div ref={figure} className={terminal ? `${styles.figure} ${styles.withTerminal}` : styles.figure}>
      <a
        className={styles.open}
        href="./"
        onClick={(event) => {
          event.preventDefault()
          void open()
        }}
      >
        {words.figure.open}
      </a>
      <Stage figure />
      {terminal && (
        <div className={styles.terminal}>
          <TerminalPane />
        </div>
      )}
      {controls && (
        <div className={styles.time}>
          <Timeline />
        </div>
      )}
      <Speaker />
    </div>
  )
}

/** Plays while in view; where motion is not wanted, only when asked to. */
function onlyInView(desk: Desk, figure: HTMLElement, autoplay: boolean): () => void {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches
  if (!autoplay || still) desk.pause()
  let paused = !autoplay || still
  const observer = new IntersectionObserver((entries) => {
    const seen = entries.some((entry) => entry.isIntersecting)
    if (!seen) {
      paused = !desk.state.playing
      desk.pause()
    } else if (!paused) desk.play()
  })
  observer.observe(figure)
  return () => observer.disconnect()
}
