/** metav1: what every Kubernetes object carries. The resourceVersion is not stored: it is the revision of the object's last Change. */
export interface OwnerReference {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
  readonly controller?: boolean
  readonly blockOwnerDeletion?: boolean
}

/** Who owns which fields (metav1.ManagedFieldsEntry). */
export interface ManagedFields {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly time: string
  readonly fieldsType: 'FieldsV1'
  readonly fieldsV1: OwnedFields
  readonly subresource?: string
}
/** FieldsV1: a field of the object under `f:name`, an item of a list under its key, and so on inside of each. */
export interface OwnedFields {
  [step: string]: OwnedFields
}

export interface ObjectMeta {
  readonly name: string
  readonly generateName?: string
  readonly namespace?: string
  readonly uid: string
  readonly generation?: number
  /** RFC 3339, whole seconds. */
  readonly creationTimestamp: string
  readonly deletionTimestamp?: string
  readonly deletionGracePeriodSeconds?: number
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly ownerReferences?: readonly OwnerReference[]
  readonly finalizers?: readonly string[]
  /** Kept by the API server of what goes through it; what controllers write is not in it. */
  readonly managedFields?: readonly ManagedFields[]
}

export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: ObjectMeta
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly {
    readonly key: string
    readonly operator: string
    readonly values?: readonly string[]
  }[]
}

export interface Condition {
  readonly type: string
  readonly status: 'True' | 'False' | 'Unknown'
  readonly reason?: string
  readonly message?: string
  readonly lastTransitionTime?: string
  readonly lastUpdateTime?: string
  readonly lastHeartbeatTime?: string
  readonly lastProbeTime?: string | null
  readonly observedGeneration?: number
}

/** As objects are shown unless somebody asks who owns what. */
export function withoutManagedFields<T extends { readonly metadata?: object }>(object: T): T {
  if (object.metadata === undefined || !('managedFields' in object.metadata)) return object
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata }
}

/** The owner that controls an object. */
export function controllerOf(object: { metadata: ObjectMeta }): OwnerReference | undefined {
  const owners = object.metadata.ownerReferences
  if (owners) for (let i = 0; i < owners.length; i++) if (owners[i]!.controller) return owners[i]
  return undefined
}

/** The uid of the owner that controls an object, for indexes. */
export const controllerUid = (object: { metadata: ObjectMeta }): string | undefined => controllerOf(object)?.uid

/** The uids of all owners, for the garbage collector's index. */
export function ownerUids(object: { metadata: ObjectMeta }): string | readonly string[] | undefined {
  const owners = object.metadata.ownerReferences
  return owners?.length === 1 ? owners[0]!.uid : owners?.map((owner) => owner.uid)
}

/** An object without one of its owners; with none left it has no list of them. */
export function withoutOwner<T extends KubeObject>(object: T, uid: string): T {
  const { ownerReferences = [], ...rest } = object.metadata
  const left = ownerReferences.filter((owner) => owner.uid !== uid)
  return { ...object, metadata: left.length === 0 ? rest : { ...rest, ownerReferences: left } }
}
