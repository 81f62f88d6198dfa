import { type FieldError, forbidden, invalid, notFoundField, required } from '../api/field-error'
import { dnsLabel, envName, portName, portNumber, qualifiedName } from '../api/name-rules'
import { compareQuantities, parseQuantity, quantityMillis } from '../api/quantity'
import { atLeastZero, duplicates, oneOf } from './meta-validation'
import type { Handler, PodContainer, PodSpec, Probe, ResourceList } from './pod'

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never']
const PROTOCOLS = ['TCP', 'UDP', 'SCTP']
const STANDARD = new Set(['cpu', 'memory', 'ephemeral-storage'])

/** Containers and init containers of a spec at `path`. */
export function validateContainers(spec: PodSpec, path: string, volumes: ReadonlySet<string>): FieldError[] {
  const errors: FieldError[] = []
  const containers = spec.containers ?? []
  if (containers.length === 0) errors.push(required(`${path}.containers`))
  containers.forEach((container, i) => {
    errors.push(...validateContainer(container, `${path}.containers[${i}]`, volumes))
  })
  const seen = new Set(containers.map(({ name }) => name))
  errors.push(
    ...duplicates(
      containers,
      ({ name }) => name || undefined,
      (i) => `${path}.containers[${i}].name`,
    ),
  )
  spec.initContainers?.forEach((container, i) => {
    const here = `${path}.initContainers[${i}]`
    errors.push(...validateContainer(container, here, volumes))
    if (seen.has(container.name))
      errors.push({
        field: `${here}.name`,
        type: 'FieldValueDuplicate',
        text: `Duplicate value: ${JSON.stringify(container.name)}`,
      })
    seen.add(container.name)
    if (container.restartPolicy === 'Always') return
    if (container.restartPolicy !== undefined)
      errors.push(...oneOf(container.restartPolicy, ['Always'], `${here}.restartPolicy`))
    for (const field of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
      if (container[field])
        errors.push(forbidden(`${here}.${field}`, 'may not be set for init containers without restartPolicy=Always'))
    }
  })
  errors.push(...hostPortClashes(containers, path))
  return errors
}

function hostPortClashes(containers: readonly PodContainer[], path: string): FieldError[] {
  const errors: FieldError[] = []
  const taken = new Set<string>()
  containers.forEach((container, c) => {
    container.ports?.forEach((port, p) => {
      if (!port.hostPort) return
      const key = `${port.protocol ?? 'TCP'}/${port.hostIP ?? ''}/${port.hostPort}`
      if (taken.has(key)) {
        errors.push({
          field: `${path}.containers[${c}].ports[${p}].hostPort`,
          type: 'FieldValueDuplicate',
          text: `Duplicate value: ${JSON.stringify(key)}`,
        })
      }
      taken.add(key)
    })
  })
  return errors
}

function validateContainer(container: PodContainer, path: string, volumes: ReadonlySet<string>): FieldError[] {
  const errors: FieldError[] = []
  if (!container.name) errors.push(required(`${path}.name`))
  else for (const text of dnsLabel(container.name)) errors.push(invalid(`${path}.name`, container.name, text))
  if (!container.image) errors.push(required(`${path}.image`))
  else if (container.image !== container.image.trim())
    errors.push(invalid(`${path}.image`, container.image, 'must not have leading or trailing whitespace'))
  errors.push(...oneOf(container.imagePullPolicy, PULL_POLICIES, `${path}.imagePullPolicy`))
  errors.push(...validatePorts(container, `${path}.ports`))
  errors.push(...validateEnv(container, `${path}.env`))
  errors.push(...validateMounts(container, `${path}.volumeMounts`, volumes))
  errors.push(...validateResources(container.resources, `${path}.resources`))
  errors.push(...validateProbe(container.livenessProbe, `${path}.livenessProbe`, true))
  errors.push(...validateProbe(container.readinessProbe, `${path}.readinessProbe`, false))
  errors.push(...validateProbe(container.startupProbe, `${path}.startupProbe`, true))
  for (const hook of ['postStart', 'preStop'] as const) {
    const handler = container.lifecycle?.[hook]
    if (handler) errors.push(...validateHandler(handler, `${path}.lifecycle.${hook}`))
  }
  return errors
}

function validatePorts(container: PodContainer, path: string): FieldError[] {
  const errors = duplicates(
    container.ports,
    ({ name }) => name || undefined,
    (i) => `${path}[${i}].name`,
  )
  container.ports?.forEach((port, i) => {
    const here = `${path}[${i}]`
    if (port.name) for (const text of portName(port.name)) errors.push(invalid(`${here}.name`, port.name, text))
    if (port.containerPort === undefined || port.containerPort === 0) errors.push(required(`${here}.containerPort`))
    else
      for (const text of portNumber(port.containerPort))
        errors.push(invalid(`${here}.containerPort`, port.containerPort, text))
    if (port.hostPort)
      for (const text of portNumber(port.hostPort)) errors.push(invalid(`${here}.hostPort`, port.hostPort, text))
    errors.push(...oneOf(port.protocol, PROTOCOLS, `${here}.protocol`))
  })
  return errors
}

function validateEnv(container: PodContainer, path: string): FieldError[] {
  const errors: FieldError[] = []
  container.env?.forEach((variable, i) => {
    const here = `${path}[${i}]`
    if (!variable.name) errors.push(required(`${here}.name`))
    else for (const text of envName(variable.name)) errors.push(invalid(`${here}.name`, variable.name, text))
    const from = variable.valueFrom
    if (!from) return
    const sources = Object.keys(from).filter((key) => (from as Record<string, unknown>)[key] !== undefined)
    if (sources.length === 0)
      errors.push(
        invalid(
          `${here}.valueFrom`,
          '',
          'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
        ),
      )
    if (variable.value) errors.push(invalid(`${here}.valueFrom`, '', 'may not be specified when `value` is not empty'))
    if (sources.length > 1)
      errors.push(invalid(`${here}.valueFrom`, '', 'may not have more than one field specified at a time'))
    for (const ref of ['configMapKeyRef', 'secretKeyRef'] as const) {
      const source = from[ref]
      if (source && !source.key) errors.push(required(`${here}.valueFrom.${ref}.key`))
    }
    if (from.fieldRef)
      errors.push(...validateFieldPath(from.fieldRef.fieldPath, `${here}.valueFrom.fieldRef.fieldPath`))
  })
  return errors
}

const FIELD_PATHS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]

function validateFieldPath(fieldPath: string | undefined, path: string): FieldError[] {
  if (!fieldPath) return [required(path)]
  if (/^metadata\.(labels|annotations)\['[^']+'\]$/.test(fieldPath) || FIELD_PATHS.includes(fieldPath)) return []
  const known = ['metadata.labels', 'metadata.annotations']
  if (known.includes(fieldPath))
    return [invalid(path, fieldPath, `error converting fieldPath: field label not supported: ${fieldPath}`)]
  return [invalid(path, fieldPath, `error converting fieldPath: field label not supported: ${fieldPath}`)]
}

function validateMounts(container: PodContainer, path: string, volumes: ReadonlySet<string>): FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  container.volumeMounts?.forEach((mount, i) => {
    const here = `${path}[${i}]`
    if (!mount.name) errors.push(required(`${here}.name`))
    else if (!volumes.has(mount.name)) errors.push(notFoundField(`${here}.name`, mount.name))
    if (!mount.mountPath) errors.push(required(`${here}.mountPath`))
    else if (seen.has(mount.mountPath)) errors.push(invalid(`${here}.mountPath`, mount.mountPath, 'must be unique'))
    seen.add(mount.mountPath)
    if (mount.subPath?.split('/').includes('..'))
      errors.push(invalid(`${here}.subPath`, mount.subPath, "must not contain '..'"))
  })
  return errors
}

function validateResources(resources: PodContainer['resources'], path: string): FieldError[] {
  const errors: FieldError[] = []
  for (const part of ['limits', 'requests'] as const) {
    for (const [name, value] of Object.entries(resources?.[part] ?? {}))
      errors.push(...validateResource(name, value, `${path}.${part}`))
  }
  const limits: ResourceList = resources?.limits ?? {}
  for (const [name, value] of Object.entries(resources?.requests ?? {})) {
    const limit = limits[name]
    if (limit === undefined) continue
    if (compareQuantities(value, limit) > 0) {
      errors.push(invalid(`${path}.requests`, value, `must be less than or equal to ${name} limit of ${limit}`))
    } else if (!STANDARD.has(name) && compareQuantities(value, limit) !== 0) {
      errors.push(invalid(`${path}.requests`, value, `must be equal to ${name} limit of ${limit}`))
    }
  }
  return errors
}

function validateResource(name: string, value: string, path: string): FieldError[] {
  const errors: FieldError[] = []
  const here = `${path}[${name}]`
  for (const text of qualifiedName(name)) errors.push(invalid(here, name, text))
  if (!name.includes('/') && !STANDARD.has(name) && !name.startsWith('hugepages-')) {
    errors.push(invalid(here, name, 'must be a standard resource type or fully qualified'))
    errors.push(invalid(here, name, 'must be a standard resource for containers'))
  }
  const nanos = parseQuantity(value)?.nanos ?? 0n
  if (nanos < 0n) errors.push(invalid(here, value, 'must be greater than or equal to 0'))
  else if (name.includes('/') && nanos % 1_000_000_000n !== 0n) errors.push(invalid(here, value, 'must be an integer'))
  else if (name === 'cpu' && nanos !== BigInt(quantityMillis(value)) * 1_000_000n) {
    errors.push(invalid(here, value, 'must be specified to at most millis precision'))
  }
  return errors
}

function validateProbe(probe: Probe | undefined, path: string, onceIsEnough: boolean): FieldError[] {
  if (!probe) return []
  const errors = validateHandler(probe, path)
  for (const field of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ] as const) {
    errors.push(...atLeastZero(probe[field], `${path}.${field}`))
  }
  if (onceIsEnough && probe.successThreshold !== undefined && probe.successThreshold !== 1) {
    errors.push(invalid(`${path}.successThreshold`, probe.successThreshold, 'must be 1'))
  }
  return errors
}

function validateHandler(
  handler: Handler & { readonly tcpSocket?: Probe['tcpSocket']; readonly grpc?: Probe['grpc'] },
  path: string,
): FieldError[] {
  const errors: FieldError[] = []
  const found = (['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const).filter(
    (kind) => handler[kind] !== undefined,
  )
  if (found.length === 0) errors.push(required(path, 'must specify a handler type'))
  for (const extra of found.slice(1))
    errors.push(forbidden(`${path}.${extra}`, 'may not specify more than 1 handler type'))
  if (handler.exec && (handler.exec.command ?? []).length === 0) errors.push(required(`${path}.exec.command`))
  for (const kind of ['httpGet', 'tcpSocket'] as const) {
    const action = handler[kind]
    if (action) errors.push(...validatePort(action.port, `${path}.${kind}.port`))
  }
  if (handler.httpGet?.scheme !== undefined)
    errors.push(...oneOf(handler.httpGet.scheme, ['HTTP', 'HTTPS'], `${path}.httpGet.scheme`))
  if (handler.httpGet && handler.httpGet.path === '') errors.push(required(`${path}.httpGet.path`))
  return errors
}

function validatePort(port: number | string | undefined, path: string): FieldError[] {
  if (typeof port === 'string') return portName(port).map((text) => invalid(path, port, text))
  return portNumber(port ?? 0).map((text) => invalid(path, port ?? 0, text))
}
