import { cleanupOutdatedCaches, type PrecacheEntry, precacheAndRoute } from 'workbox-precaching'

declare global {
  interface Window {
    /** The files of the built page; the build writes them in its place. */
    readonly __WB_MANIFEST: readonly PrecacheEntry[]
  }
}

const worker = self as unknown as ServiceWorkerGlobalScope

/** Needed only when an editor is opened: fetched for offline use after everything else. */
const LATER = /monaco|yaml|editor|codicon|dockerfile|shell|python|javascript|ini-|cyrillic|greek|vietnamese|-ext-/
const LATER_CACHE = 'drydock-later'

// the build puts the list of all its files here
const files = self.__WB_MANIFEST
const later = files.filter(({ url }) => LATER.test(url))

// what is asked of a page after `?` changes nothing of its file
precacheAndRoute(
  files.filter(({ url }) => !LATER.test(url)),
  { ignoreURLParametersMatching: [/./] },
)
cleanupOutdatedCaches()

worker.addEventListener('fetch', (event) => {
  const { method, url } = event.request
  const name = new URL(url).pathname
  if (method === 'GET' && later.some((file) => name.endsWith(`/${file.url}`)))
    event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)))
})

// A new version takes over when the last page of the old one is closed, or its reader says so: never by itself.
worker.addEventListener('activate', (event) => {
  const wanted = new Set(later.map(({ url }) => new URL(url, worker.registration.scope).href))
  const drop = async () => {
    const cache = await caches.open(LATER_CACHE)
    const kept = await cache.keys()
    await Promise.all(kept.filter(({ url }) => !wanted.has(url)).map((request) => cache.delete(request)))
  }
  event.waitUntil(drop())
})

worker.addEventListener('message', (event) => {
  if (event.data === 'take') event.waitUntil(take(event.source as Client | null))
  if (event.data === 'idle') event.waitUntil(fetchLater())
})

/** Taken over at once only where no other page would lose the files of its version. */
async function take(asker: Client | null): Promise<void> {
  const open = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })
  if (open.length > 1) asker?.postMessage('others')
  else await worker.skipWaiting()
}

async function fetchLater(): Promise<void> {
  const cache = await caches.open(LATER_CACHE)
  await Promise.all(later.map(async ({ url }) => (await cache.match(url)) ?? cache.add(url)))
}
