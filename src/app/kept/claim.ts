/** A session belongs to one tab at a time. */
export interface Claim {
  release(): void
}

/**
 * Takes a session for this tab, until it is released or the tab is gone; undefined: another tab has it. Where the browser
 * has no locks nobody can know, and every tab is told that another one has it, so that none overwrites another.
 */
export async function claim(id: string): Promise<Claim | undefined> {
  const { locks } = navigator
  if (!locks) return undefined
  try {
    return await new Promise<Claim | undefined>((resolve, reject) => {
      locks
        .request(`drydock session ${id}`, { ifAvailable: true }, (lock) => {
          if (!lock) {
            resolve(undefined)
            return undefined
          }
          return new Promise<void>((release) => resolve({ release }))
        })
        .catch(reject)
    })
  } catch {
    return undefined
  }
}
