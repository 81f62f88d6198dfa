import { apiVersionOf } from './kinds/resource'
import { resources } from './kinds/resources'
import type { Field, ObjectField } from './kinds/schema'

/** JSON Schema, as far as an editor needs it for completion and hovering. */
export type JsonSchema = { readonly [word: string]: unknown }

/**
 * One JSON Schema of all modelled kinds, from the same fields that the API decodes, explains and checks by: an object is one of the kinds,
 * each told by its apiVersion and kind. What is simplified or not modelled says so in the field's description.
 */
export function editorSchema(): JsonSchema {
  const types = new Types()
  const kinds = resources
    .filter(({ verbs }) => verbs.includes('create'))
    .map((resource) => {
      const { fields, about } = resource.schema
      const whole = types.object(resource.schema)
      return {
        title: resource.kind,
        description: about,
        type: 'object',
        required: ['apiVersion', 'kind', 'metadata'],
        properties: {
          ...(whole['properties'] as object),
          apiVersion: { enum: [apiVersionOf(resource)], description: fields['apiVersion']?.about },
          kind: { enum: [resource.kind], description: about },
        },
      }
    })
  return { oneOf: kinds, definitions: types.definitions }
}

/** Types that have been named, each once: a pod's spec stands in many kinds. */
class Types {
  readonly definitions: Record<string, JsonSchema> = {}
  readonly #names = new Map<ObjectField['fields'], string>()

  object(field: ObjectField): JsonSchema {
    const shown = Object.entries(field.fields).filter(([, inner]) => !inner.readOnly)
    return {
      type: 'object',
      properties: Object.fromEntries(shown.map(([name, inner]) => [name, this.of(inner)])),
      required: shown.flatMap(([name, inner]) => (inner.required ? [name] : [])),
    }
  }

  of(field: Field): JsonSchema {
    const description = described(field)
    switch (field.type) {
      case 'object':
        return { description, allOf: [{ $ref: `#/definitions/${this.#named(field)}` }] }
      case 'list':
        return { description, type: 'array', items: this.of(field.items) }
      case 'map':
        return { description, type: 'object', additionalProperties: this.of(field.items) }
      case 'int32':
      case 'int64':
        return { description, type: 'integer' }
      case 'number':
      case 'boolean':
        return { description, type: field.type }
      case 'quantity':
        return { description, type: ['string', 'number'] }
      case 'int-or-string':
        return { description, type: ['integer', 'string'] }
      case 'any':
        return { description }
      default:
        return { description, type: 'string', ...(field.values && { enum: field.values }) }
    }
  }

  #named(field: ObjectField): string {
    const known = this.#names.get(field.fields)
    if (known !== undefined) return known
    let name = field.name
    for (let n = 2; name in this.definitions; n++) name = `${field.name}-${n}`
    this.#names.set(field.fields, name)
    // the name is taken before what is in it is looked at: types may hold themselves
    this.definitions[name] = {}
    this.definitions[name] = this.object(field)
    return name
  }
}

function described({ about, support, note }: Field): string {
  const words =
    support === undefined || support === 'modelled' ? '' : `${about === '' ? '' : '\n\n'}Drydock: ${support}`
  return `${about}${words}${words !== '' && note !== undefined ? `: ${note}` : ''}`
}
