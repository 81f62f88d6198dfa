import type { Post } from '../../engine/plan'
import type { Run } from './command'

/** Lines typed at the learner's terminal go to a shell that runs in a container. */
export function passInput(run: Run, process: string): void {
  const { text, ended } = run.call.stdin
  const lines = text.split('\n')
  const rest = lines.pop()
  const say = (body: Post['body']): Post => ({ to: 'shell', about: process, body, after: 0 })
  const post = lines.map((line) => say({ do: 'line', text: line }))
  if (rest) post.push(say({ do: 'input', text: rest }))
  if (ended) post.push(say({ do: 'line', text: 'exit' }))
  if (post.length > 0) run.call.apply({ post })
}
