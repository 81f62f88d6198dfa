import { type ApiReply, type ApiRequest, apiServer, type Status } from '../../kubernetes'
import type { ToolCall } from '../../platform/shell/tool'
import { Failure } from '../cli/failure'

export type Ask = Omit<ApiRequest, 'from'>

/** Nobody answered. Ends the command; a connection that vanished ends it only after the client's time-out. */
export class Unreachable extends Error {}

/** A refusal by the API server, with the Status that it gave. */
export class ApiFailure extends Failure {
  readonly status: Status
  constructor(status: Status, text: string) {
    super(text)
    this.status = status
  }
}

/** Requests to the API server, from the machine where kubectl runs. */
export interface Client {
  /** The body of the answer; a refusal ends the command. `doing`: `creating`, for files: `error when creating "f.yaml": …`. */
  ask(request: Ask, doing?: { readonly verb: string; readonly source: string }): any
  /** The answer whatever it is. */
  try(request: Ask): Exclude<ApiReply, { unreachable: string }>
}

export function clientOf(call: ToolCall, fieldManager: string): Client {
  const attempt = (request: Ask): Exclude<ApiReply, { unreachable: string }> => {
    const reply = call.ask(apiServer, { fieldManager, ...request, from: call.from.machine })
    if (!reply.ok && 'unreachable' in reply) throw new Unreachable(reply.unreachable)
    for (const warning of reply.warnings) call.printError(`Warning: ${warning}\n`)
    return reply
  }
  return {
    try: attempt,
    ask(request, doing) {
      const reply = attempt(request)
      if (reply.ok) return reply.body
      throw failureOf(reply.status, doing)
    },
  }
}

/** How kubectl tells a Status. */
export function failureOf(status: Status, doing?: { readonly verb: string; readonly source: string }): ApiFailure {
  const message = doing
    ? `error when ${doing.verb} ${JSON.stringify(doing.source)}: ${status.message}`
    : (status.message ?? '')
  return new ApiFailure(status, status.reason === 'Invalid' ? invalidText(status) : serverText(status, message))
}

const serverText = (status: Status, message: string) =>
  status.reason ? `Error from server (${status.reason}): ${message}` : `Error from server: ${message}`

function invalidText(status: Status): string {
  const { details } = status
  const causes = (details?.causes ?? []).filter(({ reason }) => reason !== 'UnexpectedServerResponse')
  const heading = details?.kind
    ? `The ${details.kind} ${JSON.stringify(details.name ?? '')} is invalid`
    : 'The request is invalid'
  if (causes.length === 0) return `${heading}: ${status.message}`
  const told = causes
    .map(({ field, message }) => `${field}: ${message}`)
    .filter((text, i, all) => all.indexOf(text) === i)
  return told.length === 1 ? `${heading}: ${told[0]}` : `${heading}: \n${told.map((text) => `* ${text}`).join('\n')}`
}
