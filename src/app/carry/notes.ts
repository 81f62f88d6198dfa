import { clockOf } from '../../picture'
import type { SentenceLine } from '../session/protocol'

/** The notes of a run as Markdown: what happened, when, by whom, and why. */
export function notesText(title: string, about: string, sentences: readonly SentenceLine[]): string {
  const lines = sentences.map(({ at, by, says, detail }) => {
    const who = by === 'you' ? 'You' : by
    return `- \`${clockOf(at)}\` **${plain(who)}** ${plain(says)}${detail === undefined ? '' : `: ${plain(detail)}`}`
  })
  return `# ${plain(title)}\n\n${plain(about)}\n\n${lines.length === 0 ? 'Nothing has happened yet.' : lines.join('\n')}\n`
}

/** Names may hold anything: none of it is markup. */
const plain = (text: string) => text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#|~]/g, '\\$&')
