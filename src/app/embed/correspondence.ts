import type { Desk } from '../desk/desk'
import { type FigureNews, type FigureOrder, orderOf } from './orders'

/**
 * Does what the page round the frame asks, and tells it what happens. Orders come from the parent only; where the address
 * names an origin, from a parent of that origin only, and news go nowhere else. What an order can do stays in the simulation.
 */
export function correspond(desk: Desk, origin: string | undefined): () => void {
  const tell = (news: FigureNews) => {
    if (parent !== window) parent.postMessage(news, origin ?? '*')
  }
  const hear = ({ data, source, origin: from }: MessageEvent<unknown>) => {
    if (source !== parent || (origin !== undefined && from !== origin)) return
    const order = orderOf(data)
    if (order) void obey(desk, order, tell)
  }
  addEventListener('message', hear)
  let told = 0
  let ready = false
  const unsubscribe = desk.subscribe(() => {
    const { sentences, at } = desk.state
    if (desk.state.ready && !ready) {
      ready = true
      tell({ drydock: 'ready' })
    }
    const newest = sentences.findLast((line) => line.at <= at)
    if (!newest || newest.revision === told) return
    told = newest.revision
    tell({ drydock: 'event', at: newest.at, by: newest.by, says: newest.says })
  })
  return () => {
    removeEventListener('message', hear)
    unsubscribe()
  }
}

async function obey(desk: Desk, order: FigureOrder, tell: (news: FigureNews) => void): Promise<void> {
  switch (order.drydock) {
    case 'play':
      return desk.play()
    case 'pause':
      return desk.pause()
    case 'seek':
      return desk.go(order.at)
    case 'theme':
      document.documentElement.dataset['theme'] = order.theme
      return
    case 'run': {
      const printed = await desk.run(order.line).catch((problem: unknown) => String(problem))
      tell({ drydock: 'ran', number: order.number, printed })
    }
  }
}
