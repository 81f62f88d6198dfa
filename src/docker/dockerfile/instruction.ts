import type { HealthTest } from './health'
import type { Heredoc } from './heredoc'
import type { LineRange } from './problem'

interface Base {
  /** As it is written: `RUN`, `run`. */
  readonly keyword: string
  /** The line as BuildKit shows it, joined and trimmed. */
  readonly text: string
  readonly lines: LineRange
}

/** Words of a program, or one text for the shell. */
export interface CommandLine {
  readonly form: 'exec' | 'shell'
  /** In shell form one text, or none. */
  readonly words: readonly string[]
}

export interface Pair {
  readonly key: string
  readonly value: string
}

export interface From extends Base {
  readonly kind: 'FROM'
  readonly image: string
  /** After AS, in lower case. */
  readonly name: string | undefined
  /** `AS name` as it is written. */
  readonly as: readonly [keyword: string, name: string] | undefined
  readonly platform: string | undefined
  readonly comments: readonly string[]
}

export interface Run extends Base {
  readonly kind: 'RUN'
  readonly command: CommandLine
  readonly heredocs: readonly Heredoc[]
  /** Not yet expanded, as they are written: `type=cache,target=/var/cache`. */
  readonly mounts: readonly string[]
  readonly network: 'default' | 'none' | 'host'
  readonly security: 'sandbox' | 'insecure'
  /** Of `--device`, as they are written. */
  readonly devices: readonly string[]
}

export interface Copy extends Base {
  readonly kind: 'COPY' | 'ADD'
  /** Paths, URLs and git addresses, without the here-documents. */
  readonly sources: readonly string[]
  readonly heredocs: readonly Heredoc[]
  readonly destination: string
  readonly from: string | undefined
  readonly chown: string | undefined
  readonly chmod: string | undefined
  readonly link: boolean
  readonly parents: boolean
  readonly exclude: readonly string[]
  readonly checksum: string | undefined
  readonly keepGitDir: boolean
  /** Given or not: without it, archives of the context are unpacked and those of the network are not. */
  readonly unpack: boolean | undefined
}

export interface Pairs extends Base {
  readonly kind: 'ENV' | 'LABEL'
  readonly pairs: readonly Pair[]
  /** `KEY value` without an equals sign. */
  readonly legacy: boolean
}

export interface Arg extends Base {
  readonly kind: 'ARG'
  readonly args: readonly { readonly key: string; readonly value: string | undefined }[]
  readonly comments: readonly string[]
}

export interface Start extends Base {
  readonly kind: 'CMD' | 'ENTRYPOINT'
  readonly command: CommandLine
}

export interface Words extends Base {
  readonly kind: 'EXPOSE' | 'VOLUME' | 'SHELL'
  readonly words: readonly string[]
}

export interface Single extends Base {
  readonly kind: 'WORKDIR' | 'USER' | 'STOPSIGNAL' | 'MAINTAINER'
  readonly value: string
}

export interface Healthcheck extends Base {
  readonly kind: 'HEALTHCHECK'
  readonly health: HealthTest
}

export interface Onbuild extends Base {
  readonly kind: 'ONBUILD'
  /** The instruction that a build on top of this image begins with. */
  readonly expression: string
}

/** What a stage is made of. */
export type Instruction = Run | Copy | Pairs | Arg | Start | Words | Single | Healthcheck | Onbuild
