import { fail } from '../../cli/failure'
import type { Run } from '../command'

/** An object on its way: what it was called in its file, and whether its contents belong into its name. */
export interface Built {
  object: any
  readonly names: string[]
  readonly hashed: boolean
}

/** The text of a file that a kustomization names. */
export function readFile(run: Run, path: string): string {
  const read = run.call.files.read(path)
  const full = run.call.files.resolve(path)
  if (!('error' in read)) return read.text
  const name = path.slice(path.lastIndexOf('/') + 1)
  return fail(
    `error: accumulating resources: accumulation err='accumulating resources from '${name}': evalsymlink failure on '${full}' : lstat ${full}: ${read.error.toLowerCase()}': must build at directory: not a valid directory: evalsymlink failure on '${full}' : lstat ${full}: ${read.error.toLowerCase()}`,
  )
}
