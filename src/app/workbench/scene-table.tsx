import { stateWords } from '../../picture'
import { useDesk, useShown } from '../desk/use-desk'
import { StateMark } from './icons'
import styles from './stage.module.css'

/** The same content as the picture, to read. */
export function SceneTable() {
  const desk = useDesk()
  const scene = useShown((state) => state.scene)
  const filter = useShown((state) => state.filter)
  const tiles = scene.tiles.filter((tile) => filter.size === 0 || filter.has(tile.state))
  return (
    <div className={styles.picture} id="picture-view" role="tabpanel" aria-label="Machines, as a table" tabIndex={0}>
      <table className={styles.table}>
        <caption>Machines</caption>
        <thead>
          <tr>
            <th>name</th>
            <th>state</th>
            <th>pods</th>
            <th>CPU in use</th>
            <th>memory in use</th>
          </tr>
        </thead>
        <tbody>
          {scene.machines.map((machine) => (
            <tr key={machine.id}>
              <td>
                <button type="button" onClick={() => desk.select(machine.key)}>
                  {machine.name}
                </button>
              </td>
              <td>
                {[machine.look.replace('-', ' '), machine.warns ? machine.note : '', machine.foot ?? '']
                  .filter((part) => part !== '')
                  .join(', ')}
              </td>
              <td>{machine.pods}</td>
              <td>{machine.cpu.text}</td>
              <td>{machine.memory.text}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <table className={styles.table}>
        <caption>What runs on them</caption>
        <thead>
          <tr>
            <th>name</th>
            <th>state</th>
            <th>machine</th>
            <th>belongs to</th>
            <th>restarts</th>
          </tr>
        </thead>
        <tbody>
          {tiles.map((tile) => (
            <tr key={tile.id}>
              <td>
                <button type="button" onClick={() => desk.select(tile.key)}>
                  {tile.name}
                </button>
              </td>
              <td>
                <span className={styles.state}>
                  <StateMark state={tile.state} hue={tile.hue} /> {tile.word ?? stateWords[tile.state]}
                </span>
              </td>
              <td>{tile.machine ?? tile.note}</td>
              <td>{tile.workload}</td>
              <td>{tile.restarts}</td>
            </tr>
          ))}
          {scene.stacks.map((stack) => (
            <tr key={stack.id}>
              <td>
                {stack.total} × {stack.name}
              </td>
              <td>{stack.counts.map(({ state, count }) => `${count} ${stateWords[state]}`).join(', ')}</td>
              <td>{stack.machine}</td>
              <td>{stack.name}</td>
              <td />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
