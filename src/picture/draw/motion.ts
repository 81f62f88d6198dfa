/** How marks move from one scene to the next. Milliseconds of the reader's own time. */
export interface Motion {
  /** Growing, flying from the tray, shrinking away. */
  readonly enter: number
  /** Going to another place. */
  readonly move: number
  /** Colour and glyph. */
  readonly fade: number
  /** Between one newcomer and the next. */
  readonly stagger: number
}

export interface Pace {
  readonly speed: number
  readonly reduced: boolean
  /** The reader drags the time line, or has just stopped: nothing travels. */
  readonly still: boolean
}

const MOVE = 250
/** No more than so many newcomers one after the other; the rest come with the last. */
export const MOST_STAGGERED = 12

/** 250 ms at 1×; above 4× only positions and colours change, these at once; reduced motion knows cross-fades of 80 ms only. */
export function motionAt({ speed, reduced, still }: Pace): Motion {
  if (still) return { enter: 0, move: 0, fade: 0, stagger: 0 }
  if (reduced) return { enter: 0, move: 0, fade: 80, stagger: 0 }
  if (speed > 4) return { enter: 0, move: 140, fade: 0, stagger: 0 }
  return { enter: MOVE, move: MOVE, fade: MOVE, stagger: speed > 2 ? 10 : 28 }
}
