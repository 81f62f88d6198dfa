import type { ContainerSpec } from '../container/container'

/** Open files: what dockerd's own service file comes to. */
export const NOFILE: readonly [number, number] = [1_048_576, 1_048_576]

/** A limit that somebody has set, soft and hard. */
export const ulimitOf = (
  spec: ContainerSpec,
  name: string,
): readonly [number | string, number | string] | undefined => {
  const own = spec.ulimits?.[name]
  const shown = (value: number) => (value === -1 ? 'unlimited' : value)
  return own && [shown(own[0]), shown(own[1])]
}
