import { type CST, type Document, LineCounter, Parser, parseAllDocuments } from 'yaml'

/** All documents of one text together may be this long. */
export const MOST_MANIFEST_CHARACTERS = 3 * 1024 * 1024
const MOST_ALIASES = 100
const DEEPEST = 100
const TOO_DEEP = `yaml: exceeded max depth of ${DEEPEST}`

export interface ManifestDocument {
  /** Plain JSON; undefined for an empty document. */
  readonly value: unknown
  /** The line (from 1) on which a field stands: `spec.containers[0].image`; the nearest field around it that is there. */
  lineOf(path: string): number
}

export type ManifestText =
  | { readonly documents: readonly ManifestDocument[] }
  | { readonly error: string; readonly line: number }

/** Parses YAML or JSON into its documents, within bounds of size, aliases and depth; an error in kubectl's words. */
export function parseManifestText(text: string): ManifestText {
  if (text.length > MOST_MANIFEST_CHARACTERS)
    return { error: `the manifest is longer than ${MOST_MANIFEST_CHARACTERS} characters`, line: 1 }
  if (nestsTooDeep(text)) return { error: TOO_DEEP, line: 1 }
  const lines = new LineCounter()
  const documents: ManifestDocument[] = []
  // YAML 1.1 as kubectl reads it: `yes` is true, `0644` is octal
  const parsed = parseAllDocuments(text, { uniqueKeys: true, lineCounter: lines, version: '1.1', merge: true })
  if (!Array.isArray(parsed)) return { documents: [] }
  for (const document of parsed) {
    const [problem] = document.errors
    if (problem) {
      const line = lines.linePos(problem.pos[0]).line
      return { error: yamlError(problem, line), line }
    }
    const value = plainOf(document)
    if ('error' in value) return { error: value.error, line: 1 }
    documents.push({ value: value.value, lineOf: (path) => lineOf(document, lines, path) })
  }
  return { documents }
}

/** Parses YAML or JSON that is one document, within the same bounds; what follows a first document is not read. */
export function parseYamlText(
  text: string,
): { readonly value: unknown } | { readonly error: string; readonly line: number } {
  const parsed = parseManifestText(text)
  return 'error' in parsed ? parsed : { value: parsed.documents[0]?.value }
}

function plainOf(document: Document.Parsed): { readonly value: unknown } | { readonly error: string } {
  try {
    const value = document.toJS({ maxAliasCount: MOST_ALIASES })
    if (depthOf(value) > DEEPEST) return { error: TOO_DEEP }
    return { value: value === null ? undefined : plain(value) }
  } catch (error) {
    // the library refuses documents whose aliases would grow beyond bounds
    return {
      error: `yaml: ${error instanceof ReferenceError ? 'document contains excessive aliasing' : String(error)}`,
    }
  }
}

const SAID: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'found character that cannot start any token',
  BAD_INDENT: 'did not find expected key',
  MULTILINE_IMPLICIT_KEY: "could not find expected ':'",
  BLOCK_AS_IMPLICIT_KEY: 'mapping values are not allowed in this context',
  MISSING_CHAR: "did not find expected ',' or '}'",
  UNEXPECTED_TOKEN: 'did not find expected node content',
  BAD_ALIAS: 'unknown anchor referenced',
  IMPOSSIBLE: 'did not find expected key',
}

interface YamlProblem {
  readonly code: string
  readonly message: string
}

function yamlError({ code, message }: YamlProblem, line: number): string {
  if (code === 'DUPLICATE_KEY')
    return `yaml: unmarshal errors:\n  line ${line}: key ${keyIn(message)} already set in map`
  return `yaml: line ${line}: ${SAID[code] ?? message.split('\n')[0]}`
}

/** The library shows the line with the key; its first word is the key. */
function keyIn(message: string): string {
  const shown = message
    .split('\n')
    .slice(1)
    .find((row) => /\S/.test(row))
  const key = /^\s*-?\s*['"]?([^'":\s]+)/.exec(shown ?? '')?.[1]
  return key === undefined ? '' : JSON.stringify(key)
}

/** Deep enough for a parser that calls itself to run out of stack, which happens earlier on one machine than on another. */
function nestsTooDeep(text: string): boolean {
  const opened = text.match(/[[{]/g)?.length ?? 0
  if (opened <= DEEPEST && !DEEP_BLOCK.test(text)) return false
  const open: { readonly token: CST.Token | null | undefined; readonly depth: number }[] = []
  for (const token of new Parser().parse(text)) open.push({ token, depth: 0 })
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next
    if (depth > DEEPEST) return true
    if (!token) continue
    if (token.type === 'document') open.push({ token: token.value, depth })
    else if ('items' in token)
      for (const item of token.items) {
        if ('key' in item) open.push({ token: item.key, depth: depth + 1 })
        if ('value' in item) open.push({ token: item.value, depth: depth + 1 })
      }
  }
  return false
}

const DEEP_BLOCK = new RegExp(`^[ \\t?:-]{${DEEPEST}}`, 'm')

function depthOf(value: unknown, depth = 0): number {
  if (depth > DEEPEST || typeof value !== 'object' || value === null) return depth
  let deepest = depth
  for (const inner of Object.values(value)) deepest = Math.max(deepest, depthOf(inner, depth + 1))
  return deepest
}

/** Keys are text in JSON; dates become the text they were. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Map) return plain(Object.fromEntries([...value].map(([key, inner]) => [String(key), inner])))
  if ('toISOString' in value) return (value as { toISOString(): string }).toISOString().replace('.000Z', 'Z')
  // by entries: a key `__proto__` is a key like any other, and nobody's prototype
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
}

/** `spec.ports[0].port` → ['spec', 'ports', 0, 'port'] */
const stepsOf = (path: string): (string | number)[] =>
  [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) => (index === undefined ? name! : Number(index)))

function lineOf(document: Document.Parsed, lines: LineCounter, path: string): number {
  let node: any = document.contents
  let at: number = node?.range?.[0] ?? 0
  for (const step of stepsOf(path)) {
    const pair = node?.items?.find?.((item: any) => String(item?.key?.value ?? item?.key) === step)
    const next = typeof step === 'number' ? node?.items?.[step] : pair?.value
    const place = typeof step === 'number' ? next?.range?.[0] : pair?.key?.range?.[0]
    if (place === undefined) break
    at = place
    node = next
  }
  return lines.linePos(at).line
}
