import { readdirSync, readFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Case, CaseFile } from './adapter'
import { adapters } from './adapters'

/**
 * Tables from the real systems' own tests. Every `*.json` below CASES_DIR (or `cases/` here) is read; a table is known by
 * its file's name, and one that nobody has an adapter for is told as skipped. Standard output gets one line a table.
 */
const root = process.env['CASES_DIR'] ?? join(dirname(fileURLToPath(import.meta.url)), 'cases')

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory()
        ? files(join(folder, entry.name))
        : entry.name.endsWith('.json')
          ? [join(folder, entry.name)]
          : [],
    )
}

const say = (line: string) => writeSync(1, `${line}\n`)

for (const path of files(root)) {
  const table = path.slice(path.lastIndexOf('/') + 1, -'.json'.length)
  const adapter = adapters.find((one) => one.table === table)
  if (!adapter) {
    say(`${table} skipped`)
    test.skip(table, () => {})
    continue
  }
  const file: CaseFile = JSON.parse(readFileSync(path, 'utf8'))
  const verdicts = file.cases.map((row, n) => ({ name: nameOf(row, n), row, wrong: judged(adapter.judge, row, file) }))
  say(`${table} passed ${verdicts.filter(({ wrong }) => wrong === undefined).length} of ${verdicts.length}`)
  describe(table, () => {
    test.each(verdicts)('$name', ({ wrong, row }) => {
      expect(wrong, JSON.stringify(row)).toBeUndefined()
    })
  })
}

function judged(
  judge: (row: Case, file: CaseFile) => string | undefined,
  row: Case,
  file: CaseFile,
): string | undefined {
  try {
    return judge(row, file)
  } catch (error) {
    return `threw ${error instanceof Error ? error.stack : String(error)}`
  }
}

function nameOf(row: Case, n: number): string {
  const about = row.ref ?? row['input'] ?? row['selector'] ?? ''
  return `${n} ${row.op ?? ''} ${typeof about === 'string' ? about.slice(0, 60) : ''}`.replaceAll('%', '%%')
}
