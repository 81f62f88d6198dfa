import { rfc1123, title, type Writer } from './writer'

/** Where values of environment variables come from: the pod's own fields. */
export type Resolve = (fieldPath: string) => string

/** `space` is two blanks inside of a pod template, where the container's name stands one further in. */
export function describeContainers(
  w: Writer,
  heading: string,
  containers: readonly any[],
  statuses: readonly any[] | undefined,
  resolve: Resolve,
  space: string,
): void {
  if (containers.length === 0) {
    w.write(0, `${space}${heading}: <none>`)
    return
  }
  w.write(0, `${space}${heading}:`)
  for (const container of containers) {
    const status = statuses?.find(({ name }) => name === container.name)
    w.write(1, `${space === '' ? '' : ' '}${container.name}:`)
    if (status) w.write(2, `Container ID:\t${status.containerID ?? ''}`)
    w.write(2, `Image:\t${container.image ?? ''}`)
    if (status) w.write(2, `Image ID:\t${status.imageID ?? ''}`)
    ports(w, container)
    words(w, 'Command', container.command)
    words(w, 'Args', container.args)
    if (status) describeStatus(w, status)
    quantities(w, 'Limits', container.resources?.limits)
    quantities(w, 'Requests', container.resources?.requests)
    probe(w, 'Liveness', container.livenessProbe)
    probe(w, 'Readiness', container.readinessProbe)
    probe(w, 'Startup', container.startupProbe)
    environmentFrom(w, container.envFrom)
    environment(w, container, resolve)
    mounts(w, container)
  }
}

function ports(w: Writer, container: any): void {
  const all: readonly any[] = container.ports ?? []
  const own = all.map((p) => `${p.containerPort}/${p.protocol ?? 'TCP'}${p.name ? ` (${p.name})` : ''}`).join(', ')
  const host = all.map((p) => `${p.hostPort ?? 0}/${p.protocol ?? 'TCP'}${p.name ? ` (${p.name})` : ''}`).join(', ')
  w.write(2, all.length > 1 ? `Ports:\t${own}` : `Port:\t${own || '<none>'}`)
  w.write(2, all.length > 1 ? `Host Ports:\t${host}` : `Host Port:\t${host || '<none>'}`)
}

function words(w: Writer, heading: string, list: readonly string[] | undefined): void {
  if (!list?.length) return
  w.write(2, `${heading}:`)
  for (const word of list) for (const line of word.split('\n')) w.write(3, line)
}

function describeStatus(w: Writer, status: any): void {
  state(w, 'State', status.state ?? {})
  if (status.lastState?.terminated) state(w, 'Last State', status.lastState)
  w.write(2, `Ready:\t${title(status.ready)}`)
  w.write(2, `Restart Count:\t${status.restartCount}`)
}

function state(w: Writer, heading: string, { running, waiting, terminated }: any): void {
  if (running) {
    w.write(2, `${heading}:\tRunning`)
    w.write(3, `Started:\t${rfc1123(running.startedAt)}`)
  } else if (terminated) {
    w.write(2, `${heading}:\tTerminated`)
    if (terminated.reason) w.write(3, `Reason:\t${terminated.reason}`)
    if (terminated.message) w.write(3, `Message:\t${terminated.message}`)
    w.write(3, `Exit Code:\t${terminated.exitCode}`)
    if (terminated.signal) w.write(3, `Signal:\t${terminated.signal}`)
    w.write(3, `Started:\t${rfc1123(terminated.startedAt)}`)
    w.write(3, `Finished:\t${rfc1123(terminated.finishedAt)}`)
  } else {
    w.write(2, `${heading}:\tWaiting`)
    if (waiting?.reason) w.write(3, `Reason:\t${waiting.reason}`)
  }
}

function quantities(w: Writer, heading: string, list: Readonly<Record<string, string>> | undefined): void {
  const names = Object.keys(list ?? {}).sort((a, b) => (a < b ? -1 : 1))
  if (names.length === 0) return
  w.write(2, `${heading}:`)
  for (const name of names) w.write(3, `${name}:\t${list![name]}`)
}

function probe(w: Writer, heading: string, given: any): void {
  if (given) w.write(2, `${heading}:\t${probeText(given)}`)
}

/** `http-get http://:8080/ delay=0s timeout=1s period=10s #success=1 #failure=3` */
export function probeText(probe: any): string {
  const often = `delay=${probe.initialDelaySeconds ?? 0}s timeout=${probe.timeoutSeconds ?? 1}s period=${probe.periodSeconds ?? 10}s #success=${probe.successThreshold ?? 1} #failure=${probe.failureThreshold ?? 3}`
  if (probe.exec) return `exec [${(probe.exec.command ?? []).join(' ')}] ${often}`
  if (probe.httpGet) {
    const { scheme = 'HTTP', host = '', port, path = '/' } = probe.httpGet
    return `http-get ${scheme.toLowerCase()}://${host}:${port}${path.startsWith('/') || path === '' ? path : `/${path}`} ${often}`
  }
  if (probe.tcpSocket) return `tcp-socket ${probe.tcpSocket.host ?? ''}:${probe.tcpSocket.port} ${often}`
  if (probe.grpc) return `grpc <pod>:${probe.grpc.port} ${probe.grpc.service ?? ''} ${often}`
  return `unknown ${often}`
}

function environmentFrom(w: Writer, list: readonly any[] | undefined): void {
  if (!list?.length) return
  w.write(2, 'Environment Variables from:')
  for (const one of list) {
    const [source, kind] = one.configMapRef ? [one.configMapRef, 'ConfigMap'] : [one.secretRef ?? {}, 'Secret']
    const prefix = one.prefix ? ` with prefix '${one.prefix}'` : ''
    w.write(3, `${source.name}\t${kind}${prefix}\tOptional: ${source.optional === true}`)
  }
}

function environment(w: Writer, container: any, resolve: Resolve): void {
  const list: readonly any[] = container.env ?? []
  w.write(2, list.length === 0 ? 'Environment:\t<none>' : 'Environment:')
  for (const { name, value = '', valueFrom } of list) {
    if (!valueFrom) {
      value.split('\n').forEach((line: string, i: number) => {
        w.write(3, i === 0 ? `${name}:\t${line}` : `\t${line}`)
      })
    } else if (valueFrom.fieldRef) {
      const { apiVersion = 'v1', fieldPath } = valueFrom.fieldRef
      w.write(3, `${name}:\t${resolve(fieldPath)} (${apiVersion}:${fieldPath})`)
    } else if (valueFrom.resourceFieldRef) {
      const { resource } = valueFrom.resourceFieldRef
      const [part, kind] = resource.split('.')
      w.write(3, `${name}:\t${container.resources?.[part]?.[kind] ?? 'node allocatable'} (${resource})`)
    } else if (valueFrom.secretKeyRef) {
      const { key, name: secret, optional } = valueFrom.secretKeyRef
      w.write(3, `${name}:\t<set to the key '${key}' in secret '${secret}'>\tOptional: ${optional === true}`)
    } else if (valueFrom.configMapKeyRef) {
      const { key, name: map, optional } = valueFrom.configMapKeyRef
      w.write(3, `${name}:\t<set to the key '${key}' of config map '${map}'>\tOptional: ${optional === true}`)
    }
  }
}

function mounts(w: Writer, container: any): void {
  const list = [...(container.volumeMounts ?? [])].sort((a: any, b: any) => (a.mountPath < b.mountPath ? -1 : 1))
  w.write(2, list.length === 0 ? 'Mounts:\t<none>' : 'Mounts:')
  for (const { name, mountPath, readOnly, subPath } of list) {
    w.write(
      3,
      `${mountPath} from ${name} (${readOnly ? 'ro' : 'rw'}${subPath ? `,path=${JSON.stringify(subPath)}` : ''})`,
    )
  }
}
