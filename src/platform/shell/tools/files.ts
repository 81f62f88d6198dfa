import { groupIn, userIn } from '../../container/user'
import type { Tool, ToolCall } from '../tool'
import { flagsOf } from './input'
import { may } from './rights'

const baseName = (path: string) => path.replace(/\/+$/, '').split('/').at(-1) || '/'

export const mkdir: Tool = {
  name: 'mkdir',
  about: 'makes folders (-p: with those above)',
  run(call) {
    const { flags, rest } = flagsOf(call.argv.slice(1), 'm')
    let exit = 0
    if (rest.length === 0) {
      call.printError("mkdir: missing operand\nTry 'mkdir --help' for more information.\n")
      return { exit: 1 }
    }
    for (const path of rest) {
      const steps = flags.has('p') ? ancestors(call.files.resolve(path)) : [path]
      for (const step of steps) {
        if (flags.has('p') && call.files.stat(step)?.folder) continue
        const problem = call.files.makeFolder(step)
        if (!problem) continue
        call.printError(`mkdir: cannot create directory '${path}': ${problem.error}\n`)
        exit = 1
        break
      }
    }
    return { exit }
  },
}

function ancestors(path: string): string[] {
  const parts = path.split('/').filter(Boolean)
  return parts.map((_, i) => `/${parts.slice(0, i + 1).join('/')}`)
}

function removeTree(call: ToolCall, path: string): string | undefined {
  for (const name of call.files.list(path) ?? []) {
    const problem = removeTree(call, `${path}/${name}`)
    if (problem) return problem
  }
  return call.files.remove(path)?.error
}

export const rm: Tool = {
  name: 'rm',
  about: 'removes files (-r: folders, -f: without complaint)',
  run(call) {
    const { flags, rest } = flagsOf(call.argv.slice(1))
    const recursive = flags.has('r') || flags.has('R')
    let exit = 0
    for (const path of rest) {
      const stat = call.files.stat(path)
      let problem: string | undefined
      if (!stat) problem = flags.has('f') ? undefined : 'No such file or directory'
      else if (stat.folder && !recursive) problem = 'Is a directory'
      else problem = removeTree(call, path)
      if (problem === undefined) continue
      call.printError(`rm: cannot remove '${path}': ${problem}\n`)
      exit = 1
    }
    return { exit }
  },
}

export const rmdir: Tool = {
  name: 'rmdir',
  about: 'removes empty folders',
  run(call) {
    let exit = 0
    for (const path of call.argv.slice(1)) {
      const stat = call.files.stat(path)
      const problem = !stat
        ? 'No such file or directory'
        : !stat.folder
          ? 'Not a directory'
          : call.files.remove(path)?.error
      if (problem === undefined) continue
      call.printError(`rmdir: failed to remove '${path}': ${problem}\n`)
      exit = 1
    }
    return { exit }
  },
}

/** With its mode and, where it is not text, its content; a link is followed. The copy is the copier's own. */
function copyFile(call: ToolCall, from: string, to: string): string | undefined {
  const own = call.files.entry(from)
  const read = call.files.read(from)
  if ('error' in read) return read.error
  const stat = call.files.stat(from)!
  if (own?.bytes === undefined) return call.files.write(to, read.text, { mode: stat.mode })?.error
  const { uid: _, gid: __, ...file } = own
  return call.files.put(to, { ...file, modifiedAt: call.now })?.error
}

function copyTree(call: ToolCall, from: string, to: string): string | undefined {
  const stat = call.files.stat(from)
  if (!stat) return 'No such file or directory'
  if (!stat.folder) return copyFile(call, from, to)
  if (`${call.files.resolve(to)}/`.startsWith(`${call.files.resolve(from)}/`))
    return 'cannot copy a directory into itself'
  if (!call.files.stat(to)) {
    const problem = call.files.makeFolder(to)
    if (problem) return problem.error
  }
  for (const name of call.files.list(from) ?? []) {
    const problem = copyTree(call, `${from}/${name}`, `${to}/${name}`)
    if (problem) return problem
  }
  return undefined
}

function transfer(call: ToolCall, move: boolean): number {
  const { flags, rest } = flagsOf(call.argv.slice(1))
  const name = call.argv[0]!
  const target = rest.pop()
  if (target === undefined || rest.length === 0) {
    call.printError(
      `${name}: missing ${target === undefined ? 'file operand' : `destination file operand after '${target}'`}\n`,
    )
    return 1
  }
  const into = call.files.stat(target)?.folder ?? false
  if (rest.length > 1 && !into) {
    call.printError(`${name}: target '${target}' is not a directory\n`)
    return 1
  }
  let exit = 0
  for (const path of rest) {
    const stat = call.files.stat(path)
    const to = into ? `${target}/${baseName(path)}` : target
    let problem: string | undefined
    if (!stat) problem = `cannot stat '${path}': No such file or directory`
    else if (stat.folder && !move && !flags.has('r') && !flags.has('R') && !flags.has('a'))
      problem = `-r not specified; omitting directory '${path}'`
    else {
      const failed = copyTree(call, path, to) ?? (move ? removeTree(call, path) : undefined)
      if (failed) problem = `cannot ${move ? 'move' : 'create regular file'} '${to}': ${failed}`
    }
    if (problem === undefined) continue
    call.printError(`${name}: ${problem}\n`)
    exit = 1
  }
  return exit
}

export const cp: Tool = {
  name: 'cp',
  about: 'copies files (-r: folders)',
  run: (call) => ({ exit: transfer(call, false) }),
}
export const mv: Tool = { name: 'mv', about: 'moves or renames', run: (call) => ({ exit: transfer(call, true) }) }

export const touch: Tool = {
  name: 'touch',
  about: 'makes empty files, or renews their time',
  run(call) {
    let exit = 0
    for (const path of flagsOf(call.argv.slice(1), 'dtr').rest) {
      const problem = call.files.stat(path)?.folder ? undefined : call.files.write(path, '', { append: true })
      if (!problem) continue
      call.printError(`touch: cannot touch '${path}': ${problem.error}\n`)
      exit = 1
    }
    return { exit }
  },
}

export const ln: Tool = {
  name: 'ln',
  about: 'links (-s; a hard link is made as a copy)',
  run(call) {
    const { flags, rest } = flagsOf(call.argv.slice(1))
    const [from, to] = rest
    if (from === undefined || to === undefined) {
      call.printError('ln: missing file operand\n')
      return { exit: 1 }
    }
    const place = call.files.stat(to)?.folder && !flags.has('n') ? `${to}/${baseName(from)}` : to
    if (flags.has('s')) {
      if (call.files.entry(place) && !flags.has('f')) {
        call.printError(`ln: failed to create symbolic link '${place}': File exists\n`)
        return { exit: 1 }
      }
      const failed = call.files.put(place, { what: 'link', text: from, mode: 0o777, modifiedAt: call.now })
      if (failed) call.printError(`ln: failed to create symbolic link '${place}': ${failed.error}\n`)
      return { exit: failed ? 1 : 0 }
    }
    call.notice('Hard links are not modelled: ln makes a copy.')
    const problem = copyTree(call, from, place)
    if (problem) call.printError(`ln: failed to create link '${to}': ${problem}\n`)
    return { exit: problem ? 1 : 0 }
  },
}

/** Every path at and below one, itself first. */
function* below(call: ToolCall, path: string): Generator<string> {
  yield path
  if (call.files.entry(path)?.what !== 'folder') return
  for (const name of call.files.list(path) ?? []) yield* below(call, `${path}/${name}`)
}

export const chmod: Tool = {
  name: 'chmod',
  about: 'changes permissions (octal, +x, u+rw …; -R: of all below)',
  run(call) {
    const args = call.argv.slice(1)
    const recursive = args.some((arg) => /^-[a-zA-Z]*R/.test(arg))
    const [mode = '', ...paths] = args.filter((arg) => !/^-[Rfvc]+$/.test(arg))
    let exit = 0
    for (const path of paths) {
      if (!call.files.stat(path)) {
        call.printError(`chmod: cannot access '${path}': No such file or directory\n`)
        exit = 1
        continue
      }
      for (const one of recursive ? below(call, path) : [path]) {
        const file = call.files.entry(one)
        if (file?.what === 'link') {
          const target = call.files.read(one)
          const stat = call.files.stat(one)
          if (stat && 'text' in target && !recursive)
            call.files.write(one, target.text, { mode: changed(stat.mode, mode, false) })
        } else if (file) call.files.put(one, { ...file, mode: changed(file.mode, mode, file.what === 'folder') })
      }
    }
    return { exit }
  },
}

export const chown: Tool = {
  name: 'chown',
  about: 'changes owners (-R: of all below)',
  run(call) {
    const args = call.argv.slice(1)
    const recursive = args.some((arg) => /^-[a-zA-Z]*R/.test(arg))
    const [owner = '', ...paths] = args.filter((arg) => !/^-/.test(arg))
    const onlyGroup = call.argv[0] === 'chgrp'
    const [user = '', group] = onlyGroup ? ['', owner] : owner.split(/[:.]/)
    const own = user === '' ? undefined : userIn(call.files, user)
    const gid = group === undefined || group === '' ? (group === '' ? own?.gid : undefined) : groupIn(call.files, group)
    const unknown =
      user !== '' && !own
        ? `invalid user: '${owner}'`
        : group && gid === undefined
          ? `invalid group: '${owner}'`
          : undefined
    if (unknown !== undefined) {
      call.printError(`${call.argv[0]}: ${unknown}\n`)
      return { exit: 1 }
    }
    let exit = 0
    for (const path of paths) {
      if (!call.files.entry(path)) {
        call.printError(`${call.argv[0]}: cannot access '${path}': No such file or directory\n`)
        exit = 1
        continue
      }
      if (!may(call, 'CHOWN')) {
        call.printError(`${call.argv[0]}: ${path}: Operation not permitted\n`)
        exit = 1
        continue
      }
      for (const one of recursive ? below(call, path) : [path]) {
        const file = call.files.entry(one)
        if (file) call.files.put(one, { ...file, ...(own && { uid: own.uid }), ...(gid !== undefined && { gid }) })
      }
    }
    return { exit }
  },
}

/** A mode as chmod's first argument changes it; `X` is for folders and for what anybody may run already. */
export function changed(mode: number, how: string, folder: boolean): number {
  if (/^[0-7]{1,4}$/.test(how)) return Number.parseInt(how, 8)
  let next = mode
  for (const part of how.split(',')) {
    const match = /^([ugoa]*)([-+=])([rwxX]*)$/.exec(part)
    if (!match) continue
    const who = match[1] === '' || match[1]!.includes('a') ? 'ugo' : match[1]!
    let bits = 0
    for (const letter of match[3]!) {
      const bit = { r: 4, w: 2, x: 1, X: folder || (mode & 0o111) !== 0 ? 1 : 0 }[letter as 'r' | 'w' | 'x' | 'X']
      for (const one of who) bits |= bit << { u: 6, g: 3, o: 0 }[one as 'u' | 'g' | 'o']
    }
    next = match[2] === '+' ? next | bits : match[2] === '-' ? next & ~bits : bits
  }
  return next
}
