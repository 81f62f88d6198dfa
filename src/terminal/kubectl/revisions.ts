import type { Run } from './command'

export const REVISION = 'deployment.kubernetes.io/revision'

/** The ReplicaSets of a Deployment, by revision, oldest first. */
export function revisionsOf(run: Run, deployment: any): readonly { readonly revision: number; readonly set: any }[] {
  const list = run.client.ask({
    verb: 'list',
    resource: { group: 'apps', version: 'v1', resource: 'replicasets' },
    namespace: deployment.metadata.namespace,
  })
  return (list.items as any[])
    .filter(({ metadata }) =>
      metadata.ownerReferences?.some((owner: any) => owner.controller && owner.uid === deployment.metadata.uid),
    )
    .map((set) => ({ revision: Number(set.metadata.annotations?.[REVISION] ?? 0), set }))
    .sort((a, b) => a.revision - b.revision || (a.set.metadata.name < b.set.metadata.name ? -1 : 1))
}
