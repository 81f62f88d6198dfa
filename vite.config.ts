import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
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

// monaco-worker-manager asks for Monaco's files by the path they had before its package got an `exports` map.
const monacoPaths = { find: /^monaco-editor\/esm\/vs\/(.*)$/, replacement: 'monaco-editor/$1' }
const at = (file: string) => fileURLToPath(new URL(file, import.meta.url))

export default defineConfig({
  // The properties run whole clusters; on a busy machine that takes its time.
  test: { include: ['test/**/*.test.{ts,tsx}'], setupFiles: ['test/setup.ts'], testTimeout: 120_000 },
  base: './',
  plugins: [
    react(),
    contentSecurityPolicy(),
    // `src/sw.ts` says what is done with the files; the page itself registers it and offers a newer version
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'sw.ts',
      registerType: 'prompt',
      injectRegister: null,
      manifest: false,
      injectManifest: {
        globPatterns: ['**/*.{html,js,css,svg,woff2,ttf,webmanifest}'],
        globIgnores: ['drydock-figure.js'],
        dontCacheBustURLsMatching: /^assets\//,
        maximumFileSizeToCacheInBytes: 8_000_000,
      },
    }),
  ],
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
