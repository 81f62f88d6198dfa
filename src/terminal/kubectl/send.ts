import { fieldNotices, type PatchType } from '../../kubernetes'
import type { Ask } from './client'
import type { Run } from './command'
import { dryRunOf } from './output'
import { asModelled, type Known, nameOf, printedName } from './resource-args'

const MOST_NOTICES = 20

/** What all writing requests of a command share: who writes, dry runs, and how strict the server is. */
export const writing = (run: Run): Partial<Ask> => ({
  ...(run.value('field-manager') && { fieldManager: run.value('field-manager')! }),
  ...(dryRunOf(run) === 'server' && { dryRun: true }),
  fieldValidation: validationOf(run),
})

/** `--validate`: strict unless told otherwise. */
function validationOf(run: Run): 'Strict' | 'Warn' | 'Ignore' {
  const given = run.value('validate') ?? 'strict'
  if (given === 'warn') return 'Warn'
  return given === 'ignore' || given === 'false' ? 'Ignore' : 'Strict'
}

/** Tells the learner what of an object is accepted but not, or not wholly, modelled. */
export function tellNotices(run: Run, resource: Known, object: any): void {
  const schema = asModelled(resource)?.schema
  if (!schema) return
  const found = fieldNotices(schema.fields, object)
  for (const { path, text } of found.slice(0, MOST_NOTICES))
    run.call.notice(`${printedName(resource, object.metadata?.name ?? '')}: ${path}: ${text}`)
  if (found.length > MOST_NOTICES)
    run.call.notice(
      `${printedName(resource, object.metadata?.name ?? '')}: ${found.length - MOST_NOTICES} more fields are not wholly modelled`,
    )
}

/** Sends a patch of an object, in the object's own namespace, and gives back the object after it. */
export function patchObject(
  run: Run,
  resource: Known,
  { metadata: { name, namespace } }: { readonly metadata: { readonly name: string; readonly namespace?: string } },
  body: unknown,
  options: { readonly type?: PatchType; readonly subresource?: string } = {},
): any {
  return run.client.ask({
    verb: 'patch',
    resource: { ...nameOf(resource), ...(options.subresource !== undefined && { subresource: options.subresource }) },
    ...(namespace !== undefined && { namespace }),
    name,
    patchType: options.type ?? 'strategic',
    body,
    ...(run.value('field-manager') && { fieldManager: run.value('field-manager')! }),
    ...(dryRunOf(run) === 'server' && { dryRun: true }),
  })
}
