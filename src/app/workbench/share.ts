import { type ViewId, views } from '../../picture'
import { readMoment } from '../../picture/read-time'
import type { Desk } from '../desk/desk'
import { packMoment, unpackMoment } from '../session/moment'
import type { Opening } from '../session/protocol'

/** A link to the moment shown, with everything that led there; where that is too much for an address, to the lab alone. */
export async function shareLink(desk: Desk): Promise<{ readonly link: string; readonly whole: boolean }> {
  const { lab, seed, scenario, folders } = desk.state.opening
  const url = new URL(location.href)
  url.search = new URLSearchParams(
    scenario === undefined
      ? { lab, seed: String(seed), ...(folders?.length ? { files: folders.join(',') } : {}) }
      : { scenario, seed: String(seed) },
  ).toString()
  const packed = await packMoment(await desk.moment())
  url.hash = packed ?? ''
  return { link: url.href, whole: packed !== undefined }
}

/** What an address asks for; what it leaves out is the Kubernetes lab, already running, with an application's manifests at hand. */
export interface Asked {
  readonly opening: Opening
  readonly at: number | undefined
  readonly view: ViewId | undefined
  readonly damaged: boolean
}

export async function readAddress(address: string): Promise<Asked> {
  const url = new URL(address)
  const scenario = url.searchParams.get('scenario')
  const seed = Number(url.searchParams.get('seed') ?? Number.NaN)
  const moment = url.hash.length > 1 ? await unpackMoment(url.hash.slice(1)) : undefined
  const files = url.searchParams.get('files')?.split(',') ?? (url.searchParams.has('lab') ? [] : ['voting'])
  return {
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
