import { useEffect, useRef } from 'react'
import { states, stateWords } from '../../picture'
import { useDesk } from '../desk/use-desk'
import controls from './controls.module.css'
import styles from './dialog.module.css'
import { Icon, StateMark } from './icons'

const keys: readonly (readonly [string, readonly string[]])[] = [
  ['Play and pause', ['Space']],
  ['Next and previous change', ['→', '←']],
  ['Next and previous marker', [']', '[']],
  ['Faster and slower', ['.', ',']],
  ['Search', ['/']],
  ['Into the terminal', ['t']],
  ['In the picture: from mark to mark', ['←', '↑', '↓', '→']],
  ['In the picture: look at a mark', ['Enter']],
  ['Nearer, farther, the whole picture', ['+', '-', '0']],
  ['Present: picture, prompt and time only', ['p']],
  ['Presenting: go on, back to the start of this beat', ['PageDown', 'PageUp']],
  ['Let go, close', ['Esc']],
  ['This page', ['?']],
]

/** `?`: the keys, and what the marks mean. */
export function Help() {
  const desk = useDesk()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const close = () => desk.set({ dialog: undefined })
  return (
    <dialog
      ref={dialog}
      className={`${styles.dialog} ${styles.wide}`}
      aria-label="Help"
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <div className={styles.body}>
        <div className={styles.top}>
          <h2>Keys and marks</h2>
          <button type="button" className={controls.icon} aria-label="Close help" onClick={close}>
            <Icon name="close" />
          </button>
        </div>
        <div className={styles.columns}>
          <div>
            <h3>Keys</h3>
            {keys.map(([what, which]) => (
              <p key={what} className={styles.line}>
                <span>{what}</span>
                <span className={styles.keys}>
                  {which.map((key) => (
                    <kbd key={key} className={controls.kbd}>
                      {key}
                    </kbd>
                  ))}
                </span>
              </p>
            ))}
          </div>
          <div>
            <h3>Marks</h3>
            {[...states, 'ghost' as const].map((state) => (
              <p key={state} className={styles.line}>
                <span>
                  <StateMark state={state} /> {state === 'ghost' ? 'wanted, and missing' : stateWords[state]}
                </span>
              </p>
            ))}
            <h3>Also</h3>
            <p className={styles.line}>
              The border's hue says which workload; the corner, which version of it; ticks, how often it was restarted.
            </p>
          </div>
        </div>
      </div>
    </dialog>
  )
}
