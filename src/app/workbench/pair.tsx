import type { ReactNode, UIEvent } from 'react'
import { clockOf } from '../../picture'
import { branchName } from '../desk/branch-name'
import { useDesk, useShown } from '../desk/use-desk'
import type { BranchInfo } from '../session/protocol'
import { modelText, words } from '../words'
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
      <section className={styles.half} aria-label={words.pair.here(nameOf(own))}>
        <div className={styles.head}>
          <b {...modelText}>{nameOf(own)}</b>
          <span>{words.pair.thisBranch}</span>
        </div>
        {here}
      </section>
      <section className={styles.half} aria-label={words.pair.there(nameOf(other))}>
        <div className={styles.head}>
          <b {...modelText}>{nameOf(other)}</b>
          <span>{late ? words.pair.onItsWay(clockOf(view?.now ?? 0)) : words.pair.beside}</span>
          <button type="button" className={controls.button} onClick={() => other && void desk.switchTo(other.id)}>
            {words.pair.goOn}
          </button>
          <button type="button" className={controls.button} onClick={() => desk.compare(undefined)}>
            {words.pair.stop}
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
  if (!says) return <p className={styles.differences}>{words.pair.running}</p>
  if (says.length === 0) return <p className={styles.differences}>{words.pair.same}</p>
  return (
    <details className={styles.differences}>
      <summary>{words.pair.differences(says.length)}</summary>
      <ul {...modelText}>
        {says.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </details>
  )
}

const nameOf = (branch: BranchInfo | undefined): string => (branch ? branchName(branch) : words.pair.aBranch)
