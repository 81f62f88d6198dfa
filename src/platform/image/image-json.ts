import { LAB_EPOCH, parseRfc3339 } from '../../engine'
import { makeImage, manifestOf } from './make-image'
import type { ImageConfig, Layer } from './resolve'
import type { HistoryItem, StoredImage } from './stored'
import type { Tree } from './tree'

const MOST_CHARACTERS = 200_000
const MOST_ITEMS = 1_000

type Read = Readonly<Record<string, unknown>>

const objectOf = (value: unknown): Read =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Read) : {}
const textsOf = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const millisOf = (nanos: unknown): number => (typeof nanos === 'number' && nanos > 0 ? nanos / 1e6 : 0)

function configOf(read: Read, author: string): ImageConfig {
  const ports = Object.keys(objectOf(read['ExposedPorts']))
  const exposed = ports.filter((port) => /^\d+(\/tcp)?$/.test(port)).map((port) => Number.parseInt(port, 10))
  const env = (textsOf(read['Env']) ?? []).map((pair) => {
    const cut = pair.indexOf('=')
    return cut < 0 ? [pair, ''] : [pair.slice(0, cut), pair.slice(cut + 1)]
  })
  const health = objectOf(read['Healthcheck'])
  const test = textsOf(health['Test'])
  const shell = textsOf(read['Shell'])
  const onbuild = textsOf(read['OnBuild'])
  const labels = Object.entries(objectOf(read['Labels'])).map(([name, value]) => [name, textOf(value)])
  return {
    entrypoint: textsOf(read['Entrypoint']),
    cmd: textsOf(read['Cmd']),
    exposed,
    env: Object.fromEntries(env),
    workingDir: textOf(read['WorkingDir']),
    user: textOf(read['User']),
    stopSignal: textOf(read['StopSignal']) || 'SIGTERM',
    volumes: Object.keys(objectOf(read['Volumes'])),
    ...(ports.length > 0 && { ports }),
    ...(labels.length > 0 && { labels: Object.fromEntries(labels) }),
    ...(test && {
      healthcheck: {
        test,
        interval: millisOf(health['Interval']),
        timeout: millisOf(health['Timeout']),
        startPeriod: millisOf(health['StartPeriod']),
        startInterval: millisOf(health['StartInterval']),
        retries: typeof health['Retries'] === 'number' ? health['Retries'] : 0,
      },
    }),
    ...(shell && { shell }),
    ...(onbuild && { onbuild }),
    ...(author !== '' && { author }),
  }
}

const momentOf = (value: unknown): number => (parseRfc3339(textOf(value)) ?? LAB_EPOCH) - LAB_EPOCH

/** An image from its configuration as JSON, as another daemon has written it; undefined: it is none. Its program is found out from its files. */
export function imageFromJson(json: string, layers: readonly Layer[], tree: Tree): StoredImage | undefined {
  if (json.length > MOST_CHARACTERS) return undefined
  let read: Read
  try {
    read = objectOf(JSON.parse(json))
  } catch {
    return undefined
  }
  const items = Array.isArray(read['history']) ? read['history'].slice(0, MOST_ITEMS).map(objectOf) : []
  const history = items.map(
    (item): HistoryItem => ({
      at: momentOf(item['created']),
      createdBy: textOf(item['created_by']),
      empty: item['empty_layer'] === true,
      comment: textOf(item['comment']),
    }),
  )
  const config = configOf(objectOf(read['config']), textOf(read['author']))
  const made = makeImage({ base: undefined, layers, config, history, createdAt: momentOf(read['created']), tree })
  const { id, digest, manifestJson } = manifestOf(json, layers)
  return { ...made, id, digest, manifestJson, configJson: json, image: { ...made.image, name: id, id, digest } }
}
