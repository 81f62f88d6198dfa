import { same } from '../../../engine/edit'
import { copyOf, isMap, type JsonMap, PatchError, type Value } from './json'

const unescaped = (part: string) => part.replaceAll('~1', '/').replaceAll('~0', '~')

/** RFC 6902: add, remove, replace, move, copy and test, in order; all or nothing. Throws PatchError. */
export function applyJsonPatch(original: Value, patch: Value): Value {
  if (!Array.isArray(patch)) throw new PatchError('json: cannot unmarshal object into Go value of type jsonpatch.Patch')
  let result = copyOf(original)
  for (const step of patch) {
    if (!isMap(step)) throw new PatchError('json: cannot unmarshal value into Go value of type jsonpatch.Operation')
    result = applyStep(result, step)
  }
  return result
}

function applyStep(root: Value, step: JsonMap): Value {
  const op = step['op']
  const path = pathOf(step['path'], 'path')
  switch (op) {
    case 'add':
      return put(root, path, copyOf(given(step)), 'add')
    case 'remove':
      return remove(root, path)
    case 'replace': {
      if (find(root, path) === undefined) throw missing('replace', path)
      return put(root, path, copyOf(given(step)), 'replace')
    }
    case 'test': {
      const found = find(root, path)
      if (!same(found ?? null, given(step))) throw new PatchError(`testing path ${printPath(path)} value failed`)
      return root
    }
    case 'move': {
      const from = pathOf(step['from'], 'from')
      const value = find(root, from)
      if (value === undefined) throw missing('move', from)
      return put(remove(root, from), path, value, 'add')
    }
    case 'copy': {
      const from = pathOf(step['from'], 'from')
      const value = find(root, from)
      if (value === undefined) throw missing('copy', from)
      return put(root, path, copyOf(value), 'add')
    }
    default:
      throw new PatchError(`Unexpected kind: ${typeof op === 'string' ? op : 'unknown'}`)
  }
}

const given = (step: JsonMap): Value => {
  if (step['value'] === undefined) throw new PatchError(`${step['op']} operation does not apply: missing value`)
  return step['value']
}

function pathOf(path: Value | undefined, what: string): string[] {
  if (typeof path !== 'string') throw new PatchError(`failed to decode '${what}'`)
  if (path === '') return []
  if (!path.startsWith('/')) throw new PatchError(`invalid JSON pointer ${JSON.stringify(path)}`)
  return path.slice(1).split('/').map(unescaped)
}

const printPath = (path: readonly string[]) =>
  `/${path.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`
const missing = (op: string, path: readonly string[]) =>
  new PatchError(`${op} operation does not apply: doc is missing path: ${printPath(path)}: missing value`)

function find(root: Value, path: readonly string[]): Value | undefined {
  let at: Value | undefined = root
  for (const part of path) {
    if (Array.isArray(at)) at = at[indexIn(at, part)]
    else if (isMap(at)) at = Object.hasOwn(at, part) ? at[part] : undefined
    else return undefined
  }
  return at
}

function indexIn(list: readonly Value[], part: string): number {
  if (!/^(0|[1-9]\d*)$/.test(part))
    throw new PatchError(`strconv.Atoi: parsing ${JSON.stringify(part)}: invalid syntax`)
  return Number(part) < list.length ? Number(part) : -1
}

function put(root: Value, path: readonly string[], value: Value, op: 'add' | 'replace'): Value {
  if (path.length === 0) return value
  const parent = find(root, path.slice(0, -1))
  const last = path[path.length - 1]!
  if (Array.isArray(parent)) {
    if (op === 'replace') parent[indexIn(parent, last)] = value
    else if (last === '-') parent.push(value)
    else {
      const at = /^\d+$/.test(last) ? Number(last) : Number.NaN
      if (!(at <= parent.length))
        throw new PatchError(
          `add operation does not apply: doc is missing path: ${printPath(path)}: Unable to access invalid index: ${last}`,
        )
      parent.splice(at, 0, value)
    }
  } else if (isMap(parent)) parent[last] = value
  else throw missing(op, path)
  return root
}

function remove(root: Value, path: readonly string[]): Value {
  const parent = find(root, path.slice(0, -1))
  const last = path[path.length - 1] ?? ''
  if (Array.isArray(parent) && indexIn(parent, last) >= 0) parent.splice(indexIn(parent, last), 1)
  else if (isMap(parent) && Object.hasOwn(parent, last)) delete parent[last]
  else throw missing('remove', path)
  return root
}
