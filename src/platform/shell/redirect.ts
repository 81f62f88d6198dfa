import { type Scope, textOfWord } from './expand'
import type { Machine } from './machine'
import type { End, Thread } from './state'
import type { Redirect } from './syntax'

/** Opens redirections in order; `saved` is what to put back. A file that cannot be opened ends it with the C library's words. */
export function openRedirects(
  machine: Machine,
  thread: Thread,
  redirects: readonly Redirect[],
  scope: Scope,
): { saved: Record<string, End | null> } | { problem: string } {
  const wanted: [number, End][] = []
  const files = machine.filesOf(thread)
  const endOf = (fd: number): End | undefined => wanted.findLast(([n]) => n === fd)?.[1] ?? thread.ends[String(fd)]
  for (const redirect of redirects) {
    const target = textOfWord(redirect.target, scope)
    const { kind, fd } = redirect
    if (kind === '<<') wanted.push([fd, { text: target }])
    else if (kind === '<<<') wanted.push([fd, { text: `${target}\n` }])
    else if (kind === '>&' || kind === '<&') {
      if (target === '-') wanted.push([fd, { nothing: true }])
      else if (/^\d+$/.test(target)) {
        const end = endOf(Number(target))
        if (!end) return { problem: `${target}: Bad file descriptor` }
        wanted.push([fd, end])
      } else {
        const end = opened(target, false)
        if ('problem' in end) return end
        wanted.push([1, end], [2, end])
      }
    } else if (kind === '<') {
      if (target === '/dev/null') wanted.push([fd, { nothing: true }])
      else if (target === '/dev/stdin') continue
      else {
        const read = files.read(target)
        if ('error' in read) return { problem: `${target}: ${read.error}` }
        wanted.push([fd, { text: read.text }])
      }
    } else {
      const end = opened(target, kind === '>>' || kind === '&>>')
      if ('problem' in end) return end
      if (kind === '&>' || kind === '&>>') wanted.push([1, end], [2, end])
      else wanted.push([fd, end])
    }
  }
  const saved: Record<string, End | null> = {}
  for (const [fd, end] of wanted) {
    const name = String(fd)
    if (!(name in saved)) saved[name] = thread.ends[name] ?? null
    thread.ends[name] = end
  }
  return { saved }

  function opened(path: string, append: boolean): End | { problem: string } {
    if (path === '/dev/null') return { nothing: true }
    if (path === '/dev/stdout') return endOf(1) ?? { nothing: true }
    if (path === '/dev/stderr' || path === '/dev/tty') return endOf(2) ?? { nothing: true }
    const problem = files.write(path, '', { append })
    if (problem) return { problem: `${path}: ${problem.error}` }
    return { file: files.resolve(path) }
  }
}

export function restoreEnds(thread: Thread, saved: Record<string, End | null>): void {
  for (const [fd, end] of Object.entries(saved)) {
    if (end === null) delete thread.ends[fd]
    else thread.ends[fd] = end
  }
}
