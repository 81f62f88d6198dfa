import { type FieldError, invalid, required } from '../api/field-error'
import { dnsLabel, subdomain } from '../api/name-rules'
import { root } from './fields/meta-fields'
import { toleration } from './fields/pod-fields'
import { ageOf } from './pod-cells'
import { ALL_VERBS, type Resource } from './resource'
import { RuntimeClass } from './runtimeclass'
import { list, map, needed, object, quantity, simplified, text, textMap } from './schema'

export const runtimeClassResource: Resource<RuntimeClass> = {
  group: 'node.k8s.io',
  version: 'v1',
  kind: 'RuntimeClass',
  plural: 'runtimeclasses',
  singular: 'runtimeclass',
  shortNames: [],
  categories: [],
  namespaced: false,
  verbs: ALL_VERBS,
  subresources: [],
  store: RuntimeClass,
  schema: root('RuntimeClass', 'A way to run containers: which runtime, what it costs, and on which nodes.', {
    handler: needed(
      simplified(text('What the node’s runtime calls it.'), 'containers run as always, whatever it is', {
        except: ['runc'],
      }),
    ),
    overhead: object('Overhead', 'What running a pod so costs besides its containers.', {
      podFixed: map(quantity(''), 'Counted for each pod.'),
    }),
    scheduling: object('Scheduling', 'Which nodes have it.', {
      nodeSelector: textMap('Labels of these nodes; pods of this class get them too.'),
      tolerations: list(toleration, 'Taints that pods of this class tolerate.'),
    }),
  }),
  nameRule: subdomain,
  counted: false,
  complete: (given) => given,
  validate: (given, old) => validate(given, old),
  columns: [{ name: 'Name' }, { name: 'Handler' }, { name: 'Age' }],
  cells: ({ metadata, handler }, { now }) => [metadata.name, handler, ageOf(metadata.creationTimestamp, now)],
}

function validate({ handler }: RuntimeClass, old: RuntimeClass | undefined): FieldError[] {
  if (old && old.handler !== handler) return [invalid('handler', handler, 'field is immutable')]
  return handler ? dnsLabel(handler).map((text) => invalid('handler', handler, text)) : [required('handler')]
}
