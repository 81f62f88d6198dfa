import { toBase64 } from '../../platform/base64'
import type { ConfigMap } from './configmap'
import type { ObjectMeta } from './meta'

/** In every namespace: what a pod needs to trust the API server. */
export const ROOT_CERTIFICATE = 'kube-root-ca.crt'

const ABOUT =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.'

/** It looks like a certificate. */
function certificate(): string {
  const body = toBase64('Drydock: no key stands behind this certificate, and nobody checks it. '.repeat(6))
  return `-----BEGIN CERTIFICATE-----\n${body.match(/.{1,64}/g)!.join('\n')}\n-----END CERTIFICATE-----\n`
}

export const rootCertificate = (metadata: ObjectMeta): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { ...metadata, annotations: { 'kubernetes.io/description': ABOUT } },
  data: { 'ca.crt': certificate() },
})
