import { fail } from '../../cli/failure'
import { bool, text } from '../../cli/flags'
import { type Command, done, type Run } from '../command'
import { dryRunFlag, dryRunOf, dryRunSuffix, managerFlag, outputFlag, printOutcome, templateFlags } from '../output'
import { getOne, mustResource, objectsOf, targetsOf } from '../resource-args'
import { patchObject } from '../send'

const nodes = () => mustResource('nodes')

/** The nodes that names or a selector mean; `node/x` is good too. */
export function nodesOf(run: Run): readonly any[] {
  if (run.args.length === 0 && !run.given('selector'))
    fail(
      `error: one or more nodes must be specified as <node> or --selector=<labels>\nSee '${run.path} -h' for help and examples`,
    )
  if (run.args.length > 0 && run.given('selector'))
    fail('error: cannot specify both a node name and a --selector option')
  const names = run.args.map((arg) =>
    arg.startsWith('node/') || arg.startsWith('nodes/') ? arg.slice(arg.indexOf('/') + 1) : arg,
  )
  if (names.length > 0) return names.map((name) => getOne(run, nodes(), name))
  return objectsOf(run, [{ resource: nodes(), names: [] }], { selector: run.value('selector')! }).map(
    ({ object }) => object,
  )
}

/** Sets spec.unschedulable and tells of it. */
export function cordonOne(run: Run, node: any, cordon: boolean): void {
  const { name } = node.metadata
  const verb = cordon ? 'cordoned' : 'uncordoned'
  if ((node.spec.unschedulable === true) === cordon) {
    run.print(`node/${name} already ${verb}${dryRunSuffix(run)}\n`)
    return
  }
  if (dryRunOf(run) !== 'client') patchObject(run, nodes(), node, { spec: { unschedulable: cordon ? true : null } })
  run.print(`node/${name} ${verb}${dryRunSuffix(run)}\n`)
}

const cordoning = (name: 'cordon' | 'uncordon', about: string, help: string): Command => ({
  name,
  group: 'Cluster Management Commands',
  about,
  help,
  usage: 'NODE',
  completes: 'nodes',
  flags: [dryRunFlag, text('selector', 'Nodes with these labels.', { short: 'l' })],
  run(run) {
    for (const node of nodesOf(run)) cordonOne(run, node, name === 'cordon')
    return done
  },
})

export const cordon = cordoning(
  'cordon',
  'Mark node as unschedulable',
  'No new pods come to the node; those that are there stay.',
)
export const uncordon = cordoning('uncordon', 'Mark node as schedulable', 'New pods may come to the node again.')

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

interface TaintSpec {
  readonly key: string
  readonly value?: string
  readonly effect?: string
}

function parseTaint(spec: string): TaintSpec {
  const colon = spec.indexOf(':')
  const pair = colon < 0 ? spec : spec.slice(0, colon)
  const effect = colon < 0 ? undefined : spec.slice(colon + 1)
  if (effect !== undefined && !EFFECTS.includes(effect))
    fail(`error: invalid taint effect: ${effect}, unsupported taint effect`)
  const equals = pair.indexOf('=')
  return {
    key: equals < 0 ? pair : pair.slice(0, equals),
    ...(equals >= 0 && pair.slice(equals + 1) !== '' && { value: pair.slice(equals + 1) }),
    ...(effect !== undefined && { effect }),
  }
}

export const taint: Command = {
  name: 'taint',
  group: 'Cluster Management Commands',
  about: 'Update the taints on one or more nodes',
  help: 'Sets taints, or (with a dash at the end) removes them. Pods that do not tolerate a taint stay away, or with NoExecute have to go.',
  usage: 'NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N',
  examples: [
    'kubectl taint nodes worker-1 dedicated=web:NoSchedule',
    'kubectl taint nodes worker-1 dedicated:NoSchedule-',
  ],
  completes: 'resources',
  flags: [
    dryRunFlag,
    outputFlag,
    managerFlag('kubectl-taint'),
    ...templateFlags,
    bool('overwrite', 'Replace the value of a taint.'),
    bool('all', 'All nodes.'),
    text('selector', 'Nodes with these labels.', { short: 'l' }),
    text('validate', 'How strict the server is.', { initial: 'strict', alone: 'strict' }),
  ],
  run(run) {
    const [type = '', ...rest] = run.args
    const slashed = type.includes('/')
    const specs = rest.filter((word) => /[=:]/.test(word) || word.endsWith('-'))
    const names = (slashed ? run.args : rest).filter((word) => !specs.includes(word))
    if (type === '' || specs.length === 0) fail('error: at least one taint update is required')
    const found = objectsOf(run, targetsOf(slashed ? names : [type, ...names]), {
      ...(run.given('selector') && { selector: run.value('selector')! }),
    })
    if (!slashed && names.length === 0 && !run.on('all') && !run.given('selector'))
      fail('error: one or more resources must be specified as <resource> <name> or <resource>/<name>')
    for (const { resource, object } of found) {
      if (resource.kind !== 'Node')
        fail(`error: invalid resource type ${resource.plural}, only types [node nodes] are supported`)
      taintOne(run, object, specs)
    }
    return done
  },
}

function taintOne(run: Run, node: any, specs: readonly string[]): void {
  const { name } = node.metadata
  const added = specs.filter((spec) => !spec.endsWith('-')).map(parseTaint)
  const gone = specs.filter((spec) => spec.endsWith('-')).map((spec) => parseTaint(spec.slice(0, -1)))
  const missing = added.find(({ effect }) => effect === undefined)
  if (missing)
    fail(`error: invalid taint spec: ${missing.key}${missing.value === undefined ? '' : `=${missing.value}`}`)
  const present: readonly any[] = node.spec.taints ?? []
  const sameAs = (one: TaintSpec) => (other: any) =>
    other.key === one.key && (one.effect === undefined || other.effect === one.effect)
  for (const one of gone) {
    if (!present.some(sameAs(one)))
      fail(`error: taint ${JSON.stringify(one.effect === undefined ? one.key : `${one.key}:${one.effect}`)} not found`)
  }
  const clashes = added.filter((one) =>
    present.some((other) => sameAs(one)(other) && (other.value ?? '') !== (one.value ?? '')),
  )
  const same = added.filter((one) => present.some((other) => sameAs(one)(other)))
  if (same.length > 0 && !run.on('overwrite') && (clashes.length > 0 || same.length > 0)) {
    fail(
      `error: node ${name} already has ${same.map(({ key }) => key).join(',')} taint(s) with same effect(s) and --overwrite is false`,
    )
  }
  const kept = present.filter(
    (other) => !gone.some((one) => sameAs(one)(other)) && !added.some((one) => sameAs(one)(other)),
  )
  const taints = [
    ...added.map(({ key, value, effect }) => ({ key, ...(value !== undefined && { value }), effect })),
    ...kept,
  ]
  const verb = added.length === 0 ? 'untainted' : same.length > 0 || gone.length > 0 ? 'modified' : 'tainted'
  const after =
    dryRunOf(run) === 'client'
      ? node
      : patchObject(run, nodes(), node, { spec: { taints: taints.length === 0 ? null : taints } }, { type: 'merge' })
  printOutcome(run, nodes(), after, verb)
}
