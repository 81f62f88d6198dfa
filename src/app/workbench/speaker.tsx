import { useEffect, useRef, useState } from 'react'
import { useDesk, useShown } from '../desk/use-desk'
import { modelText, words } from '../words'
import styles from './workbench.module.css'

/** No more often than this is spoken, so that a busy run does not talk without end. */
const SPEAK_EVERY = 2500
const TOAST_FOR = 5000

/** Says what happens: for those who listen, and short notes for everybody. */
export function Speaker() {
  const desk = useDesk()
  const toast = useShown((state) => state.toast)
  const [spoken, setSpoken] = useState({ before: '', newest: '' })
  const last = useRef(0)
  useEffect(() => {
    if (toast === '') return
    const timer = setTimeout(() => desk.set({ toast: '' }), TOAST_FOR)
    return () => clearTimeout(timer)
  }, [toast, desk])
  useEffect(() => {
    const timer = setInterval(() => {
      const { sentences, at } = desk.state
      const news = sentences.filter((line) => line.revision > last.current && line.at <= at)
      const newest = news[news.length - 1]
      if (!newest) return
      last.current = newest.revision
      const before = news.length > 1 ? words.bench.changesBefore(news.length - 1) : ''
      setSpoken({
        before,
        newest: `${newest.by} ${newest.says}${newest.detail === undefined ? '' : `, ${newest.detail}`}`,
      })
    }, SPEAK_EVERY)
    return () => clearInterval(timer)
  }, [desk])
  return (
    <>
      <p className="visually-hidden" aria-live="polite" aria-atomic="true">
        {spoken.before}
        <span {...modelText}>{spoken.newest}</span>
      </p>
      <p className={toast === '' ? 'visually-hidden' : styles.toast} role="status">
        {toast}
      </p>
    </>
  )
}
