// Serves the built page on http://localhost:4173 (or PORT), offline and on its own: no directory listings, nothing
// outside dist/. Scripts and fonts have names that change with their content and may be kept for ever; pages may not.
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'
import { pipeline } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { constants, createBrotliCompress, createGzip } from 'node:zlib'

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
}
const worthPacking = new Set(['.html', '.js', '.mjs', '.css', '.json', '.webmanifest', '.svg', '.ttf', '.map'])

/** The file that an address means, or undefined. */
export function fileFor(root, url) {
  let path
  try {
    path = decodeURIComponent(new URL(url, 'http://localhost').pathname)
  } catch {
    return undefined
  }
  const file = normalize(join(root, path.endsWith('/') ? `${path}index.html` : path))
  if (file !== root && !file.startsWith(root + sep)) return undefined
  return existsSync(file) && statSync(file).isFile() ? file : undefined
}

function packing(accepted) {
  if (/\bbr\b/.test(accepted))
    return { name: 'br', stream: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }) }
  if (/\bgzip\b/.test(accepted)) return { name: 'gzip', stream: () => createGzip() }
  return undefined
}

/** A server of the built page; call `listen` on it. */
export function serve(root) {
  return createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end()
      return
    }
    const file = fileFor(root, request.url ?? '/')
    if (!file) {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Not found\n')
      return
    }
    const kind = extname(file)
    const packed = worthPacking.has(kind) ? packing(request.headers['accept-encoding'] ?? '') : undefined
    response.writeHead(200, {
      'content-type': types[kind] ?? 'application/octet-stream',
      'cache-control': file.includes(`${sep}assets${sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'access-control-allow-origin': '*',
      vary: 'accept-encoding',
      ...(packed ? { 'content-encoding': packed.name } : {}),
    })
    if (request.method === 'HEAD') response.end()
    else if (packed) pipeline(createReadStream(file), packed.stream(), response, () => {})
    else pipeline(createReadStream(file), response, () => {})
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../../dist', import.meta.url))
  if (!existsSync(join(root, 'index.html'))) {
    process.stderr.write('There is no build in dist/ yet: npm run build makes it.\n')
    process.exit(2)
  }
  const port = Number(process.env['PORT'] ?? 4173)
  serve(root).listen(port, () => process.stdout.write(`Drydock on http://localhost:${port}\n`))
}
