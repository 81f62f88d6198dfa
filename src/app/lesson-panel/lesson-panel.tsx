import { Fragment, useEffect, useRef, useState } from 'react'
import { useDesk, useShown } from '../desk/use-desk'
import type { CheckState, LessonStep, LessonText } from '../session/protocol'
import { modelText, words } from '../words'
import controls from '../workbench/controls.module.css'
import { Solid } from '../workbench/icons'
import { useLessonLanguage } from './lesson-language'
import styles from './lesson-panel.module.css'
import { Markdown } from './markdown'

/** A lesson beside the picture: one step at a time, what to do, what to bet on, what is still missing. */
export function LessonPanel({ lesson }: { lesson: LessonText }) {
  const desk = useDesk()
  const at = useShown((state) => state.step)
  const passed = useShown((state) => state.passed)
  const checks = useShown((state) => state.checks)
  const top = useRef<HTMLElement>(null)
  const language = useLessonLanguage()
  useEffect(() => {
    if (at > 0) top.current?.scrollIntoView({ block: 'start' })
  }, [at])
  const step = lesson.steps[Math.min(at, lesson.steps.length - 1)]
  if (!step) return null
  const count = lesson.steps.length
  const done = step.checks === 0 || passed.has(at)
  return (
    <section ref={top} className={styles.lesson} aria-label={words.lesson.label}>
      <p className={styles.eyebrow}>{words.lesson.stepOf(at + 1, count)}</p>
      <h1 {...language}>{step.title}</h1>
      <div className={styles.steps}>
        {lesson.steps.map((one, i) => (
          <button
            key={one.title}
            type="button"
            className={passed.has(i) || (one.checks === 0 && i < at) ? styles.done : undefined}
            aria-label={words.lesson.step(i + 1, one.title)}
            aria-current={i === at ? 'step' : undefined}
            onClick={() => desk.toStep(i)}
          />
        ))}
      </div>
      <div className={styles.text} {...language}>
        <Markdown text={step.text} command={(line) => <RunButton line={line} />} />
      </div>
      {step.bet && <BetBox key={step.title} bet={step.bet} settled={passed.has(at)} />}
      <Broken />
      {checks.map((check) => (
        <CheckLine key={check.text} check={check} />
      ))}
      <Help key={`help ${step.title}`} step={step} />
      <div className={styles.next}>
        <button type="button" className={controls.button} disabled={at === 0} onClick={() => desk.toStep(at - 1)}>
          {words.lesson.back}
        </button>
        {at < count - 1 && (
          <button
            type="button"
            className={`${controls.button} ${done ? controls.primary : ''}`}
            onClick={() => desk.toStep(at + 1)}
          >
            {words.lesson.next}
          </button>
        )}
        {at === count - 1 && passed.has(at) && <p className={styles.finished}>{words.lesson.finished}</p>}
      </div>
    </section>
  )
}

/** What was done cannot be mended: the way back. */
function Broken() {
  const desk = useDesk()
  const broken = useShown((state) => state.broken)
  const past = useShown((state) => state.past)
  if (broken === '') return null
  return (
    <div className={styles.broken} role="alert">
      <p>
        <b>{words.lesson.broken}</b> <span {...modelText}>{broken}.</span>
      </p>
      <button type="button" className={controls.button} onClick={() => desk.toStepStart()}>
        {words.lesson.toStart}
      </button>
      {past && <p>{words.lesson.anotherBranch}</p>}
    </div>
  )
}

function CheckLine({ check }: { check: CheckState }) {
  return (
    <div className={styles.check}>
      <span
        className={`${styles.mark} ${check.ok ? styles.ok : ''}`}
        role="img"
        aria-label={check.ok ? words.lesson.done : words.lesson.notYet}
      >
        {check.ok && <Tick />}
      </span>
      <span {...modelText}>
        {check.text}
        {check.detail !== '' && <small>{check.detail}</small>}
      </span>
    </div>
  )
}

const Tick = () => (
  <svg
    width="10"
    height="10"
    viewBox="0 0 10 10"
    fill="none"
    stroke="currentColor"
    strokeWidth="2"
    strokeLinecap="round"
    aria-hidden="true"
  >
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
    <button type="button" className={styles.run} onClick={run} aria-label={words.lesson.runThis(line)}>
      <CommandWords line={line} />
      <span className={styles.go}>
        <Solid name="play" size={9} /> {words.lesson.run}
      </span>
    </button>
  )
}

/** A command that is broken over lines between its words only, never inside of a `--flag`. */
const CommandWords = ({ line }: { line: string }) => (
  <span className={styles.words} {...modelText}>
    {line.split(' ').map((word, i) => (
      <Fragment key={`${i} ${word}`}>
        {i > 0 && ' '}
        <span>{word}</span>
      </Fragment>
    ))}
  </span>
)

/** Hints one by one, and at last what to type: put at the prompt, not run. */
function Help({ step }: { step: LessonStep }) {
  const [shown, setShown] = useState(0)
  const [solved, setSolved] = useState(false)
  if (step.hints.length === 0 && step.solution.length === 0) return null
  const write = (line: string) => document.dispatchEvent(new CustomEvent('drydock:write', { detail: line }))
  return (
    <div className={styles.help}>
      {step.hints.slice(0, shown).map((hint) => (
        <div key={hint} className={styles.hint} {...modelText}>
          <Markdown text={hint} command={(line) => <RunButton line={line} />} />
        </div>
      ))}
      {solved &&
        step.solution.map((line, i) => (
          <button
            key={`${i} ${line}`}
            type="button"
            className={styles.run}
            onClick={() => write(line)}
            aria-label={words.lesson.write(line)}
          >
            <CommandWords line={line} />
            <span className={styles.go}>{words.lesson.toPrompt}</span>
          </button>
        ))}
      {shown < step.hints.length ? (
        <button type="button" className={styles.quiet} onClick={() => setShown(shown + 1)}>
          {shown === 0 ? words.lesson.hint : words.lesson.anotherHint}
        </button>
      ) : (
        !solved &&
        step.solution.length > 0 && (
          <button type="button" className={styles.quiet} onClick={() => setSolved(true)}>
            {words.lesson.solution}
          </button>
        )
      )}
    </div>
  )
}

/** Place your bet: it is settled when the step has been played, or when the reader cannot wait. */
function BetBox({ bet, settled }: { bet: NonNullable<LessonStep['bet']>; settled: boolean }) {
  const [chosen, setChosen] = useState<number | undefined>()
  const [revealed, setRevealed] = useState(false)
  const open = chosen !== undefined && (settled || revealed)
  return (
    <div className={styles.bet}>
      {chosen === undefined ? (
        <h2 {...modelText}>{bet.question}</h2>
      ) : (
        <h2>{words.lesson.yourBet(bet.options[chosen]!)}</h2>
      )}
      {chosen === undefined && (
        <div className={styles.options} {...modelText}>
          {bet.options.map((option, i) => (
            <button key={option} type="button" onClick={() => setChosen(i)}>
              {option}
            </button>
          ))}
        </div>
      )}
      {open && (
        <p>
          {chosen === bet.answer ? words.lesson.right : words.lesson.wrong(bet.options[bet.answer]!)}{' '}
          <span {...modelText}>{bet.explain}</span>
        </p>
      )}
      {chosen !== undefined && !open && (
        <p>
          {words.lesson.playOn}{' '}
          <button type="button" className={styles.quiet} onClick={() => setRevealed(true)}>
            {words.lesson.tellNow}
          </button>
        </p>
      )}
    </div>
  )
}
