import type { Run } from './command'

export const REVISION = 'deployment.kubernetes.io/revision'
const CAUSE = 'kubernetes.io/change-cause'
const HASH = 'pod-template-hash'

/** One version of a workload's template. */
export interface Revision {
  readonly revision: number
  /** kubernetes.io/change-cause */
  readonly cause: string | undefined
  /** The template as the workload had it. */
  readonly template: any
  /** The ReplicaSet or ControllerRevision that keeps it. */
  readonly object: any
}

/** The versions of a Deployment (its ReplicaSets) or a DaemonSet (its ControllerRevisions), oldest first. */
export function revisionsOf(run: Run, owner: any): readonly Revision[] {
  const deployment = owner.kind === 'Deployment'
  const list = run.client.ask({
    verb: 'list',
    resource: { group: 'apps', version: 'v1', resource: deployment ? 'replicasets' : 'controllerrevisions' },
    namespace: owner.metadata.namespace,
  })
  return (list.items as any[])
    .filter(({ metadata }) =>
      metadata.ownerReferences?.some((one: any) => one.controller && one.uid === owner.metadata.uid),
    )
    .map((object) => ({
      revision: deployment ? Number(object.metadata.annotations?.[REVISION] ?? 0) : object.revision,
      cause: object.metadata.annotations?.[CAUSE],
      template: deployment ? object.spec.template : withoutDirective(object.data.spec.template),
      object,
    }))
    .sort((a, b) => a.revision - b.revision || (a.object.metadata.name < b.object.metadata.name ? -1 : 1))
}

function withoutDirective({ $patch: _, ...template }: any): any {
  return template
}

/** Without the label that the Deployment's controller adds. */
export function withoutHash(template: any): any {
  const { [HASH]: _, ...labels } = template.metadata?.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels } }
}
