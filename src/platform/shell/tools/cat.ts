import type { Tool } from '../tool'
import { forEver, isEndless } from './compute'

export const cat: Tool = {
  name: 'cat',
  about: 'prints files, or what it is given',
  streams: true,
  run(call) {
    const numbered = call.argv.includes('-n')
    const paths = call.argv.slice(1).filter((arg) => arg === '-' || !arg.startsWith('-'))
    let line = 0
    const show = (text: string) => {
      if (!numbered) return call.print(text)
      for (const one of text.replace(/\n$/, '').split('\n')) call.print(`${String(++line).padStart(6)}\t${one}\n`)
    }
    if (paths.length === 0) {
      show(call.stdin.text)
      return call.stdin.ended ? { exit: 0 } : { wait: { input: true }, memory: null }
    }
    if (paths.some(isEndless) && call.discards) return forEver
    let exit = 0
    for (const path of paths) {
      if (path === '-') {
        show(call.stdin.text)
        continue
      }
      const read = call.files.read(path)
      if ('error' in read) {
        call.printError(`cat: ${path}: ${read.error}\n`)
        exit = 1
      } else show(read.text)
    }
    return { exit }
  },
}
