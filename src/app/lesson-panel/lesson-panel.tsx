import { useState } from 'react'
import { useDesk } from '../desk/use-desk'
import controls from '../workbench/controls.module.css'
import { Solid } from '../workbench/icons'
import styles from './lesson-panel.module.css'
import { Markdown } from './markdown'

export interface Bet {
  readonly question: string
  readonly options: readonly string[]
  /** The right option, once it is known. */
  readonly answer: string | undefined
  readonly explain: string
}

export interface Check {
  readonly text: string
  readonly ok: boolean
  /** What still differs. */
  readonly detail: string | undefined
}

export interface LessonStep {
  readonly title: string
  /** Markdown; commands in ```` ```run ```` can be clicked. */
  readonly body: string
  readonly bet?: Bet
  readonly checks?: readonly Check[]
}

export interface Lesson {
  readonly title: string
  readonly steps: readonly LessonStep[]
}

/** A lesson beside the picture: one step at a time, what to do, what to bet on, what is still missing. */
export function LessonPanel({ lesson }: { lesson: Lesson }) {
  const [at, setAt] = useState(0)
  const step = lesson.steps[Math.min(at, lesson.steps.length - 1)]
  if (!step) return null
  const count = lesson.steps.length
  return (
    <section className={styles['lesson']} aria-label="Lesson">
      <p className={styles['eyebrow']}>
        Step {at + 1} of {count}
      </p>
      <h1>{step.title}</h1>
      <div className={styles['steps']}>
        {lesson.steps.map((one, i) => (
          <button key={one.title} type="button" className={i < at ? styles['done'] : undefined} aria-label={`Step ${i + 1}: ${one.title}`} aria-current={i === at ? 'step' : undefined} onClick={() => setAt(i)} />
        ))}
      </div>
      <div className={styles['text']}>
        <Markdown text={step.body} command={(line) => <RunButton line={line} />} />
      </div>
      {step.bet && <BetBox key={step.title} bet={step.bet} />}
      {step.checks?.map((check) => (
        <div key={check.text} className={styles['check']}>
          <span className={`${styles['mark']} ${check.ok ? styles['ok'] : ''}`} role="img" aria-label={check.ok ? 'done' : 'not yet'}>
            {check.ok && <Tick />}
          </span>
          <span>
            {check.text}
            {check.detail !== undefined && <small>{check.detail}</small>}
          </span>
        </div>
      ))}
      <div className={styles['next']}>
        <button type="button" className={controls['button']} disabled={at === 0} onClick={() => setAt(at - 1)}>
          Back
        </button>
        {at < count - 1 && (
          <button type="button" className={`${controls['button']} ${controls['primary']}`} onClick={() => setAt(at + 1)}>
            Next step
          </button>
        )}
      </div>
    </section>
  )
}

const Tick = () => (
  <svg width="10" height="10" viewBox="0 0 10 10" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" aria-hidden="true">
    <path d="M2 5.4l2 2L8 2.8" />
  </svg>
)

function RunButton({ line }: { line: string }) {
  const desk = useDesk()
  const run = () => {
    desk.set({ dock: 'terminal' })
    void desk.submit(line)
  }
  return (
    <button type="button" className={styles['run']} onClick={run} aria-label={`Run ${line}`}>
      <span>{line}</span>
      <span className={styles['go']}>
        <Solid name="play" size={9} /> Run
      </span>
    </button>
  )
}

function BetBox({ bet }: { bet: Bet }) {
  const [chosen, setChosen] = useState<string | undefined>()
  if (chosen !== undefined && bet.answer !== undefined) {
    return (
      <div className={styles['bet']}>
        <h2>Your bet: {chosen}</h2>
        <p>
          {chosen === bet.answer ? 'Right. ' : `It was: ${bet.answer}. `}
          {bet.explain}
        </p>
      </div>
    )
  }
  return (
    <div className={styles['bet']}>
      <h2>{bet.question}</h2>
      <div className={styles['options']}>
        {bet.options.map((option) => (
          <button key={option} type="button" aria-pressed={option === chosen} onClick={() => setChosen(option)}>
            {option}
          </button>
        ))}
      </div>
    </div>
  )
}
