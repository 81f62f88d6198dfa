import { directivesOf, escapeOf } from './directives'

/** One thing that could stand at the cursor. */
export interface Proposal {
  readonly label: string
  readonly kind: 'instruction' | 'flag' | 'value' | 'stage' | 'image' | 'variable'
  readonly about: string
  /** What is written; it replaces the word before the cursor. */
  readonly insert: string
}

/** An explanation of the word under the pointer; columns count from 1, the end is exclusive. */
export interface Explanation {
  readonly from: number
  readonly to: number
  /** Markdown. */
  readonly text: string
}

interface Known {
  readonly syntax: string
  readonly about: string
  readonly flags?: Readonly<Record<string, string>>
}

const ownership = {
  chown: 'owner of the files, by name or number: `user:group`',
  chmod: 'rights of the files: `755`, or `u=rwX,go=rX`',
  link: 'puts the files into a layer of their own that does not depend on the layers before: it stays valid when these change',
  exclude: 'leaves out what this pattern matches; may be given several times',
}

/** The instructions and their flags, in the words of a teacher. */
const INSTRUCTIONS: Readonly<Record<string, Known>> = {
  FROM: {
    syntax: 'FROM [--platform=PLATFORM] IMAGE [AS NAME]',
    about:
      'Begins a stage on top of an image, or of an earlier stage. Only what the last stage (or `--target`) needs is built.',
    flags: { platform: 'the platform of the image, where there are several: `linux/arm64`' },
  },
  RUN: {
    syntax: 'RUN [--mount=…] COMMAND',
    about:
      'Runs a command in a container of this stage; what it changes becomes a layer. Taken from the cache as long as the text and all before it are the same: what the command would fetch today does not count.',
    flags: {
      mount: 'something that is there during this command only: `type=cache`, `bind`, `secret`, `ssh`, `tmpfs`',
      network: '`default`, `none` or `host`',
      security: '`sandbox` or `insecure`',
      device: 'a device of the machine',
    },
  },
  COPY: {
    syntax: 'COPY [--from=STAGE] SOURCE … DESTINATION',
    about:
      'Copies files from the build context, or from a stage or image, into a layer. Taken from the cache as long as the files are the same.',
    flags: {
      ...ownership,
      from: 'a stage by name or number, or an image',
      parents: 'keeps the folders of the sources',
    },
  },
  ADD: {
    syntax: 'ADD SOURCE … DESTINATION',
    about:
      'Like COPY, and it also fetches addresses and repositories and unpacks local archives. Use COPY where that is not wanted.',
    flags: {
      ...ownership,
      checksum: 'the digest that a fetched file must have: `sha256:…`',
      'keep-git-dir': 'keeps the folder `.git` of a repository',
      unpack: 'unpacks an archive that was fetched',
    },
  },
  CMD: {
    syntax: 'CMD ["program", "argument"]',
    about:
      'What the container runs when nothing else is said; arguments for ENTRYPOINT, where there is one. Written as a list, signals reach the program; written as text, they reach a shell.',
  },
  ENTRYPOINT: {
    syntax: 'ENTRYPOINT ["program", "argument"]',
    about: 'The program that the container is; what stands behind the image in `docker run` is given to it.',
  },
  ENV: {
    syntax: 'ENV NAME=value …',
    about:
      'Sets variables for the steps that follow and for the container. They can be read in the image: no place for secrets.',
  },
  ARG: {
    syntax: 'ARG NAME[=value]',
    about:
      'A variable of the build only, given by `--build-arg`. Before the first FROM it holds for FROM lines; a stage that wants it says ARG again.',
  },
  LABEL: { syntax: 'LABEL name=value …', about: 'Notes on the image, for people and tools.' },
  EXPOSE: {
    syntax: 'EXPOSE 80[/tcp] …',
    about: 'Says on which ports the container listens. Publishes nothing: that is what `-p` and `-P` are for.',
  },
  VOLUME: {
    syntax: 'VOLUME ["/data"]',
    about: 'Folders that get a volume of their own in each container. What later steps change there is lost.',
  },
  USER: { syntax: 'USER name[:group]', about: 'Who runs the steps that follow and the container.' },
  WORKDIR: {
    syntax: 'WORKDIR /path',
    about: 'The folder of the steps that follow and of the container; made where it is missing.',
  },
  ONBUILD: {
    syntax: 'ONBUILD INSTRUCTION',
    about: 'An instruction for those who build on this image: it is carried out after their FROM.',
  },
  STOPSIGNAL: { syntax: 'STOPSIGNAL SIGTERM', about: 'The signal by which `docker stop` asks the container to end.' },
  HEALTHCHECK: {
    syntax: 'HEALTHCHECK [--interval=30s] CMD COMMAND',
    about: 'How Docker asks the container whether it is well; `NONE` takes away that of the image below.',
    flags: {
      interval: 'from one question to the next; 30s',
      timeout: 'an answer that takes longer counts as none; 30s',
      'start-period': 'failures so soon after the start do not count; 0s',
      'start-interval': 'from one question to the next in that time; 5s',
      retries: 'so many failures in a row make it unhealthy; 3',
    },
  },
  SHELL: { syntax: 'SHELL ["/bin/bash", "-c"]', about: 'The shell that runs commands written as text.' },
  MAINTAINER: { syntax: 'MAINTAINER name', about: 'Deprecated: use `LABEL org.opencontainers.image.authors=…`.' },
}

const MOUNTS: Readonly<Record<string, string>> = {
  'type=cache,target=': 'a folder that stays from build to build, as package managers want it; it is in no layer',
  'type=bind,source=,target=': 'files of the context or of a stage, without a copy in a layer',
  'type=secret,id=': 'a secret given by `--secret`; it is in no layer',
  'type=ssh': 'the agent of `--ssh`',
  'type=tmpfs,target=': 'a folder in memory',
}

const MOST_IMAGES = 60

/** The text up to the cursor, as one instruction with the lines that it goes on from; undefined in a comment. */
function instructionBefore(source: string, line: number, column: number): string | undefined {
  const lines = source.split('\n')
  const escape = escapeOf(directivesOf(lines))
  const own = (lines[line - 1] ?? '').slice(0, column - 1)
  if (/^\s*#/.test(own)) return undefined
  let text = own
  for (let i = line - 2; i >= 0; i--) {
    const before = (lines[i] ?? '').trimEnd()
    if (/^\s*#/.test(before)) continue
    if (!before.endsWith(escape)) break
    text = `${before.slice(0, -1)} ${text}`
  }
  return text.trimStart()
}

interface Names {
  readonly stages: readonly string[]
  readonly variables: readonly string[]
}

/** Stages begun and variables declared above a line. */
function namesAbove(source: string, line: number): Names {
  const stages: string[] = []
  const variables = new Set<string>()
  for (const text of source.split('\n').slice(0, line - 1)) {
    const stage = /^\s*FROM\s.*\sAS\s+([\w.-]+)/i.exec(text)?.[1]
    if (stage !== undefined) stages.push(stage)
    const declared = /^\s*(?:ARG|ENV)\s+(.*)/i.exec(text)?.[1]
    for (const [, name] of (declared ?? '').matchAll(/(?:^|\s)([A-Za-z_]\w*)(?==|\s|$)/g)) variables.add(name!)
  }
  return { stages, variables: [...variables] }
}

/**
 * What could stand at the cursor of a Dockerfile (line and column from 1): instructions, flags, kinds of mounts, stages,
 * images and variables. Reads the text only; `images` are the names worth proposing.
 */
export function proposalsAt(source: string, line: number, column: number, images: readonly string[]): Proposal[] {
  const before = instructionBefore(source, line, column)
  if (before === undefined) return []
  if (/^(ONBUILD\s+)?\w*$/i.test(before)) return instructions(/^ONBUILD\s/i.test(before))
  const { stages, variables } = namesAbove(source, line)
  if (/\$\{?\w*$/.test(before))
    return variables.map((name) => ({ label: name, kind: 'variable', about: 'declared above', insert: name }))
  const keyword = /^(?:ONBUILD\s+)?(\w+)/i.exec(before)?.[1]?.toUpperCase() ?? ''
  const flags = INSTRUCTIONS[keyword]?.flags ?? {}
  const flag = /\s--([\w-]*)$/.exec(before)
  if (flag)
    return Object.entries(flags).map(([name, about]) => ({
      label: `--${name}`,
      kind: 'flag',
      about,
      insert: name === 'link' || name === 'parents' ? `--${name}` : `--${name}=`,
    }))
  if (keyword === 'RUN' && /\s--mount=\S*$/.test(before))
    return Object.entries(MOUNTS).map(([text, about]) => ({ label: text, kind: 'value', about, insert: text }))
  const stageOf = (name: string): Proposal => ({ label: name, kind: 'stage', about: 'a stage above', insert: name })
  if (keyword === 'COPY' && /\s--from=\S*$/.test(before))
    return [...stages.map(stageOf), ...images.slice(0, MOST_IMAGES).map(imageOf)]
  if (keyword === 'FROM' && /^FROM\s+(--platform=\S+\s+)?\S*$/i.test(before))
    return [...stages.map(stageOf), ...images.slice(0, MOST_IMAGES).map(imageOf)]
  return []
}

const imageOf = (name: string): Proposal => ({ label: name, kind: 'image', about: 'an image', insert: name })

const instructions = (onbuild: boolean): Proposal[] =>
  Object.entries(INSTRUCTIONS)
    .filter(([name]) => name !== 'MAINTAINER' && !(onbuild && (name === 'FROM' || name === 'ONBUILD')))
    .map(([name, { about }]) => ({ label: name, kind: 'instruction', about, insert: `${name} ` }))

/** What the word at a place of a Dockerfile means; undefined: nothing that is known. */
export function explanationAt(source: string, line: number, column: number): Explanation | undefined {
  const text = source.split('\n')[line - 1] ?? ''
  const word = [...text.matchAll(/--[\w-]+|\w+/g)].find(
    ({ index, 0: found }) => index < column && column <= index + found.length + 1,
  )
  if (!word) return undefined
  const range = { from: word.index + 1, to: word.index + 1 + word[0].length }
  const before = instructionBefore(source, line, word.index + 1)
  if (before === undefined) return undefined
  const known = /^(ONBUILD\s+)?$/i.test(before) ? INSTRUCTIONS[word[0].toUpperCase()] : undefined
  if (known) return { ...range, text: `\`${known.syntax}\`\n\n${known.about}` }
  const keyword = /^(?:ONBUILD\s+)?(\w+)/i.exec(before)?.[1]?.toUpperCase() ?? ''
  const flag = word[0].startsWith('--') ? INSTRUCTIONS[keyword]?.flags?.[word[0].slice(2)] : undefined
  return flag === undefined ? undefined : { ...range, text: `\`${keyword} ${word[0]}\`: ${flag}` }
}
