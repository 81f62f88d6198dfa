import { readScenario, type Scenario } from './scenario'

/** Every scenario and the files that scenarios share, by path below `scenarios/`. */
export interface Library {
  readonly scenarios: readonly Scenario[]
  readonly problems: readonly { readonly path: string; readonly problem: string }[]
  /** The files of a folder of `scenarios/files`, by path relative to the learner's own: `voting/db-service.yaml`. */
  files(folders: readonly string[]): Readonly<Record<string, string>>
}

/** `e9-…` comes before `e10-…`. */
const inOrder = (path: string): string => path.replace(/\d+/g, (digits) => digits.padStart(4, '0'))

/** Makes a library of texts by path: `e7-a-node-fails/scenario.yaml`, `files/voting/db-service.yaml`. */
export function libraryOf(texts: Readonly<Record<string, string>>): Library {
  const scenarios: Scenario[] = []
  const problems: { path: string; problem: string }[] = []
  for (const path of Object.keys(texts).sort((a, b) => (inOrder(a) < inOrder(b) ? -1 : 1))) {
    const id = /^([a-z0-9-]+)\/scenario\.yaml$/.exec(path)?.[1]
    if (id === undefined) continue
    const read = readScenario(id, texts[path]!)
    if ('problem' in read) problems.push({ path, problem: read.problem })
    else scenarios.push(read)
  }
  return {
    scenarios,
    problems,
    files(folders) {
      const found: Record<string, string> = {}
      for (const path of Object.keys(texts).sort()) {
        const own = /^files\/(.+)$/.exec(path)?.[1]
        if (own !== undefined && folders.some((folder) => own.startsWith(`${folder}/`))) found[own] = texts[path]!
      }
      return found
    },
  }
}
