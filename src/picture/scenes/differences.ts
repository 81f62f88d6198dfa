import type { MachineLook, MachineMark, Scene, TileMark } from './scene'
import { stateWords } from './state-words'

/** Two futures at the same moment: the marks in which each differs from the other, and the differences in words. */
export interface Differences {
  readonly here: readonly string[]
  readonly there: readonly string[]
  readonly says: readonly string[]
}

/** More sentences than this nobody reads. */
const MOST_SENTENCES = 40

const lookWords: Readonly<Record<MachineLook, string>> = {
  on: 'in order',
  booting: 'starting up',
  off: 'without power',
  'cut-off': 'cut off',
  cordoned: 'cordoned',
  draining: 'being drained',
}

/** Compares what stands where and how: machines, workloads, pods and containers; not times, loads and requests. */
export function differencesOf(here: Scene, there: Scene): Differences {
  const ids = { here: new Set<string>(), there: new Set<string>() }
  const says: string[] = []
  const both = <M extends { readonly id: string }>(
    a: readonly M[],
    b: readonly M[],
    wordsOf: (mark: M) => string,
    say: (mark: M, inHere: string | undefined, inThere: string | undefined) => string,
  ) => {
    const others = new Map(b.map((mark) => [mark.id, mark]))
    for (const mark of a) {
      const other = others.get(mark.id)
      others.delete(mark.id)
      const words = wordsOf(mark)
      const otherWords = other && wordsOf(other)
      if (words === otherWords) continue
      ids.here.add(mark.id)
      if (other) ids.there.add(mark.id)
      says.push(say(mark, words, otherWords))
    }
    for (const mark of others.values()) {
      ids.there.add(mark.id)
      says.push(say(mark, undefined, wordsOf(mark)))
    }
  }
  const told = (mark: { readonly name: string }, inHere: string | undefined, inThere: string | undefined) =>
    `${mark.name}: ${inHere === undefined ? 'not here' : `here ${inHere}`}, ${inThere === undefined ? 'not there' : `there ${inThere}`}`
  both(here.machines, there.machines, machineWords, told)
  both(here.rows, there.rows, ({ ready, wanted }) => `${ready} of ${wanted} ready`, told)
  both(here.tiles, there.tiles, tileWords, told)
  both(
    here.stacks,
    there.stacks,
    ({ counts }) => counts.map(({ state, count }) => `${count} ${stateWords[state]}`).join(', '),
    told,
  )
  const left = says.length - MOST_SENTENCES
  return {
    here: [...ids.here],
    there: [...ids.there],
    says: left > 0 ? [...says.slice(0, MOST_SENTENCES), `and ${left} more`] : says,
  }
}

const machineWords = ({ look }: MachineMark): string => lookWords[look]

function tileWords({ state, word, machine, restarts, broken }: TileMark): string {
  const place = machine === undefined ? 'without a machine' : `on ${machine}`
  const again = restarts === 0 ? '' : `, restarted ${restarts} ${restarts === 1 ? 'time' : 'times'}`
  return `${word ?? stateWords[state]} ${place}${again}${broken === undefined ? '' : `, ${broken}`}`
}
