import { type Environment, expand } from './expand'
import { VARIABLES_MOST } from './limits'
import type { Dockerfile } from './parse'
import { DockerfileError, located } from './problem'

/** Build arguments that every build has without declaring them; a stage sees them once it says `ARG NAME` [dockerfile2llb defaultArgs]. */
export function platformArgs(target: string, build: string, targetStage: string): Map<string, string> {
  const args = new Map<string, string>()
  for (const [name, platform] of [
    ['BUILD', build],
    ['TARGET', target],
  ] as const) {
    const [os = '', arch = '', variant = ''] = platform.split('/')
    args.set(`${name}PLATFORM`, platform)
    args.set(`${name}OS`, os)
    args.set(`${name}OSVERSION`, '')
    args.set(`${name}ARCH`, arch)
    args.set(`${name}VARIANT`, variant)
  }
  return args.set('TARGETSTAGE', targetStage)
}

/** Values of the ARGs before the first FROM, each expanded with those before it. One without a value and without a build argument is declared, not set. */
export function globalArgs(
  { globalArgs: instructions, escape }: Dockerfile,
  platform: Environment,
  buildArgs: Environment,
): Environment {
  const values = new Map(platform)
  for (const { args, lines } of instructions)
    located(lines, () => {
      for (const { key, value } of args) {
        const given = buildArgs.get(key) ?? (value === undefined ? undefined : expand(value, values, { escape }).text)
        if (given !== undefined) values.set(key, given)
        if (values.size > VARIABLES_MOST) throw new DockerfileError(`more than ${VARIABLES_MOST} variables`)
      }
    })
  return values
}
