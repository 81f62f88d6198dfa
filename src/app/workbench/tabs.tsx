import { type KeyboardEvent, useEffect, useRef } from 'react'
import styles from './controls.module.css'

export interface Tab<Id extends string> {
  readonly id: Id
  readonly label: string
}

/** A row of tabs: one stop of the Tab key, arrows go along. `panel` is the id of what they switch. */
export function Tabs<Id extends string>(props: {
  label: string
  tabs: readonly Tab<Id>[]
  chosen: Id
  panel: string
  choose: (id: Id) => void
  className?: string | undefined
  tabClass?: string | undefined
}) {
  const { tabs, chosen, choose } = props
  const row = useRef<HTMLDivElement>(null)
  // only the row itself is scrolled, never the page
  useEffect(() => {
    const tab = row.current?.querySelector<HTMLElement>(`[data-tab="${chosen}"]`)
    if (!row.current || !tab) return
    const over = tab.offsetLeft + tab.offsetWidth - row.current.offsetLeft - row.current.clientWidth
    row.current.scrollLeft = Math.max(over, Math.min(row.current.scrollLeft, tab.offsetLeft - row.current.offsetLeft))
  }, [chosen])
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const here = tabs.findIndex((tab) => tab.id === chosen)
    const next = tabs[(here + step + tabs.length) % tabs.length]!
    choose(next.id)
    const list = event.currentTarget
    requestAnimationFrame(() => list.querySelector<HTMLElement>('[aria-selected="true"]')?.focus())
  }
  return (
    <div ref={row} role="tablist" aria-label={props.label} className={props.className ?? styles.tabs} onKeyDown={move}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          data-tab={tab.id}
          aria-selected={tab.id === chosen}
          aria-controls={props.panel}
          tabIndex={tab.id === chosen ? 0 : -1}
          className={props.tabClass ?? styles.tab}
          onClick={() => choose(tab.id)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  )
}
