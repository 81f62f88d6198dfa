import { type Environment, expand } from './expand'
import { DockerfileError } from './problem'

/** `<<NAME`: text in the Dockerfile that an instruction takes as a file. */
export interface HeredocMark {
  readonly name: string
  /** Before the mark: `3<<EOF`. */
  readonly fileDescriptor: number
  /** `<<-`: leading tabs go. */
  readonly chomp: boolean
  /** No part of the name is quoted. */
  readonly expands: boolean
}

export interface Heredoc extends HeredocMark {
  /** As it is written, tabs included. */
  readonly content: string
}

const MARK = /^(\d*)<<(-?)([^<]*)$/
const NOTHING: Environment = new Map()
const quotes = (text: string) => text.replace(/[^'"]/g, '').length

/** Reads one word; undefined if it is no mark of a here-document. Throws if its quotes do not match. */
export function heredocMark(word: string): HeredocMark | undefined {
  const match = MARK.exec(word)
  if (match === null || match[3] === '') return undefined
  const { words } = expand(match[3]!, NOTHING, { keepUnset: true })
  if (words.length !== 1) return undefined
  const raw = expand(match[3]!, NOTHING, { keepUnset: true, rawQuotes: true }).words
  return {
    name: words[0]!,
    fileDescriptor: Number(match[1] === '' ? '0' : match[1]),
    chomp: match[2] === '-',
    expands: quotes(words[0]!) === quotes(raw.join('')),
  }
}

/** The marks in an instruction, in order. */
export function heredocMarks(line: string): HeredocMark[] {
  if (!line.includes('<<')) return []
  let words: readonly string[]
  try {
    words = expand(line, NOTHING, { keepUnset: true, rawQuotes: true, rawEscapes: true }).words
  } catch (error) {
    // a command that the shell will not read either has no here-documents
    if (error instanceof DockerfileError) return []
    throw error
  }
  return words.flatMap((word) => heredocMark(word) ?? [])
}

/** Without the tabs at the beginnings of its lines. */
export const chomped = (content: string): string => content.replace(/^\t+/gm, '')

/** What the instruction gets: chomped if asked for. */
export const contentOf = (heredoc: Heredoc): string => (heredoc.chomp ? chomped(heredoc.content) : heredoc.content)
