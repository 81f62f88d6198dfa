import { isDockerfile } from '../../docker/dockerfile/file-name'
import type { Desk } from '../desk/desk'
import type { FileText } from '../session/protocol'
import { words } from '../words'

/** A file larger than this is no manifest. */
const LARGEST_FILE = 512 * 1024
const MOST_FILES = 200
const MOST_CHARACTERS = 4 * 1024 * 1024
/** What lies in a folder and is nobody's source. */
const SKIPPED = /(^|\/)(\.git|node_modules|\.DS_Store)(\/|$)/

/** What was dropped or pasted, folders with all that is in them. Reads the transfer at once, for later it is empty. */
export function droppedFiles(transfer: DataTransfer): Promise<readonly (readonly [path: string, file: File])[]> {
  const entries = [...transfer.items].flatMap((item) => {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null
    return entry ? [entry] : []
  })
  if (entries.length === 0) return Promise.resolve([...transfer.files].map((file) => [file.name, file] as const))
  return Promise.all(entries.map((entry) => filesIn(entry, ''))).then((found) => found.flat())
}

async function filesIn(entry: FileSystemEntry, folder: string): Promise<readonly (readonly [string, File])[]> {
  const path = `${folder}${entry.name}`
  if (SKIPPED.test(path)) return []
  if (entry.isFile) {
    const file = await new Promise<File | undefined>((resolve) =>
      (entry as FileSystemFileEntry).file(resolve, () => resolve(undefined)),
    )
    return file ? [[path, file]] : []
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const found: (readonly [string, File])[] = []
  // a reader gives a hundred at a time, and none when it has given all
  while (found.length <= MOST_FILES) {
    const some = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])))
    if (some.length === 0) break
    for (const one of some) {
      found.push(...(await filesIn(one, `${path}/`)))
      if (found.length > MOST_FILES) break
    }
  }
  return found
}

/** Files chosen in the browser's own dialog; of a folder, with their paths in it. */
export const chosenFiles = (files: FileList): readonly (readonly [string, File])[] =>
  [...files]
    .map((file) => [file.webkitRelativePath || file.name, file] as const)
    .filter(([path]) => !SKIPPED.test(path))

/** Puts files into the terminal's folder, within bounds, and says what became of them and what the API would say of them. */
export async function takeFiles(desk: Desk, given: readonly (readonly [path: string, file: File])[]): Promise<void> {
  const taken: FileText[] = []
  const left: string[] = []
  let characters = 0
  for (const [path, file] of given.slice(0, MOST_FILES)) {
    const text = file.size > LARGEST_FILE ? undefined : await file.text()
    if (text === undefined || text.includes('\0') || characters + text.length > MOST_CHARACTERS) {
      left.push(path)
      continue
    }
    characters += text.length
    if (await desk.saveFile(path, text)) taken.push({ path, text })
    else left.push(path)
  }
  for (const [path] of given.slice(MOST_FILES)) left.push(path)
  if (taken[0]) desk.set({ openFile: taken[0].path })
  const judged = await Promise.all(
    taken.filter(({ path }) => isJudged(path)).map(({ path, text }) => desk.client.call('checkText', path, text)),
  )
  desk.say(
    [
      taken.length > 0 ? words.ownFiles.taken(taken.length, named(taken.map(({ path }) => path))) : '',
      verdicts(judged.map(({ verdict }) => verdict)),
      left.length > 0 ? words.ownFiles.leftOut(named(left)) : '',
    ]
      .filter((part) => part !== '')
      .join(' '),
  )
}

/** YAML that is for the cluster, and not for Compose. */
export const isManifest = (path: string): boolean => /^(?!(.*\/)?(docker-)?compose[^/]*$).*\.ya?ml$/.test(path)
/** Somebody judges it before it is used. */
export const isJudged = (path: string): boolean => isManifest(path) || isDockerfile(path)

const named = (paths: readonly string[]) =>
  paths.length <= 3 ? paths.join(', ') : words.ownFiles.andMore(paths.slice(0, 2).join(', '), paths.length - 2)

function verdicts(all: readonly string[]): string {
  if (all.length === 0) return ''
  const count = (verdict: string) => all.filter((one) => one === verdict).length
  const { inOrder, partly, refused, skipped, before } = words.ownFiles
  const parts = [
    [count('ok'), inOrder],
    [count('partly'), partly],
    [count('refused'), refused],
    [count('skipped'), skipped],
  ] as const
  return before(parts.flatMap(([n, says]) => (n === 0 ? [] : [says(n)])).join(', '))
}
