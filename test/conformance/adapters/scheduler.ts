import { Simulation, type Wish } from '../../../src/engine'
import { Namespace } from '../../../src/kubernetes/kinds/namespace'
import { Node } from '../../../src/kubernetes/kinds/node'
import { Pod } from '../../../src/kubernetes/kinds/pod'
import { validateTerm } from '../../../src/kubernetes/kinds/pod-validation'
import { schedule } from '../../../src/kubernetes/scheduler/algorithm'
import { fitError } from '../../../src/kubernetes/scheduler/fit-error'
import type { Cycle, Plugin } from '../../../src/kubernetes/scheduler/framework'
import { buildNodeInfos } from '../../../src/kubernetes/scheduler/node-infos'
import { nodeMatches, preferredSum, requiredHolds } from '../../../src/kubernetes/scheduler/node-selector'
import { refusalsOf } from '../../../src/kubernetes/scheduler/placing'
import { balancedAllocationOf } from '../../../src/kubernetes/scheduler/plugins/balanced-allocation'
import { imageLocality } from '../../../src/kubernetes/scheduler/plugins/image-locality'
import { interPodAffinity, interPodAffinityWith } from '../../../src/kubernetes/scheduler/plugins/inter-pod-affinity'
import { nodeAffinityWith } from '../../../src/kubernetes/scheduler/plugins/node-affinity'
import { nodeName } from '../../../src/kubernetes/scheduler/plugins/node-name'
import { nodePorts } from '../../../src/kubernetes/scheduler/plugins/node-ports'
import {
  leastAllocated,
  mostAllocated,
  nodeResourcesFit,
  nodeResourcesFitBy,
  requestedToCapacityRatio,
  type Strategy,
} from '../../../src/kubernetes/scheduler/plugins/node-resources-fit'
import { nodeUnschedulable } from '../../../src/kubernetes/scheduler/plugins/node-unschedulable'
import { podTopologySpread } from '../../../src/kubernetes/scheduler/plugins/pod-topology-spread'
import { taintToleration } from '../../../src/kubernetes/scheduler/plugins/taint-toleration'
import { preempt } from '../../../src/kubernetes/scheduler/preemption'
import { profileOf } from '../../../src/kubernetes/scheduler/profiles'
import { LocalImage } from '../../../src/platform/image/image'
import { localImage } from '../../../src/platform/image/puller'
import { localName, parseReference } from '../../../src/platform/image/reference'
import { type Adapter, type Case, type CaseFile, differs } from '../adapter'

const because = { id: 'table' }
const NAMESPACE = 'default'

function podOf(fragment: any, name: string): Pod {
  const { metadata = {}, spec = {}, status = {} } = fragment ?? {}
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { creationTimestamp: '2025-01-15T09:00:00Z', namespace: NAMESPACE, ...metadata, name, uid: name },
    spec: { containers: [], ...spec },
    status: { phase: 'Running', ...status },
  }
}

function nodeOf(
  fragment: any,
  name: string,
  allocatable: Record<string, unknown> = { cpu: '1000', memory: '1Ti', pods: 1000 },
): Node {
  const texts = Object.fromEntries(
    Object.entries({ pods: 1000, ...allocatable }).map(([key, value]) => [key, String(value)]),
  )
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { uid: name, creationTimestamp: '2025-01-15T09:00:00Z', ...fragment?.metadata, name },
    spec: fragment?.spec ?? {},
    status: { capacity: texts, allocatable: texts, conditions: [], addresses: [], nodeInfo: {} },
  }
}

interface Scene {
  readonly pod: any
  readonly nodes: readonly Node[]
  readonly existing?: readonly { readonly node: string; readonly pod: any }[]
  readonly images?: readonly Wish[]
  /** Labels of namespaces, by name. */
  readonly namespaces?: Readonly<Record<string, Record<string, string>>>
}

function cycleOf({ pod, nodes, existing = [], images = [], namespaces = {} }: Scene): Cycle {
  const genesis: Wish[] = nodes.map((node) => ({ key: Node.key('', node.metadata.name), value: node, because }))
  for (const [name, labels] of Object.entries(namespaces)) {
    const value: Namespace = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, uid: name, creationTimestamp: '2025-01-15T09:00:00Z', labels },
      spec: {},
      status: { phase: 'Active' },
    }
    genesis.push({ key: Namespace.key('', name), value, because })
  }
  existing.forEach(({ node, pod: fragment }, i) => {
    const made = podOf(fragment, `existing-${i}`)
    genesis.push({
      key: Pod.key(made.metadata.namespace!, made.metadata.name),
      value: { ...made, spec: { ...made.spec, nodeName: node } },
      because,
    })
  })
  const { store } = new Simulation({ rooms: [], seed: 1, genesis: [...genesis, ...images] })
  return { pod: podOf(pod, 'incoming'), world: store, nodes: buildNodeInfos(store), memory: new Map() }
}

function scores(plugin: Plugin, scene: Scene, left: readonly string[] = []): Record<string, number> | 'skipped' {
  const cycle = cycleOf(scene)
  const feasible = [...cycle.nodes.byName.values()].filter((node) => !left.includes(node.name))
  if (plugin.preScore?.(cycle, feasible) === 'skip') return 'skipped'
  const raw = feasible.map((node) => plugin.score!(cycle, node))
  plugin.normalise?.(cycle, raw, feasible)
  return Object.fromEntries(feasible.map((node, i) => [node.name, raw[i]!]))
}

interface Fate {
  readonly code: 'Success' | 'Unschedulable' | 'UnschedulableAndUnresolvable'
  readonly reasons: readonly string[]
}

function fates(plugin: Plugin, scene: Scene): Record<string, Fate> {
  const cycle = cycleOf(scene)
  const before = plugin.preFilter?.(cycle)
  return Object.fromEntries(
    [...cycle.nodes.byName.values()].map((node): [string, Fate] => {
      if (before !== undefined && before !== 'skip')
        return [node.name, { code: 'UnschedulableAndUnresolvable', reasons: [before.refused] }]
      const refusal = before === 'skip' ? undefined : plugin.filter!(cycle, node)
      return [
        node.name,
        refusal
          ? { code: refusal.unresolvable ? 'UnschedulableAndUnresolvable' : 'Unschedulable', reasons: refusal.reasons }
          : { code: 'Success', reasons: [] },
      ]
    }),
  )
}

/** Holds a fate against `expectFits`, `expectCode`, `expectReason(s)`. */
function fateDiffers(got: Fate, row: Case): string | undefined {
  const wanted = row['expectReasons'] ?? (row['expectReason'] === undefined ? undefined : [row['expectReason']])
  return (
    differs(got.code === 'Success', row['expectFits']) ??
    (row['expectCode'] === undefined ? undefined : differs(got.code, row['expectCode'])) ??
    (wanted === undefined ? undefined : differs(got.reasons, wanted))
  )
}

/** The tables' short containers: cpuMilli and memory become requests; what is missing is not asked for. */
const containersOf = (containers: readonly Record<string, any>[] = []) =>
  containers.map(({ cpuMilli, memory, ...others }) => ({
    name: 'c',
    resources: {
      requests: {
        ...(cpuMilli === undefined ? {} : { cpu: `${cpuMilli}m` }),
        ...(memory === undefined ? {} : { memory: String(memory) }),
        ...Object.fromEntries(Object.entries(others['requests'] ?? others).map(([key, value]) => [key, String(value)])),
      },
    },
  }))

const sized = (row: Case): Scene => ({
  pod: { spec: { containers: containersOf(row['pod'].containers) } },
  nodes: row['nodes'].map(({ name, cpuMilli, memory, ...others }: any) =>
    nodeOf({}, name, { cpu: `${cpuMilli}m`, memory, ...others }),
  ),
  existing: row['existingPods'].map(({ node, containers }: any) => ({
    node,
    pod: { spec: { containers: containersOf(containers) } },
  })),
})

function allocationTable(row: Case, strategy: Strategy): string | undefined {
  const resources = Object.entries(row['weights'] as Record<string, number>).map(([name, weight]) => ({ name, weight }))
  return differs(scores(nodeResourcesFitBy(strategy, resources), sized(row)), row['expectScores'])
}

function balancedTable(row: Case): string | undefined {
  return differs(
    scores(balancedAllocationOf(row['resources']), sized(row)),
    row['expectSkip'] ? 'skipped' : row['expectScores'],
  )
}

const MEBIBYTE = 1024 * 1024

function imageTable(row: Case): string | undefined {
  if (row.op === 'normalizeImageName') {
    // ours is the familiar form in full, upstream's is the text with its tag: the same image
    const parsed = parseReference(row['expect'])
    return 'error' in parsed
      ? parsed.error
      : (differs(localName(row['input']), localName(row['expect'])) ?? differs(localName(row['input']), row['expect']))
  }
  const images = Object.entries(row['nodeImagesMiB'] as Record<string, Record<string, number>>).flatMap(
    ([node, held]) =>
      Object.entries(held).map(([image, size]): Wish => {
        const name = localName(image)
        const value = localImage(node, name, { id: image, digest: image, compressedBytes: size * MEBIBYTE } as never, 0)
        return { key: LocalImage.key(node, name), value: { ...value, sizeBytes: size * MEBIBYTE }, because }
      }),
  )
  const named = (list: readonly string[] = []) => list.map((image) => ({ name: 'c', image }))
  const scene: Scene = {
    pod: { spec: { containers: named(row['containers']), initContainers: named(row['initContainers']) } },
    nodes: Object.keys(row['nodeImagesMiB']).map((name) => nodeOf({}, name)),
    images,
  }
  return differs(scores(imageLocality, scene), row['expectScores'])
}

function taintTable(row: Case): string | undefined {
  const pod = { spec: { tolerations: row['tolerations'] ?? [] } }
  if (row.op === 'score') {
    const nodes = Object.entries(row['nodes']).map(([name, taints]) => nodeOf({ spec: { taints } }, name))
    return differs(scores(taintToleration, { pod, nodes }), row['expectNormalizedScores'])
  }
  return fateDiffers(
    fates(taintToleration, { pod, nodes: [nodeOf({ spec: { taints: row['nodeTaints'] } }, 'n')] })['n']!,
    row,
  )
}

function spreadScoreTable(row: Case): string | undefined {
  const constraints = row['constraints'].map(({ selectorKeyExists, ...given }: any) => ({
    ...given,
    ...(selectorKeyExists === undefined || selectorKeyExists === null
      ? {}
      : { labelSelector: { matchExpressions: [{ key: selectorKeyExists, operator: 'Exists' }] } }),
  }))
  const required = row['requiredNodeAffinity']
  const pod = {
    metadata: { labels: row['podLabels'] },
    spec: {
      topologySpreadConstraints: constraints,
      ...(row['nodeSelector'] ? { nodeSelector: row['nodeSelector'] } : {}),
      ...(row['tolerations'] ? { tolerations: row['tolerations'] } : {}),
      ...(required
        ? {
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                  nodeSelectorTerms: [{ matchExpressions: [required] }],
                },
              },
            },
          }
        : {}),
    },
  }
  const nodes = row['nodes'].concat(row['filteredOutNodes'].filter((one: any) => typeof one === 'object'))
  const out = row['filteredOutNodes'].map((one: any) => (typeof one === 'string' ? one : one.name))
  const scene: Scene = {
    pod,
    nodes: nodes.map(({ name, labels, taints }: any) =>
      nodeOf({ metadata: { labels }, spec: taints ? { taints } : {} }, name),
    ),
    existing: row['existingPods'].map(({ node, labels, namespace, terminating, deletionTimestamp }: any) => ({
      node,
      pod: {
        metadata: {
          labels,
          ...(namespace ? { namespace } : {}),
          ...(terminating || deletionTimestamp ? { deletionTimestamp: '2025-01-15T09:00:30Z' } : {}),
        },
      },
    })),
  }
  const got = scores(podTopologySpread, scene, out)
  return differs(got === 'skipped' ? {} : got, row['expectNormalizedScores'])
}

const fitErrorTable = (row: Case): string | undefined =>
  differs(
    fitError({
      nodes: row['numAllNodes'],
      preFilterMessage: row['preFilterMessage'] ?? '',
      reasons: Object.values(row['nodeReasons'] as Record<string, string[]>).flat(),
      postFilterMessage: row['postFilterMessage'] ?? '',
    }),
    row['expect'],
  )

function affinityTable(row: Case): string | undefined {
  const node = () => nodeOf(row['node'], row['node']?.metadata?.name ?? '')
  switch (row.op) {
    case 'match-terms': {
      const terms = row['nodeSelector'].nodeSelectorTerms ?? []
      const wrong = terms.some((term: any) => validateTerm(term, '').length > 0)
      if (row['expectInvalid']) return wrong ? undefined : 'the selector is taken as valid'
      return differs(row['node'] !== null && requiredHolds(terms, node()), row['expect'])
    }
    case 'pod-matches-node':
      return differs(
        nodeMatches(
          podOf(row['pod'], 'p').spec,
          nodeOf({ metadata: { labels: row['nodeLabels'] ?? {} } }, row['nodeName'] ?? ''),
        ),
        row['expect'],
      )
    case 'preferred-sum': {
      const wrong = row['preferred'].some(({ preference }: any) => validateTerm(preference, '').length > 0)
      if (row['expectInvalid']) return wrong ? undefined : 'the preference is taken as valid'
      return differs(preferredSum(row['preferred'], node()), row['expect'])
    }
    case 'score': {
      const nodes = row['nodes'].map((one: any) => nodeOf(one, one.metadata.name))
      const got = scores(nodeAffinityWith(row['schedulerAddedAffinity']), { pod: row['pod'], nodes })
      return differs(
        got === 'skipped' ? Object.fromEntries(nodes.map((one: Node) => [one.metadata.name, 0])) : got,
        row['expectScores'],
      )
    }
  }
  const name = row['nodeName'] || 'n'
  const scene: Scene = { pod: row['pod'], nodes: [nodeOf({ metadata: { labels: row['nodeLabels'] ?? {} } }, name)] }
  return fateDiffers(fates(nodeAffinityWith(row['schedulerAddedAffinity']), scene)[name]!, row)
}

const texts = (value: any): any =>
  Array.isArray(value)
    ? value.map(texts)
    : typeof value === 'number'
      ? String(value)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, texts(one)]))
        : value

function fitTable(row: Case): string | undefined {
  const { ignoredResources, ignoredResourceGroups } = row
  const profile = profileOf(
    { pluginConfig: [{ name: 'NodeResourcesFit', args: { ignoredResources, ignoredResourceGroups } }] },
    0,
  )
  if ('error' in profile) return profile.error
  const fit = profile.plugins.find(({ name }) => name === 'NodeResourcesFit')!
  const scene: Scene = {
    pod: texts(row['pod']),
    nodes: [nodeOf({}, 'n', row['nodeAllocatable'])],
    existing: (row['podsOnNode'] ?? []).map((one: any) => ({ node: 'n', pod: texts(one) })),
  }
  const got = fates(fit, scene)['n']!
  // since 1.34 (at the latest) what a node could never hold is "unresolvable"; the table is of 1.23, which did not tell the two apart
  const code =
    got.code === 'UnschedulableAndUnresolvable' && got.reasons.every((reason) => reason.startsWith('Insufficient '))
      ? 'Unschedulable'
      : got.code
  return fateDiffers({ ...got, code }, row)
}

function spreadFilterTable(row: Case): string | undefined {
  const scene: Scene = {
    pod: row['pod'],
    nodes: row['nodes'].map((one: any) => nodeOf(one, one.metadata.name)),
    existing: row['existingPods'].map((one: any) => ({ node: one.spec.nodeName, pod: one })),
  }
  const got = fates(podTopologySpread, scene)
  return differs(Object.fromEntries(Object.entries(got).map(([name, { code }]) => [name, code])), row['expectCode'])
}

/** The tables' affinities in short: a term is a topology key with expressions, `namespaceSelector` a list of expressions. */
function affinityOf(short: any): any {
  if (short === undefined) return undefined
  const term = ({ topologyKey, matchExpressions, namespaces, namespaceSelector }: any) => ({
    topologyKey,
    labelSelector: { matchExpressions },
    ...(namespaces && { namespaces }),
    ...(namespaceSelector && { namespaceSelector: { matchExpressions: namespaceSelector } }),
  })
  const side = (name: string) => ({
    requiredDuringSchedulingIgnoredDuringExecution: (short[`${name}Required`] ?? []).map(term),
    preferredDuringSchedulingIgnoredDuringExecution: (short[`${name}Preferred`] ?? []).map((one: any) => ({
      weight: one.weight,
      podAffinityTerm: term(one),
    })),
  })
  return { podAffinity: side('podAffinity'), podAntiAffinity: side('podAntiAffinity') }
}

const TEAMS = {
  'subteam1.team1': { team: 'team1' },
  'subteam2.team1': { team: 'team1' },
  'subteam1.team2': { team: 'team2' },
  'subteam2.team2': { team: 'team2' },
}

function podAffinityScoreTable(row: Case, file: CaseFile): string | undefined {
  const full = ({ labels = {}, namespace = '', affinity }: any) => ({
    metadata: { labels, namespace },
    spec: { affinity: affinityOf(typeof affinity === 'string' ? file['affinities'][affinity] : affinity) },
  })
  const scene: Scene = {
    pod: full(row['pod']),
    nodes: Object.entries(row['nodes']).map(([name, labels]) => nodeOf({ metadata: { labels } }, name)),
    existing: row['existingPods'].map((one: any) => ({ node: one.node, pod: full(one) })),
    namespaces: file['namespaces'] ?? TEAMS,
  }
  const { hardPodAffinityWeight, ignorePreferredTermsOfExistingPods } = row
  const got = scores(interPodAffinityWith({ hardPodAffinityWeight, ignorePreferredTermsOfExistingPods }), scene)
  return differs(got, row['expectSkip'] ? 'skipped' : row['expectNormalizedScores'])
}

function podAffinityFilterTable(row: Case, file: CaseFile): string | undefined {
  const bare = (one: any) => ({ ...one, metadata: { namespace: '', ...one.metadata } })
  const scene: Scene = {
    pod: bare(row['pod']),
    nodes: row['nodes'].map((one: any) => nodeOf(one, one.metadata.name)),
    existing: row['existingPods'].map((one: any) => ({ node: one.spec.nodeName, pod: bare(one) })),
    namespaces: file['namespaces'] ?? TEAMS,
  }
  const got = fates(interPodAffinity, scene)
  for (const [name, want] of Object.entries<any>(row['expect'])) {
    const wrong =
      differs(got[name]!.code, want.code) ??
      (want.reasons === undefined ? undefined : differs(got[name]!.reasons, want.reasons))
    if (wrong !== undefined) return `${name}: ${wrong}`
  }
  return undefined
}

function preemptionTable(row: Case): string | undefined {
  const sizedPod = ({ cpuMilli, memoryMi, priority }: any) => ({
    spec: {
      priority,
      containers: containersOf([{ ...(cpuMilli && { cpuMilli }), ...(memoryMi && { memory: `${memoryMi}Mi` }) }]),
    },
    status: { phase: 'Running', startTime: '2025-01-15T09:00:00Z' },
  })
  const full = (one: any) => {
    const { spec, status } = sizedPod(one)
    return { spec, status: one.startTime ? { ...status, startTime: one.startTime } : status }
  }
  const scene: Scene = {
    pod: { ...sizedPod(row['pod']), status: { phase: 'Pending' } },
    nodes: row['nodes'].map((name: string) => nodeOf({}, name, { cpu: '500m', memory: '1000Mi', pods: 100 })),
    existing: row['existingPods'].map((one: any) => ({ node: one.node, pod: full(one) })),
  }
  const cycle = cycleOf(scene)
  const outcome = schedule([nodeResourcesFit], { ...cycle, start: 0, all: true }, () => 0)
  const { chosen } = preempt({ cycle, filters: outcome.filters, refusals: refusalsOf(outcome), offset: 0 })
  return row['expectAnyOf'].includes(chosen?.node)
    ? undefined
    : `got ${chosen?.node}, want one of ${row['expectAnyOf']}`
}

const filters: Readonly<Record<string, Plugin>> = {
  NodePorts: nodePorts,
  NodeName: nodeName,
  NodeUnschedulable: nodeUnschedulable,
}

function filterTable(row: Case): string | undefined {
  const plugin = filters[row['filter']]
  if (!plugin) return `no plugin ${row['filter']}`
  if (row['node'] === null) return undefined
  const name = row['node']?.metadata?.name ?? 'n'
  const scene: Scene = {
    pod: row['pod'],
    nodes: [nodeOf(row['node'], name)],
    existing: (row['podsOnNode'] ?? []).map((pod: any) => ({ node: name, pod })),
  }
  return fateDiffers(fates(plugin, scene)[name]!, row)
}

function strategyTable(row: Case): string | undefined {
  const strategies: Readonly<Record<string, Strategy>> = {
    LeastAllocated: leastAllocated,
    MostAllocated: mostAllocated,
    RequestedToCapacityRatio: requestedToCapacityRatio(row['shape'] ?? []),
  }
  const strategy = strategies[row['strategy']]
  if (!strategy) return `no strategy ${row['strategy']}`
  const amounts = ({ cpu, memory }: any) => ({ cpuMilli: cpu * 1000, memory })
  const given = {
    pod: { containers: [amounts(row['pod'])] },
    nodes: Object.entries(row['nodes']).map(([name, one]) => ({ name, ...amounts(one) })),
    existingPods: Object.entries(row['existing']).map(([node, one]) => ({ node, containers: [amounts(one)] })),
    weights: row['weights'],
    expectScores: row['expectScores'],
  }
  return allocationTable(given, strategy)
}

export const schedulerTables: readonly Adapter[] = [
  { table: '07-score-least-allocated', judge: (row) => allocationTable(row, leastAllocated) },
  { table: '08-score-balanced-allocation', judge: balancedTable },
  { table: '09-score-image-locality', judge: imageTable },
  { table: '10-taint-toleration', judge: taintTable },
  { table: '11-score-topology-spread', judge: spreadScoreTable },
  { table: '12-score-inter-pod-affinity', judge: podAffinityScoreTable },
  { table: '16-preemption-pick-node', judge: preemptionTable },
  { table: '17-fit-error-message', judge: fitErrorTable },
  { table: '18-node-affinity', judge: affinityTable },
  { table: '19-resources-fit', judge: fitTable },
  { table: '20-topology-spread-filter', judge: spreadFilterTable },
  { table: '21-inter-pod-affinity-filter', judge: podAffinityFilterTable },
  { table: '22-ports-name-unschedulable', judge: filterTable },
  { table: '35-fit-score-strategies', judge: strategyTable },
]
