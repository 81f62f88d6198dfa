import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Desk } from './desk'
import type { DeskState } from './desk-state'

export const DeskContext = createContext<Desk | undefined>(undefined)

export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (!desk) throw new Error('no desk above this component')
  return desk
}

/** A part of what is shown. The selector must give the same reference while nothing changed. */
export function useShown<T>(select: (state: DeskState) => T): T {
  const desk = useDesk()
  return useSyncExternalStore(desk.subscribe, () => select(desk.state))
}
