import type { Desk } from './desk/desk'

/** What tests and embedding pages may use, under stable names. */
export interface Outside {
  readonly ready: Promise<void>
  digest(): Promise<string>
  /** Runs a command line to its end, however long that takes in simulated time, and gives what it printed. */
  run(line: string): Promise<string>
  /** The moment shown, in simulated milliseconds. */
  at(): number
}

declare global {
  interface Window {
    drydock: Outside
  }
}

export function exposeToTests(starting: Promise<Desk>): void {
  let desk: Desk | undefined
  const ready = starting.then((opened) => {
    desk = opened
  })
  window.drydock = {
    ready,
    digest: async () => (await starting).client.call('digest'),
    run: async (line) => (await starting).run(line),
    at: () => desk?.state.at ?? 0,
  }
}
