import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

/** What the built page may load and run. In development Vite's own inline scripts need more, so it is left out there. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
].join('; ')

function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
        injectTo: 'head-prepend',
      },
    ],
  }
}

/** Needed only when an editor is opened: fetched for offline use after everything else. */
const later = /monaco|yaml|editor|codicon|dockerfile|shell|python|javascript|ini-|cyrillic|greek|vietnamese|-ext-/

/** Writes `sw.js`: the page works offline from its second visit on. Its name for the cache changes with any file. */
function serviceWorker(): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const files = [...Object.keys(bundle), 'icon.svg', 'manifest.webmanifest']
        .filter((file) => !file.endsWith('.map') && file !== 'drydock-figure.js')
        .sort()
      const hash = createHash('sha256').update(files.join('\n'))
      // pages keep their names when they change
      for (const file of Object.values(bundle))
        if (file.type === 'asset' && file.fileName.endsWith('.html')) hash.update(file.source)
      const version = hash.digest('hex').slice(0, 12)
      const first = files.filter((file) => !later.test(file))
      const rest = files.filter((file) => later.test(file))
      const list = `const VERSION = ${JSON.stringify(version)}\nconst FIRST = ${JSON.stringify(first)}\nconst REST = ${JSON.stringify(rest)}\n`
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: list + SERVICE_WORKER })
    },
  }
}

const SERVICE_WORKER = `
const CACHE = 'drydock-' + VERSION
self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FIRST)))
})
// A new version takes over when the last page of the old one is closed, or its reader says so: never by itself.
self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith('drydock-') && name !== CACHE).map((name) => caches.delete(name)))),
  )
})
self.addEventListener('message', (event) => {
  // Taken over at once only where no other page would lose the files of its version.
  if (event.data === 'take')
    event.waitUntil(
      self.clients
        .matchAll({ type: 'window', includeUncontrolled: true })
        .then((open) => (open.length > 1 ? event.source.postMessage('others') : self.skipWaiting())),
    )
  if (event.data === 'idle') event.waitUntil(caches.open(CACHE).then((cache) => Promise.all(REST.map(async (file) => (await cache.match(file)) || cache.add(file)))))
})
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return
  const page = url.pathname.endsWith('/') ? 'index.html' : undefined
  event.respondWith(
    caches
      .open(CACHE)
      .then((cache) => cache.match(page ?? event.request, { ignoreSearch: true }))
      .then((kept) => kept ?? fetch(event.request)),
  )
})
`

// monaco-worker-manager asks for Monaco's files by the path they had before its package got an `exports` map.
const monacoPaths = { find: /^monaco-editor\/esm\/vs\/(.*)$/, replacement: 'monaco-editor/$1' }
const at = (file: string) => fileURLToPath(new URL(file, import.meta.url))

export default defineConfig({
  // The properties run whole clusters; on a busy machine that takes its time.
  test: { include: ['test/**/*.test.{ts,tsx}'], setupFiles: ['test/setup.ts'], testTimeout: 120_000 },
  base: './',
  plugins: [react(), contentSecurityPolicy(), serviceWorker()],
  resolve: { alias: [monacoPaths] },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    assetsDir: 'assets',
    chunkSizeWarningLimit: 4500,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: at('index.html'), embed: at('embed.html'), 'drydock-figure': at('src/figure.ts') },
      // other people's pages name this file: it keeps its name
      output: {
        entryFileNames: ({ name }) => (name === 'drydock-figure' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  // Found late, these would make the development server reload the page in the middle of a visit.
  optimizeDeps: { include: ['@xterm/xterm', '@xterm/addon-fit', 'monaco-editor/editor/editor.api.js', 'monaco-yaml'] },
})
