import { base64Length, fromBase64, toBase64 } from '../../platform/base64'
import { type FieldError, invalid, required } from '../api/field-error'
import { subdomain } from '../api/name-rules'
import { Secret } from './configmap'
import { MOST_BYTES, sorted, tooLarge, validateImmutable, validateKey } from './configmap-resource'
import { root } from './fields/meta-fields'
import { ageOf } from './pod-cells'
import { ALL_VERBS, type Resource } from './resource'
import { bool, bytes, map, simplified, text, textMap } from './schema'

/** What a client may send: `stringData` is folded into `data` before anything else looks at it. */
type Sent = Secret & { readonly stringData?: Readonly<Record<string, string>> }

export const secretResource: Resource<Secret> = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  singular: 'secret',
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: ALL_VERBS,
  subresources: [],
  store: Secret,
  schema: root(
    'Secret',
    'Like a ConfigMap, for what not everybody should see. Base64 is no encryption: whoever may read the object can read its values.',
    {
      data: map(bytes(''), 'Values by key, in base64.'),
      stringData: textMap('Values by key as plain text; the server puts them into data, over what stands there.'),
      type: simplified(
        text('What it is for: Opaque, or one of the kubernetes.io types, which ask for certain keys.'),
        'no token is made for kubernetes.io/service-account-token',
        {
          except: [
            'Opaque',
            'kubernetes.io/dockerconfigjson',
            'kubernetes.io/tls',
            'kubernetes.io/basic-auth',
            'kubernetes.io/ssh-auth',
          ],
        },
      ),
      immutable: bool('The data cannot be changed any more, nor can this be taken back.'),
    },
  ),
  nameRule: subdomain,
  counted: false,
  complete,
  validate,
  columns: [{ name: 'Name' }, { name: 'Type' }, { name: 'Data' }, { name: 'Age' }],
  cells: ({ metadata, type, data = {} }, { now }) => [
    metadata.name,
    type,
    Object.keys(data).length,
    ageOf(metadata.creationTimestamp, now),
  ],
  selectable: ({ type }) => ({ type }),
}

function complete(secret: Sent): Secret {
  const { stringData, ...rest } = secret
  const type = secret.type || 'Opaque'
  if (!stringData) return { ...rest, type }
  const data: Record<string, string> = { ...rest.data }
  for (const [key, value] of sorted(stringData)) data[key] = toBase64(value)
  return { ...rest, type, data }
}

const ACCOUNT = 'kubernetes.io/service-account.name'

/** The keys that a type asks for; all of a group are missing: each of it is told. */
const KEYS: Readonly<Record<string, { readonly all?: readonly string[]; readonly any?: readonly string[] }>> = {
  'kubernetes.io/dockercfg': { all: ['.dockercfg'] },
  'kubernetes.io/dockerconfigjson': { all: ['.dockerconfigjson'] },
  'kubernetes.io/basic-auth': { any: ['username', 'password'] },
  'kubernetes.io/ssh-auth': { all: ['ssh-privatekey'] },
  'kubernetes.io/tls': { all: ['tls.crt', 'tls.key'] },
}

/** After ValidateSecret and ValidateSecretUpdate. */
function validate(secret: Secret, old: Secret | undefined): FieldError[] {
  const { data = {}, type } = secret
  const errors: FieldError[] = []
  if (old) {
    if (type !== old.type) errors.push(invalid('type', type, 'field is immutable'))
    errors.push(...validateImmutable(secret, old, ['data']))
  }
  let size = 0
  for (const [key, value] of sorted(data)) {
    errors.push(...validateKey('data', key))
    size += base64Length(value)
  }
  if (size > MOST_BYTES) errors.push(tooLarge('data'))
  if (type === 'kubernetes.io/service-account-token' && !secret.metadata.annotations?.[ACCOUNT])
    errors.push(required(`metadata.annotations[${ACCOUNT}]`))
  const { all = [], any = [] } = KEYS[type] ?? {}
  const missing = [...all.filter((key) => !(key in data)), ...(any.some((key) => key in data) ? [] : any)]
  for (const key of missing) errors.push(required(`data[${key}]`))
  for (const key of ['.dockercfg', '.dockerconfigjson'])
    if (all.includes(key) && key in data) errors.push(...validateJson(data[key]!, `data[${key}]`))
  return errors
}

function validateJson(encoded: string, field: string): FieldError[] {
  try {
    JSON.parse(fromBase64(encoded) ?? '')
    return []
  } catch {
    const why = encoded === '' ? 'unexpected end of JSON input' : 'invalid character in JSON text'
    return [invalid(field, '<secret contents redacted>', why)]
  }
}
