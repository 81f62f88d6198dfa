import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import './app/theme/tokens.css'
import './app/theme/base.css'
import { createRoot } from 'react-dom/client'
import { Desk } from './app/desk/desk'
import { Figure } from './app/embed/figure'
import { exposeToTests } from './app/outside'
import { RecordedClient } from './app/recording/recorded-client'
import { openClient } from './app/session/client'
import { words } from './app/words'
import { speak } from './app/words/speak'
import { readAddress } from './app/workbench/share'

async function start(): Promise<Desk> {
  const address = new URL(location.href)
  const [{ opening, at, view, recording }] = await Promise.all([readAddress(location.href), speak(address)])
  document.title = words.figure.windowTitle
  const wishes = address.searchParams
  const theme = wishes.get('theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme
  const recorded = recording && new RecordedClient(recording, openClient)
  const run = recording
    ? { ...recording.opening, moment: recording.moment }
    : { ...opening, lookedAt: wishes.get('terminal') !== 'true' }
  const desk = new Desk(recorded ?? (await openClient()), run, 'system')
  if (recorded) recorded.onEnd = () => desk.pause()
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
  if (recording) {
    desk.look(recording.view)
    const plays = wishes.get('autoplay') !== 'false' && !matchMedia('(prefers-reduced-motion: reduce)').matches
    if (at !== undefined || plays) desk.seek(at ?? recording.from)
    return desk
  }
  if (view !== undefined) desk.look(view)
  if (at !== undefined) desk.go(at)
  return desk
}

exposeToTests(start())
