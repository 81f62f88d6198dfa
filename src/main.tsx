import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import './app/theme/tokens.css'
import './app/theme/base.css'
import { createRoot } from 'react-dom/client'
import { Desk } from './app/desk/desk'
import type { Theme } from './app/desk/desk-state'
import { Cabinet } from './app/kept/cabinet'
import { Keeper } from './app/kept/keeper'
import { offerRenewal } from './app/kept/renewal'
import { openingOf, type Resumed, resume } from './app/kept/resume'
import { openShelf } from './app/kept/shelf'
import { exposeToTests } from './app/outside'
import { openClient } from './app/session/client'
import { words } from './app/words'
import { speak } from './app/words/speak'
import { type Asked, readAddress } from './app/workbench/share'
import { Workbench } from './app/workbench/workbench'
import { clockOf } from './picture'

function keptTheme(): Theme {
  try {
    const kept = localStorage.getItem('drydock-theme')
    return kept === 'light' || kept === 'dark' ? kept : 'system'
  } catch {
    return 'system'
  }
}

interface Started {
  readonly desk: Desk
  readonly keeper: Keeper | undefined
}

/** From the second visit on the page works offline; the editor's files come when the page has nothing else to do. */
function keepForOffline({ desk, keeper }: Started): Desk {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return desk
  setTimeout(async () => {
    try {
      offerRenewal(desk, keeper, await navigator.serviceWorker.register('./sw.js'))
      const { active } = await navigator.serviceWorker.ready
      requestIdleCallback(() => active?.postMessage('idle'), { timeout: 20_000 })
    } catch {
      // A frame without storage goes on without.
    }
  }, 8000)
  return desk
}

/** Opens what the address means, as it was left; where that cannot be played, the generation before it, or a new one. */
async function openAs(desk: Desk, { opening, at }: Asked, { generations, copy }: Resumed): Promise<void> {
  for (const kept of generations) {
    try {
      desk.set({ step: kept.step, passed: new Set(kept.passed) })
      await desk.open(openingOf(kept))
      if (!kept.playing) desk.pause()
      desk.say(copy ? words.said.copyOfSession : words.said.takenUp(clockOf(kept.moment.at)))
      return
    } catch {
      desk.set({ step: 0, passed: new Set() })
    }
  }
  await desk.open(opening)
  if (at !== undefined) desk.go(at)
  if (generations.length > 0) desk.say(words.said.notPlayable)
}

async function start(): Promise<Started> {
  const address = new URL(location.href)
  const [asked, client, shelf] = await Promise.all([
    readAddress(location.href),
    openClient(),
    openShelf(),
    speak(address),
  ])
  const cabinet = shelf && new Cabinet(shelf)
  const resumed = await resume(cabinet, address, history.state?.session)
  history.replaceState({ session: resumed.id }, '')
  const desk = new Desk(client, asked.opening, keptTheme())
  const keeper =
    cabinet &&
    new Keeper(desk, cabinet, {
      id: resumed.id,
      name: resumed.generations[0]?.name ?? '',
      isKept: resumed.generations.length > 0,
    })
  createRoot(document.getElementById('root')!).render(<Workbench desk={desk} kept={keeper} session={resumed.id} />)
  await openAs(desk, asked, resumed)
  if (asked.view !== undefined) desk.look(asked.view)
  if (asked.damaged && resumed.generations.length === 0) desk.say(words.said.damagedLink)
  if (keeper) keeper.start()
  else desk.set({ keeping: { kept: false, says: words.said.nothingKept } })
  return { desk, keeper }
}

const cockpit = new URL(location.href).searchParams.get('cockpit')
if (cockpit === null) exposeToTests(start().then(keepForOffline))
else
  void speak(new URL(location.href))
    .then(() => import('./app/cockpit'))
    .then(({ openCockpit }) => openCockpit(cockpit))
