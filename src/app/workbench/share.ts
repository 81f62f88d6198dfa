import type { DeskState } from '../desk/desk'
import type { Opening } from '../session/protocol'

/** A link to this lab, this seed and the moment shown. */
export function shareLink(state: Pick<DeskState, 'opening' | 'at'>): string {
  const url = new URL(location.href)
  const { lab, seed, scenario } = state.opening
  url.search = new URLSearchParams(scenario === undefined ? { lab, seed: String(seed) } : { scenario, seed: String(seed) }).toString()
  url.hash = new URLSearchParams({ at: String(Math.round(state.at)) }).toString()
  return url.href
}

/** What an address asks for; what it leaves out is the Kubernetes lab, already running. */
export function readAddress(address: string): { opening: Opening; at: number | undefined } {
  const url = new URL(address)
  const scenario = url.searchParams.get('scenario')
  const seed = Number(url.searchParams.get('seed') ?? 1)
  const at = Number(new URLSearchParams(url.hash.slice(1)).get('at') ?? Number.NaN)
  return {
    opening: { lab: url.searchParams.get('lab') ?? 'kubernetes', seed: Number.isSafeInteger(seed) ? seed : 1, ...(scenario === null ? {} : { scenario }) },
    at: Number.isFinite(at) ? at : undefined,
  }
}
