import { useEffect, useState } from 'react'
import { useShown } from '../desk/use-desk'
import type { Keeper } from '../kept/keeper'
import type { LessonInfo } from '../session/protocol'
import { modelText, words } from '../words'
import styles from './dialog.module.css'

const levelName = (level: number): string => (words.lessons.levels as Readonly<Record<number, string>>)[level] ?? ''
const lengths = [10, 20, 30] as const

/** The lessons by topic, the easy ones first, with how far each was played on this device. */
export function LessonCards({ lessons, kept }: { lessons: readonly LessonInfo[]; kept: Keeper | undefined }) {
  const [level, setLevel] = useState(0)
  const [most, setMost] = useState(0)
  const played = usePlayed(kept)
  const shown = lessons
    .filter((lesson) => (level === 0 || lesson.level === level) && (most === 0 || lesson.minutes <= most))
    .sort((a, b) => a.level - b.level)
  const topics = [...new Set(lessons.map(({ topic }) => topic))]
  const known = [...new Set(lessons.map((lesson) => lesson.level))].sort()
  return (
    <>
      <div className={styles.filters}>
        <select
          aria-label={words.lessons.level}
          value={level}
          onChange={(event) => setLevel(Number(event.target.value))}
        >
          <option value={0}>{words.lessons.everyLevel}</option>
          {known.map((one) => (
            <option key={one} value={one}>
              {levelName(one)}
            </option>
          ))}
        </select>
        <select aria-label={words.lessons.time} value={most} onChange={(event) => setMost(Number(event.target.value))}>
          <option value={0}>{words.lessons.howeverLong}</option>
          {lengths.map((minutes) => (
            <option key={minutes} value={minutes}>
              {words.lessons.upTo(minutes)}
            </option>
          ))}
        </select>
      </div>
      {shown.length === 0 && <p className={styles.none}>{words.lessons.none}</p>}
      {topics.map((topic, i) => {
        const own = shown.filter((lesson) => lesson.topic === topic)
        if (own.length === 0) return null
        return (
          <section key={topic} aria-labelledby={`topic-${i}`}>
            <h3 className={styles.second} id={`topic-${i}`} {...modelText}>
              {topic}
            </h3>
            <ul className={styles.cards}>
              {own.map((lesson) => (
                <Card key={lesson.id} lesson={lesson} passed={played.get(lesson.id) ?? 0} />
              ))}
            </ul>
          </section>
        )
      })}
    </>
  )
}

function Card({ lesson, passed }: { lesson: LessonInfo; passed: number }) {
  const current = useShown((state) => state.opening.scenario)
  const { id, title, level, minutes, about, judged } = lesson
  const done = Math.min(passed, judged)
  return (
    <li>
      <a href={`?scenario=${id}`} aria-current={id === current ? 'page' : undefined}>
        <small>
          {done === 0
            ? words.lessons.about(levelName(level), minutes)
            : done === judged
              ? words.lessons.aboutPassed(levelName(level), minutes)
              : words.lessons.aboutPartly(levelName(level), minutes, done, judged)}
        </small>
        <b {...modelText}>{title}</b>
        <span {...modelText}>{about}</span>
        {done > 0 && <progress className={styles.progress} value={done} max={judged} aria-hidden="true" />}
      </a>
    </li>
  )
}

/** Per lesson, the most steps passed in any of the sessions kept here. */
function usePlayed(kept: Keeper | undefined): ReadonlyMap<string, number> {
  const [played, setPlayed] = useState<ReadonlyMap<string, number>>(new Map())
  const now = useShown((state) => state.passed)
  const scenario = useShown((state) => state.opening.scenario)
  useEffect(() => {
    void kept?.cabinet
      .list()
      .catch(() => [])
      .then((sessions) => {
        const most = new Map<string, number>()
        for (const { scenario: id, passed } of sessions)
          if (id !== undefined) most.set(id, Math.max(most.get(id) ?? 0, passed.length))
        setPlayed(most)
      })
  }, [kept])
  if (scenario === undefined || now.size <= (played.get(scenario) ?? 0)) return played
  return new Map(played).set(scenario, now.size)
}
