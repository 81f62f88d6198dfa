import type { Millis, Revision } from '../../engine'
import type { FileText } from './protocol'

/** What the page has been told already. */
export interface Told {
  scene: string
  sceneAt: Millis
  numbers: string
  output: number
  sentences: Revision
  markers: string
  branches: string
  deeds: string
  beside: string
  files: readonly FileText[] | undefined
  course: number
  checks: string
}
export const untold = (course: number): Told => ({
  scene: '',
  sceneAt: -1,
  numbers: '',
  output: -1,
  sentences: 0,
  markers: '',
  branches: '',
  deeds: '',
  beside: '',
  files: undefined,
  course,
  checks: '',
})

/** Their texts are the store's own strings: comparing one that has not changed costs nothing. */
export function sameFiles(files: readonly FileText[], told: readonly FileText[] | undefined): boolean {
  return (
    files.length === told?.length &&
    files.every(({ path, text }, i) => path === told[i]?.path && text === told[i]?.text)
  )
}
