import { CallError } from '../../template'
import type { Builtin } from '../../template/functions'

/** What kubectl adds to the functions of Go templates. */
export const templateFunctions: Readonly<Record<string, Builtin>> = {
  exists: {
    least: 1,
    run: (value, ...path) => {
      let at = value
      for (const key of path) {
        if (typeof at !== 'object' || at === null || !Object.hasOwn(at, String(key))) return false
        at = (at as Record<string, unknown>)[String(key)]
      }
      return at !== undefined && at !== null
    },
  },
  base64decode: { least: 1, most: 1, run: (value) => decoded(String(value ?? '')) },
}

function decoded(text: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)))
  } catch {
    const at = text.search(/[^A-Za-z0-9+/=]/)
    throw new CallError(`base64 decode failed: illegal base64 data at input byte ${at < 0 ? text.length : at}`)
  }
}
