import type { World } from '../../engine/kind'
import type { Tools } from '../../engine/plan'
import { Service, type ServicePort } from '../kinds/service'
import { type FieldError, invalid } from './field-error'

/** Services have addresses out of 10.96.0.0/16. The first 256 are drawn last, so that they can be given by hand. */
const RANGE = '10.96.0.0/16'
const RANGE_SIZE = 65_534
const RESERVED_ADDRESSES = 256
const LOWEST_PORT = 30_000
const HIGHEST_PORT = 32_767
/** The first ports are drawn last too. */
const RESERVED_PORTS = 86
const MOST_DRAWS = 200

const address = (offset: number) => `10.96.${(offset >> 8) & 255}.${offset & 255}`

type Allocated = { readonly service: Service } | { readonly errors: readonly FieldError[] }

/** Gives a service what the server allocates: its cluster address, and ports of the nodes. What `old` had is kept. */
export function allocate(service: Service, old: Service | undefined, world: World, tools: Tools): Allocated {
  const { uid } = service.metadata
  if (service.spec.type === 'ExternalName') {
    const { clusterIP: _, clusterIPs: __, ...spec } = service.spec
    return { service: { ...service, spec: spec as Service['spec'] } }
  }
  const ip = clusterAddress(service, old, world, tools, uid)
  if ('errors' in ip) return ip
  const ports = nodePorts(service, old, world, tools, uid)
  if ('errors' in ports) return ports
  return {
    service: {
      ...service,
      spec: {
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        ...service.spec,
        clusterIP: ip.ip,
        clusterIPs: [ip.ip],
        ...(ports.ports && { ports: ports.ports }),
      },
    },
  }
}

function clusterAddress(
  service: Service,
  old: Service | undefined,
  world: World,
  tools: Tools,
  uid: string,
): { ip: string } | { errors: FieldError[] } {
  const wanted = service.spec.clusterIP || service.spec.clusterIPs?.[0] || old?.spec.clusterIP
  if (wanted === 'None' || (wanted && wanted === old?.spec.clusterIP)) return { ip: wanted }
  const taken = (ip: string) => world.list(Service, { clusterIP: ip }).some(({ uid: other }) => other !== uid)
  if (wanted) {
    const parts = /^10\.96\.(\d{1,3})\.(\d{1,3})$/.exec(wanted)
    if (!parts || Number(parts[1]) > 255 || Number(parts[2]) > 255) {
      const why = /^\d+\.\d+\.\d+\.\d+$/.test(wanted)
        ? `failed to allocate IP ${wanted}: the provided IP (${wanted}) is not in the valid range. The range of valid IPs is ${RANGE}`
        : 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
      return { errors: [invalid('spec.clusterIPs', [wanted], why)] }
    }
    if (taken(wanted))
      return {
        errors: [
          invalid('spec.clusterIPs', [wanted], `failed to allocate IP ${wanted}: provided IP is already allocated`),
        ],
      }
    return { ip: wanted }
  }
  for (let n = 0; n < MOST_DRAWS; n++) {
    const ip = address(
      RESERVED_ADDRESSES + Math.floor(tools.draw(uid, 'cluster address', n) * (RANGE_SIZE - RESERVED_ADDRESSES)),
    )
    if (!taken(ip)) return { ip }
  }
  for (let offset = 1; offset <= RANGE_SIZE; offset++) if (!taken(address(offset))) return { ip: address(offset) }
  return { errors: [invalid('spec.clusterIPs', [], 'failed to allocate a serviceIP: range is full')] }
}

function nodePorts(
  service: Service,
  old: Service | undefined,
  world: World,
  tools: Tools,
  uid: string,
): { ports: readonly ServicePort[] | undefined } | { errors: FieldError[] } {
  const { type, ports } = service.spec
  if (!ports) return { ports }
  if (type === 'ClusterIP') return { ports: ports.map(({ nodePort: _, ...port }) => port) }
  if (type === 'LoadBalancer' && service.spec['allocateLoadBalancerNodePorts'] === false) return { ports }
  const given = new Set<number>()
  const taken = (port: number) =>
    given.has(port) || world.list(Service, { nodePort: String(port) }).some(({ uid: other }) => other !== uid)
  const errors: FieldError[] = []
  const made: ServicePort[] = []
  ports.forEach((port, i) => {
    const before = old?.spec.ports?.find((one) => one.port === port.port && one.protocol === port.protocol)?.nodePort
    const wanted = port.nodePort || before
    const path = `spec.ports[${i}].nodePort`
    if (wanted && (wanted < LOWEST_PORT || wanted > HIGHEST_PORT)) {
      errors.push(
        invalid(
          path,
          wanted,
          `provided port is not in the valid range. The range of valid ports is ${LOWEST_PORT}-${HIGHEST_PORT}`,
        ),
      )
    } else if (wanted && taken(wanted)) errors.push(invalid(path, wanted, 'provided port is already allocated'))
    else {
      const nodePort = wanted || freePort(taken, tools, uid, i)
      given.add(nodePort)
      made.push({ ...port, nodePort })
    }
  })
  return errors.length > 0 ? { errors } : { ports: made }
}

function freePort(taken: (port: number) => boolean, tools: Tools, uid: string, index: number): number {
  const size = HIGHEST_PORT - LOWEST_PORT + 1 - RESERVED_PORTS
  for (let n = 0; n < MOST_DRAWS; n++) {
    const port = LOWEST_PORT + RESERVED_PORTS + Math.floor(tools.draw(uid, `node port ${index}`, n) * size)
    if (!taken(port)) return port
  }
  let port = LOWEST_PORT
  while (port < HIGHEST_PORT && taken(port)) port++
  return port
}
