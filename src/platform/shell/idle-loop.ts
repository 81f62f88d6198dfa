import type { Machine } from './machine'
import type { Frame } from './state'
import type { NodeId } from './syntax'

/** Whether a loop, once its condition holds, does nothing for ever: `while :; do :; done`. */
export function turnsIdle(machine: Machine, frame: Frame, node: { condition: NodeId; body: NodeId }): boolean {
  const { nodes } = machine.scriptOf(frame.source)
  const isIdle = (id: NodeId): boolean => {
    const one = nodes[id]!
    if (one.type === 'list') return one.items.every(({ node: item, background }) => !background && isIdle(item))
    if (one.type !== 'simple' || one.words.length !== 1 || one.assignments.length > 0 || one.redirects.length > 0)
      return false
    const [word = []] = one.words
    const [part] = word
    const name = word.length === 1 && part && 'text' in part ? part.text : ''
    return name === ':' || name === 'true'
  }
  return isIdle(node.condition) && isIdle(node.body)
}
