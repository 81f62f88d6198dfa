import { refuse } from '../engine/request'
import type { Pass } from '../pass'
import { DockerContainer } from './container'

/** A container by its full id, its name, or the beginning of its id. After GetContainer in moby's daemon. */
export function lookUp(
  pass: Pass,
  text: string,
): DockerContainer | { readonly problem: string; readonly code: number } {
  const all = pass.all(DockerContainer)
  const plain = text.startsWith('/') ? text.slice(1) : text
  const exact = all.find(({ id }) => id === text) ?? all.find(({ name }) => name === plain)
  if (exact) return exact
  const begun = /^[0-9a-f]+$/.test(text) ? all.filter(({ id }) => id.startsWith(text)) : []
  if (begun.length > 1) return { problem: `multiple IDs found with provided prefix: ${text}`, code: 400 }
  return begun[0] ?? { problem: `No such container: ${text}`, code: 404 }
}

export function containerNamed(pass: Pass, text: string): DockerContainer {
  const found = lookUp(pass, text)
  return 'problem' in found ? refuse(found.code, found.problem) : found
}
