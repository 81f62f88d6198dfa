import type { World } from '../../engine/kind'
import { sha256 } from '../../engine/sha256'
import { toBase64 } from '../base64'
import { digestOf } from '../image/hex'
import { parseReference, withDefaultTag } from '../image/reference'
import { resolveImage } from '../image/resolve'
import type { Repository, Signature } from './content'
import { isFromRegistry } from './fetch'
import { pushedImage, repositoryOf } from './pushed'

/** Every public key on the curve P-256 begins so, in base64. */
const SPKI = 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE'

const binary = (hex: string): string => hex.replace(/../g, (byte) => String.fromCharCode(Number.parseInt(byte, 16)))

const base64 = (hex: string): string => toBase64Binary(binary(hex))

/** Base64 of bytes, each a character below 256. */
export function toBase64Binary(bytes: string): string {
  const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = [bytes.charCodeAt(i), bytes.charCodeAt(i + 1), bytes.charCodeAt(i + 2)]
    const has = bytes.length - i
    const bits = (a << 16) | ((has > 1 ? b! : 0) << 8) | (has > 2 ? c! : 0)
    text += `${signs[bits >> 18]}${signs[(bits >> 12) & 63]}${has > 1 ? signs[(bits >> 6) & 63] : '='}${has > 2 ? signs[bits & 63] : '='}`
  }
  return text
}

const wrapped = (text: string): string => text.replace(/.{64}(?=.)/g, '$&\n')

/** A key pair. Simplified: keys and signatures look like those of ECDSA and are hashes; who has the private key's file and its password can sign. */
export const publicKeyOf = (secret: string): string =>
  `-----BEGIN PUBLIC KEY-----\n${wrapped(SPKI + base64(sha256(`x ${secret}`) + sha256(`y ${secret}`)))}\n-----END PUBLIC KEY-----\n`

/** The body of a public key; undefined: the text is none. */
export const keyIn = (pem: string): string | undefined =>
  /-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----/.exec(pem)?.[1]?.replace(/\s+/g, '')

/** `MEUCIQ…`: what signs a payload, by the public key that belongs to who signs. */
export const signatureBy = (key: string, payload: string): string =>
  `MEUCIQ${toBase64(sha256(`${key} ${payload}`)).slice(0, 90)}`

/** What is signed: simple signing, as containers/image has it: the digest of an image, and by what name it was signed. */
export const payloadOf = (repository: string, digest: string): string =>
  JSON.stringify({
    critical: {
      identity: { 'docker-reference': repository },
      image: { 'docker-manifest-digest': digest },
      type: 'cosign container image signature',
    },
    optional: null,
  })

/** The tag beside an image under which its signatures are kept: `sha256-….sig`. */
export const signatureTag = (digest: string): string => `${digest.replace(':', '-')}.sig`

/** `index.docker.io/you/soup`: as go-containerregistry names a repository. */
export function fullRepository(text: string): string {
  const parsed = parseReference(text)
  if ('error' in parsed) return text
  const { domain, path } = parsed.reference
  return `${domain === 'docker.io' ? 'index.docker.io' : domain}/${path}`
}

/** The digest that a name means in its registry, and the repository; of the catalogue's images no signatures are known. */
export function registered(
  world: World,
  text: string,
): { readonly digest: string; readonly repository: Repository | undefined } | undefined {
  const pushed = pushedImage(world, text)
  if (pushed) return pushed
  const parsed = parseReference(text)
  if ('error' in parsed) return undefined
  const { domain, path, digest } = withDefaultTag(parsed.reference)
  const answer = resolveImage(text)
  if (answer.found === 'missing' || isFromRegistry(world, text)) return undefined
  return { digest: digest ?? digestOf(`manifest ${answer.image.id}`), repository: repositoryOf(world, domain, path) }
}

export const signaturesIn = (repository: Repository | undefined, digest: string): readonly Signature[] => {
  const tag = repository?.tags[signatureTag(digest)]
  return (tag === undefined ? undefined : repository?.manifests[tag]?.signatures) ?? []
}

/** Whether one of these is by a key, and about an image. */
export const validBy = (list: readonly Signature[], key: string, digest: string): readonly Signature[] =>
  list.filter(({ payload, signature }) => signature === signatureBy(key, payload) && payload.includes(`"${digest}"`))
