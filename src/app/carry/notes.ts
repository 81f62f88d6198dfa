import { clockOf } from '../../picture'
import { actorOf } from '../desk/actor'
import type { SentenceLine } from '../session/protocol'
import { lateWords } from '../words/late'

/** The notes of a run as Markdown: what happened, when, by whom, and why. */
export function notesText(title: string, about: string, sentences: readonly SentenceLine[]): string {
  const lines = sentences.map(({ at, by, says, detail }) => {
    return `- \`${clockOf(at)}\` **${plain(actorOf({ by }))}** ${plain(says)}${detail === undefined ? '' : `: ${plain(detail)}`}`
  })
  return `# ${plain(title)}\n\n${plain(about)}\n\n${lines.length === 0 ? lateWords.carry.nothingYet : lines.join('\n')}\n`
}

/** Names may hold anything: none of it is markup. */
const plain = (text: string) => text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#|~]/g, '\\$&')
