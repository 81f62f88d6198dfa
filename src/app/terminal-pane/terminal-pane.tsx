import { type DragEvent, useEffect, useRef, useState } from 'react'
import { clockOf } from '../../picture'
import { useDesk, useShown } from '../desk/use-desk'
import type { TerminalView } from './terminal'
import styles from './terminal-pane.module.css'

/** A file larger than this is no manifest. */
const LARGEST_FILE = 512 * 1024

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
  const take = async (files: Iterable<File>) => {
    const names: string[] = []
    for (const file of files) {
      if (file.size > LARGEST_FILE) continue
      await desk.saveFile(file.name, await file.text())
      names.push(file.name)
    }
    if (names.length > 0)
      desk.say(`${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} now in the terminal's folder.`)
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files)
  }
  return (
    <section
      className={styles.terminal}
      aria-label="Terminal"
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      onPaste={(event) => {
        if (event.clipboardData.files.length > 0) {
          event.preventDefault()
          void take(event.clipboardData.files)
        }
      }}
    >
      <PastNote />
      <div ref={screen} className={styles.screen} data-testid="screen">
        {!loaded && <p className={styles.waiting}>…</p>}
      </div>
      {over && <p className={styles.drop}>Drop files into the terminal's folder</p>}
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
      You see {clockOf(at)}. A command here begins a new branch.
      <button type="button" onClick={() => desk.live()}>
        Live
      </button>
    </p>
  )
}
