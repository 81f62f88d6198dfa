import type { Reason } from '../../engine'
import { digestOf } from '../../platform/image/hex'
import { LocalImage, localImageKey } from '../../platform/image/image'
import { familiarForm, familiarName, localName, parseReference, withDefaultTag } from '../../platform/image/reference'
import type { Image } from '../../platform/image/resolve'
import { DockerContainer, isRunning } from '../containers/container'
import { filtersOf, hasLabel, isTrue, refuse } from '../engine/request'
import { apiTime, unixTime } from '../formats/time'
import type { Pass } from '../pass'
import { familiarMatch } from './familiar-match'
import { contentOf, imageNamed, isDangling } from './store'

const DAY_MILLIS = 86_400_000

/** When it was built: some weeks ago, by its name (simplified). */
export const builtAt = (id: string): number =>
  -DAY_MILLIS * (3 + (Number.parseInt(id.slice(7, 11), 16) % 60)) - 3_600_000 * 5

const referenceOf = (image: LocalImage) => {
  const parsed = parseReference(image.reference)
  return 'error' in parsed ? undefined : parsed.reference
}

function byId(pass: Pass): ReadonlyMap<string, readonly LocalImage[]> {
  const found = new Map<string, LocalImage[]>()
  for (const image of pass.all(LocalImage)) found.set(image.id, [...(found.get(image.id) ?? []), image])
  return found
}

/** As `docker images` has them: one entry for each id, newest first. */
export function listImages(pass: Pass, query: Readonly<Record<string, string>> | undefined) {
  const filters = filtersOf(query)
  const age = (text: string): number => builtAt(imageNamed(pass, text).id)
  const found = [...byId(pass).values()].flatMap((images) => {
    const named = images.filter((image) => !isDangling(image))
    const [image] = images as [LocalImage]
    const dangling = filters['dangling']
    if (dangling && isTrue(dangling[0]) !== (named.length === 0)) return []
    const patterns = filters['reference']
    const shown = patterns
      ? named.filter((one) => patterns.some((pattern) => familiarMatch(pattern, referenceOf(one)!)))
      : named
    if (patterns && shown.length === 0) return []
    const labels = {}
    if ((filters['label'] ?? []).some((label) => !hasLabel(labels, label))) return []
    const before = filters['before']?.[0]
    if (before !== undefined && builtAt(image.id) >= age(before)) return []
    const since = filters['since']?.[0]
    if (since !== undefined && builtAt(image.id) <= age(since)) return []
    return [describe(pass, image, shown)]
  })
  return found.sort((a, b) => b.Created - a.Created || (a.Id < b.Id ? -1 : 1))
}

function describe(pass: Pass, image: LocalImage, named: readonly LocalImage[]) {
  const users = pass.all(DockerContainer).filter(({ imageId }) => imageId === image.id)
  const digests = new Set(named.map((one) => `${familiarName(referenceOf(one)!)}@${one.digest}`))
  return {
    Containers: users.length,
    Created: unixTime(builtAt(image.id)),
    Id: image.id,
    Labels: {} as Readonly<Record<string, string>>,
    ParentId: '',
    RepoDigests: [...digests],
    RepoTags: named.map(({ reference }) => reference),
    SharedSize: -1,
    Size: image.unpackedBytes ?? image.sizeBytes,
  }
}

/** An image as `docker image inspect` shows it. */
export function inspectImage(pass: Pass, text: string) {
  const local = imageNamed(pass, text)
  const image = contentOf(local)
  const named = byId(pass)
    .get(local.id)!
    .filter((one) => !isDangling(one))
  const { config } = image ?? {}
  return {
    Id: local.id,
    RepoTags: named.map(({ reference }) => reference),
    RepoDigests: [...new Set(named.map((one) => `${familiarName(referenceOf(one)!)}@${one.digest}`))],
    Parent: '',
    Comment: 'buildkit.dockerfile.v0',
    Created: apiTime(builtAt(local.id), local.id),
    DockerVersion: '',
    Author: '',
    Architecture: 'amd64',
    Os: 'linux',
    Size: local.unpackedBytes ?? local.sizeBytes,
    GraphDriver: { Data: { UpperDir: `/var/lib/docker/overlay2/${local.id.slice(7)}/diff` }, Name: 'overlay2' },
    RootFS: { Type: 'layers', Layers: image?.layers.map(({ digest }) => digest) ?? [] },
    Metadata: { LastTagTime: '0001-01-01T00:00:00Z' },
    Config: {
      Cmd: config?.cmd ?? null,
      Entrypoint: config?.entrypoint ?? null,
      Env: Object.entries(config?.env ?? {}).map(([name, value]) => `${name}=${value}`),
      ...((config?.exposed.length ?? 0) > 0 && {
        ExposedPorts: Object.fromEntries(config!.exposed.map((port) => [`${port}/tcp`, {}])),
      }),
      Labels: null,
      OnBuild: null,
      ...(config && config.stopSignal !== 'SIGTERM' && { StopSignal: config.stopSignal }),
      User: config?.user ?? '',
      Volumes: (config?.volumes.length ?? 0) > 0 ? Object.fromEntries(config!.volumes.map((path) => [path, {}])) : null,
      WorkingDir: config?.workingDir ?? '/',
    },
  }
}

/** The instructions that made it, newest first; what changed no file has no size. Simplified: read from its configuration. */
export function history(pass: Pass, text: string) {
  const local = imageNamed(pass, text)
  const image = contentOf(local)
  if (!image) return []
  return steps(image).map(({ by, size }, i) => ({
    Id: i === 0 ? local.id : '<missing>',
    Created: unixTime(builtAt(local.id)),
    CreatedBy: by,
    Tags: i === 0 ? [local.reference] : null,
    Size: size,
    Comment: 'buildkit.dockerfile.v0',
  }))
}

function steps({ config, layers, base }: Image): readonly { readonly by: string; readonly size: number }[] {
  const list = (words: readonly string[]) => `[${words.map((word) => JSON.stringify(word)).join(' ')}]`
  const plain = (by: string) => ({ by, size: 0 })
  const [first, ...own] = layers
  return [
    ...(config.cmd ? [plain(`CMD ${list(config.cmd)}`)] : []),
    ...(config.stopSignal === 'SIGTERM' ? [] : [plain(`STOPSIGNAL ${config.stopSignal}`)]),
    ...(config.exposed.length > 0 ? [plain(`EXPOSE [${config.exposed.map((port) => `${port}/tcp`).join(' ')}]`)] : []),
    ...(config.entrypoint ? [plain(`ENTRYPOINT ${list(config.entrypoint)}`)] : []),
    ...own
      .map(({ unpackedBytes: size }, i) => ({
        by: i === 0 ? 'RUN /bin/sh -c set -x … # buildkit' : 'COPY … # buildkit',
        size,
      }))
      .reverse(),
    ...Object.entries(config.env)
      .filter(([name]) => name !== 'PATH')
      .map(([name, value]) => plain(`ENV ${name}=${value}`))
      .reverse(),
    ...(config.volumes.length > 0 ? [plain(`VOLUME ${list(config.volumes)}`)] : []),
    ...(first ? [{ by: `# ${base} rootfs`, size: first.unpackedBytes }] : []),
  ]
}

/** Another name for an image. */
export function tagImage(pass: Pass, text: string, repo: string, tag: string): void {
  const local = imageNamed(pass, text)
  const parsed = parseReference(tag === '' ? repo : `${repo}:${tag}`)
  if ('error' in parsed) return refuse(400, parsed.error)
  if (parsed.reference.digest !== undefined) refuse(400, 'refusing to create a tag with a digest reference')
  const name = familiarForm(withDefaultTag(parsed.reference))
  const because: Reason = { id: 'docker/tagged', values: { from: text, to: name } }
  const key = localImageKey(pass.machine.name, name)
  const former = pass.get(key)
  if (former && former.id !== local.id) orphan(pass, former, because)
  pass.set(key, { ...local, reference: name, source: local.source ?? local.reference, pulledAt: pass.now }, because)
  pass.event('image', 'tag', local.id, { name })
}

/** An image that loses its last name is kept under its id, while somebody uses it or nobody asks for its removal. */
function orphan(pass: Pass, image: LocalImage, because: Reason): void {
  const others = pass.all(LocalImage).filter((one) => one.id === image.id && one.reference !== image.reference)
  if (others.length > 0) return
  const key = localImageKey(pass.machine.name, image.id)
  pass.set(key, { ...image, reference: image.id, source: image.source ?? image.reference }, because)
}

type Removed = { readonly Untagged: string } | { readonly Deleted: string }

/** After ImageDelete in moby's daemon/images. */
export function removeImage(
  pass: Pass,
  text: string,
  query: Readonly<Record<string, string>> | undefined,
): readonly Removed[] {
  const force = isTrue(query?.['force'])
  const local = imageNamed(pass, text)
  const names = pass.all(LocalImage).filter(({ id }) => id === local.id)
  const isName = local.reference === localName(text) || text.includes('@')
  const short = local.id.slice(7, 19)
  const because: Reason = { id: 'docker/image-removed', values: { image: text } }
  const users = pass.all(DockerContainer).filter(({ imageId }) => imageId === local.id)
  const running = users.find(isRunning)
  const removed: Removed[] = []
  const untag = (image: LocalImage) => {
    pass.set(localImageKey(pass.machine.name, image.reference), undefined, because)
    if (isDangling(image)) return
    removed.push({ Untagged: image.reference })
    pass.event('image', 'untag', image.id, { name: image.id })
  }
  if (isName && names.length > 1) {
    untag(local)
    return removed
  }
  if (isName) {
    if (users.length > 0 && !force)
      refuse(
        409,
        `conflict: unable to remove repository reference "${text}" (must force) - container ${(running ?? users[0]!).id.slice(0, 12)} is using its referenced image ${short}`,
      )
    if (running) {
      untag(local)
      pass.set(
        localImageKey(pass.machine.name, local.id),
        { ...local, reference: local.id, source: local.source ?? local.reference },
        because,
      )
      return removed
    }
  } else {
    const repositories = new Set(names.filter((one) => !isDangling(one)).map((one) => familiarName(referenceOf(one)!)))
    if (running)
      refuse(
        409,
        `conflict: unable to delete ${short} (cannot be forced) - image is being used by running container ${running.id.slice(0, 12)}`,
      )
    if (repositories.size > 1 && !force)
      refuse(409, `conflict: unable to delete ${short} (must be forced) - image is referenced in multiple repositories`)
    if (users.length > 0 && !force)
      refuse(
        409,
        `conflict: unable to delete ${short} (must be forced) - image is being used by stopped container ${users[0]!.id.slice(0, 12)}`,
      )
  }
  for (const image of names) untag(image)
  const own = names.find((one) => !isDangling(one))
  if (own) removed.push({ Untagged: `${familiarName(referenceOf(own)!)}@${own.digest}` })
  removed.push({ Deleted: local.id }, ...lostLayers(pass, local, names))
  pass.event('image', 'delete', local.id, { name: local.id })
  return removed
}

/** Layers that no other image stands on, the uppermost first. */
function lostLayers(pass: Pass, local: LocalImage, gone: readonly LocalImage[]): readonly Removed[] {
  const kept = new Set<string>()
  for (const other of pass.all(LocalImage)) {
    if (gone.some(({ id }) => id === other.id)) continue
    for (const { digest } of contentOf(other)?.layers ?? []) kept.add(digest)
  }
  const chain: string[] = []
  let above = ''
  for (const { digest } of contentOf(local)?.layers ?? []) {
    above = above === '' ? digest : digestOf(`${above} ${digest}`)
    if (!kept.has(digest)) chain.unshift(above)
  }
  return chain.map((Deleted) => ({ Deleted }))
}

export function pruneImages(pass: Pass, query: Readonly<Record<string, string>> | undefined) {
  const all = filtersOf(query)['dangling']?.[0] === 'false'
  const removed: Removed[] = []
  let bytes = 0
  const used = new Set(pass.all(DockerContainer).map(({ imageId }) => imageId))
  const because: Reason = { id: 'docker/pruned', values: { what: 'images' } }
  for (const [id, names] of byId(pass)) {
    if (used.has(id) || (!all && names.some((one) => !isDangling(one)))) continue
    for (const image of names) {
      pass.set(localImageKey(pass.machine.name, image.reference), undefined, because)
      if (!isDangling(image)) removed.push({ Untagged: image.reference })
    }
    removed.push({ Deleted: id })
    bytes += names[0]!.unpackedBytes ?? names[0]!.sizeBytes
  }
  return { ImagesDeleted: removed.length > 0 ? removed : null, SpaceReclaimed: bytes }
}
