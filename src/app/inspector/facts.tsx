import { Fragment } from 'react'
import { useDesk } from '../desk/use-desk'
import type { FactText, Inspection } from '../session/protocol'
import { modelText } from '../words'
import { lateWords } from '../words/late'
import styles from './inspector.module.css'

function inWords(text: FactText): string {
  if (typeof text === 'string') return text
  const [which, ...values] = text
  const own = lateWords.facts[which] as string | ((...values: readonly unknown[]) => string)
  return typeof own === 'string' ? own : own(...values)
}

const languageOf = (text: FactText) => (typeof text === 'string' ? modelText : {})

/** What there is to know of a thing at the moment shown, and what it has to do with. */
export default function Facts({ inspection }: { inspection: Inspection }) {
  const desk = useDesk()
  return (
    <>
      <dl className={styles.facts}>
        {inspection.facts.map((fact, i) => (
          <Fragment key={i}>
            <dt {...languageOf(fact.name)}>{inWords(fact.name)}</dt>
            <dd className={fact.tone === undefined ? undefined : styles[fact.tone]} {...languageOf(fact.value)}>
              {inWords(fact.value)}
            </dd>
          </Fragment>
        ))}
      </dl>
      <div className={styles.related}>
        {inspection.related.map((other) => (
          <button key={other.key} type="button" onClick={() => desk.select(other.key)}>
            {inWords(other.says)}
          </button>
        ))}
      </div>
    </>
  )
}
