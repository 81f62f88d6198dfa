/** Announcements: shown for a moment, and spoken. */
export const said = {
  otherVersion: 'This run was made with another version of the model: it may have gone otherwise.',
  /** `deed`: what was done, as the model says it. */
  ranWithout: (clock: string, deed: string) =>
    `Run again up to ${clock} without this: you ${deed}. What was stands beside it.`,
  ranWith: (clock: string, deed: string) =>
    `Run again up to ${clock} with this: you ${deed}. What was stands beside it.`,
  undone: 'Undone: the last thing you did has not happened.',
  atBeginning: 'Back at the beginning.',
  newBranch: (clock: string) =>
    `A new branch begins at ${clock}. What happened before in its place is kept under Branches.`,
  copyOfSession: 'This session is open in another tab: here is a copy of it, which goes its own way.',
  takenUp: (clock: string) => `Taken up at ${clock}, as it was left. Reset begins again.`,
  notPlayable: 'The session kept here could not be played again: this is its lab from the beginning.',
  damagedLink: 'The link is damaged: this is its lab from the beginning.',
  nothingKept: 'This browser keeps nothing for this page: leaving it ends the session.',
}
