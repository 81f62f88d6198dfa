import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { serve } from '../../src/headless/serve.mjs'

declare module 'vitest' {
  interface ProvidedContext {
    address: string
    chromium: string
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Builds the page, serves it as `npm start` does, and finds a browser. */
export default async function setup(project: TestProject): Promise<() => void> {
  if (process.env['DRYDOCK_BUILT'] !== '1')
    execFileSync('npx', ['vite', 'build', '--logLevel', 'warn'], {
      cwd: root,
      stdio: 'inherit',
      // vitest sets it to `test`, which would build React's development version and leave the service worker out
      env: { ...process.env, NODE_ENV: 'production' },
    })
  const server = serve(`${root}dist`)
  await new Promise<void>((resolve) => server.listen(0, resolve))
  project.provide('address', `http://localhost:${(server.address() as AddressInfo).port}/`)
  project.provide('chromium', findChromium())
  return () => {
    server.close()
  }
}

function findChromium(): string {
  const known = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  const found = () => known.find((path) => path !== undefined && existsSync(path))
  if (!found() && process.getuid?.() === 0) execFileSync('apt-get', ['install', '-y', 'chromium'], { stdio: 'inherit' })
  const path = found()
  if (path === undefined) throw new Error('no Chromium found: install one, or give its path in CHROMIUM')
  return path
}
