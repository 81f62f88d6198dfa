import type { Credentials } from '../../platform/registry/credentials'
import type { EngineRequest } from '../engine/request'

/** Of the header X-Registry-Auth, which is a field of the query here: a name and a password in JSON. */
export function credentialsOf({ query }: EngineRequest): Credentials | undefined {
  const text = query?.['auth']
  if (text === undefined || text === '') return undefined
  const { user, password } = JSON.parse(text) as Partial<Credentials>
  return typeof user === 'string' && typeof password === 'string' ? { user, password } : undefined
}
