import { useDesk, useShown } from '../desk/use-desk'
import controls from './controls.module.css'
import styles from './workbench.module.css'

/** A newer version waits: it is the reader who says when. */
export function Renewal() {
  const desk = useDesk()
  const renewal = useShown((state) => state.renewal)
  if (!renewal) return null
  return (
    <div className={styles.renewal} role="status">
      <span>A newer Drydock is ready. This session is kept and taken up again.</span>
      <button type="button" className={`${controls.button} ${controls.primary}`} onClick={renewal.take}>
        Use it now
      </button>
      <button type="button" className={controls.button} onClick={() => desk.set({ renewal: undefined })}>
        Later
      </button>
    </div>
  )
}
