import { useEffect, useRef } from 'react'
import { states } from '../../picture'
import { useDesk } from '../desk/use-desk'
import { words } from '../words'
import { chooseLanguage, offeredLanguages } from '../words/languages'
import controls from './controls.module.css'
import styles from './dialog.module.css'
import { Icon, StateMark } from './icons'

type Line = readonly [what: string, keys: readonly string[]]

function lines(): readonly Line[] {
  const { help, keys } = words
  return [
    [help.playPause, [keys.space]],
    [help.changes, ['→', '←']],
    [help.markers, [']', '[']],
    [help.speed, ['.', ',']],
    [help.search, ['/']],
    [help.terminal, ['t']],
    [help.fromMarkToMark, ['←', '↑', '↓', '→']],
    [help.lookAtMark, [keys.enter]],
    [help.zoom, ['+', '-', '0']],
    [help.present, ['p']],
    [help.beats, [keys.pageDown, keys.pageUp]],
    [help.letGo, [keys.escape]],
    [help.thisPage, ['?']],
  ]
}

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
      aria-label={words.help.label}
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <div className={styles.body}>
        <div className={styles.top}>
          <h2>{words.help.title}</h2>
          <button type="button" className={controls.icon} aria-label={words.help.close} onClick={close}>
            <Icon name="close" />
          </button>
        </div>
        <div className={styles.columns}>
          <div>
            <h3>{words.help.keys}</h3>
            {lines().map(([what, which]) => (
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
            <h3>{words.help.marks}</h3>
            {[...states, 'ghost' as const].map((state) => (
              <p key={state} className={styles.line}>
                <span>
                  <StateMark state={state} /> {state === 'ghost' ? words.help.wantedMissing : words.states[state]}
                </span>
              </p>
            ))}
            <h3>{words.help.also}</h3>
            <p className={styles.line}>{words.help.hues}</p>
            <LanguageChoice />
          </div>
        </div>
      </div>
    </dialog>
  )
}

/** Only where there is more than one. */
function LanguageChoice() {
  const spoken = document.documentElement.lang
  const offered = offeredLanguages(spoken)
  if (offered.length === 0) return null
  return (
    <label className={styles.line}>
      <span>{words.help.language}</span>
      <select value={spoken} onChange={(event) => chooseLanguage(event.target.value)}>
        {offered.map(([tag, name]) => (
          <option key={tag} value={tag} lang={tag}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
