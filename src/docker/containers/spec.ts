import { DEFAULT_PATH } from '../../platform/container/command'
import type { ContainerSpec, Mount } from '../../platform/container/container'
import { launchOf } from '../../platform/container/launch'
import { mountsOf } from '../../platform/container/processes'
import { groupIn, userIn, userNumber } from '../../platform/container/user'
import type { Image } from '../../platform/image/resolve'
import { treeOf } from '../../platform/image/tree'
import { FileView } from '../../platform/shell/files'
import type { Files } from '../../platform/shell/tool'
import { capabilitiesOf } from '../limits/capabilities'
import { memoryLimits, processorLimits } from '../limits/resources'
import { linkEnvironment } from '../network/links'
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

/** `user[:group]` in numbers; undefined: as the image says. `files`: of an image that was made here. */
export function userOfConfig(
  text: string,
  files?: Files,
): { readonly uid: number; readonly gid: number; readonly groups: readonly number[] } | undefined {
  if (text === '') return undefined
  const [user = '', group] = text.split(':')
  if (files) {
    const own = userIn(files, user) ?? { uid: 0, gid: 0 }
    return { uid: own.uid, gid: group === undefined ? own.gid : (groupIn(files, group) ?? 0), groups: [] }
  }
  const uid = userNumber(user) ?? 0
  const gid = group === undefined ? (/^\d+$/.test(user) ? 0 : uid) : (userNumber(group) ?? 0)
  return { uid, gid, groups: [] }
}

/** The files of a container of this image. */
const filesOf = (pass: Pass, id: string, mounts: readonly Mount[], image: Image): FileView =>
  new FileView(pass.world, mountsOf({ id, spec: { mounts } }), {}, treeOf(pass.world, pass.machine.name, image.layers))

/** What the runtime is asked for. After createSpec in moby's daemon/oci_linux.go; seccomp, capabilities and namespaces are left out. */
export function specOf(
  pass: Pass,
  container: DockerContainer,
  { reference, image }: { readonly reference: string; readonly image: Image | undefined },
): ContainerSpec {
  const { config, hostConfig, mounts, id } = container
  const env = environment([...linkEnvironment(pass, container), ...config.Env])
  const capabilities = capabilitiesOf(hostConfig)
  const mounted = platformMounts(pass, mounts)
  const cwd = config.WorkingDir || '/'
  const files = image?.built === true ? filesOf(pass, id, mounted, image).from(cwd) : undefined
  const user = userOfConfig(config.User, files)
  const home = files && user && userIn(files, String(user.uid))?.home
  const argv = [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])]
  return {
    image: reference,
    ...(files && { launch: launchOf(argv, image!, files, { ...DEFAULT_PATH, ...env }) }),
    command: config.Entrypoint ?? [],
    args: config.Cmd ?? [],
    env: {
      ...env,
      HOSTNAME: config.Hostname,
      ...(config.Tty && env['TERM'] === undefined && { TERM: 'xterm' }),
      ...(env['HOME'] === undefined && { HOME: home ?? (user === undefined || user.uid === 0 ? '/root' : '/') }),
    },
    workingDir: cwd,
    hostname: config.Hostname,
    ports: Object.keys(config.ExposedPorts ?? {}).map((text) => {
      const [port, proto = 'tcp'] = text.split('/')
      return { port: Number(port), protocol: proto.toUpperCase() as 'TCP' | 'UDP' | 'SCTP', name: undefined }
    }),
    mounts: mounted,
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
