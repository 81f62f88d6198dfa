import type { Reason } from '../../engine'
import type { Entry } from '../../platform/image/entry'
import { catalogueHistory } from '../../platform/image/history'
import { LocalImage } from '../../platform/image/image'
import { layerOf } from '../../platform/image/layer'
import { makeImage } from '../../platform/image/make-image'
import { familiarForm, parseReference, withDefaultTag } from '../../platform/image/reference'
import type { ImageConfig } from '../../platform/image/resolve'
import { imageOf, storedImageKey } from '../../platform/image/stored'
import { treeOf } from '../../platform/image/tree'
import { File } from '../../platform/shell/file'
import { configured } from '../build/config'
import type { DockerContainer } from '../containers/container'
import { environment } from '../containers/spec'
import { parseDockerfile } from '../dockerfile/parse'
import { planBuild } from '../dockerfile/plan'
import { refuse } from '../engine/request'
import type { Pass } from '../pass'
import { builtAt } from './images'
import { keepImage, keepLayer } from './keep'

/** What has been written under a scope of files, as entries of a layer: a removed one is a whiteout. */
export function entriesIn(pass: Pick<Pass, 'world'>, scope: string): readonly Entry[] {
  const own = File.key(scope, '')
  return pass.world.list(File, { scope }).map(({ key, value }) => ({ path: key.slice(own.length), ...value }))
}

/** The name that an image is to have; undefined: none. */
export function nameOf(repo: string, tag: string): string | undefined {
  if (repo === '') return undefined
  const parsed = parseReference(tag === '' ? repo : `${repo}:${tag}`)
  if ('error' in parsed) return refuse(400, parsed.error)
  return familiarForm(withDefaultTag(parsed.reference))
}

/** `docker commit --change`: instructions that change the configuration. After buildfile's parser in moby's daemon/builder. */
const CHANGES = /^\s*(CMD|ENTRYPOINT|ENV|EXPOSE|LABEL|ONBUILD|STOPSIGNAL|USER|VOLUME|WORKDIR|HEALTHCHECK)\b/i

export function changed(config: ImageConfig, changes: readonly string[]): ImageConfig {
  if (changes.length === 0) return config
  for (const line of changes)
    if (!CHANGES.test(line)) refuse(400, `${line.trim().split(/\s/)[0]?.toUpperCase()} is not a valid change command`)
  const parsed = parseDockerfile(`FROM scratch\n${changes.join('\n')}\n`)
  if ('problem' in parsed) return refuse(400, parsed.problem.message)
  const planned = planBuild(parsed.file)
  if ('problem' in planned) return refuse(400, planned.problem.message)
  let now = { config, cmdSet: true }
  for (const step of planned.plan.stages.get(0)!.steps) {
    now = configured(now, step) ?? { ...now, config: { ...now.config, workingDir: step.results[0] ?? '/' } }
  }
  return now.config
}

interface Commit {
  readonly repo: string
  readonly tag: string
  readonly author: string
  readonly comment: string
  readonly changes: readonly string[]
}

/** An image of what a container has changed; volumes are left out. After CreateImageFromContainer. */
export function commitContainer(pass: Pass, container: DockerContainer, asked: Commit): { readonly Id: string } {
  const name = nameOf(asked.repo, asked.tag)
  const local = pass.all(LocalImage).find(({ id }) => id === container.imageId)
  const base = pass.runs(container.id)?.spec.launch?.image ?? (local && imageOf(pass, local))
  if (!base || !local) return refuse(404, `No such image: ${container.imageId}`)
  const because: Reason = { id: 'docker/committed', values: { name: container.name, image: name ?? '' } }
  const layer = layerOf(entriesIn(pass, container.id))
  keepLayer(pass, layer, because)
  const { config } = container
  const own: ImageConfig = {
    ...base.config,
    entrypoint: config.Entrypoint ?? undefined,
    cmd: config.Cmd ?? undefined,
    env: environment(config.Env),
    workingDir: config.WorkingDir || '/',
    user: config.User,
    ports: Object.keys(config.ExposedPorts ?? {}),
    labels: config.Labels,
    ...(asked.author !== '' && { author: asked.author }),
  }
  const { digest, unpackedBytes, compressedBytes } = layer
  const layers = [...base.layers, { digest, unpackedBytes, compressedBytes }]
  const stored = makeImage({
    base,
    layers,
    config: changed(own, asked.changes),
    history: [
      ...(pass.get(storedImageKey(pass.machine.name, local.id))?.history ??
        catalogueHistory(base, builtAt(pass, local))),
      {
        at: pass.now,
        createdBy: [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])].join(' '),
        empty: false,
        comment: asked.comment,
      },
    ],
    createdAt: pass.now,
    tree: treeOf(pass.world, pass.machine.name, base.layers).with(layer.entries),
  })
  keepImage(pass, stored, name === undefined ? [] : [name], because)
  pass.tell(container, 'commit', { comment: asked.comment, imageID: stored.id, imageRef: name ?? '' })
  return { Id: stored.id }
}
