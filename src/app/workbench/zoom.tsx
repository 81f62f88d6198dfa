import { useDesk, useShown } from '../desk/use-desk'
import { words } from '../words'
import { Icon } from './icons'
import styles from './stage.module.css'

/** Nearer and farther, and back to the whole. */
export function ZoomButtons() {
  const desk = useDesk()
  const zoom = useShown((state) => state.zoom)
  const percent = Math.round(zoom * 100)
  return (
    <div className={styles.zoom} role="group" aria-label={words.stage.zoom}>
      <button
        type="button"
        aria-label={words.stage.farther}
        aria-keyshortcuts="-"
        disabled={zoom <= 1}
        onClick={() => desk.zoom(-1)}
      >
        <Icon name="minus" size={13} />
      </button>
      <button type="button" aria-label={words.stage.percentLabel(percent)} onClick={() => desk.zoom(0)}>
        {words.stage.percent(percent)}
      </button>
      <button type="button" aria-label={words.stage.nearer} aria-keyshortcuts="+" onClick={() => desk.zoom(1)}>
        <Icon name="plus" size={13} />
      </button>
    </div>
  )
}

/**
 * Dragging the ground moves the picture, the wheel with Ctrl (so two fingers on a touchpad too) zooms; without Ctrl it
 * scrolls, as everywhere. Gives how to let go.
 */
export function moveByHand(frame: HTMLElement, zoom: (by: 1 | -1) => void): () => void {
  const down = (event: PointerEvent) => {
    if (event.pointerType === 'touch' || event.button !== 0 || (event.target as Element).closest('.mark')) return
    const start = { x: event.clientX, y: event.clientY, left: frame.scrollLeft, top: frame.scrollTop }
    const move = (to: PointerEvent) => {
      frame.scrollLeft = start.left + start.x - to.clientX
      frame.scrollTop = start.top + start.y - to.clientY
    }
    const up = () => {
      removeEventListener('pointermove', move)
      removeEventListener('pointerup', up)
      removeEventListener('pointercancel', up)
    }
    addEventListener('pointermove', move)
    addEventListener('pointerup', up)
    addEventListener('pointercancel', up)
  }
  let turned = 0
  const wheel = (event: WheelEvent) => {
    if (!event.ctrlKey) return
    event.preventDefault()
    turned += event.deltaY
    if (Math.abs(turned) < 40) return
    zoom(turned < 0 ? 1 : -1)
    turned = 0
  }
  frame.addEventListener('pointerdown', down)
  frame.addEventListener('wheel', wheel, { passive: false })
  return () => {
    frame.removeEventListener('pointerdown', down)
    frame.removeEventListener('wheel', wheel)
  }
}
