import { tablesOf } from '../../picture'
import { useDesk, useShown } from '../desk/use-desk'
import { modelText, words } from '../words'
import { StateMark } from './icons'
import styles from './stage.module.css'

/** The same content as the picture, to read. */
export function SceneTable() {
  const desk = useDesk()
  const view = useShown((state) => state.view)
  const scene = useShown((state) => (state.view === 'machines' ? state.scene : state.viewScene))
  const filter = useShown((state) => state.filter)
  const tables = scene?.view === view ? tablesOf(scene, filter) : []
  return (
    <div
      className={styles.picture}
      id="picture-view"
      role="tabpanel"
      aria-label={words.stage.labelAsTable(words.views[view])}
      tabIndex={0}
      data-tables
    >
      {tables.map(({ caption, columns, rows }) => (
        <table key={caption} className={styles.table} {...modelText}>
          <caption>{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ id, key, cells, mark }) => (
              <tr key={id}>
                {cells.map((text, i) => (
                  <td key={columns[i]}>
                    {i === 0 && key !== undefined ? (
                      <button type="button" onClick={() => desk.select(key)}>
                        {text}
                      </button>
                    ) : mark?.cell === i ? (
                      <span className={styles.state}>
                        <StateMark state={mark.state} hue={mark.hue} /> {text}
                      </span>
                    ) : (
                      text
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </div>
  )
}
