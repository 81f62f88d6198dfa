import type { Pass } from '../pass'
import type { EngineReply, EngineRequest } from './request'

/** Handles a request; `parts` are the path's variable pieces. */
export type Handler = (pass: Pass, request: EngineRequest, ...parts: readonly string[]) => EngineReply

/** `POST /containers/{}/start`; a piece `{*}` may hold slashes. */
export type Routes = Readonly<Record<string, Handler>>

export const ok = (body: unknown, status = 200): EngineReply => ({ status, body })
export const done = ok(null, 204)
