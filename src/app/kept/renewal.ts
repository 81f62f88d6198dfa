import type { Desk } from '../desk/desk'
import { words } from '../words'
import type { Keeper } from './keeper'

const LOOK_EVERY = 60 * 60_000

/**
 * Tells the desk when a newer Drydock has been fetched and waits. It takes over when all its pages are closed; or at once
 * when the reader wants it: then the session is kept, the page loaded anew, and the session taken up again. Never by itself.
 */
export function offerRenewal(desk: Desk, keeper: Keeper | undefined, registration: ServiceWorkerRegistration): void {
  const { serviceWorker } = navigator
  let taking = false
  const take = async () => {
    taking = true
    await keeper?.keep()
    registration.waiting?.postMessage('take')
  }
  // the first one ever replaces nothing
  const look = () => {
    if (registration.waiting && serviceWorker.controller) desk.set({ renewal: { take: () => void take() } })
  }
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look))
  look()
  serviceWorker.addEventListener('controllerchange', () => taking && location.reload())
  serviceWorker.addEventListener('message', ({ data }) => {
    if (data !== 'others') return
    taking = false
    desk.say(words.kept.otherTabs)
  })
  setInterval(() => void registration.update().catch(() => undefined), LOOK_EVERY)
}
