import type { Sentences } from '../../engine/plan'

interface Asked {
  readonly object: string
  readonly namespace?: string
  readonly client: string
  readonly from: string
}

const where = ({ namespace }: Asked) =>
  namespace === undefined || namespace === 'default' ? '' : ` in namespace ${namespace}`
/** `kubectl-client-side-apply` is a name of kubectl's for one way to ask. */
const who = ({ client, from }: Asked) => `${client.startsWith('kubectl-') ? 'kubectl' : client} on ${from} asked for it`
const sentence = (verb: string) => (values: Asked) => [`${verb} ${values.object}${where(values)}`, who(values)] as const

/** What the API server says of its own writes: each is what a client asked for. */
export const apiSentences: Sentences = {
  'kubernetes/api-created': sentence('created'),
  'kubernetes/api-updated': sentence('replaced'),
  'kubernetes/api-patched': sentence('changed'),
  'kubernetes/api-applied': sentence('changed'),
  'kubernetes/api-deleted': sentence('deleted'),
  'kubernetes/api-asked-to-end': sentence('asked to end'),
  'kubernetes/api-bound': sentence('bound'),
  'kubernetes/api-evicted': sentence('evicted'),
  'kubernetes/api-scaled': ({ object, from, to, machine, client }: Asked & { to: number; machine: string }) => [
    `set ${object} from ${from} to ${to} replicas`,
    `${client} on ${machine} asked for it`,
  ],
}
