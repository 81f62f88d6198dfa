// Bundles the headless door from its present sources (about 0.1 s) and runs it.
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..', '..')
const folder = join(root, 'node_modules', '.cache', 'drydock')
const outfile = join(folder, `main-${process.pid}.mjs`)
mkdirSync(folder, { recursive: true })
await build({
  entryPoints: [join(here, 'main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'warning',
  loader: { '.css': 'empty' },
  define: { 'process.env.DRYDOCK_ROOT': JSON.stringify(root), 'process.env.NODE_ENV': '"production"' },
  banner: {
    js: "import { createRequire as drydockRequire } from 'node:module'; const require = drydockRequire(import.meta.url);",
  },
})
const { main } = await import(pathToFileURL(outfile).href)
const { rmSync } = await import('node:fs')
rmSync(outfile, { force: true })
process.exitCode = await main(process.argv.slice(2))
