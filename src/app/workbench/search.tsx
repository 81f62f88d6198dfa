import { useEffect, useId, useRef, useState } from 'react'
import { shorten } from '../../picture'
import type { Desk } from '../desk/desk'
import { useDesk } from '../desk/use-desk'
import { modelText, words } from '../words'
import styles from './dialog.module.css'

interface Result {
  readonly id: string
  readonly name: string
  readonly about: string
  readonly choose: () => void
  /** Its name is the model's, or a command. */
  readonly isModels?: boolean
}

function deeds(desk: Desk): Result[] {
  const { search } = words
  const deed = (name: string, about: string, choose: () => void): Result => ({ id: name, name, about, choose })
  return [
    deed(search.playPause, words.keys.space, () => desk.toggle()),
    deed(search.next, '→', () => void desk.nextChange()),
    deed(search.previous, '←', () => desk.previousChange()),
    deed(search.present, '', () => desk.live()),
    deed(search.fault, '', () => desk.set({ dialog: 'faults' })),
    deed(search.undo, '', () => void desk.undo()),
    deed(search.reset, search.fromBeginning, () => void desk.reset()),
    deed(search.asTable, '', () => desk.set({ asTable: !desk.state.asTable })),
    deed(search.presenting, search.pictureAndPrompt, () => desk.set({ presenting: !desk.state.presenting })),
    deed(search.help, '?', () => desk.set({ dialog: 'help' })),
  ]
}

const commands = [
  'kubectl get pods -o wide',
  'kubectl get nodes',
  'kubectl get deployments',
  'kubectl get services',
  'kubectl get events',
  'docker ps',
]

/** Things, and the words that found them. */
interface Found {
  readonly asked: string | undefined
  readonly things: readonly Result[]
}

function kindAndPlace({ kind, about }: { readonly kind: string; readonly about: string }): string {
  const { kinds, in: placed } = words.search
  const own = (kinds as Readonly<Record<string, string>>)[kind] ?? kind
  return about === '' || about === 'default' ? own : placed(own, about)
}

async function thingsCalled(desk: Desk, asked: string): Promise<readonly Result[]> {
  const found = await desk.client.call('find', asked)
  return found.map((one) => ({
    id: one.key,
    name: shorten(one.name, 42),
    about: kindAndPlace(one),
    isModels: true,
    choose: () => desk.select(one.key),
  }))
}

/** `/`: things by name, commands to run, and what the page can do. */
export function Search() {
  const desk = useDesk()
  const dialog = useRef<HTMLDialogElement>(null)
  const [asked, setAsked] = useState('')
  const [found, setFound] = useState<Found>({ asked: undefined, things: [] })
  const [chosen, setChosen] = useState(0)
  const list = useId()
  useEffect(() => dialog.current?.showModal(), [])
  useEffect(() => {
    let current = true
    void thingsCalled(desk, asked).then((things) => {
      if (current) setFound({ asked, things })
    })
    return () => {
      current = false
    }
  }, [asked, desk])
  const lower = asked.toLowerCase()
  const hits = (name: string) => lower.split(/\s+/).every((word) => name.toLowerCase().includes(word))
  const runs = commands.filter(hits).map(
    (line): Result => ({
      id: line,
      name: line,
      about: words.search.run,
      choose: () => void desk.submit(line),
      isModels: true,
    }),
  )
  const among = (things: readonly Result[]) =>
    [...things, ...deeds(desk).filter((deed) => hits(deed.name)), ...(asked === '' ? [] : runs)].slice(0, 14)
  const results = among(found.things)
  const close = () => desk.set({ dialog: undefined })
  const take = (result: Result | undefined) => {
    close()
    result?.choose()
  }
  const onKey = (event: React.KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) {
      event.preventDefault()
      setChosen((chosen + step + results.length) % Math.max(1, results.length))
    } else if (event.key === 'Enter') {
      if (found.asked === asked) take(results[chosen])
      // faster than the answer: what is shown still belongs to fewer words
      else void thingsCalled(desk, asked).then((things) => take(among(things)[chosen]))
    }
  }
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-label={words.search.label}
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <input
        className={styles.input}
        type="text"
        role="combobox"
        aria-label={words.header.find}
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={results[chosen] ? `${list}-${chosen}` : undefined}
        placeholder={words.header.find}
        value={asked}
        onChange={(event) => {
          setAsked(event.target.value)
          setChosen(0)
        }}
        onKeyDown={onKey}
      />
      <div id={list} role="listbox" aria-label={words.search.results} className={styles.results}>
        {results.map((result, i) => (
          <div
            key={result.id}
            id={`${list}-${i}`}
            role="option"
            aria-selected={i === chosen}
            tabIndex={-1}
            className={styles.result}
            onPointerMove={() => setChosen(i)}
            onClick={() => take(result)}
          >
            <b {...(result.isModels ? modelText : {})}>{result.name}</b>
            <span>{result.about}</span>
          </div>
        ))}
      </div>
      {results.length === 0 && <p className={styles.none}>{words.search.none(asked)}</p>}
    </dialog>
  )
}
