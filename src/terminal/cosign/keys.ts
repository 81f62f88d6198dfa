import { sha256 } from '../../engine/sha256'
import { fromBase64, toBase64 } from '../../platform/base64'
import { publicKeyOf } from '../../platform/registry/signature'
import type { ToolCall } from '../../platform/shell/tool'

const HEAD = '-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----'
const FOOT = '-----END ENCRYPTED SIGSTORE PRIVATE KEY-----'

/** Hexadecimal digits mixed with those of a password: the same again takes it off. Simplified: no scrypt and no box of NaCl. */
function mixed(hex: string, password: string, salt: string): string {
  const pad = sha256(`${salt} ${password}`) + sha256(`${password} ${salt}`)
  return hex.replace(/[0-9a-f]/g, (digit, i: number) =>
    (Number.parseInt(digit, 16) ^ Number.parseInt(pad[i % pad.length]!, 16)).toString(16),
  )
}

/** A secret that two draws never give again. */
export const newSecret = (call: ToolCall): string =>
  sha256(`${call.draw('cosign key', 1)} ${call.draw('cosign key', 2)} ${call.now}`)

/** The text of cosign.key. */
export function sealed(secret: string, password: string): string {
  const salt = sha256(`salt ${secret}`).slice(0, 32)
  const body = {
    kdf: { name: 'scrypt', params: { N: 65_536, r: 8, p: 1 }, salt: toBase64(salt) },
    cipher: { name: 'nacl/secretbox', nonce: toBase64(sha256(`nonce ${secret}`).slice(0, 24)) },
    ciphertext: toBase64(mixed(secret + sha256(secret).slice(0, 16), password, salt)),
  }
  return `${HEAD}\n${toBase64(JSON.stringify(body)).replace(/.{64}(?=.)/g, '$&\n')}\n${FOOT}\n`
}

/** The public key that belongs to the text of a private one; or why it cannot be had. */
export function opened(text: string, password: string): { readonly publicKey: string } | { readonly error: string } {
  const body = text.replace(HEAD, '').replace(FOOT, '').replace(/\s+/g, '')
  if (!text.includes(HEAD) || !text.includes(FOOT)) return { error: 'reading key: invalid pem block' }
  const failed = { error: 'reading key: decrypt: encrypted: decryption failed' }
  try {
    const read = JSON.parse(fromBase64(body) ?? '') as { kdf: { salt: string }; ciphertext: string }
    const hex = mixed(fromBase64(read.ciphertext) ?? '', password, fromBase64(read.kdf.salt) ?? '')
    const secret = hex.slice(0, 64)
    return sha256(secret).slice(0, 16) === hex.slice(64) ? { publicKey: publicKeyOf(secret) } : failed
  } catch {
    return failed
  }
}
