import { unmodelledResources } from '../../../kubernetes'
import { fail } from '../../cli/failure'
import { bool, int, text, texts } from '../../cli/flags'
import { type Command, done, type Run } from '../command'
import { createObject, creating, oneName } from '../create-object'
import { eachManifest, withLastApplied } from '../each-manifest'
import { fileFlags, kindOfManifest, type Manifest, namesFiles, namespaceOfManifest, readManifests } from '../manifests'
import { dryRunOf, printOutcome } from '../output'
import { mustResource, nameOf } from '../resource-args'
import { tellNotices, writing } from '../send'
import { createBudget } from './create-budget'
import { createConfigMap, createSecretCommand } from './create-configmap'
import { createCronJob, createJob } from './create-job'
import { createPriorityClass, createQuota } from './create-policies'
import { createService } from './create-service'

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
    ...creating,
    texts('image', 'The images to run, one container each.'),
    int('replicas', 'How many pods.', { initial: '1', short: 'r' }),
    int('port', 'The port that the container listens on.', { initial: '-1' }),
  ],
  run(run) {
    const name = oneName(run)
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
    createObject(
      run,
      mustResource('deployments'),
      {
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
      },
      'deployment',
    )
    return done
  },
}

const namespace: Command = {
  name: 'namespace',
  aliases: ['ns'],
  about: 'Create a namespace with the specified name',
  usage: 'NAME [--dry-run=server|client|none]',
  flags: creating,
  run(run) {
    const name = oneName(run)
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
  flags: creating,
  run(run) {
    createObject(
      run,
      mustResource('serviceaccounts'),
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: oneName(run) },
      },
      'serviceaccount',
    )
    return done
  },
}

const UNMODELLED = ['ingress', 'role', 'rolebinding', 'clusterrole', 'clusterrolebinding', 'token']

/** Kinds that the real command makes and that are not modelled yet: said so, whatever the flags. */
const absent = (name: string): Command => ({
  name,
  about: `Create a ${name} (not modelled yet)`,
  flags: [
    ...creating,
    ...[
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
      'from',
    ].map((flag) => texts(flag, 'See the real command.')),
  ],
  run(run) {
    const plural = unmodelledResources.find(({ kind }) => kind.toLowerCase() === name)?.plural ?? `${name}s`
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
    ...creating,
    bool('edit', 'Edit first.', { unmodelled: true }),
    text('selector', 'Only these.', { short: 'l', unmodelled: true }),
    text('raw', 'A path of the API.', { unmodelled: true }),
  ],
  children: [
    createConfigMap,
    deployment,
    namespace,
    createSecretCommand,
    createService,
    createBudget,
    createJob,
    createCronJob,
    serviceAccount,
    createQuota,
    createPriorityClass,
    ...UNMODELLED.filter(
      (name) => unmodelledResources.some(({ kind }) => kind.toLowerCase() === name) || name === 'token',
    ).map(absent),
  ],
  run(run) {
    if (run.args.length > 0)
      fail(`error: Unexpected args: [${run.args.join(' ')}]\nSee 'kubectl create -h' for help and examples`)
    if (!namesFiles(run)) fail('error: must specify one of -f and -k')
    const manifests = readManifests(run)
    if (manifests.length === 0) fail('error: no objects passed to create')
    return eachManifest(run, manifests, createFromFile)
  },
}
