import type { Json } from '../../engine/json'
import { sha256 } from '../../engine/sha256'
import { parseReference, withDefaultTag } from '../../platform/image/reference'
import type { Manifest, Signature } from '../../platform/registry/content'
import {
  fullRepository,
  keyIn,
  payloadOf,
  registered,
  signatureBy,
  signatureTag,
} from '../../platform/registry/signature'
import { fail } from '../cli/failure'
import type { Run } from '../docker/run'
import { opened } from './keys'
import { askedFor, failed, passwordFor } from './passwords'
import { Asking } from './registry'

const TAGGED = (
  image: string,
) => `WARNING: Image reference ${image} uses a tag, not a digest, to identify the image to sign.
    This can lead you to sign a different image than the intended one. Please use a
    digest (example.com/ubuntu@sha256:abc123...) rather than tag
    (example.com/ubuntu:latest) for the input to cosign. The ability to refer to
    images by tag will be removed in a future release.

`

const STATEMENT = `
	The sigstore service, hosted by sigstore a Series of LF Projects, LLC, is provided pursuant to the Hosted Project Tools Terms of Use, available at https://lfprojects.org/policies/hosted-project-tools-terms-of-use/.
	Note that if your submission includes personal data associated with this signed artifact, it will be part of an immutable record.
	This may include the email address associated with the account with which you authenticate your contractual Agreement.
	This information will be used for signing this artifact and will be stored in public transparency logs and cannot be removed later, and is subject to the Immutable Record notice at https://lfprojects.org/policies/hosted-project-tools-immutable-records/.

By typing 'y', you attest that (1) you are not submitting the personal data of any other person; and (2) you understand and agree to the statement and the Agreement terms at the URLs listed above.
`

/** The number of the entry in the transparency log. Simplified: there is none; the number follows from what is signed. */
const logIndex = (payload: string): number =>
  150_000_000 + (Number.parseInt(sha256(payload).slice(0, 7), 16) % 400_000_000)

/** `cosign sign --key cosign.key IMAGE`: after cmd/cosign/cli/sign/sign.go of 2.6. */
export function sign(run: Run): number {
  const [image = ''] = run.args
  const key = run.value('key')
  if (key === undefined) {
    run.notice(
      'Signing without a key asks an identity provider in a browser, which is not modelled: use --key cosign.key',
    )
    return failed(run, 'signing without --key is not modelled here', 1)
  }
  const signing = (why: string): number => failed(run, `signing [${image}]: ${why}`, 1)
  const read = run.call.files.read(key)
  if ('error' in read) return signing(`getting signer: reading key: open ${key}: ${read.error.toLowerCase()}`)
  const password = passwordFor(run, 'Enter password for private key: ')
  const pair = opened(read.text, password)
  if ('error' in pair) return signing(`getting signer: ${pair.error}`)
  const parsed = parseReference(image)
  if ('error' in parsed) return signing(`parsing reference: could not parse reference: ${image}`)
  const reference = withDefaultTag(parsed.reference)
  if (reference.digest === undefined) run.error(TAGGED(image))
  const found = run.loop<Json, Json>(null, () => ({ done: digestOf(run, image) as unknown as Json })) as unknown as
    | { readonly digest: string }
    | { readonly error: string }
  if ('error' in found) return signing(`accessing entity: ${found.error}`)
  const logs = run.value('tlog-upload') !== 'false'
  if (logs) {
    run.error(STATEMENT)
    if (!run.on('yes') && !/^y(es)?$/i.test(askedFor(run, 'Are you sure you would like to continue? [y/N] ').trim()))
      return signing('should upload to tlog: user declined the prompt')
  }
  run.loop<Json, boolean>(null, (state) =>
    state === null ? { wait: { millis: logs ? 900 : 350 }, state: true } : { done: true },
  )
  const payload = payloadOf(fullRepository(image), found.digest)
  const index = logs ? logIndex(payload) : undefined
  if (index !== undefined) run.error(`tlog entry created with index: ${index}\n`)
  run.error(`Pushing signature to: ${fullRepository(image)}\n`)
  const signature: Signature = {
    payload,
    signature: signatureBy(keyIn(pair.publicKey)!, payload),
    ...(index !== undefined && { logIndex: index }),
  }
  const problem = run.loop<Json, string>(null, () => ({ done: attach(run, image, found.digest, signature) }))
  return problem === '' ? 0 : signing(`signing digest: ${problem}`)
}

/** What the registry says of an image. */
export function digestOf(run: Run, image: string): { readonly digest: string } | { readonly error: string } {
  const { call } = run
  const asking = new Asking(call, image, run.on('allow-http-registry') || run.on('allow-insecure-registry'))
  const parsed = parseReference(image)
  if ('error' in parsed) return fail(parsed.error)
  const { tag, digest } = withDefaultTag(parsed.reference)
  const rest = `manifests/${digest ?? tag}`
  const answer = asking.ask('GET', rest)
  asking.commit()
  const refusal = asking.refusal(answer, 'GET', rest)
  if ('status' in answer && answer.status === 200) {
    const named = answer.headers?.['docker-content-digest']
    if (named !== undefined) return { digest: named }
  }
  // what nobody has pushed here may be of the catalogue
  const known = 'problem' in answer ? undefined : registered(call.world, image)
  if (known) return { digest: known.digest }
  return { error: 'problem' in answer ? refusal! : `entity not found in registry, error: ${refusal}` }
}

/** Puts one more signature beside an image, or says why it cannot. The same signer's again takes the place of the former. */
function attach(run: Run, image: string, digest: string, signature: Signature): string {
  const asking = new Asking(run.call, image, run.on('allow-http-registry') || run.on('allow-insecure-registry'))
  const rest = `manifests/${signatureTag(digest)}`
  const before = asking.ask('GET', rest)
  const known =
    'status' in before && before.status === 200 ? ((JSON.parse(before.body) as Manifest).signatures ?? []) : []
  const signatures = [...known.filter((one) => one.signature !== signature.signature), signature]
  const layers = signatures.map(({ payload }) => `sha256:${sha256(payload)}`)
  const id = `sha256:${sha256(JSON.stringify({ layers }))}`
  const manifest = {
    digest: `sha256:${sha256(JSON.stringify(signatures))}`,
    id,
    size: 400 + 220 * layers.length,
    layers,
    signatures,
  }
  for (const [i, layer] of layers.entries()) {
    const blob = `blobs/${layer}?size=${signatures[i]!.payload.length}`
    const refusal = asking.refusal(asking.ask('PUT', blob), 'PUT', blob.replace(/\?.*/, ''))
    if (refusal !== undefined) return refusal
  }
  const refusal = asking.refusal(asking.ask('PUT', rest, JSON.stringify(manifest)), 'PUT', rest)
  asking.commit()
  return refusal ?? ''
}
