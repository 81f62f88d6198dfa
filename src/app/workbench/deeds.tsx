import { clockOf } from '../../picture'
import { useDesk, useShown } from '../desk/use-desk'
import styles from './dock.module.css'

/** What was done from outside, in order; without a tick, the run goes again as if it had not been done. */
export function Deeds() {
  const desk = useDesk()
  const deeds = useShown((state) => state.deeds)
  if (deeds.length === 0) return <p className={styles.none}>You have not done anything yet.</p>
  return (
    <>
      <p className={styles.none} id="deeds-about">
        Take a tick away, and the run goes again up to now as if you had not done that. What was stays as a branch.
      </p>
      <ul className={`${styles.notes} ${styles.deeds}`} aria-describedby="deeds-about">
        {deeds.map((deed, place) => (
          <li key={`${deed.at} ${place}`}>
            <input
              type="checkbox"
              checked={deed.done}
              aria-label={`At ${clockOf(deed.at)} you ${deed.says}`}
              onChange={() => void desk.toggleDeed(place)}
            />
            <button type="button" onClick={() => desk.seek(deed.at)}>
              {clockOf(deed.at)}
            </button>
            <span className={deed.done ? undefined : styles.undone}>You {deed.says}</span>
          </li>
        ))}
      </ul>
    </>
  )
}
