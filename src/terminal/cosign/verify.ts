import { LAB_EPOCH } from '../../engine'
import type { Json } from '../../engine/json'
import { sha256 } from '../../engine/sha256'
import { toBase64 } from '../../platform/base64'
import { parseReference } from '../../platform/image/reference'
import type { Manifest, Signature } from '../../platform/registry/content'
import { fullRepository, keyIn, signatureTag, validBy } from '../../platform/registry/signature'
import type { Run } from '../docker/run'
import { failed } from './passwords'
import { Asking } from './registry'
import { digestOf } from './sign'

/** Exit statuses after cmd/cosign/errors/exit_codes.go. */
const NO_SIGNATURES = 10
const NO_SUCH_TAG = 11
const NO_MATCH = 12

/** As `verify` prints them: one JSON object a signature, with what the log has certified. */
function shown({ payload, logIndex }: Signature): unknown {
  const body = JSON.parse(payload) as object
  if (logIndex === undefined) return body
  return {
    ...body,
    optional: {
      Bundle: {
        SignedEntryTimestamp: `MEUCIQ${toBase64(sha256(`set ${payload}`)).slice(0, 58)}=`,
        Payload: {
          body: toBase64(JSON.stringify({ apiVersion: '0.0.1', kind: 'hashedrekord' })),
          integratedTime: Math.floor(LAB_EPOCH / 1000),
          logIndex,
          logID: 'c0d23d6ad406973f9559f3ba2d1ca01f84147d8ffc5b8445c224f98b9591801d',
        },
      },
    },
  }
}

function signaturesOf(run: Run, image: string, digest: string): readonly Signature[] {
  const asking = new Asking(run.call, image, run.on('allow-http-registry') || run.on('allow-insecure-registry'))
  const answer = asking.ask('GET', `manifests/${signatureTag(digest)}`)
  asking.commit()
  return 'status' in answer && answer.status === 200 ? ((JSON.parse(answer.body) as Manifest).signatures ?? []) : []
}

/** `cosign verify --key cosign.pub IMAGE`: after cmd/cosign/cli/verify/verify.go of 2.6. */
export function verify(run: Run): number {
  const key = run.value('key')
  if (key === undefined) {
    run.notice(
      'Verification without a key asks for certificates of Fulcio, which are not modelled: use --key cosign.pub',
    )
    return failed(run, 'verification without --key is not modelled here', 1)
  }
  const read = run.call.files.read(key)
  if ('error' in read) return failed(run, `loading public key: open ${key}: ${read.error.toLowerCase()}`, 1)
  const body = keyIn(read.text)
  if (body === undefined) return failed(run, 'loading public key: PEM decoding failed', 1)
  const ignores = run.on('insecure-ignore-tlog')
  if (ignores)
    run.error(
      'WARNING: Skipping tlog verification is an insecure practice that lacks transparency and auditability verification for the signature.\n',
    )
  for (const image of run.args) {
    if ('error' in parseReference(image))
      return failed(run, `parsing reference: could not parse reference: ${image}`, 1)
    const found = run.loop<Json, Json>(null, () => ({ done: digestOf(run, image) as unknown as Json })) as unknown as
      | { readonly digest: string }
      | { readonly error: string }
    if ('error' in found) return failed(run, found.error, found.error.includes('MANIFEST_UNKNOWN') ? NO_SUCH_TAG : 1)
    const all = run.loop<Json, Json>(null, () => ({
      done: signaturesOf(run, image, found.digest) as unknown as Json,
    })) as unknown as readonly Signature[]
    run.loop<Json, boolean>(null, (state) => (state === null ? { wait: { millis: 420 }, state: true } : { done: true }))
    if (all.length === 0) return failed(run, 'no signatures found', NO_SIGNATURES)
    const valid = validBy(all, body, found.digest)
    if (valid.length === 0)
      return failed(run, 'no matching signatures: invalid signature when validating ASN.1 encoded signature', NO_MATCH)
    const good = ignores ? valid : valid.filter(({ logIndex }) => logIndex !== undefined)
    if (good.length === 0)
      return failed(run, 'no matching signatures: signature not found in transparency log', NO_MATCH)
    const checks = [
      'The cosign claims were validated',
      ...(good.some(({ logIndex }) => logIndex !== undefined)
        ? ['Existence of the claims in the transparency log was verified offline']
        : []),
      'The signatures were verified against the specified public key',
    ]
    const colon = image.lastIndexOf(':')
    const name = `${fullRepository(image)}${image.includes('@') ? image.slice(image.indexOf('@')) : colon > image.lastIndexOf('/') ? image.slice(colon) : ':latest'}`
    run.error(
      `\nVerification for ${name} --\nThe following checks were performed on each of these signatures:\n${checks.map((one) => `  - ${one}\n`).join('')}`,
    )
    run.print(
      run.value('output') === 'text'
        ? good.map(({ payload }) => `${payload}\n`).join('')
        : `\n${JSON.stringify(good.map(shown))}\n`,
    )
  }
  return 0
}
