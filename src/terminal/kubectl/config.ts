import { parse } from 'yaml'
import type { Files } from '../../platform/shell/tool'

/** The little of a kubeconfig that counts here: in which namespace commands work. */
export interface Config {
  readonly context: string
  readonly namespace: string | undefined
}

const CLUSTER = 'kubernetes'
const USER = 'kubernetes-admin'
export const CONTEXT = `${USER}@${CLUSTER}`

export const configPath = (env: Readonly<Record<string, string>>): string =>
  env['KUBECONFIG'] ?? `${env['HOME'] ?? ''}/.kube/config`

/** What the file says; without one, what kubeadm leaves behind. */
export function readConfig(files: Files, env: Readonly<Record<string, string>>): Config {
  const read = files.read(configPath(env))
  if ('error' in read || read.text.length > 100_000) return { context: CONTEXT, namespace: undefined }
  const found = safely(read.text)
  const context = found?.['current-context'] ?? CONTEXT
  const entry = (found?.['contexts'] as any[] | undefined)?.find((one) => one?.name === context)
  return { context, namespace: entry?.context?.namespace }
}

function safely(text: string): Record<string, any> | undefined {
  try {
    return parse(text, { maxAliasCount: 20 })
  } catch (error) {
    // a file that is no YAML counts as none
    return error instanceof Error ? undefined : undefined
  }
}

/** The configuration as kubectl shows it: secrets left out. */
export const configObject = ({ context, namespace }: Config) => ({
  apiVersion: 'v1',
  clusters: [
    { cluster: { 'certificate-authority-data': 'DATA+OMITTED', server: 'https://control-plane:6443' }, name: CLUSTER },
  ],
  contexts: [
    { context: { cluster: CLUSTER, ...(namespace !== undefined && { namespace }), user: USER }, name: context },
  ],
  'current-context': context,
  kind: 'Config',
  users: [{ name: USER, user: { 'client-certificate-data': 'DATA+OMITTED', 'client-key-data': 'DATA+OMITTED' } }],
})
