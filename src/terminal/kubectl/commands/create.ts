import { unmodelledResources } from '../../../kubernetes'
import { type Command, done, type Run } from '../command'
import { fail } from '../failure'
import { bool, type Flag, int, text, texts } from '../flags'
import { fileFlags, kindOfManifest, type Manifest, namespaceOfManifest, readManifests } from '../manifests'
import { dryRunFlag, dryRunOf, outputFlag, printOutcome, templateFlags } from '../output'
import { type Known, mustResource, nameOf, namespaceFor } from '../resource-args'
import { tellNotices, writing } from '../send'
import { eachManifest, withLastApplied } from './apply'

const validateFlag: Flag = text('validate', 'strict, warn or ignore unknown fields.', {
  initial: 'strict',
  alone: 'strict',
})
const saveFlag: Flag = bool('save-config', 'Write down what was sent, for apply.')
const shared: readonly Flag[] = [
  dryRunFlag,
  outputFlag,
  validateFlag,
  saveFlag,
  text('field-manager', 'Who owns the fields.', { initial: 'kubectl-create' }),
  ...templateFlags,
]

/** Creates an object that a command made up itself, and tells of it. */
export function createObject(
  run: Run,
  resource: Known,
  object: any,
  scope: { readonly namespace?: string } = namespaceFor(run, resource),
): void {
  tellNotices(run, resource, object)
  const given = run.on('save-config')
    ? withLastApplied({ ...object, metadata: { ...object.metadata, ...scope } })
    : object
  const body =
    dryRunOf(run) === 'client'
      ? clientSide(run, given, scope)
      : run.client.ask({ verb: 'create', resource: nameOf(resource), ...scope, body: given, ...writing(run) })
  printOutcome(run, resource, body, 'created')
}

/** What a client-side dry run shows: the namespace only where the user gave it. */
function clientSide(run: Run, object: any, scope: { readonly namespace?: string }): any {
  return run.namespaceGiven && scope.namespace !== undefined
    ? { ...object, metadata: { ...object.metadata, namespace: scope.namespace } }
    : object
}

function createFromFile(run: Run, manifest: Manifest): void {
  const resource = kindOfManifest(manifest)
  const scope = namespaceOfManifest(run, resource, manifest)
  tellNotices(run, resource, manifest.object)
  const whole = { ...manifest.object, metadata: { ...manifest.object.metadata, ...scope } }
  const object = run.on('save-config') ? withLastApplied(whole) : whole
  const body =
    dryRunOf(run) === 'client'
      ? object
      : run.client.ask(
          { verb: 'create', resource: nameOf(resource), ...scope, body: object, ...writing(run) },
          { verb: 'creating', source: manifest.source },
        )
  printOutcome(run, resource, body, 'created')
}

const oneName = (run: Run, usage: string): string => {
  const names = run.dash >= 0 ? run.args.slice(0, run.dash) : run.args
  if (names.length !== 1)
    fail(`error: exactly one NAME is required, got ${names.length}\nSee '${run.path} -h' for help and examples`)
  return names[0] ?? usage
}

/** `registry.example.com/team/web-app:1.2@sha256:…` → `web-app` */
function nameFromImage(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1)
  return last.split('@')[0]!.split(':')[0]!.replaceAll('_', '-')
}

const deployment: Command = {
  name: 'deployment',
  aliases: ['deploy'],
  about: 'Create a deployment with the specified name',
  usage: 'NAME --image=image -- [COMMAND] [args...]',
  examples: [
    'kubectl create deployment web --image=nginx:1.27 --replicas=3',
    'kubectl create deployment web --image=nginx --port=80',
  ],
  flags: [
    ...shared,
    texts('image', 'The images to run, one container each.'),
    int('replicas', 'How many pods.', { initial: '1', short: 'r' }),
    int('port', 'The port that the container listens on.', { initial: '-1' }),
  ],
  run(run) {
    const name = oneName(run, 'NAME')
    const images = run.values('image').filter((image) => image !== '')
    if (images.length === 0) fail('error: required flag(s) "image" not set')
    const command = run.dash >= 0 ? run.args.slice(run.dash) : []
    if (images.length > 1 && command.length > 0) fail('error: cannot specify multiple --image options and command')
    const replicas = run.int('replicas')!
    if (replicas < 0) fail('error: replicas must be non-negative')
    const port = run.int('port')!
    const labels = { app: name }
    const containers = images.map((image) => ({
      name: nameFromImage(image),
      image,
      resources: {},
      ...(command.length > 0 && { command }),
      ...(port >= 0 && { ports: [{ containerPort: port }] }),
    }))
    createObject(run, mustResource('deployments'), {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, labels },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        strategy: {},
        template: { metadata: { labels }, spec: { containers } },
      },
      status: {},
    })
    return done
  },
}

const namespace: Command = {
  name: 'namespace',
  aliases: ['ns'],
  about: 'Create a namespace with the specified name',
  usage: 'NAME [--dry-run=server|client|none]',
  flags: shared,
  run(run) {
    const name = oneName(run, 'NAME')
    createObject(run, mustResource('namespaces'), {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
      spec: {},
      status: {},
    })
    return done
  },
}

const serviceAccount: Command = {
  name: 'serviceaccount',
  aliases: ['sa'],
  about: 'Create a service account with the specified name',
  usage: 'NAME [--dry-run=server|client|none]',
  flags: shared,
  run(run) {
    createObject(run, mustResource('serviceaccounts'), {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: oneName(run, 'NAME') },
    })
    return done
  },
}

/** `--tcp=5678:8080`: the service's port, and the pods'. */
function portsFrom(run: Run): readonly any[] {
  return run.values('tcp').map((given) => {
    const [port, target] = given.split(':')
    if (!/^\d+$/.test(port ?? '')) fail(`error: strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`)
    const targetPort = target === undefined ? Number(port) : /^\d+$/.test(target) ? Number(target) : target
    return { name: given.replace(':', '-'), port: Number(port), protocol: 'TCP', targetPort }
  })
}

const service = (
  name: string,
  aliases: readonly string[],
  type: string,
  about: string,
  flags: readonly Flag[],
  more: (run: Run) => object,
): Command => ({
  name,
  aliases,
  about,
  usage: 'NAME [--tcp=<port>:<targetPort>]',
  flags: [...shared, texts('tcp', 'Ports: 80, or 80:8080.'), ...flags],
  run(run) {
    const called = oneName(run, 'NAME')
    const labels = { app: called }
    const ports = portsFrom(run)
    const extra = more(run)
    if (ports.length === 0 && type !== 'ExternalName' && !('clusterIP' in extra))
      fail('error: at least one tcp port specifier must be provided')
    const spec = { type, ...(ports.length > 0 && { ports }), selector: labels, ...extra }
    createObject(run, mustResource('services'), {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: called, labels },
      spec,
      status: { loadBalancer: {} },
    })
    return done
  },
})

const services: Command = {
  name: 'service',
  aliases: ['svc'],
  about: 'Create a service using a specified subcommand',
  children: [
    service(
      'clusterip',
      [],
      'ClusterIP',
      'Create a ClusterIP service',
      [text('clusterip', 'Its address, or None.')],
      (run) => (run.value('clusterip') ? { clusterIP: run.value('clusterip') } : {}),
    ),
    service(
      'externalname',
      [],
      'ExternalName',
      'Create an ExternalName service',
      [text('external-name', 'The name it stands for.')],
      (run) => ({
        externalName: run.value('external-name') || fail('error: required flag(s) "external-name" not set'),
      }),
    ),
    service('loadbalancer', ['lb'], 'LoadBalancer', 'Create a LoadBalancer service', [], () => ({})),
    {
      ...service(
        'nodeport',
        [],
        'NodePort',
        'Create a NodePort service',
        [int('node-port', 'The port of every node.', { initial: '0' })],
        () => ({}),
      ),
      run(run) {
        const called = oneName(run, 'NAME')
        const labels = { app: called }
        const nodePort = run.int('node-port')!
        const ports = portsFrom(run).map((port) => ({ ...port, ...(nodePort > 0 && { nodePort }) }))
        if (ports.length === 0) fail('error: at least one tcp port specifier must be provided')
        createObject(run, mustResource('services'), {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: called, labels },
          spec: { type: 'NodePort', ports, selector: labels },
          status: { loadBalancer: {} },
        })
        return done
      },
    },
  ],
}

const UNMODELLED = [
  'configmap',
  'secret',
  'job',
  'cronjob',
  'ingress',
  'quota',
  'role',
  'rolebinding',
  'clusterrole',
  'clusterrolebinding',
  'poddisruptionbudget',
  'priorityclass',
  'token',
]

/** Kinds that the real command makes and that are not modelled yet: said so, whatever the flags. */
const absent = (name: string): Command => ({
  name,
  ...(name === 'configmap' ? { aliases: ['cm'] } : name === 'poddisruptionbudget' ? { aliases: ['pdb'] } : {}),
  about: `Create a ${name} (not modelled yet)`,
  flags: [
    ...shared,
    ...[
      'from-literal',
      'from-file',
      'image',
      'schedule',
      'rule',
      'verb',
      'resource',
      'value',
      'hard',
      'class',
      'selector',
      'min-available',
      'max-unavailable',
      'role',
      'clusterrole',
      'serviceaccount',
      'user',
      'group',
      'type',
      'from',
      'from-env-file',
    ].map((flag) => texts(flag, 'See the real command.')),
  ],
  run(run) {
    const plural =
      unmodelledResources.find(
        ({ kind }) => kind.toLowerCase() === name || (name === 'quota' && kind === 'ResourceQuota'),
      )?.plural ?? `${name}s`
    run.call.notice(`${plural} are not modelled yet`)
    return fail(
      `Error from server (NotModelled): ${plural} are served by Kubernetes 1.34, but Drydock does not model them yet`,
    )
  },
})

export const create: Command = {
  name: 'create',
  group: 'Basic Commands (Beginner)',
  about: 'Create a resource from a file or from stdin',
  help: 'Creates objects from files, or one of a few kinds from flags. What exists already is an error.',
  usage: '-f FILENAME',
  examples: [
    'kubectl create -f web.yaml',
    'kubectl create deployment web --image=nginx:1.27',
    'kubectl create namespace team-a',
  ],
  completes: 'files',
  flags: [
    ...fileFlags,
    ...shared,
    bool('edit', 'Edit first.', { unmodelled: true }),
    text('selector', 'Only these.', { short: 'l', unmodelled: true }),
    text('raw', 'A path of the API.', { unmodelled: true }),
  ],
  children: [
    deployment,
    namespace,
    services,
    serviceAccount,
    ...UNMODELLED.filter(
      (name) =>
        unmodelledResources.some(({ kind }) => kind.toLowerCase() === name) || ['quota', 'token'].includes(name),
    ).map(absent),
  ],
  run(run) {
    if (run.args.length > 0)
      fail(`error: Unexpected args: [${run.args.join(' ')}]\nSee 'kubectl create -h' for help and examples`)
    if (!run.given('filename') && !run.given('kustomize')) fail('error: must specify one of -f and -k')
    const manifests = readManifests(run)
    if (manifests.length === 0) fail('error: no objects passed to create')
    return eachManifest(run, manifests, createFromFile)
  },
}
