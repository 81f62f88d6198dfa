import { fail } from '../../cli/failure'
import { type Flag, int, text, texts } from '../../cli/flags'
import { type Command, done, type Run } from '../command'
import { createObject, creating, oneName } from '../create-object'
import { mustResource } from '../resource-args'

interface Port {
  readonly name: string
  readonly port: number
  readonly protocol: 'TCP'
  readonly targetPort: number | string
  readonly nodePort?: number
}

/** `--tcp=5678:8080`: the service's port, and the pods'. */
function portsFrom(run: Run): readonly Port[] {
  return run.values('tcp').map((given): Port => {
    const [port = '', target] = given.split(':')
    if (!/^\d+$/.test(port)) fail(`error: strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`)
    const targetPort = target === undefined ? Number(port) : /^\d+$/.test(target) ? Number(target) : target
    return { name: given.replace(':', '-'), port: Number(port), protocol: 'TCP', targetPort }
  })
}

interface Kind {
  readonly name: string
  readonly type: 'ClusterIP' | 'ExternalName' | 'LoadBalancer' | 'NodePort'
  readonly aliases?: readonly string[]
  readonly flags?: readonly Flag[]
  /** More of the spec. */
  readonly more?: (run: Run) => object
  /** What becomes of each port. */
  readonly port?: (run: Run, port: Port) => Port
}

const kinds: readonly Kind[] = [
  {
    name: 'clusterip',
    type: 'ClusterIP',
    flags: [text('clusterip', 'Its address, or None.')],
    more: (run) => (run.value('clusterip') ? { clusterIP: run.value('clusterip') } : {}),
  },
  {
    name: 'externalname',
    type: 'ExternalName',
    flags: [text('external-name', 'The name it stands for.')],
    more: (run) => ({
      externalName: run.value('external-name') || fail('error: required flag(s) "external-name" not set'),
    }),
  },
  { name: 'loadbalancer', type: 'LoadBalancer', aliases: ['lb'] },
  {
    name: 'nodeport',
    type: 'NodePort',
    flags: [int('node-port', 'The port of every node.', { initial: '0' })],
    port: (run, port) => (run.int('node-port')! > 0 ? { ...port, nodePort: run.int('node-port')! } : port),
  },
]

const commandFor = ({ name, type, aliases = [], flags = [], more, port }: Kind): Command => ({
  name,
  aliases,
  about: `Create ${type.startsWith('E') ? 'an' : 'a'} ${type} service`,
  usage: 'NAME [--tcp=<port>:<targetPort>]',
  flags: [...creating, texts('tcp', 'Ports: 80, or 80:8080.'), ...flags],
  run(run) {
    const called = oneName(run)
    const labels = { app: called }
    const ports = portsFrom(run).map((one) => port?.(run, one) ?? one)
    const extra = more?.(run) ?? {}
    if (ports.length === 0 && type !== 'ExternalName' && !('clusterIP' in extra))
      fail('error: at least one tcp port specifier must be provided')
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: called, labels },
      spec: { type, ...(ports.length > 0 && { ports }), selector: labels, ...extra },
      status: { loadBalancer: {} },
    }
    createObject(run, mustResource('services'), service, `${type} service`)
    return done
  },
})

export const createService: Command = {
  name: 'service',
  aliases: ['svc'],
  about: 'Create a service using a specified subcommand',
  children: kinds.map(commandFor),
}
