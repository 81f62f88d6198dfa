import { Fragment, useEffect, useState } from 'react'
import { clockOf, stateWords } from '../../picture'
import type { InspectorTab } from '../desk/desk-state'
import { useDesk, useShown } from '../desk/use-desk'
import type { Inspection } from '../session/protocol'
import controls from '../workbench/controls.module.css'
import { StateMark } from '../workbench/icons'
import { Tabs } from '../workbench/tabs'
import styles from './inspector.module.css'

const tabs = [
  { id: 'why', label: 'Why' },
  { id: 'state', label: 'State' },
  { id: 'yaml', label: 'YAML' },
  { id: 'events', label: 'Events' },
  { id: 'logs', label: 'Logs' },
] as const

/** While time runs the inspector looks again this often. Milliseconds of the reader's clock. */
const LOOK_EVERY = 200

/** One object at the moment shown: why it is so, its state, its YAML, its events and logs. */
export function Inspector() {
  const desk = useDesk()
  const selected = useShown((state) => state.selected)
  const tab = useShown((state) => state.inspector)
  const inspection = useInspection(selected)
  return (
    <section className={styles.inspector} aria-label="Inspector">
      {inspection ? (
        <Top inspection={inspection} />
      ) : (
        <div className={styles.top}>
          <p className={styles.name}>Why?</p>
        </div>
      )}
      <Tabs
        label="What to see of it"
        tabs={tabs}
        chosen={tab}
        panel="inspector-panel"
        choose={(id: InspectorTab) => desk.set({ inspector: id })}
        className={styles.tabs}
      />
      <div
        className={styles.panel}
        id="inspector-panel"
        role="tabpanel"
        aria-label={tabs.find((one) => one.id === tab)?.label}
        tabIndex={0}
      >
        {inspection ? <Body tab={tab} inspection={inspection} /> : <Nothing />}
      </div>
    </section>
  )
}

function useInspection(selected: string | undefined): Inspection | undefined {
  const desk = useDesk()
  const [inspection, setInspection] = useState<Inspection | undefined>()
  useEffect(() => {
    if (selected === undefined) {
      setInspection(undefined)
      return
    }
    let current = true
    let asked = ''
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      timer = undefined
      const { revision, outputTurn } = desk.state
      if (`${revision} ${outputTurn}` === asked) return
      asked = `${revision} ${outputTurn}`
      void desk.client.call('inspect', selected, revision).then((found) => current && setInspection(found))
    }
    look()
    const unsubscribe = desk.subscribe(() => {
      timer ??= setTimeout(look, LOOK_EVERY)
    })
    return () => {
      current = false
      clearTimeout(timer)
      unsubscribe()
    }
  }, [selected, desk])
  return selected === undefined ? undefined : inspection
}

function Nothing() {
  return (
    <>
      <p className={styles.empty}>Choose anything in the picture: a pod, a machine, a service.</p>
      <p className={styles.empty}>
        Here it says why the thing is there and why it is as it is, step by step, back to what you did.
      </p>
    </>
  )
}

function Top({ inspection }: { inspection: Inspection }) {
  const tile = useShown((state) => state.scene.tiles.find((one) => one.key === inspection.key))
  return (
    <div className={styles.top}>
      <h2 className={styles.name}>{inspection.name}</h2>
      <p className={styles.sub}>
        <span>{inspection.about}</span>
        {tile && (
          <span className={controls.pill} style={{ background: 'var(--sunken)', color: 'var(--ink)' }}>
            <StateMark state={tile.state} hue={tile.hue} size={15} /> {tile.word ?? stateWords[tile.state]}
          </span>
        )}
        {inspection.gone && <span className={styles.bad}>gone</span>}
      </p>
    </div>
  )
}

function Body({ tab, inspection }: { tab: InspectorTab; inspection: Inspection }) {
  if (tab === 'why') return <Why inspection={inspection} />
  if (tab === 'state') return <Facts inspection={inspection} />
  if (tab === 'yaml') return <Yaml text={inspection.yaml} />
  if (tab === 'events') return <Events inspection={inspection} />
  return <Logs inspection={inspection} />
}

function Why({ inspection }: { inspection: Inspection }) {
  const desk = useDesk()
  if (inspection.why.length === 0) return <p className={styles.empty}>It was there from the beginning of this lab.</p>
  return (
    <>
      <ol className={styles.why}>
        {inspection.why.map((line) => (
          <li key={line.number} className={line.root ? styles.root : undefined}>
            {line.folded > 0 && <p className={styles.folded}>… {line.folded} like this</p>}
            <span className={styles.number} aria-hidden="true">
              {line.number}
            </span>
            <div className={styles.row}>
              <button type="button" className={styles.link} onClick={() => desk.select(line.key)}>
                <span className={styles.says}>
                  <b>{line.by === 'you' ? 'You' : line.by}</b> {line.says}
                </span>
                {line.detail !== undefined && <small>{line.detail}</small>}
              </button>
              <button
                type="button"
                className={styles.time}
                aria-label={`Go to ${clockOf(line.at)}`}
                onClick={() => desk.seek(line.at)}
              >
                {clockOf(line.at)}
              </button>
            </div>
          </li>
        ))}
      </ol>
      {inspection.verdicts.length > 0 && <Verdicts inspection={inspection} />}
    </>
  )
}

function Verdicts({ inspection }: { inspection: Inspection }) {
  const clears = inspection.verdicts.some((row) => row.clearing !== undefined)
  return (
    <table className={styles.verdicts} aria-label="The scheduler's verdict on each node">
      <thead>
        <tr>
          <th>node</th>
          <th>verdict</th>
          <th className={clears ? styles.clearing : undefined}>{clears ? 'preemption' : 'score'}</th>
        </tr>
      </thead>
      <tbody>
        {inspection.verdicts.map((row) => (
          <tr key={row.node} className={row.chosen || row.nominated ? styles.won : undefined}>
            <td>{row.node}</td>
            <td>{row.verdict}</td>
            <td className={clears ? styles.clearing : undefined}>
              {clears ? (row.clearing ?? '–') : (row.score ?? '–')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Facts({ inspection }: { inspection: Inspection }) {
  const desk = useDesk()
  return (
    <>
      <dl className={styles.facts}>
        {inspection.facts.map((fact, i) => (
          <Fragment key={`${fact.name} ${i}`}>
            <dt>{fact.name}</dt>
            <dd className={fact.tone === undefined ? undefined : styles[fact.tone]}>{fact.value}</dd>
          </Fragment>
        ))}
      </dl>
      <div className={styles.related}>
        {inspection.related.map((other) => (
          <button key={other.key} type="button" onClick={() => desk.select(other.key)}>
            {other.says}
          </button>
        ))}
      </div>
    </>
  )
}

function Yaml({ text }: { text: string }) {
  if (text === '') return <p className={styles.empty}>It is gone: there is nothing left to print.</p>
  return (
    <pre className={styles.yaml}>
      {text.split('\n').map((line, i) => {
        const match = /^(\s*(?:- )*)([\w./-]+)(:.*)$/.exec(line)
        return (
          <Fragment key={`${i} ${line}`}>
            {match ? (
              <>
                {match[1]}
                <b>{match[2]}</b>
                {match[3]}
              </>
            ) : (
              line
            )}
            {'\n'}
          </Fragment>
        )
      })}
    </pre>
  )
}

function Events({ inspection }: { inspection: Inspection }) {
  if (inspection.events.length === 0) return <p className={styles.empty}>No component has left a note about it.</p>
  return (
    <ul className={styles.events}>
      {inspection.events.map((event, i) => (
        <li key={`${event.at} ${i}`}>
          <span className={styles.row}>
            <b className={event.tone === 'bad' ? styles.bad : undefined}>
              {event.reason}
              {event.count > 1 ? ` ×${event.count}` : ''}
            </b>
            <span className={styles.time}>{clockOf(event.at, false)}</span>
          </span>
          {event.says}
        </li>
      ))}
    </ul>
  )
}

function Logs({ inspection }: { inspection: Inspection }) {
  if (inspection.logs.length === 0) return <p className={styles.empty}>Nothing has been printed.</p>
  return <pre className={styles.logs}>{inspection.logs.map((line) => line.text).join('\n')}</pre>
}
