import type { DockerContainer } from '../../docker/containers/container'
import type { Change, World } from '../../engine'
import { Container, Sandbox } from '../../platform/container/container'
import { Network, separation } from '../../platform/network/network'
import { shorten } from './amount'
import { containerMarks, hueOf } from './docker-marks'
import { stateWords } from './state-words'
import type { NetworkEdge, NetworkNode, NetworkScene, Way } from './views'

/** With more containers than this nobody reads who reaches whom. */
const MOST_ASKED = 14

/**
 * The networks of machines with Docker: what is published, the networks, and who is in them. Who reaches whom is asked of
 * the model itself, with the rule that drops a packet.
 */
export function dockerNetworkScene(world: World): NetworkScene {
  const marks = containerMarks(world)
  const networks = world.list(Network).filter(({ value }) => isShown(value, marks))
  const edges: NetworkEdge[] = []
  const doors: NetworkNode[] = []
  const services = networks.map(({ uid, key, value }): NetworkNode => {
    const { name, driver, subnet, internal, resolves } = value
    const members = marks.filter(({ head }) => head.value.machine === value.machine && name in head.value.networks)
    for (const { id, head } of members) {
      const address = head.value.networks[name]!.address
      const isIn = address !== '' || driver === 'host' || driver === 'null'
      edges.push({
        id: `${uid} ${id}`,
        from: uid,
        to: id,
        hue: hueOf(name),
        state: isIn && head.value.status === 'running' ? 'ready' : 'waiting',
        says: `${head.value.name} is in ${name}${address === '' ? ', without an address while it does not run' : ` as ${address}`}`,
      })
    }
    return {
      id: uid,
      key,
      kind: 'network',
      name,
      address: subnet === '' ? driver : subnet,
      dns:
        driver === 'host'
          ? 'the machine’s own network'
          : resolves
            ? 'containers know each other by name'
            : 'no names here, addresses only',
      hue: hueOf(name),
      note: internal ? 'internal' : driver,
      warns: false,
    }
  })
  for (const { id, key, hue, head } of marks) {
    const [first] = Object.entries(head.value.networks).filter(([, { address }]) => address !== '')
    const network = networks.find(({ value }) => value.machine === head.value.machine && value.name === first?.[0])
    for (const { IP, PublicPort, PrivatePort, Type } of head.value.published) {
      if (PublicPort === undefined || IP?.includes(':') || !network || !first) continue
      const door = `${id} ${PublicPort}/${Type}`
      const says = `port ${PublicPort} of ${head.value.machine} leads to ${first[1].address}:${PrivatePort}, container ${head.value.name}`
      doors.push({
        id: door,
        key,
        kind: 'door',
        name: String(PublicPort),
        address: `→ ${head.value.name}:${PrivatePort}`,
        dns: '',
        hue,
        note: says,
        warns: false,
      })
      edges.push({ id: `door ${door}`, from: door, to: network.uid, hue, state: 'ready', says })
    }
  }
  return {
    view: 'network',
    at: world.now,
    revision: world.revision,
    heads: {
      doors: 'Published',
      services: 'Networks',
      tiles: 'Containers',
      rest: 'In no network',
      none: 'No networks and no containers yet.',
    },
    doors,
    services,
    tiles: marks.map(({ id, key, name, hue, state, word, image, machine, head }) => {
      const addresses = Object.values(head.value.networks).flatMap(({ address }) => (address === '' ? [] : [address]))
      return {
        id,
        key,
        name,
        title: `container ${name}, ${word}${addresses.length === 0 ? '' : `, ${addresses.join(', ')}`}`,
        label: shorten(name, 11),
        shortLabel: undefined,
        hue,
        version: 0,
        state,
        word: word === stateWords[state] ? undefined : word,
        restarts: head.value.restartCount,
        workload: image,
        machine,
        slot: 0,
        broken: undefined,
        small: false,
        note: undefined,
        address: addresses.join(', '),
      }
    }),
    edges,
    requests: [],
    ways: waysBetween(world, marks),
  }
}

/** `host` and `none` only while somebody is in them. */
const isShown = (
  { name, driver, machine }: Network,
  marks: readonly { readonly head: Change<DockerContainer> }[],
): boolean =>
  (driver !== 'host' && driver !== 'null') ||
  marks.some(({ head }) => head.value.machine === machine && name in head.value.networks)

/** From each running container to each other one: how it gets there, or which rule stops it. */
function waysBetween(world: World, marks: ReturnType<typeof containerMarks>): readonly Way[] {
  const placed = marks.flatMap(({ id, name, head }) => {
    const { machine, status } = head.value
    const sandbox = world.get(Container.key(machine, head.value.id))?.sandbox
    const found = sandbox === undefined ? undefined : world.get(Sandbox.key(machine, sandbox))
    return status === 'running' && found ? [{ id, name, machine, sandbox: found, container: head.value }] : []
  })
  if (placed.length > MOST_ASKED) return []
  return placed.flatMap((from) =>
    placed.flatMap((to): Way[] => {
      if (from === to) return []
      const tries = Object.values(to.container.networks).flatMap(({ address }) =>
        address === ''
          ? []
          : [
              {
                address,
                why: separation(world, { machine: from.machine, sandbox: from.sandbox.name }, to.sandbox, address),
              },
            ],
      )
      const open = tries.find(({ why }) => why === undefined)
      return [
        {
          from: from.id,
          to: to.id,
          open: open !== undefined,
          says: open ? `by ${open.address}` : (tries[0]?.why ?? `${to.name} has no address of its own`),
        },
      ]
    }),
  )
}
