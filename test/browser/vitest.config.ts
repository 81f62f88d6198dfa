import { defineConfig } from 'vitest/config'

// Node drives a real Chromium that looks at the built page.
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['test/browser/**/*.browser.ts'],
    environment: 'node',
    globalSetup: ['test/browser/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    // on a busy machine the page takes its time
    expect: { poll: { timeout: 10_000 } },
  },
})
