import { useEffect, useState } from 'react'
import { useDesk, useShown } from '../desk/use-desk'
import controls from './controls.module.css'
import { FaultsMenu } from './faults-menu'
import styles from './header.module.css'
import { Brand, Icon } from './icons'
import { shareLink } from './share'

const labNames: Readonly<Record<string, string>> = { docker: 'Docker', swarm: 'Swarm', kubernetes: 'Kubernetes' }

export function Header({ title, topic, narrow }: { title: string; topic: string; narrow: boolean }) {
  const desk = useDesk()
  const lab = useShown((state) => state.opening.lab)
  const drawer = useShown((state) => state.drawer)
  const name = desk.state.lesson ? topic : (labNames[lab.split(':')[0]!] ?? lab)
  return (
    <header className={styles.head}>
      <a className={styles.brand} href="./" aria-label="Drydock, start page">
        <Brand />
        <span className={styles.notPhone}>Drydock</span>
      </a>
      <button
        type="button"
        className={styles.crumb}
        aria-haspopup="dialog"
        onClick={() => desk.set({ dialog: 'lessons' })}
      >
        {name}
        <i>/</i>
        <b>{title}</b>
        <span aria-hidden="true"> ▾</span>
      </button>
      <span className={styles.grow} />
      <button
        type="button"
        className={styles.search}
        onClick={() => desk.set({ dialog: 'search' })}
        aria-label="Search"
        aria-keyshortcuts="/"
      >
        <Icon name="search" size={14} />
        <span>Find a pod, a machine, a command</span>
        <kbd className={controls.kbd}>/</kbd>
      </button>
      {narrow && (
        <button
          type="button"
          className={`${controls.button} ${styles.notPhone}`}
          aria-expanded={drawer === 'lesson'}
          onClick={() => desk.set({ drawer: drawer === 'lesson' ? undefined : 'lesson' })}
        >
          <Icon name="book" size={14} /> Lesson
        </button>
      )}
      <FaultsMenu />
      <ShareButton />
      <button
        type="button"
        className={`${controls.button} ${styles.wideOnly}`}
        onClick={() => desk.set({ presenting: true })}
      >
        Present
      </button>
      <ThemeButton />
      <button
        type="button"
        className={controls.icon}
        aria-label="Help: keys and legend"
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
  const share = async () => {
    const { link, whole } = await shareLink(desk)
    history.replaceState(history.state, '', link)
    try {
      await navigator.clipboard.writeText(link)
      setCopied(true)
      desk.say(
        whole
          ? 'The link to this moment is copied.'
          : 'This run is too long for an address: the link leads to the lab only.',
      )
    } catch {
      desk.say('The link to this moment is in the address bar.')
    }
  }
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <button type="button" className={`${controls.button} ${styles.wideOnly}`} onClick={share}>
      {copied ? 'Link copied' : 'Share this moment'}
    </button>
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
      aria-label={dark ? 'Light theme' : 'Dark theme'}
      onClick={() => desk.set({ theme: dark ? 'light' : 'dark' })}
    >
      <Icon name={dark ? 'sun' : 'moon'} />
    </button>
  )
}
