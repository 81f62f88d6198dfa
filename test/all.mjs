// The whole test run: format and lint, types, unused code, unit tests, the built page in a real browser. The last line counts.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'drydock-'))
let passed = 0
let failed = 0

/** A program whose exit status is its verdict: counts as one. */
function verdict(name, command, args) {
  const run = spawnSync(command, args, { stdio: 'inherit' })
  const ok = run.status === 0
  process.stdout.write(`${ok ? 'ok' : 'FAILED'}: ${name}\n`)
  if (ok) passed++
  else failed++
  return ok
}

/** A vitest run: its own counts. */
function tests(name, args) {
  const file = join(folder, `${name}.json`)
  const run = spawnSync(
    'npx',
    ['--no-install', 'vitest', 'run', ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    { stdio: 'inherit' },
  )
  let counted = 0
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'))
    passed += report.numPassedTests
    failed += report.numFailedTests
    counted = report.numPassedTests + report.numFailedTests
    const broken = report.testResults.filter(
      (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
    )
    failed += broken.length
    if (run.status !== 0 && report.numFailedTests === 0 && broken.length === 0) failed++
  } catch {
    failed++
  }
  if (counted === 0) failed++
}

verdict('format and lint', 'npx', ['--no-install', 'biome', 'check', '.'])
verdict('types', 'npx', ['--no-install', 'tsc', '--noEmit'])
verdict('unused code', 'npx', ['--no-install', 'knip'])
tests('unit', [])
if (verdict('build', 'npx', ['--no-install', 'vite', 'build', '--logLevel', 'warn'])) {
  verdict('size of the first load', process.execPath, ['test/first-load.mjs'])
  tests('browser', ['--config', 'test/browser/vitest.config.ts'])
}

rmSync(folder, { recursive: true, force: true })
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
