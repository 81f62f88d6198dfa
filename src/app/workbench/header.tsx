import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useDesk, useShown } from '../desk/use-desk'
import { useLessonLanguage } from '../lesson-panel/lesson-language'
import { words } from '../words'
import controls from './controls.module.css'
import { FaultsMenu } from './faults-menu'
import styles from './header.module.css'
import { Brand, Icon } from './icons'
import popover from './popover.module.css'
import { shareLink } from './share'

const CarryPanel = lazy(() => import('../carry/carry-panel'))

export function Header({ title, topic, narrow }: { title: string; topic: string; narrow: boolean }) {
  const desk = useDesk()
  const lab = useShown((state) => state.opening.lab)
  const drawer = useShown((state) => state.drawer)
  const language = useLessonLanguage()
  const name = desk.state.lesson
    ? topic
    : ((words.header.labs as Readonly<Record<string, string>>)[lab.split(':')[0]!] ?? lab)
  return (
    <header className={styles.head}>
      <a className={styles.brand} href="./" aria-label={words.header.home}>
        <Brand />
        <span className={styles.notPhone} translate="no">
          Drydock
        </span>
      </a>
      <button
        type="button"
        className={styles.crumb}
        aria-haspopup="dialog"
        aria-label={words.header.lessons(name, title)}
        onClick={() => desk.set({ dialog: 'lessons' })}
      >
        <span className={styles.notPhone} {...language}>
          {name}
          <i>/</i>
        </span>
        <b {...language}>{title}</b>
        <span aria-hidden="true"> ▾</span>
      </button>
      <span className={styles.grow} />
      <button
        type="button"
        className={styles.search}
        onClick={() => desk.set({ dialog: 'search' })}
        aria-label={words.header.search}
        aria-keyshortcuts="/"
      >
        <Icon name="search" size={14} />
        <span>{words.header.find}</span>
        <kbd className={controls.kbd}>/</kbd>
      </button>
      {narrow && (
        <button
          type="button"
          className={`${controls.button} ${styles.notPhone}`}
          aria-expanded={drawer === 'lesson'}
          onClick={() => desk.set({ drawer: drawer === 'lesson' ? undefined : 'lesson' })}
        >
          <Icon name="book" size={14} /> <span>{words.header.lesson}</span>
        </button>
      )}
      <FaultsMenu />
      <ShareButton />
      <button
        type="button"
        className={`${controls.button} ${styles.wideOnly}`}
        aria-keyshortcuts="p"
        onClick={() => desk.set({ presenting: true })}
      >
        {words.header.present}
      </button>
      <ThemeButton />
      <button
        type="button"
        className={controls.icon}
        aria-label={words.header.help}
        aria-keyshortcuts="?"
        onClick={() => desk.set({ dialog: 'help' })}
      >
        <Icon name="help" />
      </button>
    </header>
  )
}

function ShareButton() {
  const desk = useDesk()
  const [copied, setCopied] = useState(false)
  const open = useShown((state) => state.dialog === 'share')
  const anchor = useRef<HTMLDivElement>(null)
  const close = () => {
    desk.set({ dialog: undefined })
    anchor.current?.querySelector('button')?.focus()
  }
  const share = async () => {
    if (open) return close()
    desk.set({ dialog: 'share' })
    const { link, whole } = await shareLink(desk)
    history.replaceState(history.state, '', link)
    try {
      await navigator.clipboard.writeText(link)
      setCopied(true)
      desk.say(whole ? words.header.momentCopied : words.header.labCopied)
    } catch {
      desk.say(words.header.inAddressBar)
    }
  }
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  useEffect(() => {
    if (!open) return
    const away = (event: PointerEvent) => {
      if (!anchor.current?.contains(event.target as globalThis.Node)) desk.set({ dialog: undefined })
    }
    document.addEventListener('pointerdown', away)
    return () => document.removeEventListener('pointerdown', away)
  }, [open, desk])
  return (
    <div ref={anchor} className={popover.anchor} onKeyDown={(event) => event.key === 'Escape' && open && close()}>
      <button
        type="button"
        className={controls.button}
        aria-label={copied ? words.header.linkCopied : words.header.share}
        aria-expanded={open}
        aria-haspopup="dialog"
        onClick={share}
      >
        <Icon name="link" size={14} />
        <span className={styles.notNarrow}>{copied ? words.header.linkCopied : words.header.share}</span>
      </button>
      {open && (
        <Suspense>
          <CarryPanel close={close} />
        </Suspense>
      )}
    </div>
  )
}

function ThemeButton() {
  const desk = useDesk()
  const theme = useShown((state) => state.theme)
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  return (
    <button
      type="button"
      className={controls.icon}
      aria-label={dark ? words.header.lightTheme : words.header.darkTheme}
      onClick={() => desk.set({ theme: dark ? 'light' : 'dark' })}
    >
      <Icon name={dark ? 'sun' : 'moon'} />
    </button>
  )
}
