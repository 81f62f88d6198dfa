import { parseReference } from '../../platform/image/reference'
import { type Environment, expand } from './expand'
import type { Dockerfile } from './parse'
import { DockerfileError } from './problem'
import type { Warnings } from './rules'

const RESERVED = ['context', 'scratch']

const lower = (text: string) => text === text.toLowerCase()
const upper = (text: string) => text === text.toUpperCase()

/** The checks that look at the file as it is written, before anything is expanded, all stages included [dockerfile2llb/validations.go]. */
export function lintText(file: Dockerfile, warnings: Warnings): void {
  for (const lines of file.emptyContinuations) warnings.report('NoEmptyContinuation', lines)
  const seen = new Set<string>()
  for (const { from, instructions } of file.stages) {
    if (from.as !== undefined && from.name !== undefined) {
      const [as, written] = from.as
      if (!lower(written)) warnings.report('StageNameCasing', from.lines, written)
      if ((lower(from.keyword) && !lower(as)) || (upper(from.keyword) && !upper(as)))
        warnings.report('FromAsCasing', from.lines, from.keyword, as)
      if (RESERVED.includes(from.name)) warnings.report('ReservedStageName', from.lines, from.name)
      if (seen.has(from.name)) warnings.report('DuplicateStageName', from.lines, from.name)
      seen.add(from.name)
    }
    const described = from.comments.length === 0 || from.comments.some((one) => one.startsWith(`${from.name} `))
    if (from.name !== undefined && !described)
      warnings.report('InvalidDefinitionDescription', from.lines, 'FROM', from.name)
    for (const one of instructions) if (one.kind === 'MAINTAINER') warnings.report('MaintainerDeprecated', one.lines)
  }
  lintCasing(file, warnings)
}

function lintCasing({ stages }: Dockerfile, warnings: Warnings): void {
  const all = stages.flatMap(({ from, instructions }) => [from, ...instructions])
  const lowers = all.filter(({ keyword }) => lower(keyword)).length
  const uppers = all.filter(({ keyword }) => upper(keyword)).length
  const mostly = lowers > uppers ? 'lowercase' : 'uppercase'
  for (const { keyword, lines } of all)
    if (!(mostly === 'lowercase' ? lower : upper)(keyword))
      warnings.report('ConsistentInstructionCasing', lines, keyword, mostly)
}

/** FROM must name an image also when nobody gives a build argument. */
export function lintDefaultImages({ stages, escape }: Dockerfile, defaults: Environment, warnings: Warnings): void {
  for (const { from } of stages) {
    let image: string
    try {
      image = expand(from.image, defaults, { escape }).text
    } catch (error) {
      if (error instanceof DockerfileError) return
      throw error
    }
    if ('error' in parseReference(image)) warnings.report('InvalidDefaultArgInFrom', from.lines, from.image)
  }
}

const SECRET = /(?:_|^)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(?:_|$)/i
const PUBLIC = /(?:_|^)(?:public|file|version)(?:_|$)/i

/** A name that says it holds a secret. */
export const looksSecret = (key: string): boolean => SECRET.test(key) && !PUBLIC.test(key)
