import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

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

export default defineConfig({
  base: './',
  plugins: [react(), contentSecurityPolicy()],
  resolve: { alias: [monacoPaths] },
  worker: { format: 'es' },
  build: { target: 'es2022', assetsDir: 'assets', chunkSizeWarningLimit: 4500, modulePreload: { polyfill: false } },
  // Found late, these would make the development server reload the page in the middle of a visit.
  optimizeDeps: { include: ['@xterm/xterm', '@xterm/addon-fit', 'monaco-editor/editor/editor.api.js', 'monaco-yaml'] },
})
