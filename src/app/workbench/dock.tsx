import { lazy, type PointerEvent, Suspense, useState } from 'react'
import { clockOf } from '../../picture'
import { actorOf } from '../desk/actor'
import type { DockTab } from '../desk/desk-state'
import { useDesk, useShown } from '../desk/use-desk'
import { Inspector } from '../inspector/inspector'
import { TerminalPane } from '../terminal-pane/terminal-pane'
import { modelText, words } from '../words'
import { Deeds } from './deeds'
import styles from './dock.module.css'
import { Tabs } from './tabs'

const FilesPane = lazy(() => import('../editor/files-pane').then((module) => ({ default: module.FilesPane })))

const LEAST = 96

/** Under the picture: the terminal, files, notes; on a telephone also the lesson and the inspector. */
export function Dock({ phone, lesson }: { phone: boolean; lesson: React.ReactNode }) {
  const desk = useDesk()
  const chosen = useShown((state) => state.dock)
  const presenting = useShown((state) => state.presenting)
  const [height, setHeight] = useState<number | undefined>()
  const tabs: { id: DockTab; label: string }[] = [
    { id: 'terminal', label: words.dock.terminal },
    { id: 'files', label: words.dock.files },
    { id: 'deeds', label: words.dock.deeds },
    { id: 'notes', label: words.dock.notes },
  ]
  if (phone) tabs.push({ id: 'lesson', label: words.dock.lesson }, { id: 'inspector', label: words.dock.inspector })
  const tab = tabs.some((one) => one.id === chosen) ? chosen : 'terminal'
  const usual =
    tab === 'files' && !phone
      ? 'clamp(200px, 44dvh, 560px)'
      : presenting
        ? '34dvh'
        : phone
          ? '34dvh'
          : 'clamp(140px, 24dvh, 300px)'
  return (
    <div className={styles.dock} style={{ height: height ?? usual }}>
      <Grip height={height} set={setHeight} />
      <Tabs
        label={words.dock.label}
        tabs={tabs}
        chosen={tab}
        panel="dock-panel"
        choose={(id) => desk.set({ dock: id })}
        className={styles.bar}
        tabClass={styles.tab}
      />
      <div
        className={styles.panel}
        id="dock-panel"
        role="tabpanel"
        aria-label={tabs.find((one) => one.id === tab)?.label}
      >
        <div style={{ height: '100%' }} hidden={tab !== 'terminal'}>
          <TerminalPane />
        </div>
        {tab === 'files' && (
          <div className={styles.paper}>
            <Suspense fallback={<p className={styles.none}>{words.dock.editorComes}</p>}>
              <FilesPane />
            </Suspense>
          </div>
        )}
        {tab === 'deeds' && (
          <div className={styles.paper}>
            <Deeds />
          </div>
        )}
        {tab === 'notes' && (
          <div className={styles.paper}>
            <Notes />
          </div>
        )}
        {tab === 'lesson' && <div className={styles.paper}>{lesson}</div>}
        {tab === 'inspector' && (
          <div className={styles.paper}>
            <Inspector />
          </div>
        )}
      </div>
    </div>
  )
}

/** Drag, or arrow keys: how much of the height is the terminal's. */
function Grip({ height, set }: { height: number | undefined; set: (height: number) => void }) {
  const most = () => window.innerHeight - 220
  const clamp = (value: number) => Math.max(LEAST, Math.min(most(), value))
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    const handle = event.currentTarget
    const start = { y: event.clientY, height: handle.parentElement!.clientHeight }
    handle.setPointerCapture(event.pointerId)
    const move = (to: globalThis.PointerEvent) => set(clamp(start.height + start.y - to.clientY))
    handle.addEventListener('pointermove', move)
    handle.addEventListener('pointerup', () => handle.removeEventListener('pointermove', move), { once: true })
  }
  return (
    <div
      className={styles.grip}
      role="separator"
      aria-orientation="horizontal"
      aria-label={words.dock.height}
      aria-valuenow={Math.round(height ?? 240)}
      aria-valuemin={LEAST}
      aria-valuemax={1000}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={(event) => {
        const step = event.key === 'ArrowUp' ? 24 : event.key === 'ArrowDown' ? -24 : 0
        if (step === 0) return
        event.preventDefault()
        event.stopPropagation()
        set(clamp((event.currentTarget.parentElement?.clientHeight ?? 240) + step))
      }}
    />
  )
}

/** The run as prose: each sentence a link to its moment. */
function Notes() {
  const desk = useDesk()
  const sentences = useShown((state) => state.sentences)
  const shown = sentences.slice(-300).reverse()
  if (shown.length === 0) return <p className={styles.none}>{words.dock.nothingYet}</p>
  return (
    <ul className={styles.notes}>
      {shown.map((line) => (
        <li key={line.revision}>
          <button type="button" onClick={() => desk.seek(line.at)}>
            {clockOf(line.at)}
          </button>
          <span {...modelText}>
            <b>{actorOf(line)}</b> {line.says}
            {line.detail !== undefined && <small> · {line.detail}</small>}
          </span>
        </li>
      ))}
    </ul>
  )
}
