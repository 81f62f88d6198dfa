import { fail } from '../../cli/failure'
import { bool, text } from '../../cli/flags'
import { type Command, done, type Run } from '../command'
import { withLastApplied } from '../each-manifest'
import { fileFlags, namesFiles, objectsInFiles } from '../manifests'
import { dryRunFlag, dryRunOf, managerFlag, outputFlag, printOutcome, templateFlags } from '../output'
import { overridden, overrideFlags } from '../overrides'
import { type Known, mustResource, nameOf, objectsOf, targetsOf } from '../resource-args'
import { writing } from '../send'

export const expose: Command = {
  name: 'expose',
  group: 'Basic Commands (Beginner)',
  about: 'Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service',
  help: 'Makes a service for the pods of a Deployment, a ReplicaSet, another service, or one pod.',
  usage:
    '(-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]',
  examples: [
    'kubectl expose deployment web --port=80',
    'kubectl expose deployment web --port=80 --target-port=8080 --type=NodePort',
  ],
  completes: 'deployments',
  flags: [
    ...fileFlags,
    dryRunFlag,
    outputFlag,
    text('port', 'The port that clients use.'),
    text('target-port', 'The port of the pods.'),
    text('protocol', 'TCP, UDP or SCTP.'),
    text('name', 'The service’s name.'),
    text('type', 'ClusterIP, NodePort, LoadBalancer or ExternalName.', { initial: 'ClusterIP' }),
    text('selector', 'Which pods, in place of those of the object.'),
    text('labels', 'Labels of the service.', { short: 'l' }),
    text('cluster-ip', 'Its address, or None.'),
    text('external-ip', 'An address from outside.'),
    text('load-balancer-ip', 'A wish for an address.'),
    text('session-affinity', 'None or ClientIP.'),
    ...overrideFlags,
    bool('save-config', 'Write down what was sent, for apply.'),
    text('container-port', 'The port of the pods.', { unmodelled: true }),
    managerFlag('kubectl-expose'),
    ...templateFlags,
  ],
  run(run) {
    for (const { resource, object } of objects(run)) exposeOne(run, resource, object)
    return done
  },
}

function objects(run: Run): readonly { readonly resource: Known; readonly object: any }[] {
  if (namesFiles(run)) return objectsInFiles(run)
  if (run.args.length === 0) fail('error: You must provide one or more resources by argument or filename.')
  const targets = targetsOf(run.args)
  if (targets.some(({ names }) => names.length === 0))
    fail('error: resource(s) were provided, but no name was specified')
  return objectsOf(run, targets, {})
}

function selectorFor(run: Run, resource: Known, object: any): Record<string, string> {
  if (run.value('selector')) return pairsOf(run.value('selector')!)
  const { spec, metadata } = object
  if (resource.kind === 'Deployment' || resource.kind === 'ReplicaSet') {
    if (spec.selector.matchExpressions?.length)
      fail(
        `error: couldn't retrieve selectors via --selector flag or introspection: couldn't convert expressions - "${JSON.stringify(spec.selector.matchExpressions)}" to map-based selector format`,
      )
    return spec.selector.matchLabels
  }
  if (resource.kind === 'Service')
    return (
      spec.selector ??
      fail(
        "error: couldn't retrieve selectors via --selector flag or introspection: the service has no pod selector set",
      )
    )
  if (resource.kind === 'Pod') {
    if (!metadata.labels)
      fail(
        "error: couldn't retrieve selectors via --selector flag or introspection: the pod has no labels and cannot be exposed",
      )
    return metadata.labels
  }
  return fail(`error: cannot expose a ${resource.kind}`)
}

function pairsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )
}

interface Port {
  readonly port: number
  readonly protocol: string
}

/** The ports that the object's containers (or the service) declare. */
function portsOf(object: any): readonly Port[] {
  if (object.kind === 'Service' || object.spec.ports)
    return (object.spec.ports ?? []).map(({ port, protocol }: any) => ({ port, protocol }))
  const containers: readonly any[] = object.spec.template?.spec?.containers ?? object.spec.containers ?? []
  return containers.flatMap(({ ports = [] }) =>
    ports.map(({ containerPort, protocol = 'TCP' }: any) => ({ port: containerPort, protocol })),
  )
}

const numberOrName = (text: string) => (/^\d+$/.test(text) ? Number(text) : text)

function exposeOne(run: Run, resource: Known, object: any): void {
  const name = run.value('name') || object.metadata.name
  const declared = portsOf(object)
  const given = run.value('port')
  const numbers = given
    ? given.split(',').map((port) => ({ port: Number(port), protocol: run.value('protocol') ?? 'TCP' }))
    : declared
  if (numbers.length === 0 && run.value('cluster-ip') !== 'None')
    fail("error: couldn't find port via --port flag or introspection")
  const protocolOf = (port: number) =>
    run.value('protocol') ?? declared.find((one) => one.port === port)?.protocol ?? 'TCP'
  const target = run.value('target-port')
  const ports = numbers.map(({ port }, i) => ({
    ...(numbers.length > 1 && { name: `port-${i + 1}` }),
    port,
    protocol: protocolOf(port),
    targetPort: target ? numberOrName(target) : port,
  }))
  const clusterIP = run.value('cluster-ip')
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      ...(run.given('labels')
        ? { labels: pairsOf(run.value('labels')!) }
        : object.metadata.labels && { labels: object.metadata.labels }),
    },
    spec: {
      ...(ports.length > 0 && { ports }),
      selector: selectorFor(run, resource, object),
      ...(run.given('type') && { type: run.value('type') }),
      ...(clusterIP && { clusterIP }),
      ...(run.value('external-ip') && { externalIPs: [run.value('external-ip')] }),
      ...(run.value('load-balancer-ip') && { loadBalancerIP: run.value('load-balancer-ip') }),
      ...(run.value('session-affinity') && { sessionAffinity: run.value('session-affinity') }),
    },
    status: { loadBalancer: {} },
  }
  const services = mustResource('services')
  const changed = overridden(run, services, service)
  const wanted = run.on('save-config') ? withLastApplied(changed) : changed
  const body =
    dryRunOf(run) === 'client'
      ? wanted
      : run.client.ask({
          verb: 'create',
          resource: nameOf(services),
          namespace: object.metadata.namespace,
          body: wanted,
          ...writing(run),
        })
  printOutcome(run, services, body, 'exposed')
}
