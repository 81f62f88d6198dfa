import { parse as parseYaml } from 'yaml'
import { failureOf } from '../client'
import { type Command, done, fail, usageError } from '../command'
import { bool, text } from '../flags'
import { dryRunFlag, dryRunOf, dryRunSuffix, outputFlag, printObjects } from '../output'
import { getOne, nameOf, namespaceFor, printedName, targetsOf } from '../resource-args'

export const patch: Command = {
  name: 'patch',
  group: 'Advanced Commands',
  about: 'Update fields of a resource',
  help: 'Changes fields of an object with a strategic merge patch, a JSON merge patch, or a JSON patch.',
  usage: '(-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]',
  examples: [`kubectl patch deployment web -p '{"spec":{"replicas":3}}'`, `kubectl patch pod web-1 --type=json -p '[{"op":"remove","path":"/metadata/labels/a"}]'`],
  completes: 'resources',
  flags: [
    dryRunFlag,
    outputFlag,
    text('patch', 'The patch, as JSON or YAML.', { short: 'p' }),
    text('patch-file', 'A file with the patch.'),
    text('type', 'strategic, merge or json.', { initial: 'strategic' }),
    text('subresource', 'Change this part: status or scale.'),
    bool('local', 'Without the server.', { unmodelled: true }),
  ],
  run(run) {
    const type = run.value('type') ?? 'strategic'
    if (type !== 'strategic' && type !== 'merge' && type !== 'json') return fail(`error: --type must be one of [json merge strategic], not ${JSON.stringify(type)}`)
    const [target] = targetsOf(run.args)
    const name = target?.names[0]
    if (!target || name === undefined) return usageError(run, 'Required resource not specified.')
    const file = run.value('patch-file')
    const read = file ? run.call.files.read(file) : undefined
    if (read && 'error' in read) return fail(`error: open ${file}: ${read.error.toLowerCase()}`)
    const source = read && 'text' in read ? read.text : run.value('patch')
    if (!source) return usageError(run, 'must specify --patch or --patch-file containing the contents of the patch')
    const before = getOne(run, target.resource, name)
    const subresource = run.value('subresource')
    const reply = run.client.try({
      verb: 'patch',
      resource: { ...nameOf(target.resource), ...(subresource ? { subresource } : {}) },
      ...namespaceFor(run, target.resource),
      name,
      patchType: type,
      body: bodyOf(source),
      ...(dryRunOf(run) !== 'none' ? { dryRun: true } : {}),
    })
    if (!reply.ok) throw failureOf(reply.status)
    if (run.given('output') && run.value('output') !== 'name') {
      printObjects(run, [{ resource: target.resource, object: reply.body }], true)
      return done
    }
    const same = reply.body.metadata.resourceVersion === before.metadata.resourceVersion
    run.print(`${printedName(target.resource, name)}${run.value('output') === 'name' ? '' : ` patched${same && dryRunOf(run) === 'none' ? ' (no change)' : ''}${dryRunSuffix(run)}`}\n`)
    return done
  },
}

function bodyOf(source: string): unknown {
  try {
    return parseYaml(source, { maxAliasCount: 20 })
  } catch (error) {
    return fail(`error: unable to parse ${JSON.stringify(source)}: ${(error as Error).message}`)
  }
}
