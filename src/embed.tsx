import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import './app/theme/tokens.css'
import './app/theme/base.css'
import { createRoot } from 'react-dom/client'
import { Desk } from './app/desk/desk'
import { Figure } from './app/embed/figure'
import { exposeToTests } from './app/outside'
import { openClient } from './app/session/client'
import { words } from './app/words'
import { speak } from './app/words/speak'
import { readAddress } from './app/workbench/share'

async function start(): Promise<Desk> {
  const address = new URL(location.href)
  const [{ opening, at, view }] = await Promise.all([readAddress(location.href), speak(address)])
  document.title = words.figure.windowTitle
  const wishes = address.searchParams
  const theme = wishes.get('theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme
  const desk = new Desk(await openClient(), opening, 'system')
  createRoot(document.getElementById('root')!).render(
    <Figure
      desk={desk}
      wishes={{
        controls: wishes.get('controls') !== 'false',
        autoplay: wishes.get('autoplay') !== 'false',
        terminal: wishes.get('terminal') === 'true',
        origin: wishes.get('origin') ?? undefined,
      }}
    />,
  )
  await desk.open()
  if (view !== undefined) desk.look(view)
  if (at !== undefined) desk.go(at)
  return desk
}

exposeToTests(start())
