import { useEffect } from 'react'
import { useDesk } from '../desk/use-desk'
import { lateWords } from '../words/late'
import controls from '../workbench/controls.module.css'
import { Show } from './show'

/** In the corner while presenting: the cockpit, and the way out. It also hears a clicker's keys, wherever the focus is. */
export default function PresentingBar({ className, session }: { className: string; session: string }) {
  const desk = useDesk()
  useEffect(() => {
    const show = new Show(desk, session)
    show.start()
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'PageDown' && event.key !== 'PageUp') return
      event.preventDefault()
      event.stopPropagation()
      if (event.key === 'PageDown') show.forward()
      else show.toBeatStart()
    }
    document.addEventListener('keydown', press, { capture: true })
    return () => {
      document.removeEventListener('keydown', press, { capture: true })
      show.end()
    }
  }, [desk, session])
  const openCockpit = () => {
    const opened = window.open(
      `./?cockpit=${encodeURIComponent(session)}`,
      'drydock-cockpit',
      'popup,width=620,height=860',
    )
    if (!opened) desk.say(lateWords.cockpit.windowRefused)
  }
  return (
    <div className={className}>
      <button type="button" className={controls.button} onClick={openCockpit}>
        {lateWords.cockpit.open}
      </button>
      <button type="button" className={controls.button} onClick={() => desk.set({ presenting: false })}>
        {lateWords.cockpit.leave}
      </button>
    </div>
  )
}
