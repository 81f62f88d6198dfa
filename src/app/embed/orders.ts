/** What a page may tell a figure in a frame. */
export type FigureOrder =
  | { readonly drydock: 'play' }
  | { readonly drydock: 'pause' }
  /** Milliseconds of simulated time. */
  | { readonly drydock: 'seek'; readonly at: number }
  /** A line for the simulated shell, run to its end; answered by `ran` with the same number. */
  | { readonly drydock: 'run'; readonly line: string; readonly number: number }
  | { readonly drydock: 'theme'; readonly theme: 'light' | 'dark' }

/** What a figure tells the page that holds it. */
export type FigureNews =
  | { readonly drydock: 'ready' }
  | { readonly drydock: 'event'; readonly at: number; readonly by: string; readonly says: string }
  | { readonly drydock: 'ran'; readonly number: number; readonly printed: string }

const LONGEST_LINE = 20_000

/** An order as it came from outside, or undefined. */
export function orderOf(data: any): FigureOrder | undefined {
  switch (data?.drydock) {
    case 'play':
    case 'pause':
      return { drydock: data.drydock }
    case 'seek':
      return Number.isFinite(data.at) && data.at >= 0 ? { drydock: 'seek', at: data.at } : undefined
    case 'run':
      return typeof data.line === 'string' && data.line.length <= LONGEST_LINE && Number.isSafeInteger(data.number)
        ? { drydock: 'run', line: data.line, number: data.number }
        : undefined
    case 'theme':
      return data.theme === 'light' || data.theme === 'dark' ? { drydock: 'theme', theme: data.theme } : undefined
    default:
      return undefined
  }
}
