import { useDesk, useShown } from '../desk/use-desk'
import { words } from '../words'
import controls from './controls.module.css'
import styles from './workbench.module.css'

/** A newer version waits: it is the reader who says when. */
export function Renewal() {
  const desk = useDesk()
  const renewal = useShown((state) => state.renewal)
  if (!renewal) return null
  return (
    <div className={styles.renewal} role="status">
      <span>{words.bench.renewal}</span>
      <button type="button" className={`${controls.button} ${controls.primary}`} onClick={renewal.take}>
        {words.bench.renewNow}
      </button>
      <button type="button" className={controls.button} onClick={() => desk.set({ renewal: undefined })}>
        {words.bench.renewLater}
      </button>
    </div>
  )
}
