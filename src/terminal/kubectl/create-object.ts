import { fail } from '../cli/failure'
import { bool, type Flag, text } from '../cli/flags'
import { failureOf } from './client'
import type { Run } from './command'
import { withLastApplied } from './each-manifest'
import { dryRunFlag, dryRunOf, managerFlag, outputFlag, printOutcome, templateFlags } from './output'
import { type Known, nameOf, namespaceFor } from './resource-args'
import { tellNotices, writing } from './send'

const validateFlag: Flag = text('validate', 'strict, warn or ignore unknown fields.', {
  initial: 'strict',
  alone: 'strict',
})
const saveFlag: Flag = bool('save-config', 'Write down what was sent, for apply.')
/** Flags of all commands that create. */
export const creating: readonly Flag[] = [
  dryRunFlag,
  outputFlag,
  validateFlag,
  saveFlag,
  managerFlag('kubectl-create'),
  ...templateFlags,
]

/** The only argument before `--`. */
export function oneName(run: Run): string {
  const names = run.dash >= 0 ? run.args.slice(0, run.dash) : run.args
  if (names.length !== 1)
    fail(`error: exactly one NAME is required, got ${names.length}\nSee '${run.path} -h' for help and examples`)
  return names[0]!
}

/** Creates an object that a command made up itself, and tells of it. `what`: how the command names it when that fails. */
export function createObject(run: Run, resource: Known, object: any, what?: string): void {
  const scope = namespaceFor(run, resource)
  tellNotices(run, resource, object)
  const given = run.on('save-config')
    ? withLastApplied({ ...object, metadata: { ...object.metadata, ...scope } })
    : object
  if (dryRunOf(run) === 'client') {
    printOutcome(run, resource, clientSide(run, given, scope), 'created')
    return
  }
  const reply = run.client.try({ verb: 'create', resource: nameOf(resource), ...scope, body: given, ...writing(run) })
  if (!reply.ok && what !== undefined)
    fail(`error: failed to create ${what}${what === 'secret' ? '' : ':'} ${reply.status.message}`)
  if (!reply.ok) throw failureOf(reply.status)
  printOutcome(run, resource, reply.body, 'created')
}

/** What a client-side dry run shows: the namespace only where the user gave it. */
function clientSide(run: Run, object: any, scope: { readonly namespace?: string }): any {
  return run.namespaceGiven && scope.namespace !== undefined
    ? { ...object, metadata: { ...object.metadata, namespace: scope.namespace } }
    : object
}
