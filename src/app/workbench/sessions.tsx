import { type FormEvent, useEffect, useState } from 'react'
import { clockOf } from '../../picture'
import { useShown } from '../desk/use-desk'
import type { Cabinet } from '../kept/cabinet'
import { claim } from '../kept/claim'
import type { Keeper } from '../kept/keeper'
import { type KeptSession, nameOf } from '../kept/kept-session'
import { words } from '../words'
import controls from './controls.module.css'
import dialog from './dialog.module.css'
import { Icon } from './icons'
import styles from './sessions.module.css'

/** A lab and a seed make a session; the address says both, so that it can be handed on. */
export function NewSession() {
  const begin = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const wishes = new FormData(event.currentTarget)
    const seed = Number(wishes.get('seed'))
    location.assign(
      `?${new URLSearchParams({ lab: String(wishes.get('lab')), seed: String(Math.max(0, Math.floor(seed))) })}`,
    )
  }
  return (
    <form aria-labelledby="new-session" onSubmit={begin}>
      <h2 className={dialog.second} id="new-session">
        {words.sessions.begin}
      </h2>
      <div className={styles.fields}>
        <label>
          {words.sessions.lab}
          <select name="lab">
            {Object.entries(words.sessions.labs).map(([lab, about]) => (
              <option key={lab} value={lab}>
                {about}
              </option>
            ))}
          </select>
        </label>
        <label>
          {words.sessions.seed}
          <input name="seed" type="number" min={0} max={999_999_999} step={1} defaultValue={1} required />
        </label>
        <button type="submit" className={controls.button}>
          {words.sessions.start}
        </button>
      </div>
      <p className={styles.about}>{words.sessions.aboutSeed}</p>
    </form>
  )
}

/** The sessions kept on this device: to take up, name and delete. */
export function Sessions({ kept }: { kept: Keeper | undefined }) {
  const { kept: isKept, says } = useShown((state) => state.keeping)
  const [sessions, setSessions] = useState<readonly KeptSession[]>([])
  const [problem, setProblem] = useState('')
  useEffect(() => {
    void kept?.keep().then(() => look(kept.cabinet, setSessions))
  }, [kept])
  const deed = async (id: string, what: (cabinet: Cabinet) => Promise<void>) => {
    if (!kept) return
    const own = id === kept.id
    const held = own ? undefined : await claim(id)
    if (!own && !held) {
      setProblem(words.sessions.openElsewhere)
      return
    }
    setProblem('')
    await what(kept.cabinet).catch(() => setProblem(words.sessions.refused))
    held?.release()
    await look(kept.cabinet, setSessions)
  }
  const rename = (session: KeptSession, name: string) =>
    name === session.name
      ? undefined
      : deed(session.id, (cabinet) =>
          session.id === kept?.id ? kept.rename(name) : cabinet.keep({ ...session, name }),
        )
  return (
    <section aria-label={words.sessions.title}>
      <h2 className={dialog.second}>{words.sessions.title}</h2>
      <p className={styles.about} role={says === '' ? undefined : 'alert'}>
        {says !== '' ? says : isKept ? words.sessions.keptOn : words.sessions.notYetKept}
      </p>
      {problem !== '' && (
        <p className={styles.about} role="alert">
          {problem}
        </p>
      )}
      <ul className={styles.sessions}>
        {sessions.map((session) => (
          <li key={session.id} aria-current={session.id === kept?.id ? 'true' : undefined}>
            <input
              aria-label={words.sessions.nameOf(titleOf(session))}
              defaultValue={session.name}
              placeholder={titleOf(session)}
              maxLength={80}
              onBlur={(event) => void rename(session, nameOf(event.currentTarget.value))}
              onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
            />
            <span>
              {words.sessions.about(session.scenario ?? session.lab, String(session.seed), clockOf(session.moment.at))}
            </span>
            <small>
              <time dateTime={new Date(session.keptAt).toISOString()}>{words.written.date(session.keptAt)}</time>
            </small>
            {session.id === kept?.id ? (
              <b>{words.sessions.thisOne}</b>
            ) : (
              <>
                <a className={controls.button} href={addressOf(session)}>
                  {words.sessions.takeUp}
                </a>
                <button
                  type="button"
                  className={controls.icon}
                  aria-label={words.sessions.delete(session.name || titleOf(session))}
                  onClick={() => void deed(session.id, (cabinet) => cabinet.remove(session.id))}
                >
                  <Icon name="trash" />
                </button>
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

async function look(cabinet: Cabinet, show: (sessions: readonly KeptSession[]) => void): Promise<void> {
  show(await cabinet.list().catch(() => []))
}

const titleOf = ({ scenario, lab }: KeptSession) => scenario ?? words.sessions.ofLab(lab)

function addressOf({ id, scenario, lab, seed }: KeptSession): string {
  const what: Record<string, string> = scenario === undefined ? { lab } : { scenario }
  return `?${new URLSearchParams({ ...what, seed: String(seed), session: id })}`
}
