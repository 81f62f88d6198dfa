import { type DragEvent, useEffect, useRef, useState } from 'react'
import { clockOf } from '../../picture'
import { useDesk, useShown } from '../desk/use-desk'
import { droppedFiles, takeFiles } from '../editor/own-files'
import { modelText, words } from '../words'
import type { TerminalView } from './terminal'
import styles from './terminal-pane.module.css'

export function TerminalPane() {
  const desk = useDesk()
  const screen = useRef<HTMLDivElement>(null)
  const presenting = useShown((state) => state.presenting)
  const theme = useShown((state) => state.theme)
  const [over, setOver] = useState(false)
  const [loaded, setLoaded] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours and size of the text are read when it starts
  useEffect(() => {
    let view: TerminalView | undefined
    let current = true
    const start = async () => {
      const [{ TerminalView }] = await Promise.all([
        import('./terminal'),
        document.fonts.load('12.5px "JetBrains Mono Variable"').catch(() => []),
      ])
      if (!current || !screen.current) return
      view = new TerminalView(screen.current, desk)
      setLoaded(true)
    }
    void start()
    const focus = () => view?.focus()
    const write = (event: Event) => view?.write(String((event as CustomEvent).detail))
    document.addEventListener('drydock:terminal', focus)
    document.addEventListener('drydock:write', write)
    return () => {
      current = false
      document.removeEventListener('drydock:terminal', focus)
      document.removeEventListener('drydock:write', write)
      view?.end()
    }
  }, [desk, presenting, theme])
  const take = (transfer: DataTransfer) => void droppedFiles(transfer).then((given) => takeFiles(desk, given))
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer)
  }
  return (
    <section
      className={styles.terminal}
      aria-label={words.terminal.label}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      onPaste={(event) => {
        if (event.clipboardData.files.length > 0) {
          event.preventDefault()
          take(event.clipboardData)
        }
      }}
    >
      <PastNote />
      <div ref={screen} className={styles.screen} data-testid="screen" {...modelText}>
        {!loaded && <p className={styles.waiting}>…</p>}
      </div>
      {over && <p className={styles.drop}>{words.terminal.drop}</p>}
    </section>
  )
}

function PastNote() {
  const desk = useDesk()
  const past = useShown((state) => state.past)
  const at = useShown((state) => (state.past ? Math.floor(state.at / 100) * 100 : 0))
  if (!past) return null
  return (
    <p className={styles.past}>
      {words.terminal.past(clockOf(at))}
      <button type="button" onClick={() => desk.live()}>
        {words.terminal.live}
      </button>
    </p>
  )
}
