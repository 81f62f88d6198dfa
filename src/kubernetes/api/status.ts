import { aggregated, type FieldError, printFieldError } from './field-error'
import type { Status } from './request'

/** Which resource an error is about: `deployments.apps` is {resource: 'deployments', group: 'apps'}. */
export interface About {
  readonly resource: string
  readonly group: string
  readonly kind?: string
}

export const printResource = ({ resource, group }: About): string => (group === '' ? resource : `${resource}.${group}`)

function failure(code: number, reason: string, message: string, details?: Status['details']): Status {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message, ...(details && { details }) }
}

const detailsOf = (about: About, name: string): Status['details'] => ({
  name,
  ...(about.group !== '' && { group: about.group }),
  kind: about.resource,
})

export const success = (details?: Status['details']): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Success',
  code: 200,
  ...(details && { details }),
})

export const notFound = (about: About, name: string): Status =>
  failure(404, 'NotFound', `${printResource(about)} "${name}" not found`, detailsOf(about, name))

/** No such resource or path at all. */
export const noSuchResource = (): Status =>
  failure(404, 'NotFound', 'the server could not find the requested resource', {})

export const alreadyExists = (about: About, name: string): Status =>
  failure(409, 'AlreadyExists', `${printResource(about)} "${name}" already exists`, detailsOf(about, name))

export const forbiddenStatus = (about: About, name: string, why: string): Status =>
  failure(
    403,
    'Forbidden',
    name === ''
      ? `${printResource(about)} is forbidden: ${why}`
      : `${printResource(about)} "${name}" is forbidden: ${why}`,
    detailsOf(about, name),
  )

export const conflict = (about: About, name: string, why: string): Status =>
  failure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${printResource(about)} "${name}": ${why}`,
    detailsOf(about, name),
  )

export const STALE = 'the object has been modified; please apply your changes to the latest version and try again'

/** 409 of a server-side apply, with a cause for each field. */
export const applyConflict = (
  message: string,
  causes: readonly { readonly message: string; readonly field: string }[],
): Status =>
  failure(409, 'Conflict', message, {
    causes: causes.map((cause) => ({ reason: 'FieldManagerConflict', ...cause })),
  })

export const badRequest = (message: string): Status => failure(400, 'BadRequest', message)

export const methodNotSupported = (about: About, action: string): Status =>
  failure(
    405,
    'MethodNotAllowed',
    `${action} is not supported on resources of kind "${printResource(about)}"`,
    detailsOf(about, ''),
  )

export const internalError = (why: string): Status =>
  failure(500, 'InternalError', `Internal error occurred: ${why}`, {})

export const expired = (message: string): Status => failure(410, 'Expired', message)

/** 422: the object is not valid. `kind` with its group: `Deployment.apps`. */
export function invalidStatus(
  kind: { readonly kind: string; readonly group: string },
  name: string,
  errors: readonly FieldError[],
): Status {
  const qualified = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`
  return failure(422, 'Invalid', `${qualified} "${name}" is invalid: ${aggregated(errors.map(printFieldError))}`, {
    name,
    ...(kind.group !== '' && { group: kind.group }),
    kind: kind.kind,
    causes: errors.map((error) => ({ reason: error.type, message: error.text, field: error.field })),
  })
}

/** 422 for a patch that cannot be applied. */
export const unprocessable = (cause: string): Status =>
  failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {
    causes: [{ reason: 'UnexpectedServerResponse', message: cause, field: '' }],
  })

/** For what 1.34 serves and Drydock does not have. No real server says this. */
export const notModelled = (what: string): Status =>
  failure(501, 'NotModelled', `${what} are served by Kubernetes 1.34, but Drydock does not model them yet`)

/** 429 with its cause: try again later. */
export const tooManyRequests = (
  message: string,
  cause: { readonly reason: string; readonly message: string; readonly field: string },
  retryAfterSeconds?: number,
): Status =>
  failure(429, 'TooManyRequests', message, {
    causes: [cause],
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  })

/** 500 without a reason. */
export const internalFailure = (message: string): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  code: 500,
  message,
})
