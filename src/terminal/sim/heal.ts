import { healFault } from '../../platform/faults'
import { Fault } from '../../platform/machine/machine'
import { refuse, type SimCommand } from './command'
import { clockOf } from './durations'

export const heal: SimCommand = {
  name: 'heal',
  usage: 'heal [NAME [TARGET]|all]',
  about: 'mends what was broken: all of it, or the faults of that name',
  run(call, words) {
    const [name = 'all', target] = words
    const fits = (fault: Fault) =>
      name === 'all' ||
      ((fault.name === name || fault.target === name) &&
        (target === undefined || fault.target === target.replace(/^(node|machine)\//, '')))
    const wanted = call.world.list(Fault).filter(({ value }) => fits(value))
    if (wanted.length === 0) {
      if (name === 'all') return { exit: 0 }
      return refuse(call, `no fault ${[name, target].filter(Boolean).join(' ')} is active`)
    }
    // one after the other: two faults may have changed the same link
    for (const { value } of [...wanted]) call.apply({ changes: healFault(call.world, value) })
    return { exit: 0 }
  },
  complete: (words, { world }) =>
    ['all', ...world.list(Fault).map(({ value }) => value.name)].filter((name) =>
      name.startsWith(words[words.length - 1] ?? ''),
    ),
}

export const faults: SimCommand = {
  name: 'faults',
  usage: 'faults',
  about: 'lists what is broken now',
  run(call) {
    const rows = call.world
      .list(Fault)
      .map(({ value }) => [
        value.name,
        value.target,
        clockOf(value.since),
        value.until === undefined ? '-' : clockOf(value.until),
      ])
    if (rows.length === 0) {
      call.print('nothing is broken\n')
      return { exit: 0 }
    }
    call.print(table([['FAULT', 'TARGET', 'SINCE', 'UNTIL'], ...rows]))
    return { exit: 0 }
  },
}

/** Columns as wide as their widest cell, three spaces between. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) => `${row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]! + 3))).join('')}\n`)
    .join('')
}
