import type { ContainerSpec } from '../../platform/container/container'
import { userNumber } from '../../platform/container/user'
import { capabilitiesOf } from '../limits/capabilities'
import { memoryLimits, processorLimits } from '../limits/resources'
import type { Pass } from '../pass'
import { platformMounts } from '../volumes/mounts'
import type { DockerContainer } from './container'

/** `NAME=value` pairs; the first of a name counts. */
export function environment(pairs: readonly string[]): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    const name = equals < 0 ? pair : pair.slice(0, equals)
    if (!(name in found)) found[name] = equals < 0 ? '' : pair.slice(equals + 1)
  }
  return found
}

/** `user[:group]` in numbers; undefined: as the image says. */
export function userOfConfig(
  text: string,
): { readonly uid: number; readonly gid: number; readonly groups: readonly number[] } | undefined {
  if (text === '') return undefined
  const [user = '', group] = text.split(':')
  const uid = userNumber(user) ?? 0
  const gid = group === undefined ? (/^\d+$/.test(user) ? 0 : uid) : (userNumber(group) ?? 0)
  return { uid, gid, groups: [] }
}

/** What the runtime is asked for. After createSpec in moby's daemon/oci_linux.go; seccomp, capabilities and namespaces are left out. */
export function specOf(pass: Pass, { config, hostConfig, mounts, id }: DockerContainer, runs: string): ContainerSpec {
  const env = environment(config.Env)
  const capabilities = capabilitiesOf(hostConfig)
  const user = userOfConfig(config.User)
  return {
    image: runs,
    command: config.Entrypoint ?? [],
    args: config.Cmd ?? [],
    env: {
      ...env,
      HOSTNAME: config.Hostname,
      ...(config.Tty && env['TERM'] === undefined && { TERM: 'xterm' }),
      ...(env['HOME'] === undefined && { HOME: user === undefined || user.uid === 0 ? '/root' : '/' }),
    },
    workingDir: config.WorkingDir || '/',
    hostname: config.Hostname,
    ports: Object.keys(config.ExposedPorts ?? {}).map((text) => {
      const [port, proto = 'tcp'] = text.split('/')
      return { port: Number(port), protocol: proto.toUpperCase() as 'TCP' | 'UDP' | 'SCTP', name: undefined }
    }),
    mounts: platformMounts(pass, mounts),
    ...memoryLimits(hostConfig),
    ...processorLimits(hostConfig),
    cpuRequestMillis: 0,
    memoryRequestBytes: hostConfig.MemoryReservation,
    oomScoreAdj: hostConfig.OomScoreAdj,
    oomGroup: false,
    stopSignal: config.StopSignal,
    labels: { ...config.Labels, owner: id },
    ...(user && { user }),
    ...(hostConfig.ReadonlyRootfs && { readOnlyRoot: true }),
    ...(config.OpenStdin && { stdin: true }),
    ...(config.Tty && { tty: true }),
    ...(hostConfig.PidsLimit !== null && hostConfig.PidsLimit > 0 && { pidsLimit: hostConfig.PidsLimit }),
    ...(hostConfig.Ulimits && {
      ulimits: Object.fromEntries(hostConfig.Ulimits.map(({ Name, Soft, Hard }) => [Name, [Soft, Hard] as const])),
    }),
    ...(capabilities && { capabilities }),
    ...(hostConfig.Init === true && { init: true }),
  }
}
