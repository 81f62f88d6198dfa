import { useEffect, useState } from 'react'
import { partsOf } from '../../engine'
import { useDesk, useShown } from '../desk/use-desk'
import type { Points, Verdict } from '../session/protocol'
import styles from './scheduling.module.css'

interface Table {
  readonly key: string
  readonly verdicts: readonly Verdict[]
}

/** Every node and every rule for one pod: who refused, who scored what, who won. Computed again from the moment of the decision. */
export function Scheduling() {
  const desk = useDesk()
  const selected = useShown((state) => state.selected)
  const revision = useShown((state) => state.scene.revision)
  const [table, setTable] = useState<Table | undefined>()
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
  const plugins = [...new Set(table.verdicts.flatMap((row) => Object.keys(row.points)))]
  const most = Math.max(1, ...table.verdicts.flatMap((row) => Object.values(row.points).map(weighted)))
  return (
    <div className={styles.view} id="picture-view" role="tabpanel" aria-label="Scheduling" tabIndex={0}>
      <h2 className={styles.title}>
        Where may <b>{partsOf(table.key).name}</b> run?
      </h2>
      <p className={styles.about}>
        First each node is asked by rules that refuse; those that are left get points. The most points win.
      </p>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>node</th>
            {plugins.map((plugin) => (
              <th key={plugin}>{words(plugin)}</th>
            ))}
            <th>points</th>
          </tr>
        </thead>
        <tbody>
          {table.verdicts.map((row) => (
            <tr
              key={row.node}
              className={row.chosen ? styles.won : row.plugin === undefined ? undefined : styles.refused}
            >
              <td>
                <button type="button" onClick={() => desk.select(`platform/Machine//${row.node}`)}>
                  {row.node}
                </button>
              </td>
              {row.plugin === undefined ? (
                plugins.map((plugin) => (
                  <td key={plugin}>
                    <span
                      className={styles.bar}
                      style={{ width: `${(72 * (row.points[plugin] ? weighted(row.points[plugin]) : 0)) / most}px` }}
                    />
                    <span className={styles.number}>{row.points[plugin] ? weighted(row.points[plugin]) : '–'}</span>
                  </td>
                ))
              ) : (
                <td colSpan={Math.max(1, plugins.length)}>
                  refused by {words(row.plugin)}: {row.verdict}
                </td>
              )}
              <td className={styles.total}>{row.score ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const weighted = ({ normalised, weight }: Points) => normalised * weight

/** `NodeResourcesBalancedAllocation` → `node resources balanced allocation`. */
const words = (plugin: string) => plugin.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
