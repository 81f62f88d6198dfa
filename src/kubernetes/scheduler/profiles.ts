import type { NodeSelectorTerm } from '../kinds/pod'
import type { Plugin } from './framework'
import { defaultPlugins } from './plugins'
import { balancedAllocationOf } from './plugins/balanced-allocation'
import { type InterPodAffinityArgs, interPodAffinityWith } from './plugins/inter-pod-affinity'
import { nodeAffinityWith } from './plugins/node-affinity'
import {
  leastAllocated,
  mostAllocated,
  nodeResourcesFitBy,
  requestedToCapacityRatio,
  type Strategy,
} from './plugins/node-resources-fit'
import { type DefaultConstraint, podTopologySpreadWith } from './plugins/pod-topology-spread'

import type { PreemptionArgs } from './preemption'

/** One scheduler of possibly several that run in one process; pods choose it by spec.schedulerName. */
export interface Profile {
  readonly name: string
  readonly plugins: readonly Plugin[]
  /** Of how many feasible nodes, in per cent, points are compared; 0: by the size of the cluster. */
  readonly percentage: number
  readonly preempts: boolean
  readonly preemption: PreemptionArgs
}

export const DEFAULT_SCHEDULER = 'default-scheduler'
export const defaultProfile: Profile = {
  name: DEFAULT_SCHEDULER,
  plugins: defaultPlugins,
  percentage: 0,
  preempts: true,
  preemption: {},
}

/** Plugins that are no rule about nodes, but may be named in a configuration. */
const OTHERS = ['SchedulingGates', 'PrioritySort', 'DynamicResources', 'DefaultPreemption', 'DefaultBinder']

/** kubescheduler.config.k8s.io/v1, as far as it is read. */
export interface ProfileConfig {
  readonly schedulerName?: string
  readonly percentageOfNodesToScore?: number
  readonly plugins?: Readonly<Record<string, PluginSet>>
  readonly pluginConfig?: readonly { readonly name: string; readonly args?: any }[]
}
interface PluginSet {
  readonly enabled?: readonly { readonly name: string; readonly weight?: number }[]
  readonly disabled?: readonly { readonly name: string }[]
}

/** Builds a profile; an error is what kube-scheduler says before it exits. */
export function profileOf(config: ProfileConfig, percentage: number): Profile | { readonly error: string } {
  const name = config.schedulerName ?? DEFAULT_SCHEDULER
  const args = new Map((config.pluginConfig ?? []).map((one) => [one.name, one.args ?? {}]))
  const known = new Map(defaultPlugins.map((plugin) => [plugin.name, configured(plugin, args.get(plugin.name))]))
  for (const [point, set] of Object.entries(config.plugins ?? {})) {
    for (const one of set?.enabled ?? [])
      if (!known.has(one.name) && !OTHERS.includes(one.name))
        return {
          error: `initializing profiles: creating profile for scheduler name ${name}: ${capital(point)}Enabled plugin "${one.name}" does not exist`,
        }
  }
  const multi = config.plugins?.['multiPoint']
  const plugins = order(multi, known).flatMap((plugin): Plugin[] => {
    const { name: rule } = plugin
    const everywhere = !isOff(multi, rule)
    const filters = isOn(config.plugins?.['filter'], rule, everywhere)
    const scores = isOn(config.plugins?.['score'], rule, everywhere)
    if (!filters && !scores) return []
    const weight = weightOf(config.plugins?.['score'], rule) ?? weightOf(multi, rule) ?? plugin.weight
    const { preFilter, filter, turn, preScore, score, normalise, ...rest } = plugin
    return [
      {
        ...rest,
        weight,
        ...(filters && definedOf({ preFilter, filter, turn })),
        ...(scores && definedOf({ preScore, score, normalise })),
      },
    ]
  })
  const preempts = isOn(config.plugins?.['postFilter'], 'DefaultPreemption', !isOff(multi, 'DefaultPreemption'))
  const preemption = (args.get('DefaultPreemption') ?? {}) as PreemptionArgs
  return { name, plugins, percentage: config.percentageOfNodesToScore ?? percentage, preempts, preemption }
}

/** Only what is there: a plugin without a filter has no property for it. */
function definedOf<T extends object>(parts: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as never
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
const names = (list: readonly { readonly name: string }[] | undefined, rule: string): boolean =>
  (list ?? []).some(({ name }) => name === rule)
const isOff = (set: PluginSet | undefined, rule: string): boolean =>
  (names(set?.disabled, rule) || names(set?.disabled, '*')) && !names(set?.enabled, rule)
const isOn = (set: PluginSet | undefined, rule: string, otherwise: boolean): boolean =>
  names(set?.enabled, rule) || (otherwise && !names(set?.disabled, rule) && !names(set?.disabled, '*'))
const weightOf = (set: PluginSet | undefined, rule: string): number | undefined =>
  set?.enabled?.find(({ name }) => name === rule)?.weight || undefined

/** Plugins that are enabled by hand after `*` was disabled come in the order in which they are named. */
function order(multi: PluginSet | undefined, known: ReadonlyMap<string, Plugin>): readonly Plugin[] {
  if (!names(multi?.disabled, '*')) return [...known.values()]
  const first = (multi?.enabled ?? []).flatMap(({ name }) => known.get(name) ?? [])
  return [...first, ...[...known.values()].filter((plugin) => !first.includes(plugin))]
}

function configured(plugin: Plugin, args: any): Plugin {
  if (args === undefined) return plugin
  switch (plugin.name) {
    case 'NodeResourcesFit':
      return fitOf(args)
    case 'NodeResourcesBalancedAllocation':
      return args.resources === undefined
        ? plugin
        : balancedAllocationOf((args.resources as readonly { name: string }[]).map(({ name }) => name))
    case 'NodeAffinity':
      return nodeAffinityWith(args.addedAffinity as AddedAffinity)
    case 'PodTopologySpread':
      return args.defaultingType === 'List'
        ? podTopologySpreadWith((args.defaultConstraints ?? []) as readonly DefaultConstraint[])
        : plugin
    case 'InterPodAffinity':
      return interPodAffinityWith(args as InterPodAffinityArgs)
    default:
      return plugin
  }
}

interface AddedAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: { readonly nodeSelectorTerms?: readonly NodeSelectorTerm[] }
}

function fitOf(args: any): Plugin {
  const strategy = args.scoringStrategy ?? {}
  const strategies = new Map<string, Strategy>([
    ['LeastAllocated', leastAllocated],
    ['MostAllocated', mostAllocated],
    ['RequestedToCapacityRatio', requestedToCapacityRatio(strategy.requestedToCapacityRatio?.shape ?? [])],
  ])
  const resources = (strategy.resources as readonly { name: string; weight?: number }[] | undefined)?.map(
    ({ name, weight }) => ({ name, weight: weight || 1 }),
  )
  const ignored: readonly string[] = args.ignoredResources ?? []
  const groups: readonly string[] = args.ignoredResourceGroups ?? []
  return nodeResourcesFitBy(
    strategies.get(strategy.type) ?? leastAllocated,
    resources,
    (resource) =>
      ignored.includes(resource) ||
      (resource.includes('/') && groups.includes(resource.slice(0, resource.indexOf('/')))),
  )
}
