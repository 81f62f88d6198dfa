import type { State } from '../../picture'
import { glyphs } from '../../picture/draw/glyphs'

const paths = {
  search: 'M6.2 2a4.2 4.2 0 1 1 0 8.4a4.2 4.2 0 0 1 0-8.4M9.4 9.4l4 4',
  help: 'M5.6 5.9a2.5 2.5 0 1 1 3.8 2.1C8.4 8.6 8 9 8 9.9M8 12.4v.01',
  sun: 'M8 5.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 0 0 0-5.6M8 1.4v1.2M8 13.4v1.2M1.4 8h1.2M13.4 8h1.2M3.3 3.3l.9.9M11.8 11.8l.9.9M12.7 3.3l-.9.9M4.2 11.8l-.9.9',
  moon: 'M13.4 9.6A5.8 5.8 0 1 1 6.4 2.6a4.7 4.7 0 0 0 7 7z',
  undo: 'M3 6.5h6.2a3.4 3.4 0 0 1 0 6.8H6M5.6 3.6L2.8 6.5l2.8 2.9',
  reset: 'M3 8a5 5 0 1 0 1.7-3.7L3 5.8M3 2.4v3.4h3.4',
  close: 'M4 4l8 8M12 4l-8 8',
  link: 'M6.6 9.4l2.8-2.8M7.2 4.6l1.3-1.3a2.9 2.9 0 0 1 4.1 4.1l-1.3 1.3M8.8 11.4l-1.3 1.3a2.9 2.9 0 0 1-4.1-4.1l1.3-1.3',
  beside: 'M2.4 3h4.6v10H2.4zM9 3h4.6v10H9z',
  fork: 'M4.5 3v10M4.5 9.2c0-2.4 6.8-1.2 6.8-4.4M3 3h3M10 3.6h2.8',
  file: 'M4 1.8h5l3 3v9.4H4zM9 1.8v3h3',
  minus: 'M3 8h10',
  plus: 'M8 3v10M3 8h10',
  trash: 'M3.4 4.6h9.2M6.4 4.4V2.8h3.2v1.6M4.6 4.8l.6 8.4h5.6l.6-8.4',
  bolt: 'M8.8 1.6L3.6 9h3.8l-.6 5.4L12.4 7H8.4z',
  screen: 'M2 3h12v8H2zM6 13.6h4',
  book: 'M8 4.2C6.6 3 4.6 2.8 2.6 3v9.4c2-.2 4 0 5.4 1.2c1.4-1.2 3.4-1.4 5.4-1.2V3c-2-.2-4 0-5.4 1.2zM8 4.2v9.4',
} as const

export function Icon({ name, size = 16 }: { name: keyof typeof paths; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  )
}

const solids = {
  play: 'M4.4 2.4v11.2L13.4 8z',
  pause: 'M4 2.6h3v10.8H4zM9 2.6h3v10.8H9z',
  previous: 'M3 3h2v10H3zM13 3v10L6 8z',
  next: 'M11 3h2v10h-2zM3 3v10l7-5z',
} as const

export function Solid({ name, size = 16 }: { name: keyof typeof solids; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" fill="currentColor" aria-hidden="true">
      <path d={solids[name]} />
    </svg>
  )
}

export function Brand() {
  return (
    <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
      <path d="M2 12h18l-2.6 6.2a2 2 0 0 1-1.9 1.3H6.5a2 2 0 0 1-1.9-1.3z" fill="var(--accent)" />
      <g fill="var(--ink)">
        <rect x="5" y="7.5" width="3.6" height="3.2" rx=".6" />
        <rect x="9.3" y="7.5" width="3.6" height="3.2" rx=".6" />
        <rect x="13.6" y="7.5" width="3.6" height="3.2" rx=".6" />
        <rect x="9.3" y="3.6" width="3.6" height="3.2" rx=".6" />
      </g>
    </svg>
  )
}

/** A state as it looks on a tile, small: for the legend, pills and tables. */
export function StateMark({ state, size = 18, hue = 6 }: { state: State | 'ghost'; size?: number; hue?: number }) {
  const stroke = `var(--id-${hue})`
  if (state === 'ghost') {
    return (
      <svg width={size} height={size} viewBox="0 0 18 18" aria-hidden="true">
        <rect
          x="1.2"
          y="1.2"
          width="15.6"
          height="15.6"
          rx="4"
          fill="none"
          stroke={stroke}
          strokeWidth="1.6"
          strokeDasharray="3 2.2"
        />
      </svg>
    )
  }
  const glyph = glyphs[state]
  const fill = state === 'terminating' ? 'var(--terminating-ground)' : `var(--${state})`
  return (
    <svg width={size} height={size} viewBox="0 0 18 18" aria-hidden="true">
      <rect x="1.2" y="1.2" width="15.6" height="15.6" rx="4" fill={fill} stroke={stroke} strokeWidth="1.6" />
      <g transform="translate(4.2,4.2) scale(0.6)">
        {glyph.solid && <path d={glyph.solid} fill={`var(--on-${state})`} />}
        {glyph.line && (
          <path
            d={glyph.line}
            fill="none"
            stroke={`var(--on-${state})`}
            strokeWidth={glyph.solid ? 1.6 : 2.6}
            strokeLinecap="round"
            strokeLinejoin="round"
            strokeDasharray={glyph.dash}
          />
        )}
      </g>
    </svg>
  )
}
