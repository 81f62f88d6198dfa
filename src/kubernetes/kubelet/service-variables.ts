import type { Cache } from '../../engine'
import { Service } from '../kinds/service'
import type { Pass } from './pass'

type Variables = Readonly<Record<string, string>>
const none: Variables = {}

/** Variables by namespace, then by service: built when first asked for, forgotten when a Service changes. */
const variables: Cache<Map<string, Readonly<Record<string, Variables>>>> = {
  name: "services' variables",
  kinds: [Service],
  build: () => new Map(),
  hear: (view) => view.clear(),
}

function variablesIn(pass: Pass, namespace: string): Readonly<Record<string, Variables>> {
  const view = pass.tools.cache(variables)
  let found = view.get(namespace)
  if (!found) {
    found = Object.fromEntries(
      pass.world.list(Service, { scope: namespace }).map(({ value }) => [value.metadata.name, variablesOf(value)]),
    )
    view.set(namespace, found)
  }
  return found
}

/**
 * `NAME_SERVICE_HOST` and its relatives for the services of the namespace that exist when the container is created; with
 * `enableServiceLinks: false` only those of `kubernetes` in default. After getServiceEnvVarMap.
 */
export function serviceVariables(pass: Pass): Variables {
  const { namespace } = pass.pod.metadata
  const always = variablesIn(pass, 'default')['kubernetes'] ?? none
  if (pass.pod.spec.enableServiceLinks === false) return always
  const own = Object.values(variablesIn(pass, namespace!))
  return Object.assign({}, namespace === 'default' ? undefined : always, ...own) as Variables
}

function variablesOf(service: Service): Variables {
  const found: Record<string, string> = {}
  const { clusterIP, ports } = service.spec
  if (clusterIP === undefined || clusterIP === 'None' || !ports?.length) return found
  const prefix = service.metadata.name.toUpperCase().replaceAll('-', '_')
  found[`${prefix}_SERVICE_HOST`] = clusterIP
  found[`${prefix}_SERVICE_PORT`] = String(ports[0]!.port)
  for (const port of ports) {
    if (port.name) found[`${prefix}_SERVICE_PORT_${port.name.toUpperCase().replaceAll('-', '_')}`] = String(port.port)
    const protocol = port.protocol.toLowerCase()
    const url = `${protocol}://${clusterIP}:${port.port}`
    const long = `${prefix}_PORT_${port.port}_${port.protocol}`
    if (port === ports[0]) found[`${prefix}_PORT`] = url
    Object.assign(found, {
      [long]: url,
      [`${long}_PROTO`]: protocol,
      [`${long}_PORT`]: String(port.port),
      [`${long}_ADDR`]: clusterIP,
    })
  }
  return found
}
