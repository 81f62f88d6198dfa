import { createRoot } from 'react-dom/client'
import { lateWords } from '../words/late'
import { Cockpit } from './cockpit'

/** Fills this window with the cockpit of a session that runs in another one. */
export function openCockpit(session: string): void {
  document.title = lateWords.cockpit.windowTitle
  createRoot(document.getElementById('root')!).render(<Cockpit session={session} />)
}
