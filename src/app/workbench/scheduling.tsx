import { useEffect, useState } from 'react'
import { partsOf } from '../../engine'
import { useDesk, useShown } from '../desk/use-desk'
import type { Points, Rule, SchedulingTable, Verdict } from '../session/protocol'
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
      <div className={styles.view} id="picture-view" role="tabpanel" aria-label="Scheduling">
        <p className={styles.none}>The scheduler has decided nothing yet. Choose a pod, or make one.</p>
      </div>
    )
  }
  return (
    <div className={styles.view} id="picture-view" role="tabpanel" aria-label="Scheduling" tabIndex={0}>
      <h2 className={styles.title}>
        Where may <b>{partsOf(table.key).name}</b> run?
      </h2>
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
    return `No node has room. ${nominated.node} is being cleared for it: ${nominated.clearing ?? 'less important pods must go'}.`
  if (refused === verdicts.length) return 'Every node was refused by a rule, so it waits.'
  const left = verdicts.length - refused
  if (left === 1) return 'First each node is asked by rules that refuse. Only one was left: no points were needed.'
  const chosen = verdicts.find((row) => row.chosen)
  const equals = verdicts.filter((row) => row.score !== undefined && row.score === chosen?.score).length
  const end =
    equals > 1 ? `The most points win; ${equals} nodes had as many, and chance decided.` : 'The most points win.'
  return `First each node is asked by rules that refuse; the ${left} that are left get points. ${end}`
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
            may it run there?
          </th>
          <th colSpan={Math.max(1, scoring.length + 1)} scope="colgroup">
            {scoring.length > 0 ? 'how good a place is it?' : 'why not'}
          </th>
          {clears && <th scope="colgroup">if less important pods went</th>}
        </tr>
        <tr>
          <th scope="col">node</th>
          {asking.map((rule) => (
            <th key={rule.name} scope="col" className={styles.tilted} title={told(rule)}>
              <span>{words(rule.name)}</span>
            </th>
          ))}
          {scoring.map((rule) => (
            <th key={rule.name} scope="col" title={told(rule)}>
              {words(rule.name)}
              <small> × {rule.weight}</small>
            </th>
          ))}
          {scoring.length === 0 && <th scope="col">refused by</th>}
          {scoring.length > 0 && (
            <th scope="col" className={styles.total}>
              points
            </th>
          )}
          {clears && <th scope="col">preemption</th>}
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
        <button type="button" onClick={() => desk.select(`platform/Machine//${row.node}`)}>
          {row.node}
        </button>
        {row.nominated && <small className={styles.tag}>being cleared</small>}
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
        <td colSpan={Math.max(1, scoring.length)} className={styles.reason}>
          {words(row.plugin)}: {row.verdict}
        </td>
      )}
      {scoring.length > 0 && <td className={styles.total}>{row.score ?? '–'}</td>}
      {clears && <td className={styles.clearing}>{row.clearing ?? '–'}</td>}
    </tr>
  )
}

const MARKS = { passed: '✓', refused: '✕', unasked: '·' } as const
const MEANINGS = { passed: 'lets it pass', refused: 'refuses it', unasked: 'was not asked any more' } as const

function Mark({ rule, state }: { readonly rule: Rule; readonly state: keyof typeof MARKS }) {
  return (
    <td className={`${styles.mark} ${styles[state]}`} title={`${rule.name} ${MEANINGS[state]}`}>
      <span aria-hidden="true">{MARKS[state]}</span>
      <span className={styles.unseen}>{MEANINGS[state]}</span>
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
      <summary>What the rules ask</summary>
      <dl>
        {rules.map((rule) => (
          <div key={rule.name}>
            <dt>{rule.name}</dt>
            <dd>
              {rule.about}
              {rule.scores && <span> · weight {rule.weight}</span>}
              {rule.note !== undefined && <em> · {rule.note}</em>}
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
const words = (plugin: string) => plugin.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
