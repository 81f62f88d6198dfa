import { useEffect, useRef, useState } from 'react'
import { useDesk } from '../desk/use-desk'
import type { Keeper } from '../kept/keeper'
import type { LessonInfo } from '../session/protocol'
import { words } from '../words'
import controls from './controls.module.css'
import styles from './dialog.module.css'
import { Icon } from './icons'
import { LessonCards } from './lesson-cards'
import { NewSession, Sessions } from './sessions'

/** What there is to learn, labs to play in freely, and the sessions kept here. */
export function Lessons({ kept }: { kept: Keeper | undefined }) {
  const desk = useDesk()
  const dialog = useRef<HTMLDialogElement>(null)
  const [lessons, setLessons] = useState<readonly LessonInfo[]>([])
  useEffect(() => {
    dialog.current?.showModal()
    void desk.client.call('lessons').then(setLessons)
  }, [desk])
  const close = () => desk.set({ dialog: undefined })
  return (
    <dialog
      ref={dialog}
      className={`${styles.dialog} ${styles.wide}`}
      aria-label={words.lessons.title}
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <div className={styles.body}>
        <div className={styles.top}>
          <h2>{words.lessons.title}</h2>
          <button type="button" className={controls.icon} aria-label={words.lessons.close} onClick={close}>
            <Icon name="close" />
          </button>
        </div>
        <LessonCards lessons={lessons} kept={kept} />
        <NewSession />
        <Sessions kept={kept} />
      </div>
    </dialog>
  )
}
