import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { checkDockerfile, isDockerfile } from '../docker/dockerfile'
import { type Checked, checkManifest, customKindsIn } from '../kubernetes'
import { optionsOf } from './options'

const LARGEST_FILE = 16_000_000

/** Judges each manifest and Dockerfile below the paths, one file alone. Compose files are skipped until they are modelled. */
export function check(args: string[]): number {
  const options = optionsOf(args, { json: 'flag' })
  if ('problem' in options) return wrong(options.problem)
  if (options.rest.length === 0) return wrong('which path?')
  const missing = options.rest.find((path) => !existsSync(path))
  if (missing !== undefined) return wrong(`there is no ${missing}`)
  const paths = options.rest.flatMap(filesBelow)
  const texts = new Map(
    paths.map((path) => [path, statSync(path).size > LARGEST_FILE ? '' : readFileSync(path, 'utf8')]),
  )
  const kinds = new Set([...texts.values()].flatMap(customKindsIn))
  const counts = { ok: 0, partly: 0, refused: 0, skipped: 0 }
  for (const [path, text] of texts) {
    const verdict = judge(path, text, kinds)
    counts[verdict.verdict]++
    report(relative('.', path) || path, verdict, options.values['json'] !== undefined)
  }
  if (options.values['json'] === undefined)
    process.stdout.write(
      `${Object.entries(counts)
        .map(([name, n]) => `${n} ${name}`)
        .join(', ')}\n`,
    )
  return counts.refused > 0 ? 1 : 0
}

function filesBelow(path: string): string[] {
  if (statSync(path).isFile()) return [path]
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const full = join(path, entry.name)
      if (entry.isDirectory()) return entry.name === '.git' || entry.name === 'node_modules' ? [] : filesBelow(full)
      return /\.(ya?ml|json)$/i.test(entry.name) || isDockerfile(full) ? [full] : []
    })
}

const isCompose = (path: string, text: string) =>
  /(^|\/)(docker-)?(compose|stack)[^/]*\.ya?ml$/i.test(path) || (/^services:/m.test(text) && !/^kind:/m.test(text))

function judge(path: string, text: string, kinds: ReadonlySet<string>): Checked {
  if (isDockerfile(path)) return checkDockerfile(text, path)
  if (/\.ya?ml$/i.test(path) && isCompose(path, text))
    return { kind: 'Compose file', verdict: 'skipped', notices: [], problem: 'Compose files are not modelled yet' }
  if (/(^|\/)values[^/]*\.ya?ml$/.test(path))
    return { kind: '', verdict: 'skipped', notices: [], problem: 'values of a Helm chart' }
  return checkManifest(text, { file: path, customKinds: kinds })
}

function report(file: string, verdict: Checked, json: boolean): void {
  if (json) {
    const { kind, notices, problem } = verdict
    process.stdout.write(
      `${JSON.stringify({ file, kind, verdict: verdict.verdict, notices, ...(problem === undefined ? {} : { problem }) })}\n`,
    )
    return
  }
  process.stdout.write(`${verdict.verdict.padEnd(8)}${file}${verdict.kind ? `  (${verdict.kind})` : ''}\n`)
  if (verdict.problem !== undefined && verdict.verdict !== 'ok')
    process.stdout.write(`        ${verdict.problem.replaceAll('\n', '\n        ')}\n`)
  for (const notice of verdict.notices)
    process.stdout.write(`        line ${notice.line}  ${notice.path}: ${notice.text}\n`)
}

function wrong(problem: string): number {
  process.stderr.write(`drydock check: ${problem}\n`)
  return 2
}
