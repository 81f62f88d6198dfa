/**
 * The address of an object: `room/kind/scope/name`. The scope is a namespace or a machine, and empty where the
 * kind has none (`platform/Machine//worker-1`). The type parameter remembers what lives there.
 */
export type Key<T = unknown> = string & { readonly __value?: T }
