import {
  anything,
  bool,
  type Fields,
  list,
  long,
  needed,
  type ObjectField,
  object,
  simplified,
  text,
  textMap,
  texts,
  time,
  unmodelled,
} from '../schema'

const ownerReference = object('OwnerReference', 'One owner of the object.', {
  apiVersion: needed(text("The owner's API group and version.")),
  kind: needed(text("The owner's kind.")),
  name: needed(text("The owner's name.")),
  uid: needed(text("The owner's uid: a new object of the same name is another owner.")),
  controller: bool('This owner manages the object; there is at most one such.'),
  blockOwnerDeletion: bool('With foreground deletion the owner stays until this object is gone.'),
})

/** metadata of every object. */
export const objectMeta = object('ObjectMeta', 'What every object carries: its name, its labels, its owners.', {
  name: text('The name, unique within kind and namespace. It cannot be changed.'),
  generateName: text('A beginning; the server adds five random letters to it when no name is given.'),
  namespace: text('The namespace the object lives in; `default` when left out.'),
  labels: textMap('Keys and values by which objects are selected.'),
  annotations: textMap('Keys and values that tools attach; nothing selects by them.'),
  uid: text('Which incarnation of the name this is; set by the server.', { readOnly: true }),
  resourceVersion: text('The revision of the last write. An update that names an older one is refused.', {
    readOnly: true,
  }),
  generation: long('Goes up by one when the desired state changes.', { readOnly: true }),
  creationTimestamp: time('When the object was created.', { readOnly: true }),
  deletionTimestamp: time('Until when the object should be gone, once somebody has deleted it.', { readOnly: true }),
  deletionGracePeriodSeconds: long('How long it may take to end, once deleted.', { readOnly: true }),
  ownerReferences: list(ownerReference, 'Objects this one depends on; when all are gone it is collected.', {
    mergeKey: 'uid',
  }),
  finalizers: texts('While any is left, a deleted object stays.', { strategy: 'merge' }),
  managedFields: simplified(list(anything(''), 'Which client set which field.'), 'what controllers set is not listed'),
  selfLink: unmodelled(text('Old; no longer filled in.')),
})

export const labelSelectorFields: Fields = {
  matchLabels: textMap('Each label must have exactly this value.'),
  matchExpressions: list(
    object('LabelSelectorRequirement', 'One requirement on a label.', {
      key: needed(text('The label.')),
      operator: needed(text('In, NotIn, Exists or DoesNotExist.')),
      values: texts('The values for In and NotIn.'),
    }),
    'Each requirement must hold.',
  ),
}

export const labelSelector = (about: string): ObjectField => object('LabelSelector', about, labelSelectorFields)

export const condition = (name: string, about = 'One fact about the object, with since when and why.') =>
  object(name, about, {
    type: needed(text('Which fact.')),
    status: needed(text('True, False or Unknown.')),
    reason: text('Why, in one word.'),
    message: text('Why, in a sentence.'),
    lastTransitionTime: time('When the status last changed.'),
    lastUpdateTime: time('When the condition was last written.'),
    lastProbeTime: time('When it was last looked at.'),
    lastHeartbeatTime: time('When the kubelet last reported it.'),
    observedGeneration: long('For which generation this holds.'),
  })

export const conditions = (name: string) =>
  list(condition(name), 'The facts known about the object.', { mergeKey: 'type' })

export const localReference = (about: string) => object('LocalObjectReference', about, { name: text('The name.') })

export const objectReferenceFields: Fields = {
  apiVersion: text('Group and version.'),
  kind: text('Kind.'),
  namespace: text('Namespace.'),
  name: text('Name.'),
  uid: text('Which incarnation.'),
  resourceVersion: text('At which revision.'),
  fieldPath: text('Which part of the object.'),
}
export const objectReference = (about: string) => object('ObjectReference', about, objectReferenceFields)

/** The root of a kind. */
export const root = (kind: string, about: string, fields: Fields): ObjectField =>
  object(kind, about, {
    apiVersion: text('Group and version of the API that this object is written in.'),
    kind: text('What the object is.'),
    metadata: objectMeta,
    ...fields,
  })
