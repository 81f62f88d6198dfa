import { clockOf } from '../../picture'
import { actorOf } from '../desk/actor'
import { useDesk, useShown } from '../desk/use-desk'
import { modelText, words } from '../words'
import styles from './dock.module.css'

/** What was done from outside, in order; without a tick, the run goes again as if it had not been done. */
export function Deeds() {
  const desk = useDesk()
  const deeds = useShown((state) => state.deeds)
  if (deeds.length === 0) return <p className={styles.none}>{words.deeds.none}</p>
  return (
    <>
      <p className={styles.none} id="deeds-about">
        {words.deeds.about}
      </p>
      <ul className={`${styles.notes} ${styles.deeds}`} aria-describedby="deeds-about">
        {deeds.map((deed, place) => (
          <li key={`${deed.at} ${place}`}>
            <input
              type="checkbox"
              checked={deed.done}
              aria-label={words.deeds.at(clockOf(deed.at), deed.says)}
              onChange={() => void desk.toggleDeed(place)}
            />
            <button type="button" onClick={() => desk.seek(deed.at)}>
              {clockOf(deed.at)}
            </button>
            <span className={deed.done ? undefined : styles.undone} {...modelText}>
              {actorOf({ by: 'you' })} {deed.says}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
