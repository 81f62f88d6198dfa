import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import './app/theme/tokens.css'
import './app/theme/base.css'
import { createRoot } from 'react-dom/client'
import { Desk, type Theme } from './app/desk/desk'
import { exposeToTests } from './app/outside'
import { openClient } from './app/session/client'
import { readAddress } from './app/workbench/share'
import { Workbench } from './app/workbench/workbench'

function keptTheme(): Theme {
  try {
    const kept = localStorage.getItem('drydock-theme')
    return kept === 'light' || kept === 'dark' ? kept : 'system'
  } catch {
    return 'system'
  }
}

/** From the second visit on the page works offline; the editor's files come when the page has nothing else to do. */
function keepForOffline(desk: Desk): Desk {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return desk
  setTimeout(async () => {
    try {
      await navigator.serviceWorker.register('./sw.js')
      const { active } = await navigator.serviceWorker.ready
      requestIdleCallback(() => active?.postMessage('idle'), { timeout: 20_000 })
    } catch {
      // A frame without storage goes on without.
    }
  }, 8000)
  return desk
}

async function start(): Promise<Desk> {
  const { opening, at, damaged } = await readAddress(location.href)
  const desk = new Desk(await openClient(), opening, keptTheme())
  createRoot(document.getElementById('root')!).render(<Workbench desk={desk} />)
  await desk.open()
  if (at !== undefined) desk.go(at)
  if (damaged) desk.say('The link is damaged: this is its lab from the beginning.')
  return desk
}

exposeToTests(start().then(keepForOffline))
