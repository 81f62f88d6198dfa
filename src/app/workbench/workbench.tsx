import { lazy, Suspense, useEffect, useState } from 'react'
import type { Desk } from '../desk/desk'
import { DeskContext, useDesk, useShown } from '../desk/use-desk'
import { Inspector } from '../inspector/inspector'
import type { Keeper } from '../kept/keeper'
import { LessonPanel } from '../lesson-panel/lesson-panel'
import { welcomeTo } from '../lesson-panel/welcome'
import { Timeline } from '../timeline/timeline'
import { modelText, words } from '../words'
import controls from './controls.module.css'
import { Dock } from './dock'
import { Header } from './header'
import { Help } from './help'
import { Icon } from './icons'
import { Lessons } from './lessons'
import { Renewal } from './renewal'
import { Search } from './search'
import { useKeys } from './shortcuts'
import { Speaker } from './speaker'
import { Stage } from './stage'
import styles from './workbench.module.css'

const PresentingBar = lazy(() => import('../cockpit/presenting-bar'))

export function Workbench({ desk, kept, session }: { desk: Desk; kept: Keeper | undefined; session: string }) {
  return (
    <DeskContext value={desk}>
      <Bench kept={kept} session={session} />
    </DeskContext>
  )
}

function Bench({ kept, session }: { kept: Keeper | undefined; session: string }) {
  const presenting = useShown((state) => state.presenting)
  const dialog = useShown((state) => state.dialog)
  const drawer = useShown((state) => state.drawer)
  const wide = useMedia('(min-width: 1180px)')
  const phone = useMedia('(max-width: 599px)')
  useKeys()
  useTheme()
  const lab = useShown((state) => state.opening.lab)
  const scripted = useShown((state) => state.lesson)
  const text = scripted ?? welcomeTo(lab)
  const lesson = <LessonPanel lesson={text} />
  const panels = wide && !presenting
  return (
    <div
      className={presenting ? `${styles.bench} ${styles.presenting}` : styles.bench}
      data-layout={presenting ? 'present' : undefined}
    >
      {!presenting && (
        <div className={styles.head} style={{ display: 'grid' }}>
          <Header title={text.title} topic={text.topic} narrow={!wide && !phone} />
        </div>
      )}
      {panels && (
        <aside className={styles.lesson} aria-label={words.bench.lessonPanel}>
          {lesson}
        </aside>
      )}
      <main className={styles.main}>
        {presenting && <h1 className="visually-hidden">{text.title}</h1>}
        {presenting && (
          <Suspense>
            <PresentingBar className={styles.presentingExit!} session={session} />
          </Suspense>
        )}
        <Stage />
        <Dock phone={phone && !presenting} lesson={lesson} />
      </main>
      {panels && (
        <aside className={styles.inspector} aria-label={words.bench.inspectorPanel}>
          <Inspector />
        </aside>
      )}
      <div className={styles.time} style={{ display: 'grid' }}>
        <Timeline />
      </div>
      {!wide && !phone && !presenting && drawer !== undefined && (
        <Drawer which={drawer}>{drawer === 'lesson' ? lesson : <Inspector />}</Drawer>
      )}
      {dialog === 'search' && <Search />}
      {dialog === 'help' && <Help />}
      {dialog === 'lessons' && <Lessons kept={kept} />}
      <Speaker />
      <Renewal />
      <Trouble />
    </div>
  )
}

/** Where there is no room for a panel beside the picture, it lies over it. */
function Drawer({ which, children }: { which: 'lesson' | 'inspector'; children: React.ReactNode }) {
  const desk = useDesk()
  const close = () => {
    desk.set({ drawer: undefined })
    if (which === 'inspector') desk.select(undefined)
  }
  return (
    <aside
      aria-label={which === 'lesson' ? words.bench.lessonPanel : words.bench.inspectorPanel}
      className={`${styles[which]} ${styles.drawer} ${which === 'lesson' ? styles.drawerLeft : styles.drawerRight}`}
      onKeyDown={(event) => event.key === 'Escape' && close()}
    >
      <button
        type="button"
        className={`${controls.icon} ${styles.drawerClose}`}
        aria-label={words.bench.close}
        onClick={close}
      >
        <Icon name="close" />
      </button>
      {children}
    </aside>
  )
}

function Trouble() {
  const desk = useDesk()
  const problem = useShown((state) => state.problem)
  if (problem === undefined) return null
  const { opening } = desk.state
  return (
    <div className={styles.problem} role="alert">
      <b>{words.bench.stopped}</b>{' '}
      {words.bench.stoppedAt(String(opening.seed), opening.lab, String(Math.round(desk.state.at)))}
      <pre {...modelText}>{problem}</pre>
      <button type="button" className={controls.button} onClick={() => desk.set({ problem: undefined })}>
        {words.bench.close}
      </button>
    </div>
  )
}

function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches)
  useEffect(() => {
    const list = matchMedia(query)
    const change = () => setMatches(list.matches)
    list.addEventListener('change', change)
    return () => list.removeEventListener('change', change)
  }, [query])
  return matches
}

function useTheme(): void {
  const theme = useShown((state) => state.theme)
  useEffect(() => {
    const root = document.documentElement
    if (theme === 'system') delete root.dataset['theme']
    else root.dataset['theme'] = theme
    try {
      localStorage.setItem('drydock-theme', theme)
    } catch {
      // A frame without storage forgets it, which is no harm.
    }
  }, [theme])
}
