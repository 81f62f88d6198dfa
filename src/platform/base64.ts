/** The base64 of a text's UTF-8 bytes. */
export function toBase64(text: string): string {
  let binary = ''
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** How many bytes a base64 text stands for; white space does not count. */
export function base64Length(encoded: string): number {
  const text = encoded.replace(/\s/g, '')
  return Math.floor((text.length * 3) / 4) - (/=*$/.exec(text)?.[0].length ?? 0)
}

/** The text behind base64, read as UTF-8: bytes that are none become U+FFFD. undefined: it is no base64. */
export function fromBase64(encoded: string): string | undefined {
  const text = encoded.replace(/\s/g, '')
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  return new TextDecoder().decode(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)))
}
