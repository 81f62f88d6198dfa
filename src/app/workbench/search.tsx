import { useEffect, useId, useRef, useState } from 'react'
import { shorten } from '../../picture'
import type { Desk } from '../desk/desk'
import { useDesk } from '../desk/use-desk'
import styles from './dialog.module.css'

interface Result {
  readonly id: string
  readonly name: string
  readonly about: string
  readonly choose: () => void
}

function deeds(desk: Desk): Result[] {
  const deed = (name: string, about: string, choose: () => void): Result => ({ id: name, name, about, choose })
  return [
    deed('Play or pause', 'Space', () => desk.toggle()),
    deed('Next change', '→', () => void desk.nextChange()),
    deed('Previous change', '←', () => desk.previousChange()),
    deed('Back to the present', '', () => desk.live()),
    deed('Break something', '', () => desk.set({ dialog: 'faults' })),
    deed('Undo the last thing I did', '', () => void desk.undo()),
    deed('Reset', 'from the beginning', () => void desk.reset()),
    deed('As a table', '', () => desk.set({ asTable: !desk.state.asTable })),
    deed('Present', 'picture and prompt only', () => desk.set({ presenting: !desk.state.presenting })),
    deed('Help', '?', () => desk.set({ dialog: 'help' })),
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
  readonly words: string | undefined
  readonly things: readonly Result[]
}

async function thingsCalled(desk: Desk, words: string): Promise<readonly Result[]> {
  const found = await desk.client.call('find', words)
  return found.map((one) => ({
    id: one.key,
    name: shorten(one.name, 42),
    about: `${one.kind}${one.about === '' || one.about === 'default' ? '' : ` in ${one.about}`}`,
    choose: () => desk.select(one.key),
  }))
}

/** `/`: things by name, commands to run, and what the page can do. */
export function Search() {
  const desk = useDesk()
  const dialog = useRef<HTMLDialogElement>(null)
  const [words, setWords] = useState('')
  const [found, setFound] = useState<Found>({ words: undefined, things: [] })
  const [chosen, setChosen] = useState(0)
  const list = useId()
  useEffect(() => dialog.current?.showModal(), [])
  useEffect(() => {
    let current = true
    void thingsCalled(desk, words).then((things) => {
      if (current) setFound({ words, things })
    })
    return () => {
      current = false
    }
  }, [words, desk])
  const asked = words.toLowerCase()
  const hits = (name: string) => asked.split(/\s+/).every((word) => name.toLowerCase().includes(word))
  const runs = commands
    .filter(hits)
    .map((line): Result => ({ id: line, name: line, about: 'run', choose: () => void desk.submit(line) }))
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
      if (found.words === words) take(results[chosen])
      // faster than the answer: what is shown still belongs to fewer words
      else void thingsCalled(desk, words).then((things) => take(among(things)[chosen]))
    }
  }
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-label="Search"
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <input
        className={styles.input}
        type="text"
        role="combobox"
        aria-label="Find a pod, a machine, a command"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={results[chosen] ? `${list}-${chosen}` : undefined}
        placeholder="Find a pod, a machine, a command"
        value={words}
        onChange={(event) => {
          setWords(event.target.value)
          setChosen(0)
        }}
        onKeyDown={onKey}
      />
      <div id={list} role="listbox" aria-label="Results" className={styles.results}>
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
            <b>{result.name}</b>
            <span>{result.about}</span>
          </div>
        ))}
      </div>
      {results.length === 0 && <p className={styles.none}>Nothing here is called “{words}”.</p>}
    </dialog>
  )
}
