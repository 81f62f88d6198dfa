import { DockerContainer, dockerContainerKey, isRunning } from '../containers/container'
import { lookUp } from '../containers/find'
import { refuse } from '../engine/request'
import type { Pass } from '../pass'
import type { LinkTo } from './link'

/** Reads `--link` at creation. After registerLinks in moby's daemon. */
export function linksOf(pass: Pass, texts: readonly string[], mode: string): readonly LinkTo[] {
  if (texts.length === 0) return []
  if (mode === 'host')
    refuse(
      400,
      "conflicting options: host type networking can't be used with links. This would result in undefined behavior",
    )
  if (mode.startsWith('container:'))
    refuse(
      400,
      "conflicting options: container type network can't be used with links. This would result in undefined behavior",
    )
  return texts.map((text) => {
    const [name = '', alias = name] = text.split(':')
    const found = lookUp(pass, name)
    if ('problem' in found) return refuse(found.code, `could not get container for ${name}: ${found.problem}`)
    if (found.hostConfig.NetworkMode === 'host')
      refuse(
        409,
        `conflicting options: host type networking can't be used with links. This would result in undefined behavior`,
      )
    return { id: found.id, alias }
  })
}

interface Linked {
  readonly alias: string
  readonly child: DockerContainer
  readonly address: string
}

/** The linked containers of a container with their addresses in a network that both are in. */
function linked(pass: Pass, container: DockerContainer): readonly Linked[] {
  return container.links.flatMap(({ id, alias }) => {
    const child = pass.get(dockerContainerKey(pass.machine.name, id))
    const shared = child && Object.keys(container.networks).find((name) => child.networks[name]?.address)
    return child === undefined || shared === undefined
      ? []
      : [{ alias, child, address: child.networks[shared]!.address }]
  })
}

/** Why a start cannot be: what it is linked to does not run. After setupLinkedContainers. */
export function linkProblem(pass: Pass, container: DockerContainer): string | undefined {
  if (container.hostConfig.NetworkMode !== 'bridge') return undefined
  for (const { id, alias } of container.links) {
    const child = pass.get(dockerContainerKey(pass.machine.name, id))
    if (!child) return `Cannot link to a non running container: ${id} AS /${container.name}/${alias}`
    if (!isRunning(child))
      return `Cannot link to a non running container: /${child.name} AS /${container.name}/${alias}`
    if (!child.networks['bridge']) return `container ${child.id} not attached to default bridge network`
  }
  return undefined
}

/** Lines for /etc/hosts: the alias, the other's host name, and its own name. Simplified: in networks of one's own too. */
export const linkHosts = (pass: Pass, container: DockerContainer) =>
  linked(pass, container).map(({ alias, child, address }) => ({
    address,
    names: [alias, child.config.Hostname, ...(alias === child.name ? [] : [child.name])],
  }))

/** `DB_PORT_5432_TCP_ADDR=172.17.0.2` and the like, in the default network only. After ToEnv in moby's daemon/links. */
export function linkEnvironment(pass: Pass, container: DockerContainer): readonly string[] {
  if (container.links.length === 0 || container.hostConfig.NetworkMode !== 'bridge') return []
  return linked(pass, container).flatMap(({ alias, child, address }) => {
    const prefix = alias.toUpperCase().replaceAll('-', '_')
    const ports = Object.keys(child.config.ExposedPorts ?? {})
      .map((text) => ({ port: Number.parseInt(text, 10), proto: text.split('/')[1] ?? 'tcp' }))
      .sort((a, b) => (a.proto === b.proto ? a.port - b.port : a.proto === 'tcp' ? -1 : 1))
    const first = ports[0]
    return [
      ...(first ? [`${prefix}_PORT=${first.proto}://${address}:${first.port}`] : []),
      ...ports.flatMap(({ port, proto }) => {
        const own = `${prefix}_PORT_${port}_${proto.toUpperCase()}`
        return [
          `${own}=${proto}://${address}:${port}`,
          `${own}_ADDR=${address}`,
          `${own}_PORT=${port}`,
          `${own}_PROTO=${proto}`,
        ]
      }),
      `${prefix}_NAME=/${container.name}/${alias}`,
      ...child.config.Env.filter((pair) => !/^(HOME|PATH)=/.test(pair)).map((pair) => `${prefix}_ENV_${pair}`),
    ]
  })
}

/** Running containers that are linked to one that has a new address. */
export const linkedTo = (pass: Pass, id: string): readonly DockerContainer[] =>
  pass.all(DockerContainer).filter((one) => isRunning(one) && one.links.some((link) => link.id === id))

/** How `docker inspect` shows them: `/db:/web/store`. */
export const shownLinks = (pass: Pass, { links, name }: DockerContainer): readonly string[] | null =>
  links.length === 0
    ? null
    : links.map(
        ({ id, alias }) => `/${pass.get(dockerContainerKey(pass.machine.name, id))?.name ?? id}:/${name}/${alias}`,
      )
