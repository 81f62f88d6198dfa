import { defineKind } from '../../engine/kind'
import { type KubeObject, ownerUids } from './meta'

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
  /** Base64. */
  readonly binaryData?: Readonly<Record<string, string>>
  readonly immutable?: boolean
}
export const ConfigMap = defineKind<ConfigMap>('kubernetes/ConfigMap', {
  about: 'settings by name, for pods to read',
  indexes: { owner: ownerUids },
})

export interface Secret extends KubeObject {
  readonly type: string
  /** Base64. */
  readonly data?: Readonly<Record<string, string>>
  readonly immutable?: boolean
}
export const Secret = defineKind<Secret>('kubernetes/Secret', {
  about: 'settings that not everybody should see',
  indexes: { owner: ownerUids },
})
