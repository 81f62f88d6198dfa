// What the browser must fetch before the page works: index.html, what it names, and the engine's worker; without terminal and editor.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'

const BUDGET_KB = { page: 180, worker: 330, late: 230 }
const root = join(import.meta.dirname, '..', 'dist')
const compressed = (path) =>
  brotliCompressSync(readFileSync(path), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length / 1024
const html = readFileSync(join(root, 'index.html'), 'utf8')
const named = [...html.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+\.(?:js|css))"/g)].map((match) => match[1])
const page = compressed(join(root, 'index.html')) + named.reduce((sum, file) => sum + compressed(join(root, file)), 0)
const largest = (pattern) =>
  Math.max(
    ...readdirSync(join(root, 'assets'))
      .filter((file) => pattern.test(file))
      .map((file) => compressed(join(root, 'assets', file))),
  )
const worker = largest(/^worker-.*\.js$/)
// fetched by the worker after the first picture, before the first command
const late = largest(/^late-.*\.js$/)
console.log(
  `first load: page ${page.toFixed(1)} kB brotli of ${BUDGET_KB.page} (${named.join(', ')}); engine's worker ${worker.toFixed(1)} kB of ${BUDGET_KB.worker}, then its commands ${late.toFixed(1)} kB of ${BUDGET_KB.late}`,
)
process.exit(page <= BUDGET_KB.page && worker <= BUDGET_KB.worker && late <= BUDGET_KB.late ? 0 : 1)
