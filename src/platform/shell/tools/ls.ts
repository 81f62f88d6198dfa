import { dateParts, LAB_EPOCH } from '../../../engine'
import type { File } from '../file'
import type { Tool, ToolCall } from '../tool'
import { flagsOf } from './input'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** -l, -a, -A, -1, -d, -R; owners as numbers where nobody has the name, those of a learner's own files as the learner. */
export const ls: Tool = {
  name: 'ls',
  about: 'lists folders',
  streams: true,
  run(call) {
    const { flags, rest } = flagsOf(call.argv.slice(1))
    const paths = rest.length === 0 ? ['.'] : rest
    let exit = 0
    const folders: string[] = []
    const single: string[] = []
    for (const path of paths) {
      const stat = call.files.stat(path)
      const isLink = call.files.entry(path)?.what === 'link'
      if (isLink && (!stat || flags.has('l'))) single.push(path)
      else if (!stat) {
        call.printError(`ls: cannot access '${path}': No such file or directory\n`)
        exit = 2
      } else if (stat.folder && !flags.has('d')) folders.push(path)
      else single.push(path)
    }
    show(call, single, '', flags)
    const walk = (path: string, titled: boolean) => {
      if (titled) call.print(`${single.length > 0 || path !== folders[0] ? '\n' : ''}${path}:\n`)
      const names = (call.files.list(path) ?? []).filter(
        (name) => flags.has('a') || flags.has('A') || !name.startsWith('.'),
      )
      show(call, flags.has('a') ? ['.', '..', ...names] : names, path, flags)
      if (flags.has('R'))
        for (const name of names) if (call.files.stat(`${path}/${name}`)?.folder) walk(`${path}/${name}`, true)
    }
    for (const path of folders) walk(path, paths.length > 1 || flags.has('R'))
    return { exit }
  },
}

function show(call: ToolCall, names: readonly string[], base: string, flags: ReadonlyMap<string, string>): void {
  if (names.length === 0) return
  if (flags.has('l')) {
    const rows = names.map((name) => ({ name, stat: call.files.stat(base === '' ? name : `${base}/${name}`) }))
    const width = Math.max(...rows.map(({ stat }) => String(stat?.folder ? 4096 : (stat?.size ?? 0)).length))
    if (base !== '') call.print(`total ${rows.length * 4}\n`)
    for (const { name, stat } of rows) {
      const file = call.files.entry(base === '' ? name : `${base}/${name}`)
      const bytes = file?.what === 'link' ? file.text.length : stat?.folder ? 4096 : (stat?.size ?? 0)
      const size = String(bytes).padStart(width)
      const [user, group] = ownersOf(call, file)
      const shown = file?.what === 'link' ? `${name} -> ${file.text}` : name
      const bits = file?.what === 'link' ? 'lrwxrwxrwx' : modeText(stat?.mode ?? 0, stat?.folder ?? false)
      call.print(`${bits} 1 ${user} ${group} ${size} ${when(stat?.modifiedAt ?? file?.modifiedAt ?? 0)} ${shown}\n`)
    }
  } else if (call.terminal && !flags.has('1')) call.print(`${names.join('  ')}\n`)
  else for (const name of names) call.print(`${name}\n`)
}

function ownersOf(call: ToolCall, file: File | undefined): readonly [string, string] {
  const { uid = 0, gid = 0 } = file ?? {}
  if (uid === 0 && gid === 0 && call.env['USER'] !== undefined) return [call.env['USER'], call.env['USER']]
  const nameOf = (path: string, id: number) => {
    const read = call.files.read(path)
    const line = ('text' in read ? read.text : '').split('\n').find((one) => one.split(':')[2] === String(id))
    return line?.split(':')[0] ?? (id === 0 ? 'root' : String(id))
  }
  return [nameOf('/etc/passwd', uid), nameOf('/etc/group', gid)]
}

export function modeText(mode: number, folder: boolean): string {
  const bits = 'rwxrwxrwx'
  return (folder ? 'd' : '-') + [...bits].map((letter, i) => (mode & (1 << (8 - i)) ? letter : '-')).join('')
}

function when(at: number): string {
  const date = dateParts(LAB_EPOCH + at)
  return `${MONTHS[date.month - 1]} ${String(date.day).padStart(2)} ${String(date.hour).padStart(2, '0')}:${String(date.minute).padStart(2, '0')}`
}
