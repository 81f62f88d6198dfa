import type { World } from '../../../engine/kind'
import { pushedImage } from '../../../platform/registry/pushed'
import { fullRepository, keyIn, registered, signaturesIn, validBy } from '../../../platform/registry/signature'
import { ClusterImagePolicy, type ImageAuthority } from '../../kinds/clusterimagepolicy'
import { Namespace } from '../../kinds/namespace'
import type { PodSpec } from '../../kinds/pod'

const LABEL = 'policy.sigstore.dev/include'

/** Where a kind has the specification of its pods. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  Deployment: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
}

const LONGEST_GLOB = 500

/**
 * `registry:5000/shop*`: `*` stands for anything but a slash, `**` for anything. After glob.go of the policy-controller. Place by place, so that no
 * pattern takes long: `reached[j]` says whether what was read so far fits the first j signs of the name.
 */
export function fits(glob: string, name: string): boolean {
  let reached = Array.from({ length: name.length + 1 }, (_, j) => j === 0)
  for (const sign of glob.slice(0, LONGEST_GLOB).match(/\*+|[^*]/g) ?? []) {
    const next: boolean[] = Array.from({ length: name.length + 1 }, () => false)
    for (let j = 0; j <= name.length; j++)
      if (!sign.startsWith('*')) next[j] = j > 0 && reached[j - 1]! && name[j - 1] === sign
      else next[j] = reached[j]! || (j > 0 && next[j - 1]! && (sign.length > 1 || name[j - 1] !== '/'))
    reached = next
  }
  return reached[name.length]!
}

/**
 * What sigstore's policy-controller says of images in a namespace that has its label: each must fit a policy, and bear for every policy that
 * it fits the signature of one of its authorities; and tags are replaced by the digests that they mean, so that a tag that is moved later changes
 * nothing. After pkg/webhook/validator.go. Simplified: signatures are read where they are, not asked for over the network, and names of the
 * catalogue keep their tags.
 */
export class ImagePolicies {
  readonly #world: World
  readonly #policies: readonly ClusterImagePolicy[]
  readonly #known = new Map<string, string | undefined>()

  constructor(world: World) {
    this.#world = world
    this.#policies = world.list(ClusterImagePolicy).map(({ value }) => value)
  }

  /** The object with digests in the place of tags. */
  resolved<T>(kind: string, object: T): T {
    const place = PLACES[kind]
    return place ? (this.#resolvedAt(object, place) as T) : object
  }

  #resolvedAt(object: any, [field, ...rest]: readonly string[]): unknown {
    if (field !== undefined) {
      const inner = this.#resolvedAt(object?.[field], rest)
      return inner === object?.[field] ? object : { ...object, [field]: inner }
    }
    let spec = object
    for (const name of ['initContainers', 'containers']) {
      const list: readonly { readonly image?: string }[] = object?.[name] ?? []
      const next = list.map((one) => {
        const image = this.#digestFor(one.image)
        return image === one.image ? one : { ...one, image }
      })
      if (next.some((one, i) => one !== list[i])) spec = { ...spec, [name]: next }
    }
    return spec
  }

  #digestFor(image: string | undefined): string | undefined {
    if (image === undefined || image.includes('@')) return image
    const pushed = pushedImage(this.#world, image)
    return pushed ? `${fullRepository(image)}@${pushed.digest}` : image
  }

  /** Why an object of this kind is refused, in the words of the API server; undefined: it may be, or makes no pods. */
  refusal(kind: string, object: unknown): string | undefined {
    const place = PLACES[kind]
    const spec = place?.reduce<any>((at, field) => at?.[field], object) as PodSpec | undefined
    if (!place || !spec) return undefined
    const errors: string[] = []
    for (const field of ['initContainers', 'containers'] as const)
      for (const [i, { image }] of (spec[field] ?? []).entries()) {
        const error = this.#judge(image, `${place.join('.')}.${field}[${i}].image`)
        if (error !== undefined) errors.push(error)
      }
    if (errors.length === 0) return undefined
    return `admission webhook "policy.sigstore.dev" denied the request: validation failed: ${errors.join('\n')}`
  }

  #judge(image: string | undefined, path: string): string | undefined {
    if (image === undefined || image === '') return undefined
    let told = this.#known.get(image)
    if (told === undefined && !this.#known.has(image)) {
      told = this.#verdict(image)
      this.#known.set(image, told)
    }
    return told?.replace('\0', path)
  }

  /** The message, with a sign in the place of the path. */
  #verdict(image: string): string | undefined {
    const name = fullRepository(image)
    const found = registered(this.#world, image)
    const reference = found ? `${name}@${found.digest}` : image
    const plain = name.replace(/^index\.docker\.io\//, '')
    const names = [name, plain, `${name}:`, reference, image]
    const matching = this.#policies.filter(({ spec }) =>
      (spec.images ?? []).some(({ glob = '' }) => names.some((one) => fits(glob, one))),
    )
    if (matching.length === 0) return `no matching policies: \0\n${reference}`
    for (const { metadata, spec } of matching) {
      if (spec.mode === 'warn') continue
      const errors = (spec.authorities ?? []).map((authority, i) => this.#fails(authority, i, reference, found))
      if (errors.every((error) => error !== undefined))
        return `failed policy: ${metadata.name}: \0\n${errors.map((error) => `${reference} ${error}`).join('\n')}`
    }
    return undefined
  }

  #fails(
    { name, key, static: fixed }: ImageAuthority,
    i: number,
    reference: string,
    found: ReturnType<typeof registered>,
  ): string | undefined {
    if (fixed) return fixed.action === 'pass' ? undefined : 'disallowed by static policy'
    const said = `signature ${key ? 'key' : 'keyless'} validation failed for authority ${name ?? `authority-${i}`} for ${reference}`
    if (!found) return `${said}: entity not found in registry`
    const all = signaturesIn(found.repository, found.digest)
    if (all.length === 0) return `${said}: no signatures found`
    const body = key?.data === undefined ? undefined : keyIn(key.data)
    if (body !== undefined && validBy(all, body, found.digest).length > 0) return undefined
    return `${said}: no matching signatures: invalid signature when validating ASN.1 encoded signature`
  }
}

/** The policies that count in a namespace; undefined: it has not asked for any. */
export const imagePoliciesFor = (world: World, namespace: string): ImagePolicies | undefined =>
  world.get(Namespace.key('', namespace))?.metadata.labels?.[LABEL] === 'true' ? new ImagePolicies(world) : undefined
