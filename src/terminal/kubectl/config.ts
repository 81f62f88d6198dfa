import { parseYamlText } from '../../kubernetes'
import type { Files } from '../../platform/shell/tool'

interface Context {
  readonly name: string
  readonly cluster: string
  readonly user: string
  readonly namespace: string | undefined
}

/** The little of a kubeconfig that counts here: there is one cluster, and contexts differ in their namespace. */
export interface Config {
  readonly current: string
  readonly contexts: readonly Context[]
}

const CLUSTER = 'kubernetes'
const USER = 'kubernetes-admin'
export const CONTEXT = `${USER}@${CLUSTER}`
const LONGEST_CONFIG = 100_000

/** What kubeadm leaves behind. */
const initial: Config = {
  current: CONTEXT,
  contexts: [{ name: CONTEXT, cluster: CLUSTER, user: USER, namespace: undefined }],
}

export const configPath = (env: Readonly<Record<string, string>>): string =>
  env['KUBECONFIG'] ?? `${env['HOME'] ?? ''}/.kube/config`

/** What the file says. */
export function readConfig(files: Files, env: Readonly<Record<string, string>>): Config {
  const read = files.read(configPath(env))
  const found = 'error' in read || read.text.length > LONGEST_CONFIG ? undefined : parsed(read.text)
  if (!Array.isArray(found?.['contexts'])) return initial
  const contexts = (found['contexts'] as any[]).map(
    (one): Context => ({
      name: String(one?.name ?? ''),
      cluster: one?.context?.cluster ?? CLUSTER,
      user: one?.context?.user ?? USER,
      namespace: one?.context?.namespace,
    }),
  )
  return { current: String(found['current-context'] ?? ''), contexts }
}

function parsed(text: string): Record<string, unknown> | undefined {
  const read = parseYamlText(text)
  // a file that is no YAML counts as none
  return 'error' in read ? undefined : (read.value as Record<string, unknown>)
}

/** The namespace that commands work in when none is given. */
export const namespaceOf = ({ current, contexts }: Config): string =>
  contexts.find(({ name }) => name === current)?.namespace || 'default'

/** With a context as changed or added. */
export function withContext(config: Config, name: string, change: Partial<Context>): Config {
  const own = config.contexts.find((one) => one.name === name) ?? {
    name,
    cluster: CLUSTER,
    user: USER,
    namespace: undefined,
  }
  const others = config.contexts.filter((one) => one.name !== name)
  const contexts = [...others, { ...own, ...change }].sort((a, b) => (a.name < b.name ? -1 : 1))
  return { ...config, contexts }
}

/** The configuration as kubectl shows and writes it: secrets left out. */
export const configObject = ({ current, contexts }: Config) => ({
  apiVersion: 'v1',
  clusters: [
    {
      cluster: { 'certificate-authority-data': 'DATA+OMITTED', server: 'https://control-plane:6443' },
      name: CLUSTER,
    },
  ],
  contexts: contexts.map(({ name, cluster, user, namespace }) => ({
    context: { cluster, ...(namespace !== undefined && { namespace }), user },
    name,
  })),
  'current-context': current,
  kind: 'Config',
  users: [{ name: USER, user: { 'client-certificate-data': 'DATA+OMITTED', 'client-key-data': 'DATA+OMITTED' } }],
})
