import { createStrategicPatch } from '../../../kubernetes'
import { Failure, fail } from '../../cli/failure'
import { bool, repeated, text, texts } from '../../cli/flags'
import { type Command, done, type Run } from '../command'
import { fileFlags, namesFiles, objectsInFiles } from '../manifests'
import { dryRunFlag, dryRunOf, managerFlag, outputFlag, printOutcome, templateFlags } from '../output'
import { asModelled, type Known, objectsOf, printedName, targetsOf } from '../resource-args'
import { patchObject } from '../send'

const selecting = [
  ...fileFlags,
  dryRunFlag,
  managerFlag('kubectl-set'),
  ...templateFlags,
  outputFlag,
  bool('all', 'All objects of the kind.'),
  text('selector', 'Only what has these labels.', { short: 'l' }),
  bool('local', 'Do not ask the server.', { unmodelled: true }),
  bool('record', 'Write the command down as the cause of the change.'),
]

interface One {
  readonly resource: Known
  readonly object: any
}

/** The objects before the pairs: `deploy web a=b` → deploy web. */
function split(
  args: readonly string[],
  isPair: (word: string) => boolean,
): { readonly names: readonly string[]; readonly pairs: readonly string[] } {
  return { names: args.filter((word) => !isPair(word)), pairs: args.filter(isPair) }
}

function objects(run: Run, names: readonly string[]): readonly One[] {
  if (namesFiles(run)) return objectsInFiles(run)
  if (names.length === 0)
    fail('error: one or more resources must be specified as <resource> <name> or <resource>/<name>')
  const targets = targetsOf(names)
  if (targets.some((target) => target.names.length === 0) && !run.on('all') && !run.given('selector')) {
    fail('error: one or more resources must be specified as <resource> <name> or <resource>/<name>')
  }
  return objectsOf(run, targets, { ...(run.given('selector') && { selector: run.value('selector')! }) })
}

/** Where a kind keeps its pod spec. */
const podSpecOf = (object: any): any => object.spec?.template?.spec ?? object.spec

/** Sends what `change` does to the pod spec as a patch, unless it does nothing: then nothing is printed either. */
function send(run: Run, { resource, object }: One, verb: string, change: (spec: any) => void): void {
  const modified = JSON.parse(JSON.stringify(object))
  change(podSpecOf(modified))
  const schema = asModelled(resource)?.schema
  const patch = schema ? createStrategicPatch(object, modified, schema) : {}
  if (Object.keys(patch).length === 0 && !run.given('output')) return
  if (dryRunOf(run) === 'client') {
    printOutcome(run, resource, modified, verb)
    return
  }
  const cause = run.on('record')
    ? { metadata: { annotations: { 'kubernetes.io/change-cause': run.call.argv.join(' ') } } }
    : {}
  const after = patched(verb, () => patchObject(run, resource, object, { ...patch, ...cause }))
  if (after.metadata.resourceVersion === object.metadata.resourceVersion && !run.given('output')) return
  printOutcome(run, resource, after, verb)
}

/** What each command says before the server's reason. After set_image.go and its fellows in kubectl/pkg/cmd/set. */
const FAILED: Readonly<Record<string, string>> = {
  'image updated': 'failed to patch image update to pod template: ',
  'env updated': 'failed to patch env update to pod template: ',
  'resource requirements updated': 'failed to patch resources update to pod template ',
  'serviceaccount updated': 'failed to patch ServiceAccountName ',
}

/** A refusal in the words of the command. */
function patched<T>(verb: string, ask: () => T): T {
  try {
    return ask()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const why = /^Error from server \([A-Za-z]+\): ([\s\S]+)$/.exec(error.message)?.[1]
    throw why === undefined ? error : new Failure(`error: ${FAILED[verb] ?? ''}${why}`, error.exit)
  }
}

const image: Command = {
  name: 'image',
  about: 'Update the image of a pod template',
  help: 'Sets images of containers: `web=nginx:1.28`, or `*=nginx:1.28` for all.',
  usage: '(-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N',
  examples: ['kubectl set image deployment/web nginx=nginx:1.28'],
  completes: 'deployments',
  flags: selecting,
  run(run) {
    const { names, pairs } = split(run.args, (word) => word.includes('='))
    if (pairs.length === 0) fail('error: at least one image update is required')
    if (run.on('record')) run.error('Flag --record has been deprecated, --record will be removed in the future\n')
    for (const one of objects(run, names)) setImages(run, one, pairs)
    return done
  },
}

function setImages(run: Run, one: One, pairs: readonly string[]): void {
  send(run, one, 'image updated', (spec) => {
    for (const pair of pairs) {
      const name = pair.slice(0, pair.indexOf('='))
      const all: any[] = [...(spec.containers ?? []), ...(name === '*' ? [] : (spec.initContainers ?? []))]
      const meant = all.filter((container) => name === '*' || container.name === name)
      if (meant.length === 0) fail(`error: unable to find container named ${JSON.stringify(name)}`)
      for (const container of meant) container.image = pair.slice(pair.indexOf('=') + 1)
    }
  })
}

const env: Command = {
  name: 'env',
  about: 'Update environment variables on a pod template',
  help: 'Sets, lists or (with a dash at the end) removes environment variables.',
  usage: 'RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N',
  examples: [
    'kubectl set env deployment/web LEVEL=debug',
    'kubectl set env deployment/web --list',
    'kubectl set env deployment/web LEVEL-',
  ],
  completes: 'deployments',
  flags: [
    ...selecting,
    text('containers', 'Which containers; * for all.', { short: 'c', initial: '*' }),
    repeated('env', 'NAME=value.', { short: 'e' }),
    bool('list', 'Only list them.'),
    bool('overwrite', 'Replace what is set.', { initial: 'true' }),
    text('from', 'Out of a ConfigMap or Secret.', { unmodelled: true }),
    text('prefix', 'Put before each name.', { unmodelled: true }),
    texts('keys', 'Only these keys.', { unmodelled: true }),
    bool('resolve', 'Show values of references.', { unmodelled: true }),
  ],
  run(run) {
    const { names, pairs } = split(
      run.args,
      (word) => word.includes('=') || (word.endsWith('-') && !word.includes('/')),
    )
    const all = [...pairs, ...run.values('env')]
    for (const one of objects(run, names)) {
      if (run.on('list')) listEnv(run, one)
      else setEnv(run, one, all)
    }
    return done
  },
}

const wanted = (run: Run, name: string): boolean => {
  const pattern = run.value('containers')!
  return (
    pattern === '*' || new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(name)
  )
}

function listEnv(run: Run, { resource, object }: One): void {
  for (const container of podSpecOf(object).containers ?? []) {
    if (!wanted(run, container.name)) continue
    run.print(
      `# ${printedName(resource, object.metadata.name).replace(/^[^/]*/, resource.plural)}, container ${container.name}\n`,
    )
    for (const { name, value, valueFrom } of container.env ?? []) {
      run.print(
        valueFrom
          ? `# ${name} from ${valueFrom.fieldRef ? `field path ${valueFrom.fieldRef.fieldPath}` : 'a reference'}\n`
          : `${name}=${value ?? ''}\n`,
      )
    }
  }
}

function setEnv(run: Run, one: One, pairs: readonly string[]): void {
  if (pairs.length === 0) fail('error: at least one environment variable must be provided')
  const containers = (podSpecOf(one.object).containers ?? []).filter(({ name }: any) => wanted(run, name))
  if (containers.length === 0)
    fail(
      `error: ${printedName(one.resource, one.object.metadata.name)} does not have any containers matching ${JSON.stringify(run.value('containers'))}`,
    )
  send(run, one, 'env updated', (spec) => {
    for (const container of spec.containers) {
      if (wanted(run, container.name)) container.env = pairs.reduce(withVariable, container.env ?? [])
    }
  })
}

/** `NAME=value` sets, `NAME-` removes. */
function withVariable(env: readonly any[], pair: string): any[] {
  const equals = pair.indexOf('=')
  if (equals < 0) return env.filter(({ name }) => name !== pair.slice(0, -1))
  const made = { name: pair.slice(0, equals), value: pair.slice(equals + 1) }
  return env.some(({ name }) => name === made.name)
    ? env.map((one) => (one.name === made.name ? made : one))
    : [...env, made]
}

const resourcesCommand: Command = {
  name: 'resources',
  about: 'Update resource requests/limits on objects with pod templates',
  help: 'Sets requests and limits of containers.',
  usage: '(-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]',
  examples: ['kubectl set resources deployment web -c nginx --limits=cpu=200m,memory=512Mi'],
  completes: 'deployments',
  flags: [
    ...selecting,
    text('containers', 'Which containers; * for all.', { short: 'c', initial: '*' }),
    text('limits', 'cpu=200m,memory=512Mi'),
    text('requests', 'cpu=100m,memory=256Mi'),
  ],
  run(run) {
    if (!run.given('limits') && !run.given('requests'))
      fail('error: you must specify an update to requests or limits (in the form of --requests/--limits)')
    const part = (flag: string) => (run.given(flag) ? { [flag]: quantities(run.value(flag)!) } : {})
    const given: { limits?: object; requests?: object } = { ...part('limits'), ...part('requests') }
    for (const one of objects(run, run.args)) {
      const containers = (podSpecOf(one.object).containers ?? []).filter(({ name }: any) => wanted(run, name))
      if (containers.length === 0)
        fail(`error: unable to find container named ${JSON.stringify(run.value('containers'))}`)
      send(run, one, 'resource requirements updated', (spec) => {
        for (const container of spec.containers) {
          if (!wanted(run, container.name)) continue
          const own = container.resources ?? {}
          container.resources = {
            ...own,
            ...(given.limits && { limits: { ...own.limits, ...given.limits } }),
            ...(given.requests && { requests: { ...own.requests, ...given.requests } }),
          }
        }
      })
    }
    return done
  },
}

function quantities(spec: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const part of spec.split(',')) {
    const [name, value] = part.split('=')
    if (!name || value === undefined) return fail(`error: invalid argument syntax ${part}, expected <resource>=<value>`)
    found[name] = value
  }
  return found
}

const serviceAccount: Command = {
  name: 'serviceaccount',
  aliases: ['sa'],
  about: 'Update the service account of a resource',
  usage: '(-f FILENAME | TYPE NAME) SERVICE_ACCOUNT',
  flags: selecting,
  run(run) {
    const account = run.args[run.args.length - 1]
    if (account === undefined) return fail('error: serviceaccount is required')
    for (const one of objects(run, run.args.slice(0, -1)))
      send(run, one, 'serviceaccount updated', (spec) => {
        spec.serviceAccountName = account
      })
    return done
  },
}

export const set: Command = {
  name: 'set',
  group: 'Basic Commands (Beginner)',
  about: 'Set specific features on objects',
  children: [env, image, resourcesCommand, serviceAccount],
}
