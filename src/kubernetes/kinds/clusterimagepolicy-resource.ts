import { keyIn } from '../../platform/registry/signature'
import { type FieldError, invalid, required } from '../api/field-error'
import { subdomain } from '../api/name-rules'
import { ClusterImagePolicy } from './clusterimagepolicy'
import { root } from './fields/meta-fields'
import { ageOf } from './pod-cells'
import { ALL_VERBS, type Resource } from './resource'
import { anything, choice, list, needed, object, text, unmodelled } from './schema'

/**
 * ClusterImagePolicy of sigstore's policy-controller, 0.12, as far as it asks for signatures by a key. The controller is taken as installed: a
 * real cluster has the kind once its manifests have been applied.
 */
export const clusterImagePolicyResource: Resource<ClusterImagePolicy> = {
  group: 'policy.sigstore.dev',
  version: 'v1beta1',
  kind: 'ClusterImagePolicy',
  plural: 'clusterimagepolicies',
  singular: 'clusterimagepolicy',
  shortNames: ['cip'],
  categories: ['all', 'sigstore'],
  namespaced: false,
  verbs: ALL_VERBS,
  subresources: [],
  store: ClusterImagePolicy,
  schema: root(
    'ClusterImagePolicy',
    'Which images must be signed, and by whom, in namespaces that ask for it by a label.',
    {
      spec: needed(
        object('ClusterImagePolicySpec', 'What is asked of images.', {
          images: list(
            object('ImagePattern', 'Images by their names.', {
              glob: text('`registry:5000/shop*`, `**`: * stands for anything but a slash, ** for anything.'),
            }),
            'To which images it applies.',
          ),
          authorities: list(
            object('Authority', 'Somebody whose signature is good.', {
              name: text('What messages call it; authority-0 and so on by default.'),
              key: object('KeyRef', 'A public key.', {
                data: text('The key itself: what cosign has written into cosign.pub.'),
                secretRef: unmodelled(anything('A secret of cosign-system with the key.'), 'nothing is signed by it'),
                kms: unmodelled(text('A key of a cloud.'), 'nothing is signed by it'),
                hashAlgorithm: unmodelled(text('sha256 unless said.')),
              }),
              static: object('StaticRef', 'Without looking at signatures.', {
                action: choice(['fail', 'pass'], 'All images pass, or none.'),
              }),
              keyless: unmodelled(anything('An identity of Fulcio.'), 'nothing is signed by it'),
              ctlog: unmodelled(anything('A transparency log.'), 'it is not asked'),
              attestations: unmodelled(anything('Statements about the image.'), 'they are not looked for'),
              source: unmodelled(anything('Where signatures are.'), 'they are beside the image'),
              rfc3161timestamp: unmodelled(anything('A time stamp.')),
            }),
            'One of them has to have signed.',
          ),
          mode: choice(['enforce', 'warn'], 'What is not signed is refused, or only warned of.'),
          match: unmodelled(anything('Only these kinds.'), 'all that make pods are judged'),
          policy: unmodelled(anything('A policy in CUE or Rego over the results.')),
        }),
      ),
    },
  ),
  nameRule: subdomain,
  counted: true,
  complete: (given) => ({ ...given, spec: { mode: 'enforce', ...given.spec } }),
  validate: ({ spec }) => validate(spec),
  columns: [{ name: 'Name' }, { name: 'Age' }],
  cells: ({ metadata }, { now }) => [metadata.name, ageOf(metadata.creationTimestamp, now)],
}

function validate({ images = [], authorities = [] }: ClusterImagePolicy['spec']): FieldError[] {
  const errors: FieldError[] = []
  if (images.length === 0) errors.push(required('spec.images'))
  for (const [i, { glob }] of images.entries()) if (!glob) errors.push(required(`spec.images[${i}].glob`))
  if (authorities.length === 0) errors.push(required('spec.authorities'))
  for (const [i, { key, static: fixed, keyless }] of authorities.entries()) {
    const at = `spec.authorities[${i}]`
    if (!key && !fixed && !keyless) errors.push(required(at, 'one of key, keyless, static is needed'))
    if (key?.data !== undefined && keyIn(key.data) === undefined)
      errors.push(invalid(`${at}.key.data`, key.data.slice(0, 80), 'PEM decoding failed'))
  }
  return errors
}
