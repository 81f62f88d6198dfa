import { useEffect, useRef } from 'react'
import type { Desk } from '../desk/desk'
import { DeskContext, useDesk } from '../desk/use-desk'
import { Timeline } from '../timeline/timeline'
import { shareLink } from '../workbench/share'
import { Speaker } from '../workbench/speaker'
import { Stage } from '../workbench/stage'
import styles from './figure.module.css'

/** What another page may tell a figure, and what it is told: plain messages, no secrets, so that any page may ask. */
export type FigureOrder =
  | { readonly drydock: 'play' }
  | { readonly drydock: 'pause' }
  | { readonly drydock: 'seek'; readonly at: number }
  | { readonly drydock: 'theme'; readonly theme: 'light' | 'dark' }

/** A figure in somebody's page: the picture and its time, to look at. It runs only while it is in view. */
export function Figure({ desk, controls, autoplay }: { desk: Desk; controls: boolean; autoplay: boolean }) {
  return (
    <DeskContext value={desk}>
      <Inside controls={controls} autoplay={autoplay} />
    </DeskContext>
  )
}

function Inside({ controls, autoplay }: { controls: boolean; autoplay: boolean }) {
  const desk = useDesk()
  const figure = useRef<HTMLDivElement>(null)
  useEffect(() => onlyInView(desk, figure.current!, autoplay), [desk, autoplay])
  useEffect(() => listenToPage(desk), [desk])
  const open = async () => {
    const { link } = await shareLink(desk)
    window.open(link.replace(/embed\.html/, ''), '_blank', 'noopener')
  }
  return (
    <div ref={figure} className={styles.figure}>
      <a
        className={styles.open}
        href="./"
        onClick={(event) => {
          event.preventDefault()
          void open()
        }}
      >
        Open in Drydock
      </a>
      <Stage figure />
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

function listenToPage(desk: Desk): () => void {
  const hear = ({ data }: MessageEvent<FigureOrder | undefined>) => {
    if (typeof data !== 'object' || data === null) return
    if (data.drydock === 'play') desk.play()
    else if (data.drydock === 'pause') desk.pause()
    else if (data.drydock === 'seek' && Number.isFinite(data.at)) desk.go(data.at)
    else if (data.drydock === 'theme' && (data.theme === 'light' || data.theme === 'dark'))
      document.documentElement.dataset['theme'] = data.theme
  }
  addEventListener('message', hear)
  let told = 0
  const unsubscribe = desk.subscribe(() => {
    const newest = desk.state.sentences.findLast((line) => line.at <= desk.state.at)
    if (!newest || newest.revision === told || parent === window) return
    told = newest.revision
    parent.postMessage({ drydock: 'event', at: newest.at, by: newest.by, says: newest.says }, '*')
  })
  return () => {
    removeEventListener('message', hear)
    unsubscribe()
  }
}
