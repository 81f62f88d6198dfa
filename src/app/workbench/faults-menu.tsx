import { useEffect, useRef, useState } from 'react'
import { partsOf } from '../../engine'
import { shorten } from '../../picture'
import { useDesk, useShown } from '../desk/use-desk'
import { modelText, words } from '../words'
import controls from './controls.module.css'
import header from './header.module.css'
import { Icon } from './icons'
import styles from './popover.module.css'

interface Choice {
  readonly name: string
  readonly about: string
  readonly target: string
}

/** Which thing to break, then how. What can be broken about a thing the engine knows. */
export function FaultsMenu() {
  const desk = useDesk()
  const open = useShown((state) => state.dialog === 'faults')
  const anchor = useRef<HTMLDivElement>(null)
  const close = () => desk.set({ dialog: undefined })
  useEffect(() => {
    if (!open) return
    const away = (event: PointerEvent) => {
      if (!anchor.current?.contains(event.target as globalThis.Node)) desk.set({ dialog: undefined })
    }
    document.addEventListener('pointerdown', away)
    return () => document.removeEventListener('pointerdown', away)
  }, [open, desk])
  return (
    <div
      ref={anchor}
      className={styles.anchor}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return
        close()
        anchor.current?.querySelector('button')?.focus()
      }}
    >
      <button
        type="button"
        className={controls.button}
        aria-expanded={open}
        aria-haspopup="dialog"
        aria-label={words.faults.title}
        onClick={() => desk.set({ dialog: open ? undefined : 'faults' })}
      >
        <Icon name="bolt" size={14} /> <span className={header.notNarrow}>{words.faults.title}</span>
      </button>
      {open && <Faults close={close} />}
    </div>
  )
}

function Faults({ close }: { close: () => void }) {
  const desk = useDesk()
  const scene = useShown((state) => state.scene)
  const selected = useShown((state) => state.selected)
  const targets = [
    ...(selected === undefined ? [] : [selected]),
    ...scene.machines.map((machine) => machine.key).filter((key) => key !== selected),
  ]
  const [target, setTarget] = useState(
    targets.length > 2 && selected === undefined ? targets[targets.length - 2]! : targets[0],
  )
  const [choices, setChoices] = useState<readonly Choice[] | undefined>()
  useEffect(() => {
    if (target === undefined) return
    let current = true
    void desk.client.call('faultsFor', target).then((found) => current && setChoices(found))
    return () => {
      current = false
    }
  }, [target, desk])
  const name = target === undefined ? '' : partsOf(target).name
  return (
    <div className={styles.panel} role="dialog" aria-label={words.faults.title}>
      <h2 className={styles.title}>{words.faults.question}</h2>
      <div className={styles.targets} {...modelText}>
        {targets.slice(0, 16).map((key) => (
          <button
            key={key}
            type="button"
            className={styles.target}
            aria-pressed={key === target}
            onClick={() => setTarget(key)}
          >
            {shorten(partsOf(key).name, 24)}
          </button>
        ))}
      </div>
      <div className={styles.faults}>
        {(choices ?? []).map((choice) => (
          <button
            key={choice.name}
            type="button"
            className={styles.fault}
            {...modelText}
            onClick={() => {
              close()
              void desk.fault(choice.name, choice.target)
            }}
          >
            <b>
              {choice.target.startsWith(name)
                ? choice.name.replaceAll('-', ' ')
                : words.faults.of(choice.name.replaceAll('-', ' '), shorten(choice.target, 30))}
            </b>
            <span>{choice.about}</span>
          </button>
        ))}
        {choices?.length === 0 && <p className={styles.none}>{words.faults.none(name)}</p>}
      </div>
    </div>
  )
}
