/** The letters of random suffixes: no vowels and nothing that looks like another letter, so that no words arise. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'
const SUFFIX_LENGTH = 5
/** A generated name has at most 63 characters, 5 of them random. */
const LONGEST_BASE = 58

/** Five random letters from one number in [0, 1): 27⁵ = 14,348,907 possibilities. */
export function randomSuffix(luck: number): string {
  let rest = Math.floor(luck * 14_348_907)
  let suffix = ''
  for (let i = 0; i < SUFFIX_LENGTH; i++) {
    suffix += ALPHABET[rest % 27]
    rest = Math.floor(rest / 27)
  }
  return suffix
}

/** `web-66b6c48dd5-` → `web-66b6c48dd5-x7k2p`; the base is cut so that the whole has at most 63 characters. */
export function generatedName(base: string, luck: number): string {
  return (base.length > LONGEST_BASE ? base.slice(0, LONGEST_BASE) : base) + randomSuffix(luck)
}

/** A number as Kubernetes writes hashes into names: each decimal digit through the alphabet, so only ten letters occur. */
export function safeEncoded(sum: number): string {
  let text = ''
  for (const digit of String(sum >>> 0)) text += ALPHABET[digit.charCodeAt(0) % 27]
  return text
}

const templateHashes = new WeakMap<object, number>()

/**
 * The pod-template-hash of a template: FNV-1a over its text with sorted keys, then over the collision count, then the
 * mapping above. Simplified: the real dump (Go's) differs, so the letters do, though not their look.
 */
export function podTemplateHash(template: object, collisionCount: number | undefined): string {
  let sum = templateHashes.get(template)
  if (sum === undefined) {
    sum = fnv1a(0x811c9dc5, sortedText(template))
    templateHashes.set(template, sum)
  }
  if (collisionCount !== undefined) {
    for (let i = 0; i < 8; i++) sum = Math.imul(sum ^ (i < 4 ? (collisionCount >>> (8 * i)) & 255 : 0), 0x01000193)
  }
  return safeEncoded(sum)
}

function fnv1a(start: number, text: string): number {
  let sum = start
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193)
  return sum
}

/** JSON with the keys of every object in order. */
export function sortedText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(sortedText).join(',')}]`
  const object = value as Record<string, unknown>
  const keys = Object.keys(object).filter((key) => object[key] !== undefined)
  keys.sort((a, b) => (a < b ? -1 : 1))
  return `{${keys.map((key) => `${JSON.stringify(key)}:${sortedText(object[key])}`).join(',')}}`
}
