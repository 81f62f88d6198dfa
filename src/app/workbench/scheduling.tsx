import { useEffect, useState } from 'react'
import { partsOf } from '../../engine'
import { useDesk, useShown } from '../desk/use-desk'
import type { Points, Rule, SchedulingTable, Verdict } from '../session/protocol'
import { modelText, words } from '../words'
import styles from './scheduling.module.css'

/** Every node and every rule for one pod: who refused, who scored what, who won. Computed again from the moment of the decision. */
export function Scheduling() {
  const desk = useDesk()
  const selected = useShown((state) => state.selected)
  const revision = useShown((state) => state.scene.revision)
  const [table, setTable] = useState<SchedulingTable | undefined>()
  useEffect(() => {
    let current = true
    void desk.client.call('scheduling', selected, revision).then((found) => current && setTable(found))
    return () => {
      current = false
    }
  }, [selected, revision, desk])
  if (!table || table.verdicts.length === 0) {
    return (
      <div className={styles.view} id="picture-view" role="tabpanel" aria-label={words.views.scheduling}>
        <p className={styles.none}>{words.scheduling.none}</p>
      </div>
    )
  }
  return (
    <div className={styles.view} id="picture-view" role="tabpanel" aria-label={words.views.scheduling} tabIndex={0}>
      <h2 className={styles.title}>{words.scheduling.where(<b {...modelText}>{partsOf(table.key).name}</b>)}</h2>
      <p className={styles.about}>{summary(table.verdicts)}</p>
      <Verdicts table={table} />
      <Rules rules={table.rules} />
    </div>
  )
}

function summary(verdicts: readonly Verdict[]): string {
  const refused = verdicts.filter(({ plugin }) => plugin !== undefined).length
  const nominated = verdicts.find((row) => row.nominated)
  if (nominated)
    return words.scheduling.clearing(nominated.node, nominated.clearing ?? words.scheduling.lessImportantGo)
  if (refused === verdicts.length) return words.scheduling.allRefused
  const left = verdicts.length - refused
  if (left === 1) return words.scheduling.oneLeft
  const chosen = verdicts.find((row) => row.chosen)
  const equals = verdicts.filter((row) => row.score !== undefined && row.score === chosen?.score).length
  return equals > 1 ? words.scheduling.chanceDecided(left, equals) : words.scheduling.mostWin(left)
}

function Verdicts({ table: { verdicts, rules } }: { table: SchedulingTable }) {
  const asking = rules.filter(({ filters, note }) => filters && note === undefined)
  const scoring = rules.filter(({ name }) => verdicts.some((row) => row.points[name] !== undefined))
  const most = Math.max(1, ...verdicts.flatMap((row) => Object.values(row.points).map(weighted)))
  const clears = verdicts.some((row) => row.clearing !== undefined)
  return (
    <table className={styles.table}>
      <thead>
        <tr className={styles.groups}>
          <td />
          <th colSpan={asking.length} scope="colgroup">
            {words.scheduling.may}
          </th>
          <th colSpan={Math.max(1, scoring.length + 1)} scope="colgroup">
            {scoring.length > 0 ? words.scheduling.howGood : words.scheduling.whyNot}
          </th>
          {clears && <th scope="colgroup">{words.scheduling.ifOthersWent}</th>}
        </tr>
        <tr>
          <th scope="col">{words.scheduling.node}</th>
          {asking.map((rule) => (
            <th key={rule.name} scope="col" className={styles.tilted} title={told(rule)} {...modelText}>
              <span>{spelled(rule.name)}</span>
            </th>
          ))}
          {scoring.map((rule) => (
            <th key={rule.name} scope="col" title={told(rule)} {...modelText}>
              {spelled(rule.name)}
              <small> × {rule.weight}</small>
            </th>
          ))}
          {scoring.length === 0 && <th scope="col">{words.scheduling.refusedBy}</th>}
          {scoring.length > 0 && (
            <th scope="col" className={styles.total}>
              {words.scheduling.points}
            </th>
          )}
          {clears && <th scope="col">{words.scheduling.preemption}</th>}
        </tr>
      </thead>
      <tbody>
        {verdicts.map((row) => (
          <Row key={row.node} row={row} asking={asking} scoring={scoring} most={most} clears={clears} />
        ))}
      </tbody>
    </table>
  )
}

interface RowProps {
  readonly row: Verdict
  readonly asking: readonly Rule[]
  readonly scoring: readonly Rule[]
  readonly most: number
  readonly clears: boolean
}

function Row({ row, asking, scoring, most, clears }: RowProps) {
  const desk = useDesk()
  const refuser = asking.findIndex(({ name }) => name === row.plugin)
  const tone = row.chosen || row.nominated ? styles.won : row.plugin === undefined ? undefined : styles.refused
  return (
    <tr className={tone}>
      <th scope="row">
        <button type="button" onClick={() => desk.select(`platform/Machine//${row.node}`)} {...modelText}>
          {row.node}
        </button>
        {row.nominated && <small className={styles.tag}>{words.scheduling.beingCleared}</small>}
      </th>
      {asking.map((rule, i) => (
        <Mark
          key={rule.name}
          rule={rule}
          state={refuser < 0 || i < refuser ? 'passed' : i === refuser ? 'refused' : 'unasked'}
        />
      ))}
      {row.plugin === undefined ? (
        scoring.map((rule) => <Score key={rule.name} points={row.points[rule.name]} most={most} />)
      ) : (
        <td colSpan={Math.max(1, scoring.length)} className={styles.reason} {...modelText}>
          {spelled(row.plugin)}: {row.verdict}
        </td>
      )}
      {scoring.length > 0 && <td className={styles.total}>{row.score ?? '–'}</td>}
      {clears && (
        <td className={styles.clearing} {...modelText}>
          {row.clearing ?? '–'}
        </td>
      )}
    </tr>
  )
}

const MARKS = { passed: '✓', refused: '✕', unasked: '·' } as const

function Mark({ rule, state }: { readonly rule: Rule; readonly state: keyof typeof MARKS }) {
  return (
    <td
      className={`${styles.mark} ${styles[state]}`}
      title={words.scheduling.ofRule(rule.name, words.scheduling[state])}
    >
      <span aria-hidden="true">{MARKS[state]}</span>
      <span className={styles.unseen}>{words.scheduling[state]}</span>
    </td>
  )
}

function Score({ points, most }: { readonly points: Points | undefined; readonly most: number }) {
  if (!points) return <td>–</td>
  const { raw, normalised, weight } = points
  return (
    <td>
      <span className={styles.bar} style={{ width: `${(56 * weighted(points)) / most}px` }} />
      <span className={styles.number}>{weighted(points)}</span>
      <small className={styles.sum}>
        {raw === normalised ? normalised : `${raw} → ${normalised}`} × {weight}
      </small>
    </td>
  )
}

function Rules({ rules }: { readonly rules: readonly Rule[] }) {
  return (
    <details className={styles.rules}>
      <summary>{words.scheduling.whatRulesAsk}</summary>
      <dl>
        {rules.map((rule) => (
          <div key={rule.name}>
            <dt {...modelText}>{rule.name}</dt>
            <dd>
              <span {...modelText}>{rule.about}</span>
              {rule.scores && <span> · {words.scheduling.weight(rule.weight)}</span>}
              {rule.note !== undefined && <em {...modelText}> · {rule.note}</em>}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

const weighted = ({ normalised, weight }: Points) => normalised * weight
const told = ({ about, note }: Rule) => (note === undefined ? about : `${about}; ${note}`)

/** `NodeResourcesBalancedAllocation` → `node resources balanced allocation`. */
const spelled = (plugin: string) => plugin.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
