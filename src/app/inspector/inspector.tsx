import { Fragment, lazy, Suspense, useEffect, useState } from 'react'
import { clockOf } from '../../picture'
import { actorOf } from '../desk/actor'
import type { InspectorTab } from '../desk/desk-state'
import { useDesk, useShown } from '../desk/use-desk'
import type { Inspection } from '../session/protocol'
import { modelText, words } from '../words'
import controls from '../workbench/controls.module.css'
import { StateMark } from '../workbench/icons'
import { Tabs } from '../workbench/tabs'
import styles from './inspector.module.css'

const Facts = lazy(() => import('./facts'))

const TABS = ['why', 'state', 'yaml', 'events', 'logs'] as const

/** While time runs the inspector looks again this often. Milliseconds of the reader's clock. */
const LOOK_EVERY = 200

/** One object at the moment shown: why it is so, its state, its YAML, its events and logs. */
export function Inspector() {
  const desk = useDesk()
  const selected = useShown((state) => state.selected)
  const tab = useShown((state) => state.inspector)
  const inspection = useInspection(selected)
  return (
    <section className={styles.inspector} aria-label={words.inspector.label}>
      {inspection ? (
        <Top inspection={inspection} />
      ) : (
        <div className={styles.top}>
          <p className={styles.name}>{words.inspector.why}</p>
        </div>
      )}
      <Tabs
        label={words.inspector.tabsLabel}
        tabs={TABS.map((id) => ({ id, label: words.inspector.tabs[id] }))}
        chosen={tab}
        panel="inspector-panel"
        choose={(id: InspectorTab) => desk.set({ inspector: id })}
        className={styles.tabs}
      />
      <div
        className={styles.panel}
        id="inspector-panel"
        role="tabpanel"
        aria-label={words.inspector.tabs[tab]}
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
      <p className={styles.empty}>{words.inspector.choose}</p>
      <p className={styles.empty}>{words.inspector.chooseAbout}</p>
    </>
  )
}

function Top({ inspection }: { inspection: Inspection }) {
  const tile = useShown((state) => state.scene.tiles.find((one) => one.key === inspection.key))
  return (
    <div className={styles.top}>
      <h2 className={styles.name} {...modelText}>
        {inspection.name}
      </h2>
      <p className={styles.sub}>
        <span>
          <span {...modelText}>{inspection.about}</span>
          {inspection.node !== undefined && <> · {words.inspector.on(inspection.node)}</>}
        </span>
        {tile && (
          <span className={controls.pill} style={{ background: 'var(--sunken)', color: 'var(--ink)' }}>
            <StateMark state={tile.state} hue={tile.hue} size={15} /> {tile.word ?? words.states[tile.state]}
          </span>
        )}
        {inspection.gone && <span className={styles.bad}>{words.inspector.gone}</span>}
      </p>
    </div>
  )
}

function Body({ tab, inspection }: { tab: InspectorTab; inspection: Inspection }) {
  if (tab === 'why') return <Why inspection={inspection} />
  if (tab === 'state')
    return (
      <Suspense>
        <Facts inspection={inspection} />
      </Suspense>
    )
  if (tab === 'yaml') return <Yaml text={inspection.yaml} />
  if (tab === 'events') return <Events inspection={inspection} />
  return <Logs inspection={inspection} />
}

function Why({ inspection }: { inspection: Inspection }) {
  const desk = useDesk()
  if (inspection.why.length === 0) return <p className={styles.empty}>{words.inspector.fromBeginning}</p>
  return (
    <>
      <ol className={styles.why}>
        {inspection.why.map((line) => (
          <li key={line.number} className={line.root ? styles.root : undefined}>
            {line.folded > 0 && <p className={styles.folded}>{words.inspector.likeThis(line.folded)}</p>}
            <span className={styles.number} aria-hidden="true">
              {line.number}
            </span>
            <div className={styles.row}>
              <button type="button" className={styles.link} onClick={() => desk.select(line.key)} {...modelText}>
                <span className={styles.says}>
                  <b>{actorOf(line)}</b> {line.says}
                </span>
                {line.detail !== undefined && <small>{line.detail}</small>}
              </button>
              <button
                type="button"
                className={styles.time}
                aria-label={words.inspector.goTo(clockOf(line.at))}
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
    <table className={styles.verdicts} aria-label={words.inspector.verdicts}>
      <thead>
        <tr>
          <th>{words.inspector.node}</th>
          <th>{words.inspector.verdict}</th>
          <th className={clears ? styles.clearing : undefined}>
            {clears ? words.inspector.preemption : words.inspector.score}
          </th>
        </tr>
      </thead>
      <tbody {...modelText}>
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

function Yaml({ text }: { text: string }) {
  if (text === '') return <p className={styles.empty}>{words.inspector.nothingToPrint}</p>
  return (
    <pre className={styles.yaml} {...modelText}>
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
  if (inspection.events.length === 0) return <p className={styles.empty}>{words.inspector.noEvents}</p>
  return (
    <ul className={styles.events} {...modelText}>
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
  if (inspection.logs.length === 0) return <p className={styles.empty}>{words.inspector.noLogs}</p>
  return (
    <pre className={styles.logs} {...modelText}>
      {inspection.logs.map((line) => line.text).join('\n')}
    </pre>
  )
}
