import { type ViewId, views } from '../../picture'
import { readMoment } from '../../picture/read-time'
import type { Desk } from '../desk/desk'
import { isRecording, unpackRecording } from '../recording/packed'
import type { Recording } from '../recording/recording'
import { packMoment, unpackMoment } from '../session/moment'
import type { Opening } from '../session/protocol'

/** The moment shown, as an address holds it. */
interface Packed {
  readonly wishes: Readonly<Record<string, string>>
  /** Undefined: too much for an address. */
  readonly moment: string | undefined
}

async function pack(desk: Desk): Promise<Packed> {
  const { opening, view } = desk.state
  const { lab, seed, scenario, folders } = opening
  return {
    wishes: {
      ...(scenario === undefined ? { lab } : { scenario }),
      seed: String(seed),
      ...(scenario === undefined && folders?.length ? { files: folders.join(',') } : {}),
      ...(view === 'machines' ? {} : { view }),
    },
    moment: await packMoment(await desk.moment()),
  }
}

/** Where the page itself stands, also when this is a figure. */
export const pageAddress = (): URL => new URL('./', location.href)

/** A link to the moment shown, with everything that led there; where that is too much for an address, to the lab alone. */
export async function shareLink(desk: Desk): Promise<{ readonly link: string; readonly whole: boolean }> {
  const { wishes, moment } = await pack(desk)
  const url = pageAddress()
  url.search = new URLSearchParams(wishes).toString()
  url.hash = moment ?? ''
  return { link: url.href, whole: moment !== undefined }
}

/**
 * What an author puts into a page: the figure with the last minute before this moment, and the link to it, under `label`, where
 * scripts do not run. Where that minute is too much for an address, what was done, which the figure then plays again.
 */
export async function embedCode(desk: Desk, recording: Promise<string | undefined>, label: string): Promise<string> {
  const { wishes, moment: done } = await pack(desk)
  const { link } = await shareLink(desk)
  const { lang } = document.documentElement
  const moment = (await recording.catch(() => undefined)) ?? done
  const attributes = {
    ...wishes,
    ...(lang === 'en' ? {} : { lang }),
    ...(moment === undefined ? {} : { moment }),
    height: '480',
  }
  const written = Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`)
    .join('')
  return `<script type="module" src="${new URL('drydock-figure.js', pageAddress())}"></script>
<drydock-figure${written}>
  <a href="${link.replaceAll('&', '&amp;')}">${label}</a>
</drydock-figure>
`
}

/** What an address asks for; what it leaves out is the Kubernetes lab, already running, with an application's manifests at hand. */
export interface Asked {
  readonly opening: Opening
  readonly at: number | undefined
  readonly view: ViewId | undefined
  /** How that run looked before its moment. */
  readonly recording: Recording | undefined
  readonly damaged: boolean
}

export async function readAddress(address: string): Promise<Asked> {
  const url = new URL(address)
  const scenario = url.searchParams.get('scenario')
  const seed = Number(url.searchParams.get('seed') ?? Number.NaN)
  const held = url.hash.slice(1)
  const recording = isRecording(held) ? await unpackRecording(held) : undefined
  const moment = recording?.moment ?? (held === '' ? undefined : await unpackMoment(held))
  const files = url.searchParams.get('files')?.split(',') ?? (url.searchParams.has('lab') ? [] : ['voting'])
  return {
    recording,
    opening: {
      lab: url.searchParams.get('lab') ?? 'kubernetes',
      ...(Number.isSafeInteger(seed) && seed >= 0 ? { seed } : {}),
      ...(scenario === null ? { folders: files } : { scenario }),
      ...(moment ? { moment } : {}),
    },
    at: readMoment(url.searchParams.get('at') ?? ''),
    view: views.find(({ id }) => id === url.searchParams.get('view'))?.id,
    damaged: url.hash.length > 1 && !moment,
  }
}
