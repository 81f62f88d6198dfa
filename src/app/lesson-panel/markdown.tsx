import { marked, type Token, type Tokens } from 'marked'
import { Fragment, type ReactNode } from 'react'

/**
 * A lesson's text. The tokens of the Markdown become React elements one by one: raw HTML in it is shown as what it is,
 * text, and only addresses of the web and of this page become links.
 */
export function Markdown({ text, command }: { text: string; command: (line: string) => ReactNode }) {
  return <>{blocks(marked.lexer(text), command)}</>
}

type Command = (line: string) => ReactNode

function blocks(tokens: readonly Token[], command: Command): ReactNode {
  return tokens.map((token, i) => <Fragment key={`${i} ${token.type}`}>{block(token, command)}</Fragment>)
}

function block(token: Token, command: Command): ReactNode {
  switch (token.type) {
    case 'paragraph':
      return <p>{inlines((token as Tokens.Paragraph).tokens)}</p>
    case 'heading':
      return <h3>{inlines((token as Tokens.Heading).tokens)}</h3>
    case 'blockquote':
      return <blockquote>{blocks((token as Tokens.Blockquote).tokens, command)}</blockquote>
    case 'list': {
      const list = token as Tokens.List
      const items = list.items.map((item, i) => <li key={`${i} ${item.raw.length}`}>{blocks(item.tokens, command)}</li>)
      return list.ordered ? <ol>{items}</ol> : <ul>{items}</ul>
    }
    case 'code': {
      const code = token as Tokens.Code
      if (code.lang === 'run')
        return (
          <>
            {code.text.split('\n').map((line, i) => (
              <Fragment key={`${i} ${line}`}>{command(line)}</Fragment>
            ))}
          </>
        )
      return (
        <pre>
          <code>{code.text}</code>
        </pre>
      )
    }
    case 'hr':
      return <hr />
    case 'space':
      return null
    case 'table':
      return <Table table={token as Tokens.Table} />
    case 'text': {
      const text = token as Tokens.Text
      return text.tokens ? inlines(text.tokens) : text.text
    }
    default:
      return token.raw
  }
}

function Table({ table }: { table: Tokens.Table }) {
  return (
    <table>
      <thead>
        <tr>
          {table.header.map((cell, i) => (
            <th key={`${i} ${cell.text}`}>{inlines(cell.tokens)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((row, i) => (
          <tr key={`${i} ${row[0]?.text}`}>
            {row.map((cell, j) => (
              <td key={`${j} ${cell.text}`}>{inlines(cell.tokens)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function inlines(tokens: readonly Token[] | undefined): ReactNode {
  return (tokens ?? []).map((token, i) => <Fragment key={`${i} ${token.type}`}>{inline(token)}</Fragment>)
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
}
const plain = (text: string) => text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity)

function inline(token: Token): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong>{inlines((token as Tokens.Strong).tokens)}</strong>
    case 'em':
      return <em>{inlines((token as Tokens.Em).tokens)}</em>
    case 'del':
      return <del>{inlines((token as Tokens.Del).tokens)}</del>
    case 'codespan':
      return <code>{plain((token as Tokens.Codespan).text)}</code>
    case 'br':
      return <br />
    case 'link': {
      const link = token as Tokens.Link
      return safeAddress(link.href) ? <a href={link.href}>{inlines(link.tokens)}</a> : inlines(link.tokens)
    }
    case 'escape':
    case 'text': {
      const text = token as Tokens.Text
      return text.tokens ? inlines(text.tokens) : plain(text.text)
    }
    default:
      return token.raw
  }
}

/** Web addresses and places of this page; never `javascript:` and its kin. */
export function safeAddress(address: string): boolean {
  return /^(https?:\/\/|[#?]|\.{0,2}\/)/i.test(address)
}
