import { number } from './grammar'

/** What is said of keeping a session, and of newer versions of the page. */
export const kept = {
  tooMuch: (most: number) =>
    `After ${number(most)} commands and changes a session is kept no longer: what follows is lost on leaving.`,
  full: 'The storage of this browser is full: the session goes on, but from here on it is not kept. Delete a session to make room.',
  refused: 'This browser did not let the session be kept: it goes on, but leaving the page ends it.',
  otherTabs: 'Drydock is open in other tabs too: close them first, for the newer version takes over from all at once.',
}

export const figure = {
  windowTitle: 'Drydock, a figure',
  open: 'Open in Drydock',
}
