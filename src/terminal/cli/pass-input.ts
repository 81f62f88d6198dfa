import type { Json } from '../../engine/json'
import type { ToolCall } from '../../platform/shell/tool'

/** What is typed goes to a process: whole lines to a shell that somebody types into (`tty`), everything as it comes to others. */
export function passInput(
  call: Pick<ToolCall, 'apply'>,
  { text, ended }: ToolCall['stdin'],
  process: string,
  tty: boolean,
): void {
  const say = (body: Json) => ({ to: 'shell', about: process, body, after: 0 })
  const lines = tty ? text.split('\n') : []
  const rest = tty ? lines.pop()! : text
  const post = lines.map((line) => say({ do: 'line', text: line }))
  if (rest !== '') post.push(say({ do: 'input', text: rest }))
  if (ended) post.push(say(tty ? { do: 'line', text: 'exit' } : { do: 'end-of-input' }))
  if (post.length > 0) call.apply({ post })
}
