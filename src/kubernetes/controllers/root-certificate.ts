import type { Change, Controller, Key } from '../../engine'
import { newMeta } from '../api/meta'
import { ConfigMap } from '../kinds/configmap'
import { Namespace } from '../kinds/namespace'
import { ROOT_CERTIFICATE, rootCertificate } from '../kinds/root-certificate'

/** Gives each namespace its ConfigMap `kube-root-ca.crt`. After certificates/rootcacertpublisher; left out: a changed one is not put right. */
export const rootCertificatePublisher: Controller = {
  name: 'root-ca-certificate-publisher-controller',
  about: 'gives each namespace the certificate of the API server',
  watches: [
    { kind: Namespace, after: 10 },
    {
      kind: ConfigMap,
      wake: ({ value, previous }: Change<ConfigMap>) =>
        value === undefined && previous!.value.metadata.name === ROOT_CERTIFICATE
          ? Namespace.key('', previous!.value.metadata.namespace ?? '')
          : undefined,
      after: 10,
    },
  ],
  reconcile(about, world, tools) {
    const namespace = world.get(about as Key<Namespace>)
    if (namespace?.status.phase !== 'Active') return undefined
    const key = ConfigMap.key(namespace.metadata.name, ROOT_CERTIFICATE)
    if (world.get(key)) return undefined
    const value = rootCertificate(newMeta(tools, key, world.now))
    const because = { id: 'kubernetes/root-certificate', values: { namespace: namespace.metadata.name } }
    return { changes: [{ key, value, because, quiet: true }] }
  },
}
