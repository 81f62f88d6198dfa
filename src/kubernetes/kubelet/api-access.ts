import type { Mount } from '../../platform/container/container'
import { File } from '../../platform/shell/file'
import { ConfigMap } from '../kinds/configmap'
import type { PodContainer } from '../kinds/pod'
import { TOKEN_PATH } from '../kinds/pod-defaults'
import { ROOT_CERTIFICATE } from '../kinds/root-certificate'
import type { Pass } from './pass'
import { tokenOf } from './volume-files'

/**
 * The volume `kube-api-access-…` that admission gives to every pod: certificate, namespace, token. Simplified: the pods of an account share
 * one such volume, and its token never changes. undefined: the pod wants none, or mounts its own there.
 */
export function apiAccess(pass: Pass, container: PodContainer): Mount | undefined {
  const { metadata, spec } = pass.pod
  if (spec.serviceAccountName === undefined || spec['automountServiceAccountToken'] === false) return undefined
  if (container.volumeMounts?.some(({ mountPath }) => mountPath === TOKEN_PATH)) return undefined
  const volume = `api-access.${metadata.namespace}.${spec.serviceAccountName}`
  const scope = `volume:${volume}`
  if (!pass.world.get(File.key(scope, '/namespace'))) {
    const certificate = pass.known(ConfigMap.key(metadata.namespace!, ROOT_CERTIFICATE))?.value.data?.['ca.crt']
    const texts = { 'ca.crt': certificate, namespace: metadata.namespace!, token: tokenOf(pass) }
    const because = { id: 'kubernetes/volume-written', values: { volume: 'kube-api-access', files: 3 } }
    for (const [name, text] of Object.entries(texts)) {
      const key = File.key(scope, `/${name}`)
      if (text === undefined || pass.changes.some((wish) => wish.key === key)) continue
      const value: File = { what: 'file', text, mode: 0o644, modifiedAt: pass.world.now }
      pass.changes.push({ key, value, because, quiet: true })
    }
  }
  return { source: { volume }, path: TOKEN_PATH, readOnly: true }
}
