export interface Token {
  readonly token: 'EOF' | 'ident' | 'error' | 'in' | 'notin' | '!' | '=' | '==' | '!=' | '>' | '<' | '(' | ')' | ','
  readonly text: string
}

const SYMBOLS = new Set(['!', '=', '==', '!=', '>', '<', '(', ')', ','])
const isSpace = (c: string) => c === ' ' || c === '\t' || c === '\r' || c === '\n'
const isSpecial = (c: string) => '=!(),><'.includes(c)

/** Cuts a label selector into tokens, the end left out. Blanks, tabs and line ends mean nothing. */
export function lex(text: string): Token[] {
  const tokens: Token[] = []
  let i = 0
  while (i < text.length) {
    if (isSpace(text[i]!)) i++
    else if (isSpecial(text[i]!)) {
      // the longest symbol that can be read here: `==` before `=`
      let end = i + 1
      let best = SYMBOLS.has(text[i]!) ? end : 0
      while (end < text.length && isSpecial(text[end]!)) {
        end++
        if (SYMBOLS.has(text.slice(i, end))) best = end
        else if (best > 0) break
      }
      if (best === 0) tokens.push({ token: 'error', text: `error expected: keyword found '${text.slice(i, end)}'` })
      else tokens.push({ token: text.slice(i, best) as Token['token'], text: text.slice(i, best) })
      i = best === 0 ? end : best
    } else {
      let end = i
      while (end < text.length && !isSpace(text[end]!) && !isSpecial(text[end]!)) end++
      const word = text.slice(i, end)
      tokens.push({ token: word === 'in' || word === 'notin' ? word : 'ident', text: word })
      i = end
    }
  }
  return tokens
}
