export interface FieldRequirement {
  readonly field: string
  readonly equals: boolean
  readonly value: string
}

/** Reads `status.phase!=Running,spec.nodeName=worker-1` (fields.ParseSelector; `\` before `,`, `=` or itself is kept out). */
export function parseFieldSelector(
  text: string,
): { readonly fields: readonly FieldRequirement[] } | { readonly error: string } {
  const fields: FieldRequirement[] = []
  for (const term of terms(text)) {
    if (term === '') continue
    const match = /^((?:\\.|[^\\=!])*?)(!=|==|=)(.*)$/s.exec(term)
    if (!match) return { error: `invalid selector: '${text}'; can't understand '${term}'` }
    fields.push({ field: match[1]!, equals: match[2] !== '!=', value: match[3]!.replace(/\\(.)/gs, '$1') })
  }
  return { fields }
}

function terms(text: string): string[] {
  const found: string[] = []
  let start = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === ',') {
      found.push(text.slice(start, i))
      start = i + 1
    }
  }
  found.push(text.slice(start))
  return found
}
