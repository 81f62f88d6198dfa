import { apiVersionOf, sortedText } from '../../../kubernetes'
import { fail } from '../../cli/failure'
import { bool, text } from '../../cli/flags'
import { failureOf } from '../client'
import type { Command, Run } from '../command'
import { eachManifest, LAST_APPLIED, withLastApplied } from '../each-manifest'
import { fileFlags, kindOfManifest, type Manifest, namesFiles, namespaceOfManifest, readManifests } from '../manifests'
import { dryRunFlag, dryRunOf, managerFlag, outputFlag, printOutcome, templateFlags } from '../output'
import { type Known, nameOf } from '../resource-args'
import { tellNotices, writing } from '../send'
import { applyPatch } from '../three-way'

export const apply: Command = {
  name: 'apply',
  group: 'Advanced Commands',
  about: 'Apply a configuration to a resource by file name or stdin',
  help: 'Makes objects be as files say: creates what is not there, and changes what differs. What a field was set to by apply before and is in the file no longer is removed; what others have set stays.',
  usage: '(-f FILENAME | -k DIRECTORY)',
  examples: ['kubectl apply -f web.yaml', 'kubectl apply -R -f manifests/', 'cat web.yaml | kubectl apply -f -'],
  completes: 'files',
  flags: [
    ...fileFlags,
    dryRunFlag,
    outputFlag,
    bool('server-side', 'The server merges, by field ownership.'),
    bool('force-conflicts', 'Take fields over from their managers.'),
    managerFlag('kubectl-client-side-apply'),
    bool('overwrite', 'Overwrite what others changed.', { initial: 'true' }),
    bool('force', 'Delete and create again where a change is refused.', { unmodelled: true }),
    bool('prune', 'Delete what is in the files no longer.', { unmodelled: true }),
    bool('all', 'With --prune: all of them.', { unmodelled: true }),
    bool('wait', 'With --prune: wait for deletions.', { unmodelled: true }),
    text('selector', 'Only objects with these labels.', { short: 'l', unmodelled: true }),
    text('validate', 'strict, warn or ignore unknown fields.', { initial: 'strict', alone: 'strict' }),
    bool('openapi-patch', 'Use the API’s schema.', { initial: 'true' }),
    ...templateFlags,
  ],
  run(run) {
    if (run.args.length > 0)
      fail(`error: Unexpected args: [${run.args.join(' ')}]\nSee 'kubectl apply -h' for help and examples`)
    if (!namesFiles(run)) fail('error: must specify one of -f and -k')
    const manifests = readManifests(run)
    if (manifests.length === 0) fail('error: no objects passed to apply')
    return eachManifest(run, manifests, applyOne)
  },
}

function applyOne(run: Run, manifest: Manifest): void {
  const { object, source } = manifest
  const resource = kindOfManifest(manifest)
  const { name, generateName } = object.metadata ?? {}
  if (!name && generateName) fail(`error: from ${generateName}: cannot use generate name with apply`)
  if (!name)
    fail(
      `error: error when retrieving current configuration of:\nResource: "${apiVersionOf(resource)}, Resource=${resource.plural}", GroupVersionKind: "${apiVersionOf(resource)}, Kind=${resource.kind}"\nName: "", Namespace: ${JSON.stringify(namespaceOfManifest(run, resource, manifest).namespace ?? '')}\nfrom server for: ${JSON.stringify(source)}: resource name may not be empty`,
    )
  const scope = namespaceOfManifest(run, resource, manifest)
  const wanted = { ...object, metadata: { ...object.metadata, ...scope } }
  tellNotices(run, resource, object)
  if (run.on('server-side')) {
    applyOnServer(run, resource, wanted, scope, source)
    return
  }
  const modified = withLastApplied(wanted)
  const reply = run.client.try({ verb: 'get', resource: nameOf(resource), ...scope, name })
  if (!reply.ok && reply.status.reason !== 'NotFound') {
    throw failureOf(reply.status, { verb: 'retrieving current configuration of', source })
  }
  if (!reply.ok) {
    createFrom(run, resource, modified, scope, source)
    return
  }
  change(run, resource, reply.body, modified, scope, source)
}

function createFrom(
  run: Run,
  resource: Known,
  object: any,
  scope: { readonly namespace?: string },
  source: string,
): void {
  const body =
    dryRunOf(run) === 'client'
      ? object
      : run.client.ask(
          {
            verb: 'create',
            resource: nameOf(resource),
            ...scope,
            body: object,
            ...writing(run),
          },
          { verb: 'creating', source },
        )
  printOutcome(run, resource, body, 'created')
}

function change(
  run: Run,
  resource: Known,
  live: any,
  modified: any,
  scope: { readonly namespace?: string },
  source: string,
): void {
  const name = live.metadata.name
  const last: string | undefined = live.metadata.annotations?.[LAST_APPLIED]
  if (last === undefined) {
    run.error(
      `Warning: resource ${resource.plural}/${name} is missing the ${LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`,
    )
  }
  const patch = applyPatch(resource, live, modified, run.on('overwrite'))
  if (Object.keys(patch).length === 0) {
    printOutcome(run, resource, live, 'unchanged')
    return
  }
  if (dryRunOf(run) === 'client') {
    printOutcome(run, resource, live, 'configured')
    return
  }
  if (live.metadata.deletionTimestamp !== undefined)
    run.error(`Warning: Detected changes to resource ${name} which is currently being deleted.\n`)
  const reply = run.client.try({
    verb: 'patch',
    resource: nameOf(resource),
    ...scope,
    name,
    patchType: 'strategic',
    body: patch,
    ...writing(run),
  })
  if (reply.ok) {
    printOutcome(run, resource, reply.body, 'configured')
    return
  }
  const where = `error when applying patch:\n${sortedText(patch)}\nto:\nResource: "${groupVersion(resource)}, Resource=${resource.plural}", GroupVersionKind: "${groupVersion(resource)}, Kind=${resource.kind}"\nName: ${JSON.stringify(name)}, Namespace: ${JSON.stringify(scope.namespace ?? '')}\nfor: ${JSON.stringify(source)}: error when patching ${JSON.stringify(source)}: `
  throw failureOf(
    reply.status.reason === 'Invalid' ? reply.status : { ...reply.status, message: where + reply.status.message },
  )
}

const groupVersion = (resource: Known) => `${resource.group}/${resource.version}`

const CONFLICTS = `Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`

function applyOnServer(
  run: Run,
  resource: Known,
  object: any,
  scope: { readonly namespace?: string },
  source: string,
): void {
  const reply = run.client.try({
    verb: 'patch',
    resource: nameOf(resource),
    ...scope,
    name: object.metadata.name,
    patchType: 'apply',
    body: object,
    force: run.on('force-conflicts'),
    ...writing(run),
    fieldManager: run.given('field-manager') ? run.value('field-manager')! : 'kubectl',
  })
  if (reply.ok) {
    printOutcome(run, resource, reply.body, 'serverside-applied')
    return
  }
  if (reply.status.reason === 'Conflict') fail(`error: ${reply.status.message}\n${CONFLICTS}`)
  throw failureOf(reply.status, { verb: 'applying', source })
}
