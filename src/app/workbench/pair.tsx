import type { ReactNode, UIEvent } from 'react'
import { clockOf } from '../../picture'
import { useDesk, useShown } from '../desk/use-desk'
import type { BranchInfo } from '../session/protocol'
import controls from './controls.module.css'
import styles from './pair.module.css'

/** Two branches at the same moment, one picture beside the other, and in what they differ. */
export function Pair({ here, there }: { here: ReactNode; there: ReactNode }) {
  const desk = useDesk()
  const branches = useShown((state) => state.branches)
  const chosen = useShown((state) => state.besideBranch)
  const view = useShown((state) => state.beside)
  const late = useShown((state) => state.beside !== undefined && state.beside.now < Math.floor(state.at))
  const own = branches.find((branch) => branch.current)
  const other = branches.find((branch) => branch.id === chosen)
  return (
    <div className={styles.pair} onScrollCapture={scrollBoth}>
      <section className={styles.half} aria-label={`This branch: ${nameOf(own)}`}>
        <div className={styles.head}>
          <b>{nameOf(own)}</b>
          <span>this branch</span>
        </div>
        {here}
      </section>
      <section className={styles.half} aria-label={`Beside it: ${nameOf(other)}`}>
        <div className={styles.head}>
          <b>{nameOf(other)}</b>
          <span>{late ? `on its way, at ${clockOf(view?.now ?? 0)}` : 'beside it'}</span>
          <button type="button" className={controls.button} onClick={() => other && void desk.switchTo(other.id)}>
            Go on here
          </button>
          <button type="button" className={controls.button} onClick={() => desk.compare(undefined)}>
            Stop comparing
          </button>
        </div>
        {there}
      </section>
      <Differences />
    </div>
  )
}

/** The two are read together: scrolling one scrolls the other. */
function scrollBoth({ currentTarget, target }: UIEvent<HTMLElement>): void {
  const { scrollTop } = target as HTMLElement
  if (!(target as HTMLElement).matches('[data-picture]')) return
  for (const half of currentTarget.querySelectorAll('[data-picture]')) half.scrollTop = scrollTop
}

function Differences() {
  const says = useShown((state) => state.beside?.differences.says)
  if (!says) return <p className={styles.differences}>The other branch is being run to this moment …</p>
  if (says.length === 0) return <p className={styles.differences}>No difference at this moment.</p>
  return (
    <details className={styles.differences}>
      <summary>
        {says.length} {says.length === 1 ? 'difference' : 'differences'} at this moment, outlined in both
      </summary>
      <ul>
        {says.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </details>
  )
}

function nameOf(branch: BranchInfo | undefined): string {
  if (!branch) return 'a branch'
  return branch.parent === undefined ? branch.label : `${branch.label} · from ${clockOf(branch.at)}`
}
