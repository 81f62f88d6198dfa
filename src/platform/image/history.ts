import type { Millis } from '../../engine'
import type { Image } from './resolve'
import type { HistoryItem } from './stored'

/** The instructions that made an image of the catalogue, oldest first. Simplified: read from its configuration. */
export function catalogueHistory({ config, layers, base }: Image, at: Millis): readonly HistoryItem[] {
  const list = (words: readonly string[]) => `[${words.map((word) => JSON.stringify(word)).join(' ')}]`
  const item = (createdBy: string, empty: boolean): HistoryItem => ({
    at,
    createdBy,
    empty,
    comment: 'buildkit.dockerfile.v0',
  })
  const plain = (by: string) => item(by, true)
  const [first, ...own] = layers
  return [
    ...(first ? [item(`# ${base} rootfs`, false)] : []),
    ...(config.volumes.length > 0 ? [plain(`VOLUME ${list(config.volumes)}`)] : []),
    ...Object.entries(config.env)
      .filter(([name]) => name !== 'PATH')
      .map(([name, value]) => plain(`ENV ${name}=${value}`)),
    ...own.map((_, i) => item(i === 0 ? 'RUN /bin/sh -c set -x … # buildkit' : 'COPY … # buildkit', false)),
    ...(config.entrypoint ? [plain(`ENTRYPOINT ${list(config.entrypoint)}`)] : []),
    ...(config.exposed.length > 0 ? [plain(`EXPOSE [${config.exposed.map((port) => `${port}/tcp`).join(' ')}]`)] : []),
    ...(config.stopSignal === 'SIGTERM' ? [] : [plain(`STOPSIGNAL ${config.stopSignal}`)]),
    ...(config.cmd ? [plain(`CMD ${list(config.cmd)}`)] : []),
  ]
}
