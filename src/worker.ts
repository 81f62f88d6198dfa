import { Host } from './app/session/host'
import type { Call } from './app/session/protocol'

// The engine beside the page: it may take 12 ms of each frame, for the page's own work is done elsewhere.
const host = new Host({ perFrame: 12 })

self.onmessage = async (event: MessageEvent<Call>) => {
  self.postMessage(await host.answer(event.data))
}
