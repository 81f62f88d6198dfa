import type { CheckDirective } from './directives'
import { type LineRange, quoted } from './problem'

/** The build checks of BuildKit, by name: what each says [frontend/dockerfile/linter/ruleset.go]. Not here: InvalidBaseImagePlatform, which needs the registry. */
export const RULES = {
  StageNameCasing: (name: string) => `Stage name '${name}' should be lowercase`,
  FromAsCasing: (from: string, as: string) => `'${as}' and '${from}' keywords' casing do not match`,
  NoEmptyContinuation: () => 'Empty continuation line',
  ConsistentInstructionCasing: (keyword: string, casing: string) =>
    `Command '${keyword}' should match the case of the command majority (${casing})`,
  DuplicateStageName: (name: string) => `Duplicate stage name ${quoted(name)}, stage names should be unique`,
  ReservedStageName: (name: string) => `Stage name should not use the same name as reserved stage ${quoted(name)}`,
  JSONArgsRecommended: (keyword: string) =>
    `JSON arguments recommended for ${keyword} to prevent unintended behavior related to OS signals`,
  MaintainerDeprecated: () => 'Maintainer instruction is deprecated in favor of using label',
  UndefinedArgInFrom: (arg: string, meant?: string) =>
    `FROM argument '${arg}' is not declared${meant === undefined ? '' : ` (did you mean ${meant}?)`}`,
  WorkdirRelativePath: (path: string) =>
    `Relative workdir ${quoted(path)} can have unexpected results if the base image changes`,
  UndefinedVar: (name: string, meant?: string) =>
    `Usage of undefined variable '$${name}'${meant === undefined ? '' : ` (did you mean $${meant}?)`}`,
  MultipleInstructionsDisallowed: (keyword: string) =>
    `Multiple ${keyword} instructions should not be used in the same stage because only the last one will be used`,
  LegacyKeyValueFormat: (keyword: string) =>
    `"${keyword} key=value" should be used instead of legacy "${keyword} key value" format`,
  RedundantTargetPlatform: (written: string) =>
    `Setting platform to predefined ${written} in FROM is redundant as this is the default behavior`,
  SecretsUsedInArgOrEnv: (keyword: string, key: string) =>
    `Do not use ARG or ENV instructions for sensitive data (${keyword} ${quoted(key)})`,
  InvalidDefaultArgInFrom: (image: string) =>
    `Default value for ARG ${image} results in empty or invalid base image name`,
  FromPlatformFlagConstDisallowed: (platform: string) =>
    `FROM --platform flag should not use constant value ${quoted(platform)}`,
  CopyIgnoredFile: (keyword: string, path: string) =>
    `Attempting to ${keyword} file ${quoted(path)} that is excluded by .dockerignore`,
  InvalidDefinitionDescription: (keyword: string, name: string) =>
    `Comment for ${keyword} should follow the format: \`# ${name} <description>\``,
  ExposeProtoCasing: (port: string) => `Defined protocol '${port}' in EXPOSE instruction should be lowercase`,
  ExposeInvalidFormat: (port: string) =>
    `EXPOSE instruction should not define an IP address or host-port mapping, found '${port}'`,
} as const

export type RuleName = keyof typeof RULES

const EXPERIMENTAL: readonly RuleName[] = ['InvalidDefinitionDescription']

/** A build check that failed. */
export interface Warning {
  readonly rule: RuleName
  readonly text: string
  readonly lines: LineRange
}

/** Collects warnings, each once, without those that the file's `# check=` leaves out. */
export class Warnings {
  readonly #found = new Map<string, Warning>()
  readonly #check: CheckDirective

  constructor(check: CheckDirective) {
    this.#check = check
  }

  report<R extends RuleName>(rule: R, lines: LineRange, ...values: Parameters<(typeof RULES)[R]>): void {
    const { skip, experimental } = this.#check
    const asked = experimental === 'all' || experimental.includes(rule)
    if (skip === 'all' ? !asked : skip.includes(rule)) return
    if (EXPERIMENTAL.includes(rule) && !asked) return
    const text = (RULES[rule] as (...given: readonly string[]) => string)(...(values as readonly string[]))
    const key = `${lines.start} ${rule} ${text}`
    if (!this.#found.has(key)) this.#found.set(key, { rule, text, lines })
  }

  /** In the order of the file. */
  get all(): readonly Warning[] {
    return [...this.#found.values()].sort((a, b) => a.lines.start - b.lines.start)
  }
}
