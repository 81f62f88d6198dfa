import { printSelector, selectorOf } from '../../kubernetes'
import { fail } from '../cli/failure'
import type { Run } from './command'
import { getOne, resourceCalled } from './resource-args'

const POD = { group: '', version: 'v1', resource: 'pods' }

/** The pod that `web-1`, `pod/web-1`, `deploy/web` or `service/web` means; of several, the one that is best to look into (`told`: and say which). */
export function podFor(run: Run, word: string, told = false): any {
  const slash = word.indexOf('/')
  const type = slash < 0 ? 'pods' : word.slice(0, slash)
  const name = slash < 0 ? word : word.slice(slash + 1)
  const resource =
    resourceCalled(type) ?? fail(`error: the server doesn't have a resource type ${JSON.stringify(type)}`)
  const object = getOne(run, resource, name)
  if (resource.kind === 'Pod') return object
  const selector = object.spec?.selector
  const labelSelector =
    resource.kind === 'Service'
      ? labelsText(selector ?? {})
      : selector
        ? printSelector(selectorOf(selector))
        : undefined
  if (labelSelector === undefined || labelSelector === '') return fail(`error: cannot find pods of a ${resource.kind}`)
  const pods = podsWith(run, labelSelector)
  if (pods.length === 0) return fail(`error: timed out waiting for the condition`)
  const chosen = [...pods].sort(better)[0]
  if (told && pods.length > 1) run.error(`Found ${pods.length} pods, using pod/${chosen.metadata.name}\n`)
  return chosen
}

const labelsText = (labels: Readonly<Record<string, string>>) =>
  Object.keys(labels)
    .sort()
    .map((key) => `${key}=${labels[key]}`)
    .join(',')

export function podsWith(run: Run, labelSelector: string): readonly any[] {
  return run.client.ask({ verb: 'list', resource: POD, namespace: run.namespace, labelSelector }).items
}

const isReady = (pod: any) =>
  pod.status.conditions?.some((c: any) => c.type === 'Ready' && c.status === 'True') === true

/** Bound before unbound, running before pending, ready before not, older before newer; then by name. */
function better(a: any, b: any): number {
  const rank = (pod: any) =>
    (pod.spec.nodeName ? 0 : 4) + (pod.status.phase === 'Running' ? 0 : 2) + (isReady(pod) ? 0 : 1)
  const [x, y] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp]
  return rank(a) - rank(b) || (x < y ? -1 : x > y ? 1 : 0) || (a.metadata.name < b.metadata.name ? -1 : 1)
}

/** The container that is meant when none is named: the annotated one, else the first; said so where there are several. */
export function defaultContainer(run: Run, pod: any): string {
  const containers: readonly any[] = pod.spec.containers
  const named = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container']
  if (named && containers.some(({ name }) => name === named)) return named
  const first = containers[0].name
  const initial: readonly any[] = pod.spec.initContainers ?? []
  if (containers.length + initial.length > 1) {
    const all = [...containers.map(({ name }) => name), ...initial.map(({ name }) => `${name} (init)`)]
    run.error(`Defaulted container ${JSON.stringify(first)} out of: ${all.join(', ')}\n`)
  }
  return first
}
