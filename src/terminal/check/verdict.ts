/** What a check says of one file. */
export interface Notice {
  readonly line: number
  /** Where in the file: `spec.template.spec.hostname`. */
  readonly path: string
  readonly label: 'simplified' | 'not modelled' | 'missing'
  readonly text: string
}

export interface FileVerdict {
  /** Kinds of the documents, joined by commas. */
  readonly kind: string
  readonly verdict: 'ok' | 'partly' | 'refused' | 'skipped'
  readonly notices: readonly Notice[]
  /** The real tool's error, when refused; why, when skipped. */
  readonly problem?: string
}
