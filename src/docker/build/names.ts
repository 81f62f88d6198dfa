import { expand } from '../dockerfile/expand'
import { contentOf } from '../dockerfile/heredoc'
import type { Vertex } from '../dockerfile/vertices'
import type { FoundImage } from './build'

const summary = (text: string): string => {
  const lines = text.trim().replaceAll('\r\n', '\n').split('\n')
  return lines.length > 1 ? `${lines[0]}...` : (lines[0] ?? '')
}

/**
 * A vertex as progress names it: variables that have a value are filled in, here-documents are told by their first line, an image by its full
 * name. Models prefixCommand, processCmdEnv and summarizeHeredoc of dockerfile2llb.
 */
export function stepName(vertex: Vertex, images: Readonly<Record<string, FoundImage>>): string {
  const { name, step, image } = vertex
  if (image !== undefined) {
    const found = images[image]
    const full = found ? `${found.full}${found.local ? '' : `@${found.digest}`}` : image
    const bracket = name.indexOf('] FROM ')
    return bracket < 0 ? `FROM ${full}` : `${name.slice(0, bracket)}] FROM ${full}`
  }
  if (!step) return name
  const cut = name.indexOf('] ') + 2
  const [head, text] = [name.slice(0, cut), name.slice(cut)]
  const { instruction: one, scope } = step
  const shown = text.replace(/^\S+/, (word) => word.toUpperCase())
  if (one.kind === 'RUN' && one.heredocs.length > 0 && one.command.words.length > 0)
    return `${head}${shown} (${summary(contentOf(one.heredocs[0]!))})`
  let filled = shown
  if (shown.includes('$'))
    try {
      filled = expand(shown, scope.env, { keepUnset: true, rawQuotes: true, rawEscapes: true }).text
    } catch {
      filled = shown
    }
  return head + filled
}
