import { dotted, octets } from '../../platform/network/sandboxes'

/** Subnets of one size are cut out of a pool. */
export interface Pool {
  /** `172.20.0.0/14` */
  readonly base: string
  readonly size: number
}

/** Of networks on one machine; the first /16 is docker0's. */
export const LOCAL_POOLS: readonly Pool[] = [
  { base: '172.17.0.0/16', size: 16 },
  { base: '172.18.0.0/16', size: 16 },
  { base: '172.19.0.0/16', size: 16 },
  { base: '172.20.0.0/14', size: 16 },
  { base: '172.24.0.0/14', size: 16 },
  { base: '172.28.0.0/14', size: 16 },
  { base: '192.168.0.0/16', size: 20 },
]

export interface Span {
  readonly from: number
  /** The last address. */
  readonly to: number
}

/** First and last address of a prefix; undefined: it is none. */
export function spanOf(prefix: string): Span | undefined {
  const match = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(prefix)
  if (!match || Number(match[2]) > 32 || match[1]!.split('.').some((octet) => Number(octet) > 255)) return undefined
  const size = 2 ** (32 - Number(match[2]))
  const from = Math.floor(octets(match[1]!) / size) * size
  return { from, to: from + size - 1 }
}

export const overlaps = (a: Span, b: Span): boolean => a.from <= b.to && b.from <= a.to

const EXHAUSTED = 'all predefined address pools have been fully subnetted'

/**
 * The first subnet of the pools that overlaps nothing that is taken. Pools that lie within another are passed over. After
 * allocatePredefinedPool in libnetwork's defaultipam. `size`: what the user asks for in place of the pool's own.
 */
export function chooseSubnet(
  pools: readonly Pool[],
  taken: readonly string[],
  size?: number,
): { readonly subnet: string } | { readonly error: string } {
  if (size !== undefined && (size < 1 || size > 32)) return { error: 'invalid address pool' }
  const busy = taken.map((prefix) => spanOf(prefix)).filter((span) => span !== undefined)
  for (const pool of pools) {
    const span = spanOf(pool.base)
    const wanted = size ?? pool.size
    if (!span || wanted < pool.size) continue
    // a pool begins at its own address, which may stand inside of its prefix
    const first = octets(pool.base.slice(0, pool.base.indexOf('/')))
    const step = 2 ** (32 - wanted)
    for (let from = Math.floor(first / step) * step; from + step - 1 <= span.to; ) {
      const clash = busy.find((one) => overlaps(one, { from, to: from + step - 1 }))
      if (!clash) return { subnet: `${dotted(from)}/${wanted}` }
      from = Math.floor(clash.to / step) * step + step
    }
  }
  return { error: EXHAUSTED }
}
