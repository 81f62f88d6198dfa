import type { Server } from 'node:http'

/** The file that an address means, or undefined. */
export function fileFor(root: string, url: string): string | undefined
/** A server of the built page; call `listen` on it. */
export function serve(root: string): Server
