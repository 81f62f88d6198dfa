import { useEffect, useState } from 'react'
import type { CheckedDockerfile } from '../../docker/dockerfile'
import type { Checked } from '../../kubernetes'
import { useDesk } from '../desk/use-desk'
import type { FileText } from '../session/protocol'
import { lateWords } from '../words/late'
import { isJudged } from './own-files'

export interface Verdict {
  readonly says: string
  readonly tone: 'good' | 'note' | 'bad'
}

export function verdictOf(checked: Checked | CheckedDockerfile): Verdict | undefined {
  const { verdict, notices, line } = checked
  const isDockerfile = 'warnings' in checked
  const { refusedByBuilder, refusedByApi, takenByBuilder, takenByApi, takenWithWarnings, notInFull } = lateWords.editor
  const warned = 'warnings' in checked ? checked.warnings.length : 0
  switch (verdict) {
    case 'refused':
      return { says: (isDockerfile ? refusedByBuilder : refusedByApi)(line ?? 1), tone: 'bad' }
    case 'partly':
      return { says: notInFull(notices.length), tone: 'note' }
    case 'ok':
      return warned === 0
        ? { says: isDockerfile ? takenByBuilder : takenByApi, tone: 'good' }
        : { says: takenWithWarnings(warned), tone: 'note' }
    default:
      return undefined
  }
}

/** What the API would say of each manifest, before anything is applied; found one after the other, and again when a text changes. */
export function useVerdicts(files: readonly FileText[]): ReadonlyMap<string, Verdict | undefined> {
  const desk = useDesk()
  const [known, setKnown] = useState<ReadonlyMap<string, { readonly text: string; readonly verdict?: Verdict }>>(
    new Map(),
  )
  useEffect(() => {
    const due = files.find(({ path, text }) => isJudged(path) && known.get(path)?.text !== text)
    if (!due) return
    let current = true
    const { path, text } = due
    void desk.client
      .call('checkText', path, text)
      .then(verdictOf, () => undefined)
      .then(
        (verdict) => current && setKnown((before) => new Map(before).set(path, { text, ...(verdict && { verdict }) })),
      )
    return () => {
      current = false
    }
  }, [files, known, desk])
  return new Map([...known].map(([path, { verdict }]) => [path, verdict]))
}
