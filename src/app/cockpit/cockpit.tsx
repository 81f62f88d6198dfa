import { useCallback, useEffect, useRef, useState } from 'react'
import { clockOf } from '../../picture'
import { Markdown } from '../lesson-panel/markdown'
import { modelText, words } from '../words'
import { lateWords } from '../words/late'
import controls from '../workbench/controls.module.css'
import styles from './cockpit.module.css'
import { type CockpitOrder, channelOf, type FaultChoice, type ShowNews } from './talk'

/** Without news for so long the other window is gone. */
const PATIENCE = 3_000

/** The speaker's own window: notes, what comes next, what can be broken, the time. What is done here happens in the show. */
export function Cockpit({ session }: { session: string }) {
  const [news, setNews] = useState<ShowNews>()
  const [alone, setAlone] = useState(false)
  const channel = useRef<BroadcastChannel>(undefined)
  const heard = useRef(0)
  const order = useCallback((what: CockpitOrder) => channel.current?.postMessage(what), [])
  useEffect(() => {
    const own = channelOf(session)
    channel.current = own
    heard.current = performance.now()
    own.onmessage = ({ data }: MessageEvent<ShowNews>) => {
      heard.current = performance.now()
      setNews(data)
      setAlone(false)
    }
    own.postMessage({ order: 'hello' } satisfies CockpitOrder)
    const timer = setInterval(() => setAlone(performance.now() - heard.current > PATIENCE), 500)
    return () => {
      clearInterval(timer)
      own.close()
    }
  }, [session])
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const onButton = (event.target as HTMLElement).closest('button, select, a') !== null
      if (event.key === 'PageDown') order({ order: 'forward' })
      else if (event.key === 'PageUp') order({ order: 'beat-start' })
      else if (event.key === ' ' && !onButton) order({ order: 'toggle' })
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [order])
  const step = news?.lesson.steps[news.step]
  const language = news?.isScripted ? modelText : {}
  return (
    <main className={styles.cockpit}>
      <header className={styles.head}>
        <h1>{lateWords.cockpit.title}</h1>
        <Timer />
      </header>
      {(alone || !news) && (
        <p className={styles.alone} role="status">
          {alone ? lateWords.cockpit.alone : lateWords.cockpit.looking}
        </p>
      )}
      {news && step && (
        <>
          <section className={styles.bar} aria-label={lateWords.cockpit.show}>
            <button
              type="button"
              className={`${controls.button} ${controls.primary}`}
              onClick={() => order({ order: 'forward' })}
            >
              {lateWords.cockpit.goOn}
            </button>
            <button type="button" className={controls.button} onClick={() => order({ order: 'toggle' })}>
              {news.playing ? words.timeline.pause : words.timeline.play}
            </button>
            <button type="button" className={controls.button} onClick={() => order({ order: 'next-change' })}>
              {words.timeline.next}
            </button>
            <button type="button" className={controls.button} onClick={() => order({ order: 'beat-start' })}>
              {lateWords.cockpit.toBeatStart}
            </button>
            <span className={styles.clock}>
              {news.past ? lateWords.cockpit.inPast(clockOf(news.at)) : clockOf(news.at)}
            </span>
          </section>
          <p className={styles.caption} {...modelText}>
            {news.caption}
          </p>
          <section className={styles.notes} aria-label={lateWords.cockpit.notes}>
            <p className={styles.eyebrow}>
              {lateWords.cockpit.beatOf(news.lesson.title, news.step + 1, news.lesson.steps.length)}
            </p>
            <h2 {...language}>{step.title}</h2>
            <div style={{ display: 'contents' }} {...language}>
              <Markdown
                text={step.text}
                command={(line) => (
                  <button
                    type="button"
                    className={styles.run}
                    {...modelText}
                    onClick={() => order({ order: 'run', line })}
                  >
                    {line}
                  </button>
                )}
              />
            </div>
            <ol className={styles.lines} aria-label={lateWords.cockpit.lines} {...modelText}>
              {news.lines.map((line, i) => (
                <li
                  key={`${i} ${line}`}
                  aria-current={i === news.done ? 'step' : undefined}
                  className={i < news.done ? styles.done : ''}
                >
                  {line}
                </li>
              ))}
            </ol>
            {news.checks.map((check) => (
              <p key={check.text} className={styles.check}>
                <b>{check.ok ? lateWords.cockpit.reached : lateWords.cockpit.notYet}</b>{' '}
                <span {...modelText}>{check.text}</span>
              </p>
            ))}
          </section>
          <section aria-label={lateWords.cockpit.beats}>
            <h2>{lateWords.cockpit.beats}</h2>
            <ol className={styles.beats} {...language}>
              {news.lesson.steps.map((one, i) => (
                <li key={one.title}>
                  <button
                    type="button"
                    aria-current={i === news.step ? 'step' : undefined}
                    onClick={() => order({ order: 'beat', step: i })}
                  >
                    {one.title}
                  </button>
                </li>
              ))}
            </ol>
          </section>
          <Faults news={news} order={order} />
        </>
      )}
    </main>
  )
}

function Faults({ news, order }: { news: ShowNews; order: (what: CockpitOrder) => void }) {
  const targets = [...new Set(news.faults.map((fault) => fault.target))]
  const [chosen, setChosen] = useState('')
  const target = targets.includes(chosen) ? chosen : (targets[targets.length - 2] ?? targets[0] ?? '')
  const of = (fault: FaultChoice) => fault.target === target
  return (
    <section aria-label={words.faults.title}>
      <h2>{words.faults.title}</h2>
      <label className={styles.target}>
        {lateWords.cockpit.machine}{' '}
        <select {...modelText} value={target} onChange={(event) => setChosen(event.target.value)}>
          {targets.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <div className={styles.faults}>
        {news.faults.filter(of).map(({ name }) => (
          <button
            key={name}
            type="button"
            className={controls.button}
            {...modelText}
            onClick={() => order({ order: 'fault', name, target })}
          >
            {name.replaceAll('-', ' ')}
          </button>
        ))}
        {news.active.map(({ name, target: broken, says }) => (
          <button
            key={says}
            type="button"
            className={`${controls.button} ${styles.heal}`}
            onClick={() => order({ order: 'heal', name, target: broken })}
          >
            {words.faults.healThis(says)}
          </button>
        ))}
      </div>
    </section>
  )
}

/** How long the talk has lasted, by the speaker's own clock. */
function Timer() {
  const [begun, setBegun] = useState(() => Date.now())
  const [now, setNow] = useState(begun)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return (
    <p className={styles.timer}>
      <time role="timer" aria-label={lateWords.cockpit.timer}>
        {clockOf(Math.max(0, now - begun), false)}
      </time>
      <button
        type="button"
        className={controls.button}
        onClick={() => {
          setBegun(Date.now())
          setNow(Date.now())
        }}
      >
        {lateWords.cockpit.fromZero}
      </button>
    </p>
  )
}
