/** Which resource of the API: `{group: 'apps', version: 'v1', resource: 'deployments', subresource: 'scale'}`; the core group is ''. */
export interface ResourceName {
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly subresource?: string
}

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'
export type PatchType = 'json' | 'merge' | 'strategic' | 'apply'

/** A request to kube-apiserver, as a REST gateway would decode it. */
export interface ApiRequest {
  readonly verb: Verb
  readonly resource: ResourceName
  readonly namespace?: string
  readonly name?: string
  readonly body?: unknown
  readonly patchType?: PatchType
  /** The answer as a Table (what kubectl get asks for), whose columns belong to the kind. */
  readonly table?: boolean
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly limit?: number
  /** watch: changes after this revision. list: at exactly this one. */
  readonly resourceVersion?: string
  /** watch: end each answer with a BOOKMARK, which bears nothing but the resourceVersion reached. The real server sends one about once a minute. */
  readonly allowWatchBookmarks?: boolean
  readonly dryRun?: boolean
  readonly fieldManager?: string
  readonly force?: boolean
  /** Refuse unknown and duplicate fields (kubectl's default), warn of them, or take them. */
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore'
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
  readonly gracePeriodSeconds?: number
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string }
  /** The machine the request comes from: it must reach the control plane. */
  readonly from: string
}

/** `metav1.Status`: what the API server says of a failure (and of a deletion). */
export interface Status {
  readonly kind: 'Status'
  readonly apiVersion: 'v1'
  readonly status: 'Success' | 'Failure'
  readonly code: number
  readonly reason?: string
  readonly message?: string
  readonly details?: {
    readonly name?: string
    readonly group?: string
    readonly kind?: string
    readonly uid?: string
    readonly causes?: readonly { readonly reason: string; readonly message: string; readonly field: string }[]
    readonly retryAfterSeconds?: number
  }
}

/** `ok`: body is the object, list, table or watch events. Otherwise a Status, or, when nobody answered, `unreachable`. */
export type ApiReply =
  | { readonly ok: true; readonly code: number; readonly body: any; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly code: number; readonly status: Status; readonly warnings: readonly string[] }
  /** No TCP answer: `The connection to the server control-plane:6443 was refused`, `i/o timeout`. */
  | { readonly ok: false; readonly code: 0; readonly unreachable: string; readonly warnings: readonly string[] }
