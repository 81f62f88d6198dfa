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

async function start(): Promise<Desk> {
  const { opening, at, damaged } = await readAddress(location.href)
  const desk = new Desk(await openClient(), opening, keptTheme())
  createRoot(document.getElementById('root')!).render(<Workbench desk={desk} />)
  await desk.open()
  if (at !== undefined) desk.go(at)
  if (damaged) desk.say('The link is damaged: this is its lab from the beginning.')
  return desk
}

exposeToTests(start())
