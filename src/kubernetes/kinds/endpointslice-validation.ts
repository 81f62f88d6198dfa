import { duplicate, type FieldError, invalid, required, unsupported } from '../api/field-error'
import { dnsLabel } from '../api/name-rules'
import type { EndpointSlice } from './service'

const MOST_ENDPOINTS = 1_000
const MOST_ADDRESSES = 100
const PROTOCOLS = ['SCTP', 'TCP', 'UDP']

const tooMany = (field: string, count: number, most: number): FieldError => ({
  field,
  type: 'FieldValueTooMany',
  text: `Too many: ${count}: must have at most ${most} items`,
})

/** After pkg/apis/discovery/validation. Left out: IPv6 addresses and names as addresses, zones, hints. */
export function endpointErrors({ addressType, endpoints }: EndpointSlice): FieldError[] {
  if (endpoints.length > MOST_ENDPOINTS) return [tooMany('endpoints', endpoints.length, MOST_ENDPOINTS)]
  return endpoints.flatMap(({ addresses, hostname }, i) => {
    const here = `endpoints[${i}].addresses`
    const errors: FieldError[] = []
    if (addresses.length === 0) errors.push(required(here, 'must contain at least 1 address'))
    else if (addresses.length > MOST_ADDRESSES) errors.push(tooMany(here, addresses.length, MOST_ADDRESSES))
    if (addressType === 'IPv4') addresses.forEach((one, j) => void errors.push(...ipv4Errors(one, `${here}[${j}]`)))
    for (const text of hostname === undefined ? [] : dnsLabel(hostname))
      errors.push(invalid(`endpoints[${i}].hostname`, hostname, text))
    return errors
  })
}

const SPECIAL: readonly (readonly [pattern: RegExp, text: string])[] = [
  [/^0\.0\.0\.0$/, 'may not be unspecified (0.0.0.0 or ::)'],
  [/^127\./, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  [/^169\.254\./, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
  [/^224\.0\.0\./, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
]

function ipv4Errors(text: string, path: string): FieldError[] {
  const parts = text.split('.')
  const isAddress = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)
  if (!isAddress)
    return ['must be a valid IPv4 address', 'must be a valid IP address'].map((why) => invalid(path, text, why))
  return SPECIAL.filter(([pattern]) => pattern.test(text)).map(([, why]) => invalid(path, text, why))
}

export function portErrors({ ports }: EndpointSlice): FieldError[] {
  const names = new Set<string>()
  return ports.flatMap(({ name = '', protocol = 'TCP' }, i) => {
    const errors: FieldError[] = []
    if (names.has(name)) errors.push(duplicate(`ports[${i}].name`, name))
    names.add(name)
    for (const text of name === '' ? [] : dnsLabel(name)) errors.push(invalid(`ports[${i}].name`, name, text))
    if (!PROTOCOLS.includes(protocol)) errors.push(unsupported(`ports[${i}].protocol`, protocol, PROTOCOLS))
    return errors
  })
}
