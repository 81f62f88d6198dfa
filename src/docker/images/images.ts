import type { Reason } from '../../engine'
import { catalogueHistory } from '../../platform/image/history'
import { LocalImage, localImageKey } from '../../platform/image/image'
import { portsOf } from '../../platform/image/make-image'
import { familiarForm, familiarName, parseReference, withDefaultTag } from '../../platform/image/reference'
import type { ImageHealth } from '../../platform/image/resolve'
import { type StoredImage, storedImageKey } from '../../platform/image/stored'
import { DockerContainer } from '../containers/container'
import { filtersOf, hasLabel, isTrue, refuse } from '../engine/request'
import { apiTime, unixTime } from '../formats/time'
import type { Pass } from '../pass'
import { familiarMatch } from './familiar-match'
import { contentOf, imageNamed, isDangling } from './store'

const DAY_MILLIS = 86_400_000

const storedOf = (pass: Pass, { id }: LocalImage): StoredImage | undefined =>
  pass.get(storedImageKey(pass.machine.name, id))

/** When it was built; of the catalogue's: some weeks ago, by its name (simplified). */
export const builtAt = (pass: Pass, local: LocalImage): number =>
  storedOf(pass, local)?.createdAt ??
  -DAY_MILLIS * (3 + (Number.parseInt(local.id.slice(7, 11), 16) % 60)) - 3_600_000 * 5

/** `name@sha256:…` of its names that a registry knows; one that has lost its tag to a newer image keeps this. */
const digestsOf = (images: readonly LocalImage[]): string[] => [
  ...new Set(
    images.flatMap((one) => {
      const name = isDangling(one) ? one.source : one.reference
      const parsed = one.digest === '' || name === undefined ? undefined : referenceOf({ reference: name })
      return parsed ? [`${familiarName(parsed)}@${one.digest}`] : []
    }),
  ),
]

export const referenceOf = (image: Pick<LocalImage, 'reference'>) => {
  const parsed = parseReference(image.reference)
  return 'error' in parsed ? undefined : parsed.reference
}

export function byId(pass: Pass): ReadonlyMap<string, readonly LocalImage[]> {
  const found = new Map<string, LocalImage[]>()
  for (const image of pass.all(LocalImage)) found.set(image.id, [...(found.get(image.id) ?? []), image])
  return found
}

/** As `docker images` has them: one entry for each id, newest first. */
export function listImages(pass: Pass, query: Readonly<Record<string, string>> | undefined) {
  const filters = filtersOf(query)
  const age = (text: string): number => builtAt(pass, imageNamed(pass, text))
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
    const labels = contentOf(pass, image)?.config.labels ?? {}
    if ((filters['label'] ?? []).some((label) => !hasLabel(labels, label))) return []
    const before = filters['before']?.[0]
    if (before !== undefined && builtAt(pass, image) >= age(before)) return []
    const since = filters['since']?.[0]
    if (since !== undefined && builtAt(pass, image) <= age(since)) return []
    return [describe(pass, image, shown)]
  })
  return found.sort((a, b) => b.Created - a.Created || (a.Id < b.Id ? -1 : 1))
}

function describe(pass: Pass, image: LocalImage, named: readonly LocalImage[]) {
  const users = pass.all(DockerContainer).filter(({ imageId }) => imageId === image.id)
  return {
    Containers: users.length,
    Created: unixTime(builtAt(pass, image)),
    Id: image.id,
    Labels: contentOf(pass, image)?.config.labels ?? {},
    ParentId: '',
    RepoDigests: digestsOf(named.length > 0 ? named : [image]),
    RepoTags: named.map(({ reference }) => reference),
    SharedSize: -1,
    Size: image.unpackedBytes ?? image.sizeBytes,
  }
}

/** An image as `docker image inspect` shows it. */
export function inspectImage(pass: Pass, text: string) {
  const local = imageNamed(pass, text)
  const image = contentOf(pass, local)
  const named = byId(pass)
    .get(local.id)!
    .filter((one) => !isDangling(one))
  const { config } = image ?? {}
  return {
    Id: local.id,
    RepoTags: named.map(({ reference }) => reference),
    RepoDigests: digestsOf(named.length > 0 ? named : [local]),
    Parent: '',
    Comment: storedOf(pass, local)?.history.at(-1)?.comment ?? 'buildkit.dockerfile.v0',
    Created: apiTime(builtAt(pass, local), local.id),
    DockerVersion: '',
    Author: config?.author ?? '',
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
      ...(config &&
        portsOf(config).length > 0 && { ExposedPorts: Object.fromEntries(portsOf(config).map((port) => [port, {}])) }),
      ...(config?.healthcheck && { Healthcheck: healthOf(config.healthcheck) }),
      Labels: config?.labels ?? null,
      OnBuild: config?.onbuild ?? null,
      ...(config?.shell && { Shell: config.shell }),
      ...(config && config.stopSignal !== 'SIGTERM' && { StopSignal: config.stopSignal }),
      User: config?.user ?? '',
      Volumes: (config?.volumes.length ?? 0) > 0 ? Object.fromEntries(config!.volumes.map((path) => [path, {}])) : null,
      WorkingDir: config?.workingDir ?? '/',
    },
  }
}

/** Times in nanoseconds, as the API has them; what is the default is left out. */
function healthOf({ test, interval, timeout, startPeriod, startInterval, retries }: ImageHealth) {
  const times = { Interval: interval, Timeout: timeout, StartPeriod: startPeriod, StartInterval: startInterval }
  return {
    Test: test,
    ...Object.fromEntries(
      Object.entries(times).flatMap(([name, millis]) => (millis > 0 ? [[name, millis * 1e6]] : [])),
    ),
    ...(retries > 0 && { Retries: retries }),
  }
}

/** The instructions that made it, newest first; what changed no file has no size. */
export function history(pass: Pass, text: string) {
  const local = imageNamed(pass, text)
  const image = contentOf(pass, local)
  if (!image) return []
  const items = storedOf(pass, local)?.history ?? catalogueHistory(image, builtAt(pass, local))
  const names = (byId(pass).get(local.id) ?? []).filter((one) => !isDangling(one)).map(({ reference }) => reference)
  let layer = 0
  const lines = items.map(({ at, createdBy, empty, comment }) => ({
    Created: unixTime(at),
    CreatedBy: createdBy,
    Size: empty ? 0 : (image.layers[layer++]?.unpackedBytes ?? 0),
    Comment: comment,
  }))
  return lines.reverse().map((line, i) => ({
    Id: i === 0 ? local.id : '<missing>',
    ...line,
    Tags: i === 0 && names.length > 0 ? names : null,
  }))
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

/** An image that loses its last name is kept under its id: dangling, until somebody removes it. */
export function orphan(pass: Pass, image: LocalImage, because: Reason): void {
  const others = pass.all(LocalImage).filter((one) => one.id === image.id && one.reference !== image.reference)
  if (others.length > 0) return
  const key = localImageKey(pass.machine.name, image.id)
  pass.set(key, { ...image, reference: image.id, source: image.source ?? image.reference }, because)
}
