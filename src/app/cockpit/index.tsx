import { createRoot } from 'react-dom/client'
import { Cockpit } from './cockpit'

/** Fills this window with the cockpit of a session that runs in another one. */
export function openCockpit(session: string): void {
  document.title = 'Drydock, cockpit'
  createRoot(document.getElementById('root')!).render(<Cockpit session={session} />)
}
