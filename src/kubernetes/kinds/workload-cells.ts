import { millisOf } from '../../engine/time'
import { humanDuration } from '../api/duration'
import { printLabelSelector } from '../api/label-selector'
import type { Condition, KubeObject, LabelSelector } from './meta'
import type { PodTemplateSpec } from './pod'
import { ageOf } from './pod-cells'
import type { Cell, Column, Reading } from './resource'

/** The three wide columns that kinds with a pod template share. */
export const templateColumns: readonly Column[] = [
  { name: 'Containers', wide: true },
  { name: 'Images', wide: true },
  { name: 'Selector', wide: true },
]

export function templateCells(
  template: PodTemplateSpec | undefined,
  selector: LabelSelector | undefined,
): readonly Cell[] {
  return [...containerCells(template), printLabelSelector(selector)]
}

/** The same for a selector that is a map of labels. */
export function labelCells(
  template: PodTemplateSpec | undefined,
  selector: Readonly<Record<string, string>> | undefined,
): readonly Cell[] {
  const keys = Object.keys(selector ?? {}).sort((a, b) => (a < b ? -1 : 1))
  const text = keys.map((key) => `${key}=${selector![key]}`).join(',')
  return [...containerCells(template), text === '' ? '<none>' : text]
}

export function containerCells(template: PodTemplateSpec | undefined): readonly Cell[] {
  const containers = template?.spec?.containers ?? []
  return [containers.map(({ name }) => name).join(','), containers.map(({ image }) => image ?? '').join(',')]
}

type Loose = KubeObject & { readonly spec: any; readonly status: any }

export function daemonSetCells({ metadata, spec, status }: Loose, { now }: Reading): readonly Cell[] {
  const nodes = Object.entries(spec.template?.spec?.nodeSelector ?? {})
  return [
    metadata.name,
    status.desiredNumberScheduled ?? 0,
    status.currentNumberScheduled ?? 0,
    status.numberReady ?? 0,
    status.updatedNumberScheduled ?? 0,
    status.numberAvailable ?? 0,
    nodes.length === 0 ? '<none>' : nodes.map(([key, value]) => `${key}=${value}`).join(','),
    ageOf(metadata.creationTimestamp, now),
    ...templateCells(spec.template, spec.selector),
  ]
}

const JOB_STATUS = ['Complete', 'Failed', 'Suspended', 'FailureTarget', 'SuccessCriteriaMet']

export function jobCells({ metadata, spec, status }: Loose, { now }: Reading): readonly Cell[] {
  const has = (type: string) =>
    (status.conditions as readonly Condition[] | undefined)?.some((c) => c.type === type && c.status === 'True')
  const first = ['Complete', 'Failed'].find(has)
  const word = first ?? (metadata.deletionTimestamp !== undefined ? 'Terminating' : (JOB_STATUS.find(has) ?? 'Running'))
  const done = status.succeeded ?? 0
  const parallel = spec.parallelism ?? 0
  const completions =
    spec.completions !== undefined
      ? `${done}/${spec.completions}`
      : parallel > 1
        ? `${done}/1 of ${parallel}`
        : `${done}/1`
  const started = millisOf(status.startTime)
  const ended = millisOf(status.completionTime) ?? now
  return [
    metadata.name,
    word,
    completions,
    started === undefined ? '' : humanDuration(ended - started),
    ageOf(metadata.creationTimestamp, now),
    ...templateCells(spec.template, spec.selector),
  ]
}
